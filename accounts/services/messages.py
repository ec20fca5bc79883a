"""What people write to us: kept sealed until its mail has left, then gone here."""

from django.db import transaction

from accounts.choices import MessageKind, OutboxState, Role
from accounts.models import ContactMessage, OutboxMessage, User
from accounts.services.outbox import queue_message
from logbook_site.foundation import clock

TO_US = "accounts.emails.contact"
TO_SENDER = "accounts.emails.contact_arrived"
# Somebody signed in is told by mail that a message came from their account: once in so many hours.
TOLD_AGAIN_HOURS = 24


@transaction.atomic
def send_message(
    *, kind: MessageKind, name: str, email: str, page: str, text: str, by: User | None
) -> ContactMessage:
    """Keep what was written, and queue the mail to us. `by` is who is signed in, if anybody is.

    A stranger gets no mail: with the form one could else write to anybody. Who is signed in gets one at the confirmed
    address of the account, whatever address was typed.
    """
    message = ContactMessage(kind=kind, name=name, email=email, page=page, text=text)
    message.roles = ",".join(role.value for role in Role if by and role in by.roles)
    message.save()
    queue_message(message=TO_US, object_id=message.pk)
    if by and not _was_told(by):
        queue_message(message=TO_SENDER, object_id=by.pk)
    return message


def _was_told(person: User) -> bool:
    since = clock.now() - clock.hours(TOLD_AGAIN_HOURS)
    told = OutboxMessage.objects.filter(message=TO_SENDER, object_id=person.pk, created_at__gt=since)
    return told.exists()


def forget_sent_messages() -> int:
    """Delete what has arrived in our mailbox; returns how many. What failed, or may not have arrived, stays."""
    sent = OutboxMessage.objects.filter(message=TO_US, state=OutboxState.SENT)
    return ContactMessage.objects.filter(pk__in=sent.values("object_id")).delete()[0]
