"""Mail that is due: queued beside the change it tells of, sent once, and never lost.

PostgreSQL holds what is due; Celery and Redis only ring the bell. The way of a mail:

    due -> claimed -> sending -> sent
     ^________|          |-----> due        it said "later", or the talk broke before the text had left
     ^___________________|-----> failed     it said "never", or "later" for MAIL_RETRIED_HOURS
                         |-----> uncertain  the talk broke while the text was on its way: never repeated

Each step is a transaction of its own, and counts only while the sender still holds its lease. So two senders
at once do no harm, and a sender that dies leaves a row that says how far it came.
"""

import logging
import smtplib
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection, transaction
from django.utils.module_loading import import_string

from accounts.choices import OutboxState
from accounts.models import OutboxMessage
from accounts.services import bell, ledger
from logbook_site.foundation import clock
from logbook_site.foundation.mail import is_withheld

log = logging.getLogger(__name__)


class NotNow(Exception):
    """A mail cannot be written at this moment, through no fault of its own: it waits like one that was refused."""


# Claimed together: one connection to the mail server serves them all.
BATCH = 50
# A sender begins no further mail after this. Well below a task's time limit, which would cut a mail in two.
SENDING_TIME = timedelta(seconds=30)
# After each failed try in turn; the last one from then on.
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 360)]
# A mail that cannot even be written is a mistake in our code or data: waiting two days would not help.
WRITING_TRIES = 5
# Written out, because each mail takes two steps: Django makes the statement in the time that the database needs for it.
STEPPED = ["state", "not_before", "lease_until", "attempts", "last_error", "finished_at"]
STEP = (
    f"UPDATE {OutboxMessage._meta.db_table} SET {', '.join(f'{name} = %({name})s' for name in STEPPED)} "
    "WHERE id = %(id)s AND state = %(held_state)s AND lease_until = %(held_until)s"
)
# That a mail is sent need not be on the disk before the next one leaves. If the database crashes in this half second,
# the mail is found as "sending" and becomes uncertain, as when its sender had died: it is never repeated.
STEP_TO_SENT = f"SET LOCAL synchronous_commit TO off; {STEP}"


# --- Queueing ------------------------------------------------------------------------------------


def queue_message(*, message: str, object_id: UUID, not_before: datetime | None = None) -> OutboxMessage:
    """Queue the mail that `message` writes about `object_id`, in the transaction of the change it tells of.

    `message` is the dotted name of a function in some app's `emails.py` that takes the object's id and
    returns a Django EmailMessage, or None when there is nothing to say any more. No transaction is open
    around it: what it has to change, a service changes in one. Not sent before `not_before`, if given.
    """
    due_at = not_before or clock.now()
    row = OutboxMessage.objects.create(
        message=message, object_id=object_id, not_before=due_at, first_due_at=due_at
    )
    if due_at <= clock.now():
        transaction.on_commit(_ring_the_bell)
    return row


@transaction.atomic
def take_back(*, message: str, object_ids: Collection[UUID]) -> set[UUID]:
    """Drop those of these mails that no mail server has got yet; the ids of their objects.

    A sender that holds one finds out before it hands the mail over. What it did hand over is not taken back.
    """
    mails = OutboxMessage.objects.filter(
        message=message, object_id__in=object_ids, state__in=[OutboxState.DUE, OutboxState.CLAIMED]
    )
    rows = list(mails.select_for_update().order_by("pk"))
    OutboxMessage.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=OutboxState.DROPPED, lease_until=None, finished_at=clock.now()
    )
    return {row.object_id for row in rows}


def _ring_the_bell() -> None:
    from accounts.tasks import deliver_outbox  # it imports this module

    bell.ring(deliver_outbox)


# --- Sending -------------------------------------------------------------------------------------


def sweep_outbox() -> None:
    """Once a minute: settle what dead senders left behind, then send all that is due."""
    ledger.advance()
    recover_messages()
    deliver_due()


def deliver_due() -> None:
    """Send what is due until nothing is left, the mail server is away, or SENDING_TIME is over."""
    stop_at = clock.now() + SENDING_TIME
    while clock.now() < stop_at and (rows := claim_messages(BATCH)):
        _let_a_restored_database_know(rows)
        if not deliver(rows, stop_at):
            break


def _let_a_restored_database_know(claimed: list[OutboxMessage]) -> None:
    """A backup from before the claim will be known as one: else these mails would be due in it, and sent again."""
    try:
        ledger.advance()
    except OSError:
        _give_back(claimed)
        raise


@transaction.atomic(durable=True)
def recover_messages() -> None:
    """Settle what lost senders held: claimed mail is due again, mail that was handed over is uncertain."""
    for row in OutboxMessage.objects.left_behind().select_for_update(skip_locked=True):
        handed_over = row.state == OutboxState.SENDING
        row.state = OutboxState.UNCERTAIN if handed_over else OutboxState.DUE
        row.finished_at = clock.now() if handed_over else None
        row.lease_until = None
        row.attempts += 1
        row.last_error = "sender lost"
        row.save()
        log.warning("Mail %s is %s: its sender was lost", row.pk, row.state)


@transaction.atomic(durable=True)
def claim_messages(limit: int) -> list[OutboxMessage]:
    """Take up to `limit` mails that are due, for MAIL_LEASE_HOURS. What another is taking is passed over."""
    rows = list(OutboxMessage.objects.due().select_for_update(skip_locked=True)[:limit])
    claimed = {"state": OutboxState.CLAIMED, "lease_until": _new_lease()}
    OutboxMessage.objects.filter(pk__in=[row.pk for row in rows]).update(**claimed)
    for row in rows:
        row.state, row.lease_until = claimed.values()
    return rows


def deliver(rows: list[OutboxMessage], stop_at: datetime) -> bool:
    """Send claimed mails, one after the other; each gets its own end. After `stop_at` the rest is given back.

    False when the mail server cannot be reached: all that were left wait then, without asking it for each of
    them.
    """
    line = get_connection()
    try:
        for position, row in enumerate(rows):
            if clock.now() >= stop_at:
                _give_back(rows[position:])
                break
            # First the server, then the mail: while it is away, none is written.
            try:
                line.open()
            except Exception as error:
                for waiting in rows[position:]:
                    _try_later(waiting, _code(error))
                return False
            if mail := _write(row):
                _send(row, mail, line)
    finally:
        _close(line)
    return True


def _write(row: OutboxMessage) -> EmailMessage | None:
    """The mail, ready to go. None when there is none (the row is settled then)."""
    try:
        mail = import_string(row.message)(row.object_id)
        if mail is not None:
            mail.extra_headers["Auto-Submitted"] = "auto-generated"
            # The same on every try, so that a mailbox can tell that it has it already.
            mail.extra_headers["Message-ID"] = f"<{row.pk}@{settings.SITE_HOST}>"
            # Made once, here: a bad header shows before the mail is on its way, and to make it takes as long as to
            # send it.
            made = mail.message()
            mail.message = lambda: made
    except NotNow as error:
        _try_later(row, _code(error))
        return None
    except Exception as error:
        _try_later(row, _code(error), tries=WRITING_TRIES)
        return None
    if mail is None or not mail.recipients():
        _settle(row, OutboxState.DROPPED)
        return None
    return mail


def _send(row: OutboxMessage, mail: EmailMessage, line) -> None:
    """Hand one mail to the server, on an open line."""
    if not _settle(row, OutboxState.SENDING):
        return  # the lease ended while others were sent, and somebody else has it
    try:
        # A backend that cannot withhold a mail does not see it.
        if not is_withheld(mail) or hasattr(line, "withholds"):
            line.send_messages([mail])
    except Exception as error:
        answer = _answer(error)
        if answer is None or answer == 421:  # 421: the server closes it
            _close(line)
        # A backend that cannot say how far it came may have sent it.
        _settle_failure(row, error, answer, text_has_left=getattr(line, "text_has_left", True))
    else:
        _settle(row, OutboxState.DROPPED if is_withheld(mail) else OutboxState.SENT)


def _settle_failure(row: OutboxMessage, error: Exception, answer: int | None, text_has_left: bool) -> None:
    if answer is not None and answer >= 500:
        _settle(row, OutboxState.FAILED, _code(error))
    elif answer is not None:
        _try_later(row, _code(error))
    elif text_has_left:
        _settle(row, OutboxState.UNCERTAIN, _code(error))
    elif isinstance(error, OSError) and not isinstance(error, smtplib.SMTPNotSupportedError):
        _try_later(row, _code(error))
    else:  # the address or the text cannot be sent at all
        _try_later(row, _code(error), tries=WRITING_TRIES)


def _close(line) -> None:
    try:
        line.close()
    except OSError as error:
        log.info("The mail server did not say goodbye: %s", type(error).__name__)


# --- What the server said ------------------------------------------------------------------------


def _answer(error: Exception) -> int | None:
    """The server's refusal, 400 to 599 (RFC 5321, 4.2.1); None when it gave no such answer.

    Of several refused recipients one "later" decides: none of them has got anything.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = [answer for answer, _sentence in error.recipients.values()]
    else:
        answers = [getattr(error, "smtp_code", 0)]
    answer = min(answers, default=0)
    return answer if 400 <= answer <= 599 else None


def _code(error: Exception) -> str:
    """A short code to keep and to log. Never the server's sentence: it quotes addresses."""
    answer = _answer(error)
    return f"smtp {answer}" if answer else type(error).__name__[:60]


# --- Steps of a row ------------------------------------------------------------------------------


def _new_lease() -> datetime:
    return clock.now() + clock.hours(settings.MAIL_LEASE_HOURS)


def _settle(row: OutboxMessage, state: OutboxState, error: str = "") -> bool:
    """The row goes on to SENDING, with a new lease, or to an end. False when somebody else has it now."""
    if state == OutboxState.SENDING:
        return _step(row, state=state, lease_until=_new_lease())
    return _step(row, state=state, lease_until=None, finished_at=clock.now(), last_error=error)


def _try_later(row: OutboxMessage, error: str, *, tries: int | None = None) -> None:
    """Due again after a wait that grows; failed after `tries`, or when MAIL_RETRIED_HOURS are over."""
    now = clock.now()
    give_up_at = row.first_due_at + clock.hours(settings.MAIL_RETRIED_HOURS)
    attempts = row.attempts + 1
    if now >= give_up_at or (tries is not None and attempts >= tries):
        _step(
            row,
            state=OutboxState.FAILED,
            lease_until=None,
            finished_at=now,
            attempts=attempts,
            last_error=error,
        )
        return
    wait = WAITS[min(attempts, len(WAITS)) - 1]
    _step(
        row,
        state=OutboxState.DUE,
        lease_until=None,
        not_before=min(now + wait, give_up_at),
        attempts=attempts,
        last_error=error,
    )


def _give_back(rows: list[OutboxMessage]) -> None:
    """Time is over: these were not touched, and stay due."""
    for row in rows:
        _step(row, state=OutboxState.DUE, lease_until=None)


def _step(row: OutboxMessage, **changes: object) -> bool:
    """One step, if the row still is as this sender left it: one statement, and so a transaction of its own.

    That none is open around it, `claim_messages` has seen to.
    """
    held = {"id": row.pk, "held_state": row.state, "held_until": row.lease_until}
    now = {name: changes.get(name, getattr(row, name)) for name in STEPPED}
    with connection.cursor() as cursor:
        cursor.execute(STEP_TO_SENT if now["state"] == OutboxState.SENT else STEP, held | now)
        if not cursor.rowcount:
            return False
    for name, value in changes.items():
        setattr(row, name, value)
    if changes.get("last_error"):
        log.warning("Mail %s is %s after %s", row.pk, row.state, row.last_error)
    return True
