"""What becomes of a request, as far as its mediator may know."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from accounts.choices import OutboxState
from accounts.models import OutboxMessage, User
from feedback.choices import RequestKind, Sending
from feedback.models import FeedbackRequest
from feedback.services.requests import INVITATION
from logbook_site.foundation import clock

# A mail that was dropped looks as if it was sent: its reader may have asked never to be asked, and that is theirs.
SENDING = {
    OutboxState.DUE: Sending.WAITING,
    OutboxState.CLAIMED: Sending.WAITING,
    OutboxState.SENDING: Sending.WAITING,
    OutboxState.SENT: Sending.SENT,
    OutboxState.DROPPED: Sending.SENT,
    OutboxState.FAILED: Sending.FAILED,
    OutboxState.UNCERTAIN: Sending.UNCERTAIN,
}


def sending_of(requests: Iterable[FeedbackRequest]) -> dict[UUID, Sending]:
    """What happened to the invitation of each request, in one query. Of a reminder nothing is told."""
    requests = list(requests)
    mails = OutboxMessage.objects.filter(
        message=INVITATION, object_id__in=[request.pk for request in requests]
    ).values_list("object_id", "state", "attempts")
    found = {object_id: (state, attempts) for object_id, state, attempts in mails}
    return {request.pk: _sending(request, found.get(request.pk)) for request in requests}


def is_any_undelivered(mediator: User) -> bool:
    """Whether an invitation of these days did not arrive, or perhaps not; not among those that were cancelled."""
    kept = FeedbackRequest.objects.visible_to(mediator).filter(
        unreadable_at__gt=clock.now(), cancelled_at__isnull=True
    )
    troubled = OutboxMessage.objects.filter(
        message=INVITATION, object_id=OuterRef("pk"), state__in=[OutboxState.FAILED, OutboxState.UNCERTAIN]
    )
    return kept.filter(Q(is_lost=True) | Exists(troubled)).exists()


def _sending(request: FeedbackRequest, mail: tuple[str, int] | None) -> Sending:
    if request.cancelled_at:
        return Sending.CANCELLED
    if request.is_lost:
        return Sending.LOST
    if request.kind == RequestKind.LINK:
        return Sending.HANDED_OVER
    if mail is None:
        return Sending.WAITING
    state, attempts = mail
    return Sending.RETRIED if state == OutboxState.DUE and attempts else SENDING[OutboxState(state)]
