"""Forgetting: in time, when keys are lost, beside a sender, by many at once, and after a crash."""

import email
import os
import signal
from collections.abc import Iterator
from datetime import timedelta

import pytest
import redis
import time_machine
from django.conf import settings as our_settings
from django.db import connection, transaction

from accounts.choices import OutboxState
from accounts.models import OutboxMessage
from accounts.services import outbox
from accounts.services.outbox import claim_messages, deliver_due, sweep_outbox
from accounts.tests.factories import make_mediator
from accounts.tests.smtp_server import SILENCE, SmtpServer
from accounts.tests.test_outbox import in_another_process
from accounts.tests.threads import at_once
from feedback import tasks
from feedback.choices import ActedAs, Sending
from feedback.models import FeedbackRequest, PendingFeedback
from feedback.services import forgetting
from feedback.services.answers import Answers, keep_until_confirmed
from feedback.services.contacts import Contact, seal_contact
from feedback.services.forgetting import NOT_SENT, forget_contacts, lose
from feedback.services.requests import INVITATION, REMINDER, Mediation, Party, ask_by_email, cancel_request
from feedback.summaries import sending_of
from feedback.tests.factories import make_request
from logbook_site.foundation import clock


@pytest.fixture
def server(settings) -> Iterator[SmtpServer]:
    server = SmtpServer()
    settings.EMAIL_BACKEND = "logbook_site.foundation.mail.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 1
    yield server
    server.close()


@pytest.fixture
def keys() -> Iterator[redis.Redis]:
    with redis.Redis.from_url(our_settings.KEYS_REDIS_URL) as client:
        yield client


def in_hours(hours: float):
    return time_machine.travel(clock.now() + timedelta(hours=hours), tick=False)


def ask(mediator, number: int, *, remind: bool = False) -> list[FeedbackRequest]:
    return ask_by_email(
        mediator=mediator,
        parties=[Party(f"Party {count}", f"party{count}@example.net") for count in range(number)],
        mediation=Mediation(ended_on=clock.today()),
        remind=remind,
        by=mediator,
    )


def wait_for_confirmation() -> PendingFeedback:
    """Answers that came through the general survey."""
    mediator = make_mediator()
    keep_until_confirmed(
        mediator=mediator,
        acted_as=ActedAs.MEDIATOR,
        year=2026,
        answers=Answers(shared=True, ratings={"clear": 4}, respondent_email="greta@example.org"),
        language="en",
        form_key="",
    )
    return PendingFeedback.objects.get(mediator=mediator)


def told() -> int:
    return OutboxMessage.objects.filter(message=NOT_SENT).count()


def sendings(rows: list[FeedbackRequest]) -> set[Sending]:
    rows = list(FeedbackRequest.objects.filter(pk__in=[row.pk for row in rows]))
    return set(sending_of(rows).values())


def _text(mail: bytes) -> str:
    return email.message_from_bytes(mail).get_payload(0).get_payload(decode=True).decode()


def recipients(server: SmtpServer) -> list[str]:
    return [email.message_from_bytes(text)["To"] for text in server.accepted]


@pytest.mark.django_db
class TestInTime:
    def test_the_sealed_bytes_go_at_their_time_and_not_before(self, server):
        row = make_request(make_mediator())
        deliver_due()
        with time_machine.travel(row.unreadable_at - timedelta(milliseconds=1), tick=False):
            tasks.forget_contacts()
            assert FeedbackRequest.objects.get().sealed is not None
        with time_machine.travel(row.unreadable_at, tick=False):
            tasks.forget_contacts()
        row.refresh_from_db()
        assert (row.sealed, row.is_lost) == (None, False)
        assert sendings([row]) == {Sending.SENT}
        assert told() == 0

    def test_what_was_never_sent_is_told_once_for_all_that_were_asked_together(self, server, settings):
        settings.MAIL_RETRIED_HOURS = 200
        mediator, other = make_mediator(), make_mediator()
        rows, others = ask(mediator, 5), ask(other, 1)
        server.answers["RCPT"] = "451 later"
        deliver_due()
        with in_hours(120):
            forget_contacts()
            forget_contacts()
            assert told() == 2
            assert sendings(rows + others) == {Sending.LOST}
            server.answers.clear()
            deliver_due()
            sweep_outbox()
        assert sorted(recipients(server)) == sorted([mediator.email, other.email])

    def test_without_redis_what_is_over_goes_all_the_same(self, settings):
        old, new = make_request(make_mediator()), None
        with in_hours(60):
            new = make_request(make_mediator())
        settings.KEYS_REDIS_URL = "redis://127.0.0.1:1/0"
        with in_hours(121):
            forget_contacts()
        old.refresh_from_db()
        new.refresh_from_db()
        assert (old.sealed, old.is_lost) == (None, True)
        assert (new.sealed is not None, new.is_lost) == (True, False)

    def test_answers_that_wait_for_their_confirmation_go_too(self, settings):
        row = wait_for_confirmation()
        with time_machine.travel(row.unreadable_at - timedelta(milliseconds=1), tick=False):
            forget_contacts()
        assert PendingFeedback.objects.get() == row
        settings.KEYS_REDIS_URL = "redis://127.0.0.1:1/0"
        with time_machine.travel(row.unreadable_at, tick=False):
            forget_contacts()
        assert not PendingFeedback.objects.exists()

    def test_so_does_the_key_when_the_clock_was_moved(self, keys):
        keys.flushdb()
        row = make_request(make_mediator())
        with time_machine.travel(row.unreadable_at - timedelta(milliseconds=1), tick=False):
            forget_contacts()
        assert len(keys.keys("vault:*")) == 1
        with time_machine.travel(row.unreadable_at, tick=False):
            forget_contacts()
        assert keys.keys("vault:*") == []

    def test_cancelled_ones_go_in_silence(self):
        mediator = make_mediator()
        row = make_request(mediator)
        cancel_request(request=row, by=mediator)
        with in_hours(121):
            forget_contacts()
        row.refresh_from_db()
        assert (row.sealed, row.is_lost, told()) == (None, False, 0)

    def test_nothing_is_sent_after_the_end(self, server):
        row = make_request(make_mediator(), remind=True)
        with time_machine.travel(row.unreadable_at, tick=False):
            sweep_outbox()
        assert recipients(server) == [row.mediator.email]
        assert set(OutboxMessage.objects.values_list("message", "state")) == {
            (INVITATION, OutboxState.DROPPED),
            (REMINDER, OutboxState.DROPPED),
            (NOT_SENT, OutboxState.SENT),
        }


@pytest.mark.django_db
class TestLostKeys:
    def test_who_was_not_written_to_is_told_within_one_run(self, keys, server):
        mediator = make_mediator()
        rows = ask(mediator, 3)
        keys.flushdb()
        forget_contacts()
        assert sendings(rows) == {Sending.LOST}
        deliver_due()
        assert recipients(server) == [mediator.email]
        assert not FeedbackRequest.objects.filter(sealed__isnull=False).exists()

    def test_also_when_somebody_asked_again_within_the_same_span(self, keys):
        with time_machine.travel(clock.now(), tick=False):
            gone = make_request(make_mediator())
            keys.flushdb()
            kept = make_request(make_mediator())
            assert gone.unreadable_at == kept.unreadable_at
            forget_contacts()
        assert (sendings([gone]), sendings([kept])) == ({Sending.LOST}, {Sending.WAITING})
        kept.refresh_from_db()
        assert kept.sealed is not None
        assert told() == 1

    def test_answers_that_wait_go_with_their_own_key_only(self, keys):
        with time_machine.travel(clock.now(), tick=False):
            gone = wait_for_confirmation()
            keys.flushdb()
            kept = wait_for_confirmation()
            assert gone.unreadable_at == kept.unreadable_at
            forget_contacts()
        assert PendingFeedback.objects.get() == kept

    def test_who_is_lost_after_the_news_of_others_was_sent_is_told_of(self, keys):
        [first, second] = ask(make_mediator(), 2)
        keys.flushdb()
        seal_contact(second, Contact("Party 1", "party1@example.net"))
        second.save()
        lose(first)
        assert told() == 1
        OutboxMessage.objects.filter(message=NOT_SENT).update(state=OutboxState.SENT, finished_at=clock.now())
        lose(second)
        assert told() == 2

    def test_whose_invitation_has_left_is_forgotten_in_silence(self, keys, server):
        rows = ask(make_mediator(), 2, remind=True)
        deliver_due()
        keys.flushdb()
        forget_contacts()
        with in_hours(73):
            deliver_due()
        assert sendings(rows) == {Sending.SENT}
        assert (told(), len(server.accepted)) == (0, 2)

    @pytest.mark.parametrize(
        ("state", "seen"),
        [(OutboxState.FAILED, Sending.FAILED), (OutboxState.UNCERTAIN, Sending.UNCERTAIN)],
    )
    def test_what_was_told_already_is_not_told_twice(self, state, seen, keys):
        rows = ask(make_mediator(), 1)
        OutboxMessage.objects.update(state=state, finished_at=clock.now())
        keys.flushdb()
        forget_contacts()
        assert (sendings(rows), told()) == ({seen}, 0)

    def test_the_sender_finds_it_too_and_one_mail_tells_of_all(self, keys, server):
        mediator = make_mediator()
        rows = ask(mediator, 4)
        keys.flushdb()
        deliver_due()
        forget_contacts()
        deliver_due()
        assert sendings(rows) == {Sending.LOST}
        assert recipients(server) == [mediator.email]

    def test_and_does_not_tell_of_each_while_another_sender_is_quick(self, keys, server):
        """Between two of them that one sender finds, another one mails what is due: the news about the first."""
        mediator = make_mediator()
        rows = ask(mediator, 3)
        keys.flushdb()
        for claimed in claim_messages(10):
            outbox._write(claimed)
            deliver_due()
        assert sendings(rows) == {Sending.LOST}
        assert recipients(server) == [mediator.email]
        assert "The e-mails to 3 people could not be sent." in _text(server.accepted[0])

    def test_a_lost_key_takes_only_its_own_along(self, keys, server):
        """Asked together, at the end of a span: the others are sealed with the key of the next one."""
        mediator = make_mediator()
        [gone, kept] = ask(mediator, 2)
        [other] = ask(mediator, 1)
        keys.flushdb()
        seal_contact(kept, Contact("Party 1", "party1@example.net"))
        kept.save()
        lose(gone)
        assert (sendings([gone]), sendings([kept, other])) == ({Sending.LOST}, {Sending.WAITING})

    def test_while_redis_is_away_the_invitation_waits(self, settings, server):
        [row] = ask(make_mediator(), 1)
        address = settings.KEYS_REDIS_URL
        settings.KEYS_REDIS_URL = "redis://127.0.0.1:1/0"
        deliver_due()
        forget_contacts()
        assert (sendings([row]), server.texts, told()) == ({Sending.RETRIED}, [], 0)
        settings.KEYS_REDIS_URL = address
        with in_hours(0.1):
            deliver_due()
        assert sendings([row]) == {Sending.SENT}


@pytest.mark.django_db
class TestBesideASender:
    """The sender holds the mail: it has read the contact, and is about to hand it over."""

    def test_what_is_told_as_not_sent_is_not_sent(self, server):
        [row] = ask(make_mediator(), 1)
        [claimed] = claim_messages(10)
        mail = outbox._write(claimed)
        with time_machine.travel(row.unreadable_at, tick=False):
            forget_contacts()
            with outbox.get_connection() as line:
                outbox._send(claimed, mail, line)
        assert (sendings([row]), told(), server.texts) == ({Sending.LOST}, 1, [])

    def test_what_was_handed_over_is_not_told_as_lost(self, server):
        [row] = ask(make_mediator(), 1)
        [claimed] = claim_messages(10)
        outbox._write(claimed)
        assert outbox._settle(claimed, OutboxState.SENDING)
        with time_machine.travel(row.unreadable_at, tick=False):
            forget_contacts()
        assert told() == 0
        assert outbox._settle(claimed, OutboxState.SENT)
        assert sendings([row]) == {Sending.SENT}

    def test_and_is_told_after_all_when_the_server_then_says_later(self, server, settings):
        settings.MAIL_RETRIED_HOURS = 200
        [row] = ask(make_mediator(), 1)
        [claimed] = claim_messages(10)
        assert outbox._settle(claimed, OutboxState.SENDING)
        with time_machine.travel(row.unreadable_at, tick=False):
            forget_contacts()
            outbox._try_later(claimed, "smtp 451")
        with time_machine.travel(row.unreadable_at + timedelta(minutes=2), tick=False):
            sweep_outbox()
        assert sendings([row]) == {Sending.LOST}
        assert recipients(server) == [row.mediator.email]


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_many_who_forget_tell_once(self):
        rows = ask(make_mediator(), 12)
        with in_hours(121):
            results = at_once(*[forget_contacts] * 5, *[lambda row=row: lose(row) for row in rows])
        assert results == [None] * 17
        assert told() == 1
        assert sendings(rows) == {Sending.LOST}

    def test_many_who_forget_and_many_who_send_agree(self, server, keys):
        """Each party is either written to, or the mediator is told that it was not."""
        rows = [row for _number in range(4) for row in ask(make_mediator(), 5)]
        at_once(*[deliver_due] * 3, keys.flushdb, *[forget_contacts] * 3)
        with in_hours(1):
            sweep_outbox()
            forget_contacts()
            sweep_outbox()
        written_to = {row.pk for row in rows if sending_of([row])[row.pk] == Sending.SENT}
        lost = set(FeedbackRequest.objects.filter(is_lost=True).values_list("pk", flat=True))
        arrived = [address for address in recipients(server) if address.endswith("@example.net")]
        assert len(arrived) == len(rows) - len(lost)
        assert written_to | lost >= {row.pk for row in rows}
        assert set(OutboxMessage.objects.values_list("state", flat=True)) <= {
            OutboxState.SENT,
            OutboxState.DROPPED,
        }

    def test_a_row_that_somebody_holds_is_forgotten_by_the_next_run(self):
        [held, free] = ask(make_mediator(), 2)
        with in_hours(121):
            with transaction.atomic():
                FeedbackRequest.objects.select_for_update().get(pk=held.pk)
                assert at_once(forget_contacts) == [None]
            left = FeedbackRequest.objects.filter(sealed__isnull=False)
            assert list(left) == [held]
            forget_contacts()
            assert not left.all().exists()

    def test_more_than_one_portion(self, monkeypatch, settings):
        monkeypatch.setattr(forgetting, "BATCH", 3)
        settings.REQUESTS_PER_DAY = 50
        rows = ask(make_mediator(), 20)
        with in_hours(121):
            assert at_once(forget_contacts, forget_contacts) == [None, None]
        assert told() == 1
        assert sendings(rows) == {Sending.LOST}


FORGET = """
from feedback.services import forgetting
from feedback.services.contacts import Contact, seal_contact
forgetting.BATCH = 5
tell = forgetting._tell
def tell_and_wait(lost):
    tell(lost)
    print("told", flush=True)
    import time; time.sleep(60)
forgetting._tell = tell_and_wait
forgetting.forget_contacts()
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_crash_half_way_leaves_rows_whole_and_the_next_run_goes_on():
    rows = ask(make_mediator(), 12)
    for _number in range(2):
        process = in_another_process(FORGET, CLOCK_OFFSET_HOURS="121")
        assert process.stdout.readline() == "told\n", process.communicate()
        process.send_signal(signal.SIGKILL)
        process.communicate()
        whole = FeedbackRequest.objects.filter(sealed__isnull=False, is_lost=False)
        assert whole.count() == 12
        assert (told(), sendings(rows)) == (0, {Sending.WAITING})
    with in_hours(121):
        forget_contacts()
    assert (told(), sendings(rows)) == (1, {Sending.LOST})


SEND = "from accounts.services.outbox import deliver_due; deliver_due()"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("step", "seen"), [("CONNECT", Sending.LOST), ("TEXT", Sending.UNCERTAIN)])
def test_a_sender_that_was_killed_and_a_key_that_is_gone(step, seen, server, settings):
    """Killed before it spoke: not sent, and told. Killed after the final dot: uncertain, and never repeated."""
    rows = ask(make_mediator(), 1)
    server.answers[step] = SILENCE
    process = in_another_process(
        SEND, EMAIL_URL=f"smtp://127.0.0.1:{server.port}", KEYS_REDIS_URL=os.environ["KEYS_REDIS_URL"]
    )
    assert server.seen[step].wait(timeout=30)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    server.answers.clear()
    with in_hours(121):
        forget_contacts()
        sweep_outbox()
        forget_contacts()
        sweep_outbox()
    assert sendings(rows) == {seen}
    assert len([text for text in server.texts if b"party0@example.net" in text]) == (step == "TEXT")
    assert told() == (step == "CONNECT")
    connection.close()
