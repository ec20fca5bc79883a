"""Asking for the deletion of an account, and changing one's mind. The end itself is in `deletion.py`."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import permissions
from accounts.choices import Verb
from accounts.models import Appointment, User
from accounts.services.audit import record
from accounts.services.names import keep_name_words
from accounts.services.outbox import queue_message, take_back
from accounts.services.sign_ins import end_sign_ins
from logbook_site.foundation import clock
from reviewers.services import appointing

ASKED = "logbook_site.own_data.emails.deletion_asked"
STOPPED = "logbook_site.own_data.emails.deletion_stopped"
REVIEWER_TOLD = "logbook_site.own_data.emails.mediator_leaves"
REVIEWER_TOLD_AGAIN = "logbook_site.own_data.emails.mediator_stays"


class DeletionRefused(Exception):
    """Not possible now. `sentence` says why, for the person who asked."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@transaction.atomic
def ask_deletion(*, person: User, by: User, reason: str = "", but_for: str | None = None) -> None:
    """Close the account of `person`; after ACCOUNT_DELETION_HOURS it is deleted. A second time changes nothing.

    From now on nobody finds them, and they review nobody any more; parties' links go on working. They and their
    Reviewer are told; all their sign-ins end but the one with the session key `but_for`. `by` is the person, or an
    admin with a `reason`. Raises DeletionRefused for the last admin, PermissionDenied.
    """
    person = _hold(person, by)
    if person.is_leaving:
        return
    if not permissions.may_leave(person):
        raise DeletionRefused(_("You are the last admin. Give the role to somebody else first."))
    person.deletion_due_at = clock.now() + clock.hours(settings.ACCOUNT_DELETION_HOURS)
    person.save(update_fields=["deletion_due_at"])
    record(Verb.DELETION_ASKED, by=by, about=person, reason=reason)
    keep_name_words(person)
    appointing.leave(reviewer=person)
    end_sign_ins(of=person, but_for=but_for)
    for message in (ASKED, REVIEWER_TOLD):
        queue_message(message=message, object_id=person.pk)


@transaction.atomic
def stop_deletion(*, person: User, by: User, reason: str = "") -> None:
    """Open the account again, as it was. Appointments as a Reviewer, which have ended, do not come back.

    They and their Reviewer are told. Nothing happens to somebody who has not asked. Raises PermissionDenied.
    """
    person = _hold(person, by)
    if not person.is_leaving:
        return
    person.deletion_due_at = None
    person.save(update_fields=["deletion_due_at"])
    record(Verb.DELETION_STOPPED, by=by, about=person, reason=reason)
    keep_name_words(person)
    # Who has not heard of it yet need not hear that it is over.
    for message, again in ((ASKED, STOPPED), (REVIEWER_TOLD, REVIEWER_TOLD_AGAIN)):
        if not take_back(message=message, object_ids=[person.pk]):
            queue_message(message=again, object_id=person.pk)


def _hold(person: User, by: User) -> User:
    """The person as stored. Locked with the admins, two of whom never leave at once, and with whom they review."""
    if by != person and not permissions.may_delete_accounts(by):
        raise PermissionDenied
    reviewed = Appointment.objects.filter(reviewer=person).values("mediator")
    locked = User.objects.filter(Q(pk=person.pk) | Q(is_admin=True) | Q(pk__in=reviewed))
    rows = {each.pk: each for each in locked.order_by("pk").select_for_update(no_key=True)}
    if person.pk not in rows:  # deleted in this moment
        raise PermissionDenied
    return rows[person.pk]
