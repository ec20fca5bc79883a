"""The end of an account: everything of it goes, in one transaction.

What hangs on the person goes by the database's own rules (each named in `tests/test_deletion_map.py`); what only names
them, or belongs to others, is taken care of here. What stays holds ids and nothing else: the audit trail, the looks of
somebody who worked for a directory, and for a day what was counted for a limit. A final Feedback Digest keeps the name
of its Reviewer.
"""

import logging
from functools import partial
from uuid import UUID

from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import Q

from accounts.choices import OrderState, Verb
from accounts.models import Appointment, ContactMessage, Import, OrderLine, OutboxMessage, StaffPlace, User
from accounts.services import organisations
from accounts.services.audit import record
from accounts.services.sign_ins import forget_sessions
from cpd import evidence
from cpd.models import CpdEntry
from feedback.models import FeedbackReport, FeedbackRequest, Notice, PendingFeedback
from logbook_site.foundation.importing import kept
from logbook_site.foundation.lost_texts import readable
from logbook_site.own_data.services.downloads import remove_files
from reviewers.choices import DigestState
from reviewers.models import Digest
from reviewers.services import appointing

log = logging.getLogger(__name__)


def delete_due_accounts() -> int:
    """Delete every account whose time is over; returns how many. What fails for one holds up no other."""
    number = 0
    for person_id in list(
        User.objects.due_to_go().order_by("deletion_due_at", "pk").values_list("pk", flat=True)
    ):
        try:
            number += delete_account(person_id)
        except Exception as error:  # its text may quote a name
            log.error("Account %s was not deleted: %s", person_id, type(error).__name__)
    return number


@transaction.atomic
def delete_account(person_id: UUID) -> bool:
    """Delete the account, if its time is over. False when it is not, or when another worker is at it."""
    due = User.objects.due_to_go().filter(pk=person_id)
    # A party who answers in this moment locks the link, then the account: in the same order, nobody blocks the other.
    for links in (FeedbackRequest, PendingFeedback):
        list(
            links.objects.filter(mediator__in=due)
            .order_by("pk")
            .select_for_update(of=("self",))
            .values_list("pk")
        )
    person = due.select_for_update(skip_locked=True).first()
    if person is None:
        return False
    addresses = _addresses_of(person)
    files = [name for name in _all(CpdEntry, "evidence_file", owner=person) if name]
    jobs = _all(person.jobs.model, "pk", owner=person)
    imports = _all(Import, "pk", owner=person)
    if person.emailaddress_set.filter(verified=True).exists():
        _end_invitations(addresses)
        _forget_messages(addresses)
    # Else somebody signed up with it, and what waits for it is its owner's.
    _forget_mail(person)
    forget_sessions(marks={str(person.pk), *addresses})
    LogEntry.objects.filter(object_id=str(person.pk)).delete()
    Digest.objects.filter(reviewer=person).exclude(state=DigestState.FINAL).delete()
    record(Verb.ACCOUNT_DELETED, by=None, about=person)
    person.delete()
    transaction.on_commit(partial(evidence.remove, files))
    transaction.on_commit(partial(remove_files, jobs))
    transaction.on_commit(partial(kept.remove_all_files, *imports))
    return True


def _all(model, field: str, **whose: User) -> list:
    return list(model.objects.filter(**whose).values_list(field, flat=True))


def _addresses_of(person: User) -> set[str]:
    """Confirmed or not, in lower case."""
    return {
        address.lower()
        for address in [person.email, *_all(person.emailaddress_set.model, "email", user=person)]
    }


def _end_invitations(addresses: set[str]) -> None:
    """What others have waiting for these addresses: nobody will answer it, and the address must not stay."""
    appointing.expire_invitations(to=addresses)
    organisations.expire_invitations(to=addresses)
    waiting = OrderLine.objects.filter(email__in=addresses)
    waiting.update(state=OrderState.LAPSED, email="")


def _forget_mail(person: User) -> None:
    """Mail to them, and mail that tells others of what goes now."""
    about_them = Q(mediator=person)
    ids = {person.pk, *_all(FeedbackRequest, "batch", mediator=person)}
    for model in (FeedbackRequest, PendingFeedback, Notice):
        ids.update(_all(model, "pk", mediator=person))
    ids.update(FeedbackReport.objects.filter(feedback__mediator=person).values_list("pk", flat=True))
    ids.update(Appointment.objects.filter(about_them | Q(reviewer=person)).values_list("pk", flat=True))
    ids.update(_all(StaffPlace, "pk", person=person))
    their_drafts = Q(reviewer=person) & ~Q(state=DigestState.FINAL)
    ids.update(Digest.objects.filter(about_them | their_drafts).values_list("pk", flat=True))
    OutboxMessage.objects.filter(object_id__in=ids).delete()


def _forget_messages(addresses: set[str]) -> None:
    """What they wrote to us and is not mailed yet. Sealed, and few: each is opened."""
    for message in ContactMessage.objects.all():
        if readable(message, "email").strip().lower() in addresses:
            message.delete()
