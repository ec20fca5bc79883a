"""What the survey of an invited party and the general survey have in common."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import Appointment, User
from feedback.forms.survey import SurveyForm
from feedback.services.secrets import new_token
from feedback.views.door import is_from_elsewhere, sent

SEND, EDIT, DECLINE = "send", "edit", "decline"


def form_key_of(request: HttpRequest) -> str:
    """Made when the form is first shown, and carried along: it tells the same form from another one.

    A form without one is new each time, so that nobody who has only the link is shown the code of an answer. Nor is
    whoever led a party here with a key of their own.
    """
    carried = "" if is_from_elsewhere(request) else request.POST.get("form_key")
    return carried or new_token()


def is_sent(request: HttpRequest, form: SurveyForm) -> bool:
    return request.POST.get("action") == SEND and form.is_valid()


def survey_page(
    request: HttpRequest, form: SurveyForm, mediator: User, about: dict[str, object]
) -> HttpResponse:
    """The form; or, when it was filled in and is right, all answers once more before they are sent."""
    is_checked = sent(request) is not None and request.POST.get("action") != EDIT and form.is_valid()
    context = {
        "form": form,
        "form_key": form_key_of(request),
        "mediator": mediator,
        "reviewer": Appointment.objects.reviewer_of(mediator),
        "COMPLAINTS_URL": settings.COMPLAINTS_URL,
        **about,
    }
    template = "feedback/party/check.html" if is_checked else "feedback/party/survey.html"
    return render(request, template, context)
