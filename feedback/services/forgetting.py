"""Tidying up behind what nobody can read any more. The promise itself is kept by the keys, foundation/vault.py."""

import logging
from uuid import UUID

from django.db import transaction

from accounts.choices import OutboxState
from accounts.models import OutboxMessage
from accounts.services.outbox import queue_message
from feedback.models import FeedbackRequest, PendingFeedback, Respondent
from feedback.services.requests import INVITATION
from logbook_site.foundation import clock, vault

log = logging.getLogger(__name__)

NOT_SENT = "feedback.emails.not_sent"
BATCH = 500


def forget_contacts() -> None:
    """Each minute: remove sealed bytes whose time is over or whose key was lost, and tell who was not written to.

    Without Redis nobody knows which keys are lost; what is over goes all the same.
    """
    now = clock.now()
    readable = FeedbackRequest.objects.filter(sealed__isnull=False)
    _forget(readable.filter(unreadable_at__lte=now))
    PendingFeedback.objects.filter(unreadable_at__lte=now).delete()
    try:
        ends = {*readable.values_list("unreadable_at", flat=True).distinct()}
        ends |= {*PendingFeedback.objects.values_list("unreadable_at", flat=True).distinct()}
        gone = vault.lost(ends)
        vault.drop_ended_keys()
    except vault.VaultClosed:
        return
    if gone:
        log.warning("%d keys were lost with Redis", len(gone))
        _forget(readable.filter(unreadable_at__in=gone))
        PendingFeedback.objects.filter(unreadable_at__in=gone).delete()


def _forget(requests) -> None:
    while True:
        with transaction.atomic():
            rows = list(requests.select_for_update(skip_locked=True).order_by("pk")[:BATCH])
            if not rows:
                return
            not_left = _not_left(rows)
            for row in rows:
                _erase(row, not_sent=row.cancelled_at is None and row.pk in not_left)


def _not_left(requests: list[FeedbackRequest]) -> set[UUID]:
    """Those whose invitation no mail server has got yet."""
    waiting = OutboxMessage.objects.filter(
        message=INVITATION,
        object_id__in=[request.pk for request in requests],
        state__in=[OutboxState.DUE, OutboxState.CLAIMED],
    )
    return set(waiting.values_list("object_id", flat=True))


@transaction.atomic
def lose(request: FeedbackRequest) -> None:
    """The sender of a mail found that nobody can read the contact any more: if it was the first one, that is told."""
    rows = FeedbackRequest.objects.select_for_update().filter(pk=request.pk)
    for row in rows:
        _erase(row, not_sent=row.cancelled_at is None and row.pk in _not_left([row]))


def _erase(request: FeedbackRequest, *, not_sent: bool) -> None:
    request.sealed = None
    if not_sent and not request.is_lost:
        request.is_lost = True
        # One mail for all that were asked together and were not written to yet.
        told = OutboxMessage.objects.filter(message=NOT_SENT, object_id=request.batch, state=OutboxState.DUE)
        if not told.exists():
            queue_message(message=NOT_SENT, object_id=request.batch)
    request.save(update_fields=["sealed", "is_lost"])


def forget_ended_links() -> None:
    """Of a link that has ended in time not even the hash stays."""
    FeedbackRequest.objects.filter(link_ends_at__lte=clock.now(), token_hash__isnull=False).update(
        token_hash=None
    )


def forget_respondents() -> None:
    Respondent.objects.filter(erase_on__lte=clock.today()).delete()
