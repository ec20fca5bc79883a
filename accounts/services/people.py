"""What happens when people change something about themselves, or an admin does."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Role, Verb, Visibility
from accounts.models import MediatorProfile, User
from accounts.services.audit import record


class RoleNotOpen(Exception):
    """The role is not one that a person can give themselves."""


@transaction.atomic
def add_role(*, to: User, role: Role, by: User | None) -> None:
    """Give `to` a role; nothing happens when they hold it already.

    People may give themselves, and nobody else, the roles of mediator and Reviewer; all others come from an admin.
    Raises RoleNotOpen. `by` is None when a command does it.
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
    record(Verb.ROLE_ADDED, by=by, about=to, reason=role.value)


@transaction.atomic
def answer_visibility(*, profile: MediatorProfile, visibility: Visibility, by: User) -> None:
    """Store whether directories may see the mediator's totals. A change is audited: it is a consent."""
    if profile.visibility == visibility:
        return
    profile.visibility = visibility
    profile.save(update_fields=["visibility"])
    record(Verb.VISIBILITY_CHANGED, by=by, about=profile, reason=visibility)


@transaction.atomic
def save_details(*, profile: MediatorProfile, by: User) -> None:
    """Store My Details as changed on `profile`. A change of visibility is audited, as in `answer_visibility`."""
    before = MediatorProfile.objects.select_for_update().get(pk=profile.pk).visibility
    profile.save()
    if profile.visibility != before:
        record(Verb.VISIBILITY_CHANGED, by=by, about=profile, reason=profile.visibility)
