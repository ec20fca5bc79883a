"""What happens when people change something about themselves, or an admin does."""

import secrets

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import permissions
from accounts.choices import Role, Verb, VettingState, Visibility
from accounts.models import MediatorProfile, User, Vetting
from accounts.services import sign_ins
from accounts.services.audit import record
from accounts.services.names import keep_name_words
from logbook_site.foundation import clock
from logbook_site.foundation.addresses import mailbox_of
from logbook_site.foundation.lists import USUAL_PAGE_SIZE


class RoleNotOpen(Exception):
    """The role is not one that a person can give themselves."""


class PersonRefused(Exception):
    """A person cannot be changed as asked. `sentence` says why, for the admin."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def mailboxes_of(person: User) -> set[str]:
    """Confirmed or not: an address that somebody entered here as their own is their own."""
    addresses = person.emailaddress_set.values_list("email", flat=True)
    return {mailbox_of(address) for address in [person.email, *addresses]}


@transaction.atomic
def add_role(*, to: User, role: Role, by: User | None) -> None:
    """Give `to` a role; nothing happens when they hold it already.

    People may give themselves, and nobody else, the roles of mediator and Reviewer; all others come from an
    admin. Raises RoleNotOpen. `by` is None when a command does it.
    """
    own_choice = by == to and role in {Role.MEDIATOR, Role.REVIEWER}
    if by is not None and not by.is_admin and not own_choice:
        raise RoleNotOpen(_("Only an administrator can give this role."))
    if role in to.roles:
        return
    setattr(to, f"is_{role.value}", True)
    to.save(update_fields=[f"is_{role.value}"])
    if role == Role.MEDIATOR:
        MediatorProfile.objects.get_or_create(person=to)
        keep_name_words(to)
    record(Verb.ROLE_ADDED, by=by, about=to, reason=role.value)


@transaction.atomic
def remove_role(*, of: User, role: Role, by: User | None) -> None:
    """Take a role away. What the person wrote in it stays, and is there again when the role comes back.

    Not so IMI's check of a Reviewer: any mediator can give the role back, by an invitation that is accepted.
    """
    if role not in of.roles:
        return
    setattr(of, f"is_{role.value}", False)
    of.save(update_fields=[f"is_{role.value}"])
    if role == Role.MEDIATOR:
        keep_name_words(of)
    if role == Role.REVIEWER:
        checked = Vetting.objects.filter(reviewer=of, state=VettingState.VETTED)
        checked.update(state=VettingState.WAITING, asked_at=clock.now(), decided_at=None)
    record(Verb.ROLE_REMOVED, by=by, about=of, reason=role.value)


@transaction.atomic
def change_person(*, person: User, by: User) -> None:
    """Store what an admin changed on `person`; each role, and being active, is audited.

    Who is not active any more is signed out everywhere at once. Raises PersonRefused.
    """
    before = _hold(person)
    refuse_to_shut_out(before, stays_admin=person.is_admin, stays_active=person.is_active, by=by)
    if (person.name, person.time_zone, person.is_active) != (before.name, before.time_zone, before.is_active):
        changes = {(True, False): "deactivated", (False, True): "activated"}
        changed = changes.get((before.is_active, person.is_active), "changed")
        record(Verb.PERSON_CHANGED_BY_ADMIN, by=by, about=person, reason=changed)
        person.save(update_fields=["name", "time_zone", "is_active"])
        keep_name_words(person)
    if not person.is_active:
        sign_ins.end_sign_ins(of=person)
    for role in person.roles - before.roles:
        add_role(to=before, role=role, by=by)
    for role in before.roles - person.roles:
        remove_role(of=before, role=role, by=by)


@transaction.atomic
def set_active(*, person: User, active: bool, by: User) -> None:
    """An admin opens or closes the account of `person`; nothing is lost. Raises PersonRefused.

    Of many who are closed at once `person` was read a while ago: all else stays as stored.
    """
    person = _hold(person)
    person.is_active = active
    change_person(person=person, by=by)


def refuse_to_shut_out(person: User, *, stays_admin: bool, stays_active: bool, by: User) -> None:
    """Raises PersonRefused when `by` would close their own account, or nobody would be left to run the site."""
    if person == by and not stays_active:
        raise PersonRefused(_("This is your own account. Another admin can close it."))
    if person.is_admin and not (stays_admin and stays_active) and not permissions.may_leave(person):
        raise PersonRefused(_("This is the last admin. Give the role to somebody else first."))


def _hold(person: User) -> User:
    """`person` as stored. All admins wait until commit, in one order: two of them never close each other's account."""
    people = User.objects.filter(Q(pk=person.pk) | Q(is_admin=True)).order_by("pk")
    (before,) = [one for one in people.select_for_update(no_key=True) if one.pk == person.pk]
    return before


@transaction.atomic
def save_settings(*, person: User) -> None:
    """Store the name and time zone that people changed themselves.

    A change of name is audited, without the names: others read it, of who looked at them and who reviews them.
    """
    if person.name != User.objects.select_for_update(no_key=True).get(pk=person.pk).name:
        record(Verb.NAME_CHANGED, by=person, about=person)
    person.save(update_fields=["name", "time_zone"])
    keep_name_words(person)


def remember_page_size(*, person: User, name: str, size: int) -> None:
    """Remember how many rows `person` wants on a page of the list `name`, if that is new."""
    if person.page_sizes.get(name, USUAL_PAGE_SIZE) == size:
        return
    person.page_sizes[name] = size
    person.save(update_fields=["page_sizes"])


def forget_password(*, of: User) -> None:
    """From now on a mailed code, a passkey or a new password opens the account; the old password does not."""
    of.set_unusable_password()
    of.save(update_fields=["password"])


@transaction.atomic
def answer_visibility(*, profile: MediatorProfile, visibility: Visibility, by: User) -> None:
    """Store whether directories may see the mediator's totals. A change is audited: it is a consent."""
    if profile.visibility == visibility:
        return
    profile.visibility = visibility
    profile.save(update_fields=["visibility"])
    keep_name_words(profile.person)
    record(Verb.VISIBILITY_CHANGED, by=by, about=profile, reason=visibility)


@transaction.atomic
def save_details(*, profile: MediatorProfile, by: User) -> None:
    """Store My Details as changed on `profile`. A change of visibility is audited, as above."""
    before = MediatorProfile.objects.select_for_update().get(pk=profile.pk).visibility
    if profile.accepts_general and not profile.general_code:
        profile.general_code = secrets.token_urlsafe(12)
    profile.save()
    keep_name_words(profile.person)
    if profile.visibility != before:
        record(Verb.VISIBILITY_CHANGED, by=by, about=profile, reason=profile.visibility)
