"""My Details, and the question of the first visit."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.choices import Role, Visibility
from accounts.forms import DetailsForm, VisibilityForm
from accounts.limits import is_over
from accounts.models import Appointment, MediatorProfile
from accounts.permissions import only
from accounts.services import people
from accounts.summaries import general_link
from logbook_site.foundation.entries import GET_OR_POST, sent


@only(Role.MEDIATOR)
@require_http_methods(GET_OR_POST)
def my_details(request: HttpRequest) -> HttpResponse:
    profile = MediatorProfile.objects.visible_to(request.user).get()
    form = DetailsForm(sent(request), instance=profile)
    if request.method == "POST" and form.is_valid():
        if _opens_too_often(request, form.initial["visibility"], form.instance.visibility):
            return HttpResponse(status=429)
        people.save_details(profile=form.save(commit=False), by=request.user)
        messages.success(request, _("Your details are saved."))
        return redirect("my_details")
    # A fresh row: a refused form has changed the other one.
    stored = MediatorProfile.objects.visible_to(request.user).get() if form.is_bound else profile
    own = Appointment.objects.visible_to(request.user).filter(mediator=request.user)
    context = {
        "form": form,
        "general_link": general_link(stored),
        "profile": stored,
        "reviewer": own.reviewer_of(request.user),
        "pending": own.pending().select_related("reviewer").first(),
    }
    return render(request, "accounts/my_details.html", context)


@only(Role.MEDIATOR)
@require_http_methods(GET_OR_POST)
def visibility(request: HttpRequest) -> HttpResponse:
    """The question of the first visit, asked in a box on Home; without an answer, on a page of its own."""
    profile = MediatorProfile.objects.visible_to(request.user).get()
    form = VisibilityForm(sent(request), initial={"visibility": profile.visibility})
    if request.method == "POST" and form.is_valid():
        answer = Visibility(form.cleaned_data["visibility"])
        if _opens_too_often(request, profile.visibility, answer):
            return HttpResponse(status=429)
        people.answer_visibility(profile=profile, visibility=answer, by=request.user)
        messages.success(
            request,
            _("Directories can see your totals.")
            if answer == Visibility.DIRECTORIES
            else _("Your totals are private."),
        )
        return redirect("home")
    return render(request, "accounts/visibility.html", {"form": form})


def _opens_too_often(request: HttpRequest, before: str, answer: str) -> bool:
    """Each change is kept for good, so they are limited; but one can always close."""
    opens = answer == Visibility.DIRECTORIES and before != answer
    return opens and is_over("visibility", request)
