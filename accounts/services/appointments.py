"""Naming, accepting and ending a Reviewer, and IMI's check of Reviewers.

Every change of a mediator's appointments first locks the people concerned, in the order of their ids. So two
of them never cross: not two proposals, not two answers, not an answer and its withdrawal.
"""

from collections.abc import Collection

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import permissions
from accounts.choices import AppointmentState, Role, Verb, VettingState
from accounts.models import Appointment, User, Vetting
from accounts.services.audit import record
from accounts.services.people import add_role, mailboxes_of
from logbook_site.foundation import clock
from logbook_site.foundation.addresses import mailbox_of, plain_address


class AppointmentRefused(Exception):
    """The appointment cannot be as asked. `sentence` says why, for the person who asked."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@transaction.atomic
def choose_reviewer(*, mediator: User, reviewer: User, by: User) -> Appointment:
    """`mediator` asks somebody who already reviews. An earlier proposal that is pending is taken back.

    It waits INVITATION_LIVES_HOURS for the answer; an accepted Reviewer stays meanwhile. Raises
    AppointmentRefused for oneself, the present Reviewer, a pair who would review each other, and anybody who
    is not a Reviewer here; PermissionDenied when `by` is not the mediator.
    """
    _require(permissions.may_propose(by, mediator))
    people = _lock_people(mediator, reviewer)
    reviewer = people[reviewer.pk]
    _refuse_oneself(mediator, reviewer)
    if not reviewer.is_active or reviewer.is_leaving or not reviewer.is_reviewer:
        raise AppointmentRefused(_("This person is not a Reviewer here. You can invite them by e-mail."))
    _refuse_present_and_reciprocal(mediator, reviewer)
    return _propose(mediator, reviewer=reviewer)


@transaction.atomic
def invite_reviewer(*, mediator: User, email: str, by: User) -> Appointment:
    """`mediator` asks whoever reads the mail at `email` (a valid address), with or without an account.

    As `choose_reviewer`, but the outcome never tells whether the address has an account here: only people
    whom the mediator already deals with are recognised (the present Reviewer, and whoever asked this mediator
    to review). Raises AppointmentRefused and PermissionDenied.
    """
    _require(permissions.may_propose(by, mediator))
    email = plain_address(email)
    owner = User.objects.with_confirmed_address(email).first()
    _lock_people(mediator, owner)
    if mailbox_of(email) in mailboxes_of(mediator):
        raise AppointmentRefused(_("This is your own address. Your Reviewer must be somebody else."))
    if owner is not None:
        _refuse_present_and_reciprocal(mediator, owner)
    return _propose(mediator, invite_email=email)


@transaction.atomic
def take_back_appointment(*, appointment: Appointment, by: User) -> Appointment:
    """The mediator takes a proposal back. Raises AppointmentRefused (answered already), PermissionDenied."""
    appointment = _lock(appointment)
    _require_state(appointment, AppointmentState.PENDING)
    _require(permissions.may_take_back(by, appointment))
    return _end(appointment, AppointmentState.TAKEN_BACK, Verb.APPOINTMENT_TAKEN_BACK, by=by)


@transaction.atomic
def accept_appointment(
    *, appointment: Appointment, not_family: bool, not_subordinate: bool, not_reciprocal: bool, by: User
) -> Appointment:
    """`by` becomes the mediator's Reviewer, now; the former one stops reading in the same moment.

    Gives `by` the role of Reviewer and, with REVIEWER_VETTING on, a place in IMI's list of checks. Raises
    AppointmentRefused when it is no longer open, a statement is missing, IMI refused `by`, or the two would review each
    other;
    PermissionDenied when it is not for `by` to answer.
    """
    appointment = _lock(appointment, by)
    mediator = appointment.mediator
    _require_open(appointment, by)
    if not (not_family and not_subordinate and not_reciprocal):
        raise AppointmentRefused(_("You can accept only if all three statements are true."))
    _refuse_oneself(mediator, by)
    if Vetting.objects.filter(reviewer=by, state=VettingState.REFUSED).exists():
        sentence = _(
            "%(operator)s has not accepted you as a Reviewer, so you could read nothing. Please decline."
        )
        raise AppointmentRefused(sentence % {"operator": settings.OPERATOR_NAME})
    if Appointment.objects.between(mediator=by, reviewer=mediator).exists():
        raise AppointmentRefused(
            _("You have named this mediator as your own Reviewer. Two people cannot review each other.")
        )
    if _accepted(mediator).filter(reviewer=by).exists():
        raise AppointmentRefused(_("You are this mediator’s Reviewer already."))
    for former in _accepted(mediator):
        _end(former, AppointmentState.REPLACED, Verb.APPOINTMENT_REPLACED, by=by)
    _store_acceptance(appointment, by)
    add_role(to=by, role=Role.REVIEWER, by=by)
    if settings.REVIEWER_VETTING:
        Vetting.objects.get_or_create(reviewer=by)
    return appointment


@transaction.atomic
def decline_appointment(*, appointment: Appointment, by: User) -> Appointment:
    """`by` does not want to review. Raises AppointmentRefused (no longer open) and PermissionDenied."""
    appointment = _lock(appointment, by)
    _require_open(appointment, by)
    return _end(appointment, AppointmentState.DECLINED, Verb.APPOINTMENT_DECLINED, by=by)


@transaction.atomic
def resign_appointment(*, appointment: Appointment, by: User) -> Appointment:
    """The Reviewer leaves, and stops reading at once. Raises AppointmentRefused and PermissionDenied."""
    appointment = _lock(appointment)
    _require_state(appointment, AppointmentState.ACCEPTED)
    _require(permissions.may_resign(by, appointment))
    return _end(appointment, AppointmentState.RESIGNED, Verb.APPOINTMENT_RESIGNED, by=by)


@transaction.atomic
def end_appointment(*, appointment: Appointment, by: User) -> Appointment:
    """The mediator ends it, and it counts at once. Raises AppointmentRefused and PermissionDenied."""
    appointment = _lock(appointment)
    _require_state(appointment, AppointmentState.ACCEPTED)
    _require(permissions.may_end(by, appointment))
    return _end(appointment, AppointmentState.ENDED, Verb.APPOINTMENT_ENDED, by=by)


@transaction.atomic
def expire_appointments() -> list[Appointment]:
    """End the proposals that nobody answered in time; returns them. One that is in use is left alone."""
    overdue = list(Appointment.objects.overdue().select_for_update(skip_locked=True))
    for appointment in overdue:
        _end(appointment, AppointmentState.EXPIRED, Verb.APPOINTMENT_EXPIRED, by=None)
    return overdue


@transaction.atomic
def expire_invitations(*, to: Collection[str]) -> list[Appointment]:
    """End the proposals to these addresses (in lower case), whose owner's account is deleted; returns them."""
    waiting = Appointment.objects.pending().filter(invite_email__in=to)
    ended = list(waiting.select_for_update().order_by("pk"))
    for appointment in ended:
        _end(appointment, AppointmentState.EXPIRED, Verb.APPOINTMENT_EXPIRED, by=None)
    return ended


def vet_reviewer(*, reviewer: User, by: User) -> Vetting:
    """IMI has checked this Reviewer, once: they read everything about each mediator they accept.

    An admin may change their mind later. Raises PermissionDenied when `by` is no admin.
    """
    return _decide(reviewer, VettingState.VETTED, Verb.REVIEWER_VETTED, by)


def refuse_reviewer(*, reviewer: User, by: User) -> Vetting:
    """IMI does not accept this Reviewer: they read nothing. Raises PermissionDenied when `by` is no admin."""
    return _decide(reviewer, VettingState.REFUSED, Verb.REVIEWER_REFUSED, by)


# --- Rules ---------------------------------------------------------------------------------------


def _require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def _require_state(appointment: Appointment, state: AppointmentState) -> None:
    """Somebody else may have been faster: that is a sentence, not an error."""
    if appointment.state != state:
        raise AppointmentRefused(_("This was changed in the meantime. Nothing was done."))


def _require_open(appointment: Appointment, by: User) -> None:
    if appointment.state != AppointmentState.PENDING or appointment.expires_at <= clock.now():
        raise AppointmentRefused(_("This invitation is no longer open."))
    _require(permissions.may_answer(by, appointment))


def _refuse_oneself(mediator: User, reviewer: User) -> None:
    """The same account, or a second one that reads the same mailbox."""
    if mediator == reviewer or mailboxes_of(mediator) & mailboxes_of(reviewer):
        raise AppointmentRefused(_("You cannot be your own Reviewer."))


def _refuse_present_and_reciprocal(mediator: User, reviewer: User) -> None:
    if _accepted(mediator).filter(reviewer=reviewer).exists():
        raise AppointmentRefused(_("This person is your Reviewer already."))
    if Appointment.objects.between(mediator=reviewer, reviewer=mediator).exists():
        raise AppointmentRefused(
            _("You review this person, or they have asked you to. Two people cannot review each other.")
        )


# --- Rows ----------------------------------------------------------------------------------------


def _lock_people(*people: User | None) -> dict:
    """These people as they are now, by id; nobody else changes their appointments until commit."""
    ids = [person.pk for person in people if person is not None]
    # "No key": rows that only refer to these people need not wait.
    rows = User.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    return {person.pk: person for person in rows}


def _lock(appointment: Appointment, *others: User) -> Appointment:
    """The appointment as it is now, with its mediator (and `others`) locked before it."""
    _lock_people(appointment.mediator, *others)
    return Appointment.objects.select_for_update().get(pk=appointment.pk)


def _accepted(mediator: User):
    return Appointment.objects.accepted().filter(mediator=mediator)


def _propose(mediator: User, *, reviewer: User | None = None, invite_email: str = "") -> Appointment:
    """At most one is pending: the earlier one is taken back."""
    for earlier in Appointment.objects.pending().filter(mediator=mediator).select_for_update():
        _end(earlier, AppointmentState.TAKEN_BACK, Verb.APPOINTMENT_TAKEN_BACK, by=mediator)
    appointment = Appointment.objects.create(
        mediator=mediator,
        reviewer=reviewer,
        invite_email=invite_email,
        expires_at=clock.now() + clock.hours(settings.INVITATION_LIVES_HOURS),
    )
    record(Verb.REVIEWER_PROPOSED, by=mediator, about=appointment)
    return appointment


def _store_acceptance(appointment: Appointment, by: User) -> None:
    appointment.reviewer = by
    appointment.invite_email = ""
    appointment.not_family = appointment.not_subordinate = appointment.not_reciprocal = True
    appointment.state = AppointmentState.ACCEPTED
    appointment.accepted_at = clock.now()
    appointment.save()
    record(Verb.APPOINTMENT_ACCEPTED, by=by, about=appointment)


def _end(appointment: Appointment, state: AppointmentState, verb: Verb, *, by: User | None) -> Appointment:
    """`by` is None when time did it."""
    appointment.state = state
    appointment.ended_at = clock.now()
    appointment.invite_email = ""
    appointment.save(update_fields=["state", "ended_at", "invite_email"])
    record(verb, by=by, about=appointment)
    return appointment


@transaction.atomic
def _decide(reviewer: User, state: VettingState, verb: Verb, by: User) -> Vetting:
    _require(permissions.may_vet(by))
    _lock_people(reviewer)
    vetting, _is_new = Vetting.objects.get_or_create(reviewer=reviewer)
    if vetting.state != state:  # a second click changes nothing
        vetting.state = state
        vetting.decided_at = clock.now()
        vetting.save()
        record(verb, by=by, about=vetting)
    return vetting
