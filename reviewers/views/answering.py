"""The page behind the link of an invitation: read by anyone who has it, answered only by whom it was meant for."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.limits import is_over
from accounts.models import Appointment
from accounts.permissions import may_answer
from accounts.services.appointments import AppointmentRefused
from accounts.services.invitations import id_in
from reviewers.forms import AnswerForm
from reviewers.services import appointing


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    appointment = _open(token)
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect_to_login(request.path)
        if appointment is None or not may_answer(request.user, appointment):
            raise Http404
        return _answer(request, appointment)
    if appointment is None:
        return HttpResponse(status=429 if is_over("unknown_link", request) else 410)
    return _page(request, appointment, AnswerForm())


def _open(token: str) -> Appointment | None:
    return Appointment.objects.open().filter(pk=id_in(token)).select_related("mediator").first()


def _answer(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    form = AnswerForm(request.POST)
    try:
        if request.POST.get("action") == "decline":
            appointing.decline(appointment=appointment, by=request.user)
            messages.success(request, _("Declined. The mediator is told."))
            return redirect("home")
        if request.POST.get("action") == "accept" and form.is_valid():
            appointing.accept(appointment=appointment, statements=form.cleaned_data, by=request.user)
            messages.success(request, _("Thank you. You are now their Reviewer, and they are told."))
            return redirect("home")
    except AppointmentRefused as refused:
        form.add_error(None, refused.sentence)
    return _page(request, appointment, form)


def _page(request: HttpRequest, appointment: Appointment, form: AnswerForm) -> HttpResponse:
    context = {
        "form": form,
        "mediator": appointment.mediator,
        "expires_at": appointment.expires_at,
        "may_answer": request.user.is_authenticated and may_answer(request.user, appointment),
    }
    return render(request, "reviewers/invitation.html", context)
