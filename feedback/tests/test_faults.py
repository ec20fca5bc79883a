"""Faults, with the whole site running: a worker is killed, Redis comes back empty, the mail server is moody.

After each, every invitation has arrived at most once, and each row says what became of it. What the outbox does
on its own is tested in accounts/tests/test_outbox.py; here it carries sealed contacts.
"""

import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from itertools import count

import psycopg2
import pytest
import redis

from accounts.tests.smtp_server import HANG_UP, SILENCE
from feedback.services.secrets import hash_of
from feedback.tests.whole_site import WholeSite
from logbook_site.tests.test_run import BEAT, WORKER, wait_for

ASK = """
import sys, json
from accounts.models import User
from feedback.services.contacts import contact_of
from feedback.services.requests import Mediation, Party, ask_by_email
from logbook_site.foundation import clock
mediator = User.objects.get(email="chloe@example.org")
rows = ask_by_email(
    mediator=mediator, parties=[Party("Paula", address) for address in {addresses!r}],
    mediation=Mediation(ended_on=clock.today()), remind=False, by=mediator,
)
print(json.dumps([contact_of(row).token for row in rows]))
"""
STATES = """
SELECT CASE WHEN is_lost THEN 'lost' WHEN state = 'due' AND attempts > 0 THEN 'retried' ELSE state END
FROM feedback_feedbackrequest AS request
JOIN accounts_outboxmessage AS mail ON object_id = request.id AND message = 'feedback.emails.invitation'
WHERE token_hash = ANY(%s)
"""
NEWS = """
SELECT mail.id FROM accounts_outboxmessage AS mail
WHERE message = 'feedback.emails.not_sent'
AND object_id IN (SELECT batch FROM feedback_feedbackrequest WHERE token_hash = ANY(%s))
"""
SWEEP = "from accounts.tasks import sweep_outbox; sweep_outbox()"
# Longer than the ten seconds that a sender waits for a silent server: else it would lose what it still holds.
LEASE_SECONDS = 15
LEASE_HOURS = str(LEASE_SECONDS / 3600)
_numbers = count(1)


@pytest.fixture(scope="module")
def site() -> Iterator[WholeSite]:
    """One for all: it must come through each fault well enough for the next."""
    site = WholeSite(MAIL_LEASE_HOURS=LEASE_HOURS, REQUESTS_PER_DAY="1000", REQUESTS_PER_MONTH="1000")
    yield site
    site.remove()


@pytest.fixture(autouse=True)
def calm(site: WholeSite) -> Iterator[None]:
    yield
    site.mail.answers.clear()
    for seen in site.mail.seen.values():
        seen.clear()
    wait_for(lambda: site.get("/healthz") == 200)


class Asked:
    """Parties that were asked, and what became of it."""

    def __init__(self, site: WholeSite, number: int = 1) -> None:
        self.site = site
        self.addresses = [f"party{next(_numbers)}@example.net" for _number in range(number)]
        self.tokens = json.loads(site.python(ASK.format(addresses=self.addresses)))

    def states(self) -> list[str]:
        states = self._query(STATES)
        assert len(states) == len(self.tokens)
        return states

    def news(self) -> int:
        """How many mails the mediator got that these could not be written to. (There may be others of such.)"""
        told = self._query(NEWS)
        return sum(f"<{mail}@".encode() in text for mail in told for text in self.site.mail.accepted)

    def _query(self, sql: str) -> list[str]:
        with psycopg2.connect(self.site.database_url) as connection, connection.cursor() as cursor:
            cursor.execute(sql, [[hash_of(token) for token in self.tokens]])
            found = [value for (value,) in cursor.fetchall()]
        connection.close()
        return found

    def arrived(self) -> list[int]:
        """How often the mail server got the text of each invitation, whatever it answered."""
        return [
            sum(f"To: {address}".encode() in text for text in self.site.mail.texts)
            for address in self.addresses
        ]

    def wait_until(self, *expected: str, seconds: float = 90) -> None:
        deadline = time.monotonic() + seconds
        while set(found := self.states()) != set(expected):
            assert time.monotonic() < deadline, found
            time.sleep(0.1)


def children_of_the_worker(site: WholeSite) -> list[int]:
    """The processes that do the work, below the one that hands it out."""
    return sorted(pid for pid, command in site.processes().items() if WORKER in command)[1:]


def kill_the_worker(site: WholeSite) -> None:
    worker = site.process_of(WORKER)
    site.lines.clear()
    for pid in [worker, *children_of_the_worker(site)]:
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: site.said("worker ended unexpectedly"))


def kill_a_child(site: WholeSite) -> None:
    for pid in children_of_the_worker(site):
        os.kill(pid, signal.SIGKILL)


def sweep_when_the_lease_is_over(site: WholeSite) -> None:
    site.python(SWEEP, CLOCK_OFFSET_HOURS=LEASE_HOURS)


@pytest.mark.slow
@pytest.mark.parametrize("kill", [kill_the_worker, kill_a_child])
def test_killed_between_claim_and_connection_sends_once(kill: Callable, site: WholeSite):
    site.mail.answers["CONNECT"] = SILENCE
    asked = Asked(site)
    assert site.mail.seen["CONNECT"].wait(20)
    kill(site)
    site.mail.answers.clear()
    sweep_when_the_lease_is_over(site)
    asked.wait_until("sent")
    assert asked.arrived() == [1]
    assert asked.tokens[0].encode() in site.mails_to(asked.addresses[0])[0].replace(b"=\r\n", b"")


@pytest.mark.slow
@pytest.mark.parametrize("kill", [kill_the_worker, kill_a_child])
def test_killed_after_the_final_dot_is_uncertain_and_not_repeated(kill: Callable, site: WholeSite):
    site.mail.answers["TEXT"] = SILENCE
    asked = Asked(site)
    assert site.mail.seen["TEXT"].wait(20)
    kill(site)
    site.mail.answers.clear()
    sweep_when_the_lease_is_over(site)
    asked.wait_until("uncertain")
    sweep_when_the_lease_is_over(site)
    assert asked.arrived() == [1]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "answer", "seen", "arrivals"),
    [
        ("RCPT", "451 later", "retried", 0), ("RCPT", "550 never", "failed", 0),
        ("MAIL", "421 closing", "retried", 0), ("DATA", "450 busy", "retried", 0),
        ("TEXT", "451 later", "retried", 1), ("TEXT", "554 never", "failed", 1),
        ("TEXT", HANG_UP, "uncertain", 1), ("TEXT", SILENCE, "uncertain", 1),
        ("DATA", HANG_UP, "uncertain", 0), ("EHLO", HANG_UP, "retried", 0), ("CONNECT", SILENCE, "retried", 0),
    ],
)  # fmt: skip
def test_each_mood_of_a_mail_server_has_its_end(step, answer, seen, arrivals, site: WholeSite):
    site.mail.answers[step] = answer
    if step == "EHLO":
        site.mail.answers["HELO"] = answer
    asked = Asked(site)
    asked.wait_until(seen)
    assert asked.arrived() == [arrivals]
    assert not [line for line in site.lines if asked.addresses[0] in line or "Paula" in line]


@pytest.mark.slow
def test_a_retry_carries_the_same_link(site: WholeSite):
    site.mail.answers["TEXT"] = "451 greylisted"
    asked = Asked(site)
    asked.wait_until("retried")
    site.mail.answers.clear()
    site.python(SWEEP, CLOCK_OFFSET_HOURS="0.03")
    asked.wait_until("sent")
    assert asked.arrived() == [2]
    texts = [text for text in site.mail.texts if f"To: {asked.addresses[0]}".encode() in text]
    for text in texts:  # a greylisting server has seen both
        assert asked.tokens[0].encode() in text.replace(b"=\r\n", b"")


@pytest.mark.slow
def test_redis_comes_back_empty_what_had_not_left_is_told_once_the_rest_goes_on(site: WholeSite):
    site.mail.answers["RCPT"] = "451 later"
    waiting = Asked(site, 3)
    waiting.wait_until("retried")
    site.mail.answers.clear()
    sent = Asked(site, 2)
    sent.wait_until("sent")

    os.kill(site.process_of("valkey-server"), signal.SIGKILL)
    wait_for(lambda: site.get("/healthz") == 200)
    after = Asked(site)  # the same span has a new key now
    wait_for(waiting.news, 70)

    waiting.wait_until("lost")
    sent.wait_until("sent")
    after.wait_until("sent")
    # Mails of other tests may still wait, and be lost with these: each of them has its own news.
    assert (waiting.news(), sent.news(), after.news()) == (1, 0, 0)
    assert (waiting.arrived(), sent.arrived(), after.arrived()) == ([0] * 3, [1] * 2, [1])


@pytest.mark.slow
def test_redis_is_away_and_nobody_can_be_asked_then_all_goes_on(site: WholeSite):
    server = site.process_of("valkey-server")
    os.kill(server, signal.SIGSTOP)
    try:
        begin = time.monotonic()
        process = site.start_python(ASK.format(addresses=["never@example.net"]))
        _said, errors = process.communicate(timeout=30)
        assert process.returncode == 1
        assert re.search(r"VaultClosed", errors) and "never@example.net" not in errors
        assert time.monotonic() - begin < 10
        assert site.get("/healthz") == 503
    finally:
        os.kill(server, signal.SIGCONT)
    asked = Asked(site)
    asked.wait_until("sent")
    assert asked.arrived() == [1]


@pytest.mark.slow
def test_without_a_timetable_the_bell_still_works(site: WholeSite):
    beat = site.process_of(BEAT)
    os.kill(beat, signal.SIGSTOP)
    try:
        asked = Asked(site, 2)
        asked.wait_until("sent", seconds=20)
    finally:
        os.kill(beat, signal.SIGCONT)
    assert asked.arrived() == [1, 1]


@pytest.mark.slow
def test_doorbells_that_redis_forgot_are_not_needed(site: WholeSite):
    """The worker stands still while twenty are asked; then Redis loses what it should have told."""
    workers = [site.process_of(WORKER), *children_of_the_worker(site)]
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    asked = Asked(site, 20)
    with redis.Redis.from_url(site.redis_url) as client:
        client.delete("celery", "unacked", "unacked_index")
    for pid in workers:
        os.kill(pid, signal.SIGCONT)
    site.python(SWEEP)
    asked.wait_until("sent")
    assert asked.arrived() == [1] * 20


NEVER_RESTING = """
from accounts.tasks import sweep_outbox
from feedback.tasks import forget_contacts, release_feedback
while True:
    sweep_outbox(); forget_contacts(); release_feedback()
"""


@pytest.mark.slow
def test_two_workers_and_timetables_that_never_rest_send_once(site: WholeSite):
    others = [site.start_python(NEVER_RESTING) for _number in range(2)]
    try:
        asked = [Asked(site, 20) for _number in range(3)]
        for each in asked:
            each.wait_until("sent")
        assert [other.poll() for other in others] == [None, None]  # no error has ended them
    finally:
        for other in others:
            other.kill()
            other.communicate()
    assert [each.arrived() for each in asked] == [[1] * 20] * 3
