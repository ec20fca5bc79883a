"""What parties meet: the survey, its mail, and the forgetting of who they are."""

import gzip
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time as time_of_day
from datetime import timedelta
from functools import partial
from secrets import token_urlsafe
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection
from django.utils.module_loading import import_string

from accounts.choices import OutboxState
from accounts.models import OutboxMessage, User
from accounts.services.outbox import deliver_due
from accounts.tests.smtp_server import SmtpServer
from feedback.models import FeedbackRequest
from feedback.services.forgetting import forget_contacts
from feedback.services.requests import INVITATION, Mediation, Party, ask_by_email, make_links, shown_links
from logbook_site.benchmarks import counted
from logbook_site.benchmarks.browser import Browser, well
from logbook_site.benchmarks.measure import S1, Base, Case, Count, ask, statements_of
from logbook_site.benchmarks.pages import browser_of, floor
from logbook_site.benchmarks.seed import USUAL_CAREER, Sown
from logbook_site.foundation import clock

ANSWER = {
    "party_role": "party", "clear": "4", "prepared": "5", "voice": "4", "safe": "5", "overall": "5",
    "helpful": "We were heard.", "share": "yes", "action": "send",
}  # fmt: skip
INVITATIONS = 50
A_DAY = 20  # parties, each mediator: REQUESTS_PER_DAY
# As five days after many were asked: sealed bytes whose time is over.
DUE = """
    INSERT INTO feedback_feedbackrequest (id, mediator_id, batch, kind, ended_on, acted_as, language, remind,
        created_at, link_ends_at, link_state, sealed, unreadable_at, is_lost)
    SELECT gen_random_uuid(), %(mediator)s, gen_random_uuid(), 'email', current_date, 'mediator', 'en', false,
        %(now)s, %(now)s, 'open', decode(repeat('5a', 300), 'hex'), %(now)s - interval '1 hour', false
    FROM generate_series(1, %(number)s)
"""
LONGEST_LOCK = 100  # ms
DUE_AT_ONCE, MOST_DUE = 20_000, 1_000_000  # where there are a million names, a million contacts are due


def survey_link(mediator: User) -> str:
    receipt = make_links(mediator=mediator, count=1, mediation=Mediation(clock.today()), by=mediator)
    address = urlsplit(shown_links(receipt=receipt, by=mediator).addresses[0])
    return f"{address.path}?{address.query}"


def _send(party: Browser, link: str) -> None:
    """Sends the answers, and opens the link again: it is good for one time."""
    if party.post(link, ANSWER | {"form_key": token_urlsafe(12)}).status != 302:
        raise RuntimeError("the answers were not taken")
    ask("UPDATE feedback_feedbackrequest SET link_state = 'open' WHERE link_state <> 'open'")


def cases(sown: Sown) -> Iterator[Case]:
    mediator = User.objects.get(pk=sown.with_cpd)
    party, base = Browser(), floor(browser_of(sown.mediators[USUAL_CAREER]))
    link = survey_link(mediator)
    # As in production: what is sent waits for the slot of the day.
    settings.FEEDBACK_RELEASE_AT = time_of_day(6)
    yield Case("survey, shown", well(partial(party.get, link)), base, 1.8)
    yield Case("survey, sent", partial(_send, party, link), base, 3)
    nothing_due = statements_of(forget_contacts)
    yield Case("forgetting, nothing due: each question", partial(ask, nothing_due[0]), S1, 3)


def counts(sown: Sown) -> Iterator[Count]:
    link = survey_link(User.objects.get(pk=sown.with_cpd))
    page = well(partial(Browser().get, link))
    yield Count("survey, shown: questions to the database", len(statements_of(page)), "", 2)
    yield Count("survey, shown: HTML", len(gzip.compress(page().body, mtime=0)) / 1000, "kB gzip", 6)
    yield Count("survey, shown: Python calls", counted.python_calls(page), "")
    yield from _forgetting(sown, due=DUE_AT_ONCE if sown.names < MOST_DUE else MOST_DUE)


def _forgetting(sown: Sown, due: int) -> Iterator[Count]:
    """How long a row is locked: from one batch to the next; the real time, because others wait for it."""
    values = {"mediator": sown.with_cpd, "now": clock.now(), "number": due}
    with connection.cursor() as cursor:
        cursor.execute(DUE, values)
    starts = []

    def watch(execute, sql, params, many, context):
        if "FOR UPDATE" in sql and "feedback_feedbackrequest" in sql:
            starts.append(time.monotonic())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        wal = counted.wal_bytes(forget_contacts)
    locks = sorted(later - start for start, later in zip(starts, starts[1:], strict=False))
    left = FeedbackRequest.objects.filter(sealed__isnull=False, unreadable_at__lte=clock.now()).count()
    yield Count(f"forgetting {due:,} due contacts: left over", left, "", 0)
    yield Count(f"forgetting {due:,} due contacts: a lock", 1000 * locks[len(locks) // 2], "ms")
    yield Count(f"forgetting {due:,} due contacts: the longest lock", 1000 * locks[-1], "ms", LONGEST_LOCK)
    yield Count(f"forgetting {due:,} due contacts: write-ahead log a contact", wal / due, "bytes")
    # A million rows are too many to be read first, as Django does.
    ask(f"DELETE FROM feedback_feedbackrequest WHERE mediator_id = '{sown.with_cpd}' AND sealed IS NULL")


@contextmanager
def mail_cases(sown: Sown) -> Iterator[list[Case]]:
    """Fifty invitations through the outbox, against a loop that writes and sends the same on one connection."""
    server = SmtpServer()
    usual = {
        "EMAIL_BACKEND": settings.EMAIL_BACKEND,
        "EMAIL_HOST": settings.EMAIL_HOST,
        "EMAIL_PORT": settings.EMAIL_PORT,
    }
    settings.EMAIL_BACKEND = "logbook_site.foundation.mail.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    try:
        ids = _ask_many()
        mails = OutboxMessage.objects.filter(message=INVITATION)

        def as_before() -> None:
            """For the next round; a part of both, as it is the work of neither."""
            mails.update(state=OutboxState.DUE, lease_until=None, finished_at=None)
            server.texts.clear()
            server.accepted.clear()

        def through_the_outbox() -> None:
            deliver_due()
            as_before()

        def bare_loop() -> None:
            write = import_string(INVITATION)
            with get_connection() as line:
                for one in ids:
                    line.send_messages([write(one)])
            as_before()

        yield [Case(f"{INVITATIONS} invitations", through_the_outbox, Base("bare loop", bare_loop), 1)]
    finally:
        server.close()
        for name, value in usual.items():
            setattr(settings, name, value)


def _ask_many() -> list:
    requests = []
    mediators = User.objects.filter(is_mediator=True).order_by("pk")
    for mediator in mediators[: -(-INVITATIONS // A_DAY)]:
        number = min(A_DAY, INVITATIONS - len(requests))
        parties = [Party(f"Paula {one}", f"{mediator.pk.hex}.{one}@example.org") for one in range(number)]
        mediation = Mediation(clock.today() - timedelta(days=1))
        requests += ask_by_email(
            mediator=mediator, parties=parties, mediation=mediation, remind=False, by=mediator
        )
    return [request.pk for request in requests]
