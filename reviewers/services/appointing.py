"""Naming, answering and ending, with the mails that tell of it. The rules are in `accounts/services/appointments.py`.

Each mail is queued in the transaction of the change it tells of, so it is sent once and only if the change stands.
"""

from collections.abc import Collection

from django.conf import settings
from django.db import transaction

from accounts.choices import VettingState
from accounts.models import Appointment, User, Vetting
from accounts.services import appointments
from accounts.services.outbox import queue_message
from logbook_site.foundation import clock

# A Reviewer who waits for IMI's check cannot work: whoever checks is asked once more.
VETTING_REMINDER_HOURS = 72


@transaction.atomic
def choose_reviewer(*, mediator: User, reviewer: User, by: User) -> Appointment:
    """Ask somebody who reviews here. Raises AppointmentRefused and PermissionDenied."""
    return _proposed(appointments.choose_reviewer(mediator=mediator, reviewer=reviewer, by=by))


@transaction.atomic
def invite_reviewer(*, mediator: User, email: str, by: User) -> Appointment:
    """Ask whoever reads the mail at `email`. Raises AppointmentRefused and PermissionDenied."""
    return _proposed(appointments.invite_reviewer(mediator=mediator, email=email, by=by))


def _proposed(appointment: Appointment) -> Appointment:
    _tell("proposal", appointment)
    return appointment


def take_back(*, appointment: Appointment, by: User) -> Appointment:
    """The mediator takes a proposal back; its mail is not sent any more, or leads to a closed page."""
    return appointments.take_back_appointment(appointment=appointment, by=by)


@transaction.atomic
def accept(*, appointment: Appointment, statements: dict[str, bool], by: User) -> Appointment:
    """`by` becomes the Reviewer; mediator and former Reviewer are told, and IMI is asked to check a new one.

    Raises AppointmentRefused and PermissionDenied.
    """
    former = list(Appointment.objects.accepted().filter(mediator=appointment.mediator))
    is_new_here = not by.is_reviewer
    appointment = appointments.accept_appointment(appointment=appointment, **statements, by=by)
    _tell("accepted", appointment)
    for one in former:
        _tell("ended", one)
    _ask_for_vetting(by, is_new_here)
    return appointment


def _ask_for_vetting(reviewer: User, is_new_here: bool) -> None:
    """With the first appointment; and when a role that was taken away comes back, with those of before."""
    vetting = Vetting.objects.filter(reviewer=reviewer, state=VettingState.WAITING).first()
    is_first = Appointment.objects.accepted().filter(reviewer=reviewer).count() == 1
    if settings.REVIEWER_VETTING and vetting and (is_first or is_new_here):
        queue_message(message="reviewers.emails.vetting", object_id=reviewer.pk)
        again = clock.now() + clock.hours(VETTING_REMINDER_HOURS)
        queue_message(message="reviewers.emails.vetting", object_id=reviewer.pk, not_before=again)


@transaction.atomic
def decline(*, appointment: Appointment, by: User) -> Appointment:
    """`by` does not want to; the mediator is told. Raises AppointmentRefused and PermissionDenied."""
    appointment = appointments.decline_appointment(appointment=appointment, by=by)
    _tell("declined", appointment)
    return appointment


@transaction.atomic
def end(*, appointment: Appointment, by: User) -> Appointment:
    """The mediator ends it; the Reviewer reads nothing from this moment, and is told."""
    appointment = appointments.end_appointment(appointment=appointment, by=by)
    _tell("ended", appointment)
    return appointment


@transaction.atomic
def resign(*, appointment: Appointment, by: User) -> Appointment:
    """The Reviewer leaves; the mediator is told."""
    appointment = appointments.resign_appointment(appointment=appointment, by=by)
    _tell("resigned", appointment)
    return appointment


@transaction.atomic
def expire_appointments() -> None:
    """End what nobody answered in time; each mediator is told."""
    for appointment in appointments.expire_appointments():
        _tell("expired", appointment)


@transaction.atomic
def expire_invitations(*, to: Collection[str]) -> None:
    """End what was proposed to these addresses, whose owner's account is deleted; each mediator is told."""
    for appointment in appointments.expire_invitations(to=to):
        _tell("expired", appointment)


@transaction.atomic
def leave(*, reviewer: User) -> None:
    """Somebody who leaves the site reviews nobody any more, from this moment; each mediator is told.

    Who had asked them gets an answer, too.
    """
    for appointment in Appointment.objects.accepted().filter(reviewer=reviewer).order_by("pk"):
        resign(appointment=appointment, by=reviewer)
    for appointment in Appointment.objects.awaiting(reviewer).order_by("pk"):
        decline(appointment=appointment, by=reviewer)


@transaction.atomic
def vet(*, reviewer: User, by: User) -> None:
    """IMI has checked this Reviewer, who is told once. Raises PermissionDenied."""
    _decided(appointments.vet_reviewer, reviewer, by)


@transaction.atomic
def refuse(*, reviewer: User, by: User) -> None:
    """IMI does not accept this Reviewer, who is told once and reads nothing. Raises PermissionDenied."""
    _decided(appointments.refuse_reviewer, reviewer, by)


def _decided(decide, reviewer: User, by: User) -> None:
    before = Vetting.objects.select_for_update().filter(reviewer=reviewer).first()
    state = before.state if before else VettingState.WAITING
    if decide(reviewer=reviewer, by=by).state != state:
        queue_message(message="reviewers.emails.vetted", object_id=reviewer.pk)


def _tell(mail: str, appointment: Appointment) -> None:
    queue_message(message=f"reviewers.emails.{mail}", object_id=appointment.pk)
