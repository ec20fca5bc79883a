"""My Details, Reviewer: whom a mediator has named, and naming somebody."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.choices import AppointmentState, Role, VettingState
from accounts.limits import is_over
from accounts.models import Appointment, User, Vetting
from accounts.permissions import only
from accounts.services.appointments import AppointmentRefused
from reviewers.forms import ChooseForm, InviteForm
from reviewers.services import appointing


@only(Role.MEDIATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def my_reviewer(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        act = {"choose": _choose, "invite": _invite, "withdraw": _withdraw, "end": _end}
        action = act.get(request.POST.get("action", ""))
        if action:
            return action(request)
    return _page(request)


def _choose(request: HttpRequest) -> HttpResponse:
    form = ChooseForm(request.POST, among=User.objects.to_choose_as_reviewer(request.user))
    if form.is_valid() and form.chosen:
        if is_over("reviewer_proposal", request):
            return HttpResponse(status=429)
        try:
            appointing.choose_reviewer(mediator=request.user, reviewer=form.chosen, by=request.user)
        except AppointmentRefused as refused:
            form.add_error("reviewer", refused.sentence)
        else:
            messages.success(request, _("Asked. You get an e-mail when there is an answer."))
            return redirect("my_reviewer")
    return _page(request, choose=form)


def _invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST)
    if form.is_valid():
        if is_over("reviewer_proposal", request):
            return HttpResponse(status=429)
        try:
            email = form.cleaned_data["invite_email"]
            appointing.invite_reviewer(mediator=request.user, email=email, by=request.user)
        except AppointmentRefused as refused:
            form.add_error("invite_email", refused.sentence)
        else:
            messages.success(request, _("Invited. You get an e-mail when there is an answer."))
            return redirect("my_reviewer")
    return _page(request, invite=form)


def _withdraw(request: HttpRequest) -> HttpResponse:
    pending = _mine(request).pending().first()
    return _do(request, appointing.take_back, pending, _("Taken back. The link in the e-mail is closed."))


def _end(request: HttpRequest) -> HttpResponse:
    accepted = _mine(request).accepted().first()
    return _do(request, appointing.end, accepted, _("Ended. They cannot read your feedback any more."))


def _do(request: HttpRequest, service, appointment: Appointment | None, sentence: str) -> HttpResponse:
    """A second press, or a page that was open for long, finds nothing to do: that is no error."""
    try:
        if appointment:
            service(appointment=appointment, by=request.user)
            messages.success(request, sentence)
    except AppointmentRefused as refused:
        messages.warning(request, refused.sentence)
    return redirect("my_reviewer")


def _mine(request: HttpRequest):
    return Appointment.objects.visible_to(request.user).filter(mediator=request.user)


def _page(
    request: HttpRequest, *, choose: ChooseForm | None = None, invite: InviteForm | None = None
) -> HttpResponse:
    rows = list(_mine(request).select_related("reviewer").order_by("-created_at", "id"))
    accepted = next((row for row in rows if row.state == AppointmentState.ACCEPTED), None)
    pending = next((row for row in rows if row.state == AppointmentState.PENDING), None)
    vetting = Vetting.objects.filter(reviewer=accepted.reviewer).first() if accepted else None
    context = {
        "accepted": accepted,
        "is_gone": accepted and not (accepted.reviewer.is_reviewer and accepted.reviewer.is_active),
        "is_vetted": vetting is None or vetting.state == VettingState.VETTED,
        "is_refused": vetting is not None and vetting.state == VettingState.REFUSED,
        "pending": pending,
        "history": [row for row in rows if row not in (accepted, pending)],
        # The advice is open for who has not begun; later it would stand between them and their answer.
        "is_first_look": not (rows or choose or invite),
        "choose": choose or ChooseForm(among=User.objects.none()),
        "invite": invite or InviteForm(),
        # For the box with the problems, and the title of the page.
        "form": choose if choose and choose.errors else invite or InviteForm(),
    }
    return render(request, "reviewers/my_reviewer.html", context)
