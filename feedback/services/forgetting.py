"""Tidying up behind what nobody can read any more. The promise itself is kept by the keys, foundation/vault.py."""

import logging

from django.db import transaction
from django.db.models import BinaryField, Q, QuerySet
from django.db.models.functions import Substr

from accounts.choices import OutboxState
from accounts.models import OutboxMessage, User
from accounts.services.outbox import queue_message, take_back
from feedback.models import FeedbackRequest, PendingFeedback, Respondent
from feedback.services.requests import INVITATION
from logbook_site.foundation import clock, vault

log = logging.getLogger(__name__)

NOT_SENT = "feedback.emails.not_sent"
BATCH = 50  # rows are locked so long as it takes: never above a tenth of a second


def forget_contacts() -> None:
    """Each minute: remove sealed bytes whose time is over or whose key was lost, and tell who was not written to.

    Without Redis nobody knows which keys are lost; what is over goes all the same.
    """
    now = clock.now()
    contacts = _with_head(FeedbackRequest.objects.filter(sealed__isnull=False))
    pending = _with_head(PendingFeedback.objects.all())
    _forget(contacts.filter(unreadable_at__lte=now))
    pending.filter(unreadable_at__lte=now).delete()
    try:
        gone = vault.lost({*_keys_needed(contacts), *_keys_needed(pending)})
        vault.drop_ended_keys()
    except vault.VaultClosed:
        return
    if gone:
        log.warning("%d keys were lost with Redis", len(gone))
    for unreadable_at, head in gone:
        _forget(contacts.filter(unreadable_at=unreadable_at, head=head))
        pending.filter(unreadable_at=unreadable_at, head=head).delete()


def _with_head(rows: QuerySet) -> QuerySet:
    """Rows with the part of their sealed bytes that names the key."""
    return rows.annotate(head=Substr("sealed", 1, vault.HEAD_BYTES, output_field=BinaryField()))


def _keys_needed(rows: QuerySet) -> set[tuple]:
    pairs = rows.order_by().values_list("unreadable_at", "head").distinct()
    return {(unreadable_at, bytes(head)) for unreadable_at, head in pairs}


def _forget(requests: QuerySet) -> None:
    while True:
        with transaction.atomic():
            rows = list(requests.select_for_update(skip_locked=True).order_by("batch", "pk")[:BATCH])
            if not rows:
                return
            _erase(rows)


@transaction.atomic
def lose(request: FeedbackRequest) -> None:
    """The sender of a mail found that nobody can read the contact any more: if it was the first one, that is told.

    With it go all that were asked together and sealed with the same key. Else the sender would find them one after the
    other, another one would mail the first news between them, and the mediator would get a mail for each.
    """
    among = Q(pk=request.pk)
    if request.sealed:
        head = bytes(request.sealed[: vault.HEAD_BYTES])
        among |= Q(batch=request.batch, unreadable_at=request.unreadable_at, head=head)
    of_mediator = _with_head(FeedbackRequest.objects.filter(mediator=request.mediator_id))
    _erase(list(of_mediator.filter(among).select_for_update().order_by("pk")))


def _erase(requests: list[FeedbackRequest]) -> None:
    """Remove the sealed bytes. Invitations that have not left are taken back, so that what is told stays true."""
    not_left = take_back(message=INVITATION, object_ids=[request.pk for request in requests])
    lost = [request for request in requests if request.pk in not_left and request.cancelled_at is None]
    among = FeedbackRequest.objects
    among.filter(pk__in=[request.pk for request in requests]).update(sealed=None)
    among.filter(pk__in=[request.pk for request in lost]).update(is_lost=True)
    _tell(lost)


def _tell(lost: list[FeedbackRequest]) -> None:
    """One mail for all that were asked together. Two who tell the same mediator at once wait for each other."""
    mediators = User.objects.filter(pk__in={request.mediator_id for request in lost})
    list(mediators.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    for batch in {request.batch for request in lost}:
        if not OutboxMessage.objects.filter(
            message=NOT_SENT, object_id=batch, state=OutboxState.DUE
        ).exists():
            queue_message(message=NOT_SENT, object_id=batch)


def forget_ended_links() -> None:
    """Of a link that has ended in time not even the hash stays."""
    FeedbackRequest.objects.filter(link_ends_at__lte=clock.now(), token_hash__isnull=False).update(
        token_hash=None
    )


def forget_respondents() -> None:
    Respondent.objects.filter(erase_on__lte=clock.today()).delete()
