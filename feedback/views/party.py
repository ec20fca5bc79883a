"""The pages of a party who was asked: the survey, thanks, taking it back, and never being asked again."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.limits import is_over
from feedback.choices import ActedAs, RequestKind
from feedback.forms.survey import SurveyForm
from feedback.forms.taking_back import LANGUAGE, WITHDRAW, TakingBackForm
from feedback.models import FeedbackRequest
from feedback.services import answers
from feedback.services.contacts import Contact, contact_or_none
from feedback.services.secrets import open_receipt, sign_address, signed_hash, spelled
from feedback.surveys import CURRENT
from feedback.views.answering import DECLINE, SEND, form_key_of, is_sent, survey_page
from feedback.views.door import (
    READ,
    READ_AND_SEND,
    RECEIPT,
    filled_in_here,
    lead_to,
    party_page,
    sent,
    thank,
    unknown_link,
)

UNASKED = Contact()


@party_page(READ_AND_SEND)
@filled_in_here
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Nothing typed is stored before it is sent. Opening the link uses nothing up, however often."""
    asked = answers.find_open(token)
    if asked is None:
        return _sent_before(request, token) or unknown_link(request)
    if request.POST.get("action") == DECLINE:
        declined = answers.decline(token=token)
        return lead_to(request, "thank_you", declined="1") if declined else unknown_link(request)
    form = SurveyForm(sent(request), survey=CURRENT[ActedAs(asked.acted_as)], mediator=asked.mediator.name)
    if is_sent(request, form):
        thanks = answers.send_answers(
            token=token, form_key=form_key_of(request), answers=form.answers(), language=get_language()
        )
        return thank(request, thanks) if thanks else unknown_link(request)
    return survey_page(request, form, asked.mediator, _about(asked))


def _sent_before(request: HttpRequest, token: str) -> HttpResponse | None:
    """The same form once more, after a double click or a lost connection: the same thanks."""
    form_key = request.POST.get("form_key")
    if not form_key or request.POST.get("action") != SEND:
        return None
    thanks = answers.thanks_again(token, form_key)
    return thank(request, thanks) if thanks else None


def _about(asked: FeedbackRequest) -> dict[str, object]:
    """What the head of the page tells. Reference and address are forgotten after some days; the link lives on."""
    contact = contact_or_none(asked) or UNASKED
    return {
        "ended_on": asked.ended_on,
        # Of a handed-over link it is the mediator's own.
        "reference": contact.reference if asked.kind == RequestKind.EMAIL else "",
        "stop_link": reverse("stop", args=[sign_address(contact.email)]) if contact.email else "",
        "may_decline": True,
    }


@party_page(READ)
def thank_you(request: HttpRequest) -> HttpResponse:
    """With a receipt that still opens: what happens next, and the code. Else plain thanks."""
    told = open_receipt(RECEIPT, request.GET.get("receipt", ""))
    context = {
        "thanks": answers.Thanks(**told) if told else None,
        "code": spelled(told["code"]) if told else "",
        "declined": "declined" in request.GET,
        "to_confirm": "confirm" in request.GET,
        "COMPLAINTS_URL": settings.COMPLAINTS_URL,
    }
    return render(request, "feedback/party/thank_you.html", context)


@party_page(READ_AND_SEND)
def withdraw(request: HttpRequest) -> HttpResponse:
    """A right code works at once and at any time; wrong ones are counted."""
    typed = sent(request)
    if typed and typed.get("action") == LANGUAGE:
        form = TakingBackForm(initial={"code": typed.get("code", "")})
    else:
        form = TakingBackForm(typed)
    if form.is_bound and form.is_valid():
        action, code = form.cleaned_data["action"], form.cleaned_data["code"]
        take_back = answers.withdraw if action == WITHDRAW else answers.stop_sharing
        if take_back(code=code):
            return lead_to(request, "withdraw_feedback", done=action)
        if is_over("wrong_withdrawal_code", request):
            return HttpResponse(status=429)
        form.add_error(
            "code", _("We do not know this code. Check each letter. It may also have been used before.")
        )
    context = {"form": form, "done": request.GET.get("done", ""), "is_typed": typed is not None}
    return render(request, "feedback/party/withdraw.html", context)


@party_page(READ_AND_SEND)
def stop(request: HttpRequest, signed: str) -> HttpResponse:
    """A page with one button; mail programs press it by themselves (RFC 8058). Twice is as good as once."""
    hashed = signed_hash(signed)
    if hashed is None:
        return unknown_link(request)
    if request.method == "POST":
        answers.stop_asking(hashed=hashed)
    return render(request, "feedback/party/stop.html", {"is_done": request.method == "POST"})
