"""Organisations with directory access, and the places of their staff."""

from collections.abc import Collection

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import permissions
from accounts.choices import PlaceState, Role, Verb
from accounts.models import Organisation, StaffPlace, User
from accounts.services import ledger
from accounts.services.audit import record
from accounts.services.outbox import queue_message
from accounts.services.people import add_role, remove_role
from logbook_site.foundation import clock
from logbook_site.foundation.addresses import plain_address

INVITATION = "accounts.emails.place_invitation"


class PlaceRefused(Exception):
    """The place cannot be as asked. `sentence` says why, for the person who asked."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@transaction.atomic
def save_organisation(*, organisation: Organisation, by: User) -> None:
    """Store a new organisation, or what an admin changed on it. Raises PermissionDenied."""
    _require(permissions.may_manage_organisations(by))
    verb = Verb.ORGANISATION_ADDED if organisation._state.adding else Verb.ORGANISATION_CHANGED
    organisation.save()
    record(verb, by=by, about=organisation)
    has_access = Organisation.objects.with_access().filter(pk=organisation.pk).exists()
    ledger.note(ledger.ORGANISATION_OPENED if has_access else ledger.ORGANISATION_CLOSED, organisation.pk)


@transaction.atomic
def end_access(*, organisation: Organisation, by: User) -> None:
    """Nobody of its staff can look up mediators from now on. Twice changes nothing. PermissionDenied."""
    _require(permissions.may_manage_organisations(by))
    stored = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if stored.is_active:
        stored.is_active = False
        save_organisation(organisation=stored, by=by)


@transaction.atomic
def invite_staff(*, organisation: Organisation, email: str, by: User) -> StaffPlace:
    """Invite whoever reads the mail at `email` (a valid address) to the staff of `organisation`.

    It waits INVITATION_LIVES_HOURS for the answer. Raises PlaceRefused (no access any more, asked already, works
    there already) and PermissionDenied when `by` is no admin.
    """
    _require(permissions.may_manage_organisations(by))
    email = plain_address(email)
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    refuse_idle_invitation(organisation, email)
    # One that ended with its time, but was not yet found by the hourly task.
    for overdue in organisation.places.overdue().filter(invite_email=email):
        _end(overdue, PlaceState.EXPIRED, Verb.PLACE_EXPIRED, by=None)
    place = StaffPlace.objects.create(
        organisation=organisation,
        invite_email=email,
        expires_at=clock.now() + clock.hours(settings.INVITATION_LIVES_HOURS),
    )
    record(Verb.STAFF_INVITED, by=by, about=place)
    queue_message(message=INVITATION, object_id=place.pk)
    return place


def refuse_idle_invitation(organisation: Organisation, email: str) -> None:
    """Raises PlaceRefused when an invitation would change nothing. `email` in lower case."""
    if not Organisation.objects.with_access().filter(pk=organisation.pk).exists():
        raise PlaceRefused(_("This organisation has no access today. Change that first."))
    if organisation.places.open().filter(invite_email=email).exists():
        raise PlaceRefused(_("This address is invited already; there is no answer yet."))
    owner = User.objects.with_confirmed_address(email).first()
    if owner and organisation.places.filter(state=PlaceState.ACCEPTED, person=owner).exists():
        raise PlaceRefused(_("This person works there already."))


@transaction.atomic
def accept_place(*, place: StaffPlace, by: User) -> StaffPlace:
    """`by` works for the organisation now, and no longer for another one. Gives the directory role.

    Raises PlaceRefused (no longer open) and PermissionDenied.
    """
    place = _lock_open(place, by)
    for former in StaffPlace.objects.filter(person=by, state=PlaceState.ACCEPTED).select_for_update():
        _end(former, PlaceState.ENDED, Verb.PLACE_ENDED, by=by)
    place.person, place.invite_email = by, ""
    place.state, place.accepted_at = PlaceState.ACCEPTED, clock.now()
    place.save()
    record(Verb.PLACE_ACCEPTED, by=by, about=place)
    add_role(to=by, role=Role.DIRECTORY, by=None)  # an admin's invitation stands for the admin
    return place


@transaction.atomic
def decline_place(*, place: StaffPlace, by: User) -> StaffPlace:
    """Raises PlaceRefused (no longer open) and PermissionDenied."""
    return _end(_lock_open(place, by), PlaceState.DECLINED, Verb.PLACE_DECLINED, by=by)


@transaction.atomic
def end_place(*, place: StaffPlace, by: User) -> StaffPlace:
    """An admin ends a place, or takes an invitation back; it counts at once. Nothing happens when it has ended.

    Takes the directory role with it. Raises PermissionDenied.
    """
    _require(permissions.may_manage_organisations(by))
    place = StaffPlace.objects.select_for_update().get(pk=place.pk)
    if place.state == PlaceState.ACCEPTED:
        remove_role(of=place.person, role=Role.DIRECTORY, by=by)
    if place.state in {PlaceState.ACCEPTED, PlaceState.PENDING}:
        _end(place, PlaceState.ENDED, Verb.PLACE_ENDED, by=by)
    return place


@transaction.atomic
def expire_places() -> int:
    """End the invitations that nobody answered in time, and forget their addresses; returns how many."""
    overdue = list(StaffPlace.objects.overdue().select_for_update(skip_locked=True))
    for place in overdue:
        _end(place, PlaceState.EXPIRED, Verb.PLACE_EXPIRED, by=None)
    return len(overdue)


@transaction.atomic
def expire_invitations(*, to: Collection[str]) -> None:
    """End the invitations to these addresses (in lower case), whose owner's account is deleted."""
    waiting = StaffPlace.objects.filter(state=PlaceState.PENDING, invite_email__in=to)
    for place in waiting.select_for_update().order_by("pk"):
        _end(place, PlaceState.EXPIRED, Verb.PLACE_EXPIRED, by=None)


def _require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def _lock_open(place: StaffPlace, by: User) -> StaffPlace:
    """The place as it is now, still open and for `by` to answer; two answers at once wait for each other."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    place = StaffPlace.objects.select_for_update().get(pk=place.pk)
    if not StaffPlace.objects.open().filter(pk=place.pk).exists():
        raise PlaceRefused(_("This invitation is no longer open."))
    _require(permissions.may_answer_place(by, place))
    return place


def _end(place: StaffPlace, state: PlaceState, verb: Verb, *, by: User | None) -> StaffPlace:
    """`by` is None when time did it."""
    place.state, place.ended_at, place.invite_email = state, clock.now(), ""
    place.save(update_fields=["state", "ended_at", "invite_email"])
    record(verb, by=by, about=place)
    return place
