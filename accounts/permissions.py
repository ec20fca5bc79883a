"""Who may do what to what they see: plain functions, a reason a line."""

from collections.abc import Callable
from functools import wraps

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.choices import AppointmentState, Role
from accounts.forms import CodeForm
from accounts.models import Appointment, StaffPlace, User
from logbook_site.foundation import clock


def only(role: Role) -> Callable:
    """A view for one role: everyone else who is signed in gets 404, as if the address were unknown.

    Strangers never come this far: the login is required by default.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if role not in request.user.roles_today:
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def adding(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that adds something: where access is paid for, who has none gets a page that says how to renew.

    What they had typed goes along on that page, and can be sent again from there.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if has_access(request.user):
            return view(request, *args, **kwargs)
        typed = [(name, value) for name, values in request.POST.lists() for value in values]
        context = {
            "carried": [pair for pair in typed if pair[0] not in {"csrfmiddlewaretoken", "form_key"}],
            "had_file": bool(request.FILES),
            "code_form": CodeForm(),
        }
        return render(request, "accounts/lapsed.html", context, status=403)

    return guarded


def is_without_required_second_factor(user: User) -> bool:
    """Some roles (production: admin) may do nothing before they have a second factor."""
    return bool(user.roles & set(settings.TWO_FACTOR_REQUIRED_FOR)) and not is_mfa_enabled(user)


def may_propose(user: User, mediator: User) -> bool:
    """Mediators choose their own Reviewer; nobody does it for them."""
    return user == mediator and user.is_mediator and user.is_active


def may_answer(user: User, appointment: Appointment) -> bool:
    """Only the person chosen, or the account whose confirmed address was invited, while it waits."""
    return Appointment.objects.awaiting(user).filter(pk=appointment.pk).exists()


def may_take_back(user: User, appointment: Appointment) -> bool:
    """The mediator, until there is an answer."""
    return appointment.state == AppointmentState.PENDING and appointment.mediator_id == user.pk


def may_end(user: User, appointment: Appointment) -> bool:
    """The mediator, once it was accepted."""
    return appointment.state == AppointmentState.ACCEPTED and appointment.mediator_id == user.pk


def may_resign(user: User, appointment: Appointment) -> bool:
    """The Reviewer, once they had accepted."""
    return appointment.state == AppointmentState.ACCEPTED and appointment.reviewer_id == user.pk


def may_manage_organisations(user: User) -> bool:
    """IMI's staff alone decide who may look up mediators."""
    return user.is_active and user.is_admin


def may_answer_place(user: User, place: StaffPlace) -> bool:
    """Only the account whose confirmed address was invited, while it waits."""
    return StaffPlace.objects.awaiting(user).filter(pk=place.pk).exists()


def may_manage_people(user: User, person: User) -> bool:
    """IMI's staff, for others: who would shut themselves out has pages of their own for what they need."""
    return user.is_active and user.is_admin and user != person


def may_vet(user: User) -> bool:
    """IMI's staff alone: a mediator must not be able to check their own second mailbox."""
    return user.is_active and user.is_admin


def has_access(user: User) -> bool:
    """Where access is paid for: today is covered. Reviewers and directories never pay; only mediators ask this."""
    if settings.ACCESS_MODE == "open":
        return True
    return user.access_until is not None and user.access_until >= clock.today()


def may_leave(user: User) -> bool:
    """Anybody, at any time; but the last admin must give the role to somebody else first."""
    others = User.objects.staying().filter(is_admin=True).exclude(pk=user.pk)
    return not user.is_admin or others.exists()


def may_delete_accounts(user: User) -> bool:
    """IMI's staff, for somebody who asked by mail. It is as if the person had asked here, with the same time."""
    return user.is_active and user.is_admin


def may_grant_access(user: User) -> bool:
    """IMI's staff; codes and the shop grant by rules of their own."""
    return user.is_active and user.is_admin
