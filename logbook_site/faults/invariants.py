"""What must be true after every fault."""

import email
import json
import time
from collections import Counter

import psycopg2

from feedback.tests.whole_site import WholeSite
from logbook_site.faults.visitors import Visitors
from logbook_site.tests.test_run import wait_for

# Looks after what senders that were killed held, and sends what a moody mail server put off, seven hours later.
SWEEP = "from accounts.tasks import sweep_outbox; sweep_outbox()"
# It runs each minute, but a site that was hurt may need some time to mend itself.
PURGED_AFTER = "4 minutes"
PURGE = "from feedback.tasks import forget_contacts; forget_contacts()"
OPEN = "SELECT count(*) FROM accounts_outboxmessage WHERE state IN ('due', 'claimed', 'sending')"
READABLE_LATE = """
import json
from feedback.models import FeedbackRequest, PendingFeedback
from feedback.services.contacts import contact_of
from logbook_site.foundation import clock
from logbook_site.foundation.vault import Forgotten
late = []
for row in FeedbackRequest.objects.filter(unreadable_at__lte=clock.now()):
    try:
        contact_of(row)
    except Forgotten:
        continue
    late.append(str(row.pk))
print(json.dumps(late))
"""
TOTALS = """
import csv, io, json
from django.db import connection
from django.test import Client
from accounts.models import User
def rows(person, path):
    client = Client(headers={"host": "localhost"})
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(path)
    assert page.status_code == 200, (path, page.status_code)
    return list(csv.DictReader(io.StringIO(page.content.decode("utf-8-sig") if not page.streaming
        else b"".join(page.streaming_content).decode("utf-8-sig"))))
def one(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()
wrong = []
for address in ("amina@example.org", "ben@example.org", "chloe@example.org"):
    person = User.objects.filter(email=address).first()
    if person is None:
        continue
    shown = rows(person, "/logbook/export/?format=csv")
    hours = [row[name] for row in shown for name in row if name.lower() == "hours"]
    number, minutes = one(
        "SELECT count(*), coalesce(sum(minutes), 0) FROM logbook_logbookentry "
        "WHERE owner_id = %s AND deleted_at IS NULL",
        person.pk,
    )
    if len(shown) != number or abs(sum(map(float, hours)) * 60 - minutes) > 0.5 * (number + 1):
        wrong.append([address, len(shown), number, sum(map(float, hours)), minutes / 60])
    shown = rows(person, "/feedback/export/?format=csv")
    (number,) = one(
        "SELECT count(*) FROM feedback_feedback WHERE mediator_id = %s AND shared AND release_on IS NULL", person.pk
    )
    if len(shown) != number:
        wrong.append([address, "feedback", len(shown), number])
print(json.dumps(wrong))
"""


def check(site: WholeSite, *visited: Visitors, patience: float = 180) -> str:
    """Waits until the site has mended itself and all mail has come to an end; then all of it. A line of figures."""
    began = time.monotonic()
    settle(site, patience)
    mended = time.monotonic() - began
    for visitors in visited:
        assert visitors.wrong == []
    nothing_is_lost_and_nothing_doubled(site, *visited)
    nothing_is_sent_twice(site)
    nothing_is_readable_late(site)
    assert json.loads(site.python(TOTALS)) == []
    figures = [
        f"{len(each.asked)} asked, {len(each.thanked)} answered, {len(each.withdrawn)} withdrawn, "
        f"{len(each.logged)} entries, {each.answers} pages, {each.refusals} not answered"
        for each in visited
    ]
    return f"{'; '.join(figures)}; mended after {mended:.0f} s; mails {_states(site)}"


def settle(site: WholeSite, patience: float) -> None:
    deadline = time.monotonic() + patience
    wait_for(lambda: site.get("/healthz") == 200, patience)
    while query(site, OPEN)[0][0]:
        assert time.monotonic() < deadline, _states(site)
        time.sleep(3)
        if query(site, f"{OPEN} AND lease_until > now()")[0][0] == 0:
            site.python(SWEEP, CLOCK_OFFSET_HOURS="7")
    site.python(PURGE)


def nothing_is_lost_and_nothing_doubled(site: WholeSite, *visited: Visitors) -> None:
    """Each accepted request, answer and entry is there exactly once; what was withdrawn is not."""
    asked = sum(len(each.asked) for each in visited)
    of_chloe = "WHERE mediator_id = (SELECT id FROM accounts_user WHERE email = 'chloe@example.org')"
    found = query(site, f"SELECT count(*) FROM feedback_feedbackrequest {of_chloe}")
    assert found == [(asked,)], f"{asked} requests were accepted"
    thanked = {token for each in visited for token in each.thanked}
    withdrawn = {token for each in visited for token in each.withdrawn}
    found = query(site, f"SELECT count(*) FROM feedback_feedback {of_chloe}")
    assert found == [(len(thanked) - len(withdrawn),)], f"{len(thanked)} - {len(withdrawn)} answers"
    closed = query(
        site, f"SELECT count(*) FROM feedback_feedbackrequest {of_chloe} AND link_state = 'closed'"
    )
    assert closed == [(len(thanked),)]
    titles = query(site, "SELECT title FROM logbook_logbookentry WHERE title LIKE 'fault-%'")
    assert Counter(title for (title,) in titles) == Counter(
        title for each in visited for title in each.logged
    )


def nothing_is_sent_twice(site: WholeSite) -> None:
    """No mail reached the mail server twice, and each row says what became of its mail."""
    arrived = Counter(_row_of(text) for text in site.mail.accepted)
    swallowed = Counter(_row_of(text) for text in getattr(site.mail, "swallowed", []))
    assert [row for row, number in (arrived + swallowed).items() if number > 1] == []
    rows = dict(query(site, "SELECT id::text, state FROM accounts_outboxmessage"))
    ours = {row for row in arrived if row in rows}
    assert {rows[row] for row in ours} <= {"sent", "uncertain"}, "it arrived"
    # The mails of the demo's own history were never sent.
    sent = {row for row, state in rows.items() if state == "sent" and row not in site.mails_of_the_demo}
    assert sent <= set(arrived), "it says sent, and did not arrive"
    assert {rows[row] for row in swallowed if row in rows} <= {"uncertain"}
    # Who asked, and whose mail cannot leave any more, is told: once for all that were asked together.
    untold = "NOT EXISTS (SELECT FROM accounts_outboxmessage WHERE message = %s AND object_id = batch)"
    untold = untold % "'feedback.emails.not_sent'"
    assert query(site, f"SELECT batch FROM feedback_feedbackrequest WHERE is_lost AND {untold}") == []


def _row_of(text: bytes) -> str:
    """Our mails carry the number of their row."""
    return email.message_from_bytes(text)["Message-ID"].strip("<>").partition("@")[0]


def nothing_is_readable_late(site: WholeSite) -> None:
    """Nobody can read it at its end; the purge removes the bytes in the minutes after it."""
    assert json.loads(site.python(READABLE_LATE)) == []
    late = "SELECT count(*) FROM feedback_feedbackrequest WHERE sealed IS NOT NULL AND unreadable_at <= "
    assert query(site, f"{late} now() - interval '{PURGED_AFTER}'") == [(0,)], "the purge has run"


def query(site: WholeSite, sql: str) -> list[tuple]:
    connection = psycopg2.connect(site.database_url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()
    finally:
        connection.close()


def _states(site: WholeSite) -> dict[str, int]:
    return dict(query(site, "SELECT state, count(*) FROM accounts_outboxmessage GROUP BY state"))
