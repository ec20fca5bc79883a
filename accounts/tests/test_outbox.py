"""Through PostgreSQL, Redis and a real SMTP talk. The functions below write the mails."""

import email
import logging
import os
import signal
import subprocess
import sys
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest
import redis
import time_machine
from celery import Celery
from django.core.mail import EmailMessage
from django.db import connection, transaction

from accounts.choices import OutboxState
from accounts.models import LedgerMark, OutboxMessage, User
from accounts.services import bell, outbox
from accounts.services.outbox import claim_messages, deliver_due, queue_message, sweep_outbox
from accounts.tasks import deliver_outbox
from accounts.tests.factories import make_admin, make_person, signed_in
from accounts.tests.smtp_server import HANG_UP, SILENCE, SmtpServer
from accounts.tests.threads import at_once
from logbook_site.foundation import clock

State = OutboxState
NOBODY = UUID(int=0)
BREAKS = {HANG_UP: "SMTPServerDisconnected", SILENCE: "SMTPServerDisconnected", "nonsense": "SMTPDataError"}
HERE = "accounts.tests.test_outbox"


def letter(person_id: UUID) -> EmailMessage:
    return EmailMessage("A letter", f"About {person_id}", to=[User.objects.get(pk=person_id).email])


def nothing(person_id: UUID) -> None:
    return None


def letter_to_nobody(person_id: UUID) -> EmailMessage:
    return EmailMessage("A letter", "", to=[])


def broken_template(person_id: UUID) -> EmailMessage:
    raise KeyError("ann@example.org")


def bad_header(person_id: UUID) -> EmailMessage:
    return EmailMessage("Two\nlines", "", to=["ann@example.org"])


def bad_address(person_id: UUID) -> EmailMessage:
    return EmailMessage("A letter", "", to=["@"])


def failing_query(person_id: UUID) -> EmailMessage:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1/0")


@pytest.fixture(autouse=True)
def fresh_bell(monkeypatch):
    """The bell of one test does not rest because of another."""
    monkeypatch.setattr(bell, "_rests_until", bell._rests_until)


@pytest.fixture
def server(settings):
    server = SmtpServer()
    settings.EMAIL_BACKEND = "logbook_site.foundation.mail.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 1
    yield server
    server.close()


def queue(message: str = "letter", *, to: str = "", **options) -> OutboxMessage:
    person = make_person(email=to)
    return queue_message(message=f"{HERE}.{message}", object_id=person.pk, **options)


def now_as(row: OutboxMessage) -> tuple[str, str]:
    row.refresh_from_db()
    return row.state, row.last_error


def in_hours(hours: float):
    return time_machine.travel(clock.now() + timedelta(hours=hours), tick=False)


@pytest.mark.django_db
class TestOneMail:
    def test_is_sent_once(self, server):
        row = queue(to="ann@example.org")
        deliver_due()
        deliver_due()
        assert now_as(row) == (State.SENT, "")
        assert row.finished_at is not None
        [text] = server.accepted
        assert email.message_from_bytes(text)["To"] == "ann@example.org"

    def test_says_that_a_machine_wrote_it_and_has_a_lasting_id(self, server, settings):
        settings.SITE_HOST = "logbook.example.org"
        row = queue()
        server.answers["TEXT"] = "451 later"
        deliver_due()
        del server.answers["TEXT"]
        with in_hours(1):
            deliver_due()
        first, second = (email.message_from_bytes(text) for text in server.texts)
        assert first["Auto-Submitted"] == second["Auto-Submitted"] == "auto-generated"
        assert first["Message-ID"] == second["Message-ID"] == f"<{row.pk}@logbook.example.org>"

    @pytest.mark.parametrize("message", ["nothing", "letter_to_nobody"])
    def test_that_is_not_needed_any_more_is_dropped(self, message, server):
        row = queue(message)
        deliver_due()
        assert now_as(row) == (State.DROPPED, "")
        assert server.texts == []

    def test_waits_for_its_time(self, server):
        row = queue(not_before=clock.now() + timedelta(hours=72))
        with in_hours(71.9):
            deliver_due()
        assert now_as(row) == (State.DUE, "")
        with in_hours(72):
            deliver_due()
        assert now_as(row) == (State.SENT, "")

    def test_keeps_no_address_and_no_text(self, server):
        row = queue(to="ann@example.org")
        server.answers["RCPT"] = "550 <ann@example.org> is unknown here"
        deliver_due()
        row.refresh_from_db()
        kept = [str(getattr(row, field.attname)) for field in OutboxMessage._meta.fields]
        assert not [value for value in kept if "@" in value]


@pytest.mark.django_db
class TestWhatTheServerSays:
    @pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "TEXT"])
    @pytest.mark.parametrize("answer", ["421 closing", "450 busy", "451 greylisted", "452 full"])
    def test_later_is_tried_again(self, step, answer, server):
        row = queue()
        server.answers[step] = answer
        deliver_due()
        assert now_as(row) == (State.DUE, f"smtp {answer[:3]}")
        server.answers.clear()
        deliver_due()
        assert server.accepted == []  # not before its wait is over
        with in_hours(0.05):
            deliver_due()
        assert now_as(row) == (State.SENT, "")
        assert len(server.accepted) == 1

    @pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "TEXT"])
    @pytest.mark.parametrize("answer", ["550 unknown", "552 too large", "554 refused"])
    def test_never_is_final(self, step, answer, server):
        row = queue()
        server.answers[step] = answer
        deliver_due()
        assert now_as(row) == (State.FAILED, f"smtp {answer[:3]}")
        server.answers.clear()
        with in_hours(24):
            sweep_outbox()
        assert server.accepted == []

    @pytest.mark.parametrize("step", ["CONNECT", "EHLO", "MAIL", "RCPT"])
    @pytest.mark.parametrize("trouble", [HANG_UP, SILENCE, "nonsense"])
    def test_a_break_before_the_text_is_tried_again(self, step, trouble, server):
        row = queue()
        server.answers[step] = trouble
        if step == "EHLO":
            server.answers["HELO"] = trouble
        deliver_due()
        assert now_as(row)[0] == State.DUE
        assert row.last_error
        server.answers.clear()
        with in_hours(0.05):
            deliver_due()
        assert now_as(row) == (State.SENT, "")
        assert len(server.texts) == 1

    def test_and_is_not_given_up_like_a_mail_that_cannot_be_written(self, server):
        row = queue()
        server.answers["MAIL"] = HANG_UP
        for _number in range(outbox.WRITING_TRIES + 1):
            row.refresh_from_db()
            with time_machine.travel(row.not_before, tick=False):
                deliver_due()
        assert now_as(row) == (State.DUE, "SMTPServerDisconnected")
        assert row.attempts == outbox.WRITING_TRIES + 1

    @pytest.mark.parametrize("step", ["DATA", "TEXT"])
    @pytest.mark.parametrize("trouble", [HANG_UP, SILENCE, "nonsense"])
    def test_a_break_from_data_on_is_uncertain_and_never_repeated(self, step, trouble, server):
        row = queue()
        server.answers[step] = trouble
        deliver_due()
        assert now_as(row)[0] == State.UNCERTAIN
        assert (row.last_error, row.finished_at is not None) == (BREAKS[trouble], True)
        server.answers.clear()
        with in_hours(100):
            sweep_outbox()
        assert server.accepted == []
        assert now_as(row)[0] == State.UNCERTAIN

    def test_a_server_that_is_away_is_tried_again(self, server):
        row = queue()
        server.close()
        deliver_due()
        assert now_as(row) == (State.DUE, "ConnectionRefusedError")
        assert row.attempts == 1

    def test_and_is_not_asked_for_each_mail_of_a_batch(self, server):
        rows = [queue() for _number in range(5)]
        server.answers["CONNECT"] = "421 too many"
        deliver_due()
        assert server.connections == 1
        assert [now_as(row) for row in rows] == [(State.DUE, "smtp 421")] * 5

    def test_nor_for_the_next_batch(self, server, monkeypatch):
        monkeypatch.setattr(outbox, "BATCH", 2)
        for _number in range(5):
            queue()
        server.answers["CONNECT"] = "421 too many"
        deliver_due()
        assert server.connections == 1
        assert sorted(OutboxMessage.objects.values_list("attempts", flat=True)) == [0, 0, 0, 1, 1]

    def test_waits_grow_up_to_six_hours_and_end_after_two_days(self, server, settings):
        settings.MAIL_RETRIED_HOURS = 48
        server.answers["RCPT"] = "451 later"
        minutes = []
        with time_machine.travel("2027-03-01 10:00Z", tick=False) as now:
            row = queue()
            begin = clock.now()
            while now_as(row)[0] == State.DUE:
                now.move_to(row.not_before)
                deliver_due()
                row.refresh_from_db()
                minutes.append((row.not_before - clock.now()).total_seconds() / 60)
            assert row.state == State.FAILED
            assert clock.now() == begin + timedelta(hours=48)
        assert minutes[:8] == [1, 5, 15, 60, 120, 240, 360, 360]
        assert max(minutes) == 360

    def test_two_days_count_from_when_it_was_due(self, server):
        """A reminder is made days before: its first "later" is not its last."""
        row = queue(not_before=clock.now() + timedelta(hours=72))
        server.answers["RCPT"] = "451 later"
        with in_hours(72.1):
            deliver_due()
        assert now_as(row) == (State.DUE, "smtp 451")


@pytest.mark.django_db
class TestMailThatCannotBeWritten:
    @pytest.mark.parametrize(
        ("message", "error"),
        [
            ("broken_template", "KeyError"),
            ("bad_header", "BadHeaderError"),
            ("bad_address", "ValueError"),
            ("no_such_function", "ImportError"),
        ],
    )
    def test_is_tried_five_times_and_holds_nobody_up(self, message, error, server):
        bad, good = queue(message), queue()
        deliver_due()
        assert now_as(good) == (State.SENT, "")
        assert now_as(bad)[0] == State.DUE
        for _number in range(10):
            with time_machine.travel(bad.not_before, tick=False):
                sweep_outbox()
            bad.refresh_from_db()
        assert now_as(bad) == (State.FAILED, error)
        assert bad.attempts == 5
        assert len(server.accepted) == 1

    @pytest.mark.django_db(transaction=True)
    def test_a_question_that_the_database_refuses_holds_nobody_up(self, server):
        bad, good = queue("failing_query"), queue()
        deliver_due()
        assert [now_as(bad), now_as(good)] == [(State.DUE, "DataError"), (State.SENT, "")]

    def test_a_row_that_names_no_function_at_all(self, server):
        row = OutboxMessage.objects.create(message="rubbish", object_id=NOBODY)
        good = queue()
        deliver_due()
        assert now_as(row) == (State.DUE, "ImportError")
        assert now_as(good) == (State.SENT, "")


@pytest.mark.django_db
class TestABatch:
    def test_has_one_connection(self, server):
        rows = [queue() for _number in range(7)]
        deliver_due()
        assert [now_as(row) for row in rows] == [(State.SENT, "")] * 7
        assert (len(server.accepted), server.connections) == (7, 1)

    def test_goes_on_after_a_refusal_on_the_same_connection(self, server):
        bad, good = queue(to="gone@example.org"), queue()
        server.answers["RCPT gone@example.org"] = "550 unknown"
        deliver_due()
        assert [now_as(bad), now_as(good)] == [(State.FAILED, "smtp 550"), (State.SENT, "")]
        assert server.connections == 1

    @pytest.mark.parametrize("trouble", [HANG_UP, "421 closing"])
    def test_goes_on_after_a_break_on_a_new_one(self, trouble, server):
        bad, good = queue(to="far@example.org"), queue()
        server.answers["RCPT far@example.org"] = trouble
        deliver_due()
        assert now_as(bad)[0] == State.DUE
        assert now_as(good) == (State.SENT, "")
        assert server.connections == 2

    def test_a_break_before_the_text_is_known_as_such_after_others_were_sent(self, server):
        good, bad = queue(), queue(to="far@example.org")
        server.answers["RCPT far@example.org"] = HANG_UP
        deliver_due()
        assert [now_as(good)[0], now_as(bad)[0]] == [State.SENT, State.DUE]

    def test_one_after_the_other_until_nothing_is_left(self, server, monkeypatch):
        monkeypatch.setattr(outbox, "BATCH", 3)
        rows = [queue() for _number in range(8)]
        sweep_outbox()
        assert {now_as(row) for row in rows} == {(State.SENT, "")}
        assert (len(server.accepted), server.connections) == (8, 3)

    def test_stops_in_time_and_gives_the_rest_back(self, server):
        rows = [queue() for _number in range(3)]
        claimed = claim_messages(10)
        with time_machine.travel(clock.now(), tick=False):
            assert outbox.deliver(claimed, clock.now()) is True
        assert [now_as(row) for row in rows] == [(State.DUE, "")] * 3
        assert [row.attempts for row in rows] == [0, 0, 0]
        assert server.connections == 0

    def test_takes_no_more_than_it_is_told(self):
        for _number in range(3):
            queue()
        assert len(claim_messages(2)) == 2
        assert len(claim_messages(2)) == 1
        assert claim_messages(2) == []


@pytest.mark.django_db
class TestALostSender:
    def test_its_claimed_mail_is_due_again_when_the_lease_is_over(self, server, settings):
        row = queue()
        claim_messages(10)
        sweep_outbox()
        assert now_as(row) == (State.CLAIMED, "")
        with in_hours(settings.MAIL_LEASE_HOURS + 0.001):
            sweep_outbox()
        assert now_as(row) == (State.SENT, "")
        assert len(server.accepted) == 1

    def test_a_mail_that_another_has_claimed_since_is_not_its_own_any_more(self, settings):
        row = queue()
        [slow] = claim_messages(10)
        with in_hours(settings.MAIL_LEASE_HOURS + 0.001):
            outbox.recover_messages()
            [other] = claim_messages(10)
            assert not outbox._settle(slow, State.SENDING)  # "claimed" it is, but for the other
            assert now_as(row) == (State.CLAIMED, "sender lost")
            assert outbox._settle(other, State.SENDING)

    def test_each_loss_counts_as_a_try(self, settings):
        row = queue()
        for losses in (1, 2):
            [claimed] = claim_messages(10)
            with time_machine.travel(claimed.lease_until, tick=False):
                outbox.recover_messages()
            assert now_as(row) == (State.DUE, "sender lost")
            assert (row.attempts, row.lease_until, row.finished_at) == (losses, None, None)

    def test_what_it_had_handed_over_is_uncertain(self, server, settings):
        row = queue()
        [claimed] = claim_messages(10)
        outbox._settle(claimed, State.SENDING)
        sweep_outbox()
        assert now_as(row) == (State.SENDING, "")
        with in_hours(settings.MAIL_LEASE_HOURS + 0.001):
            sweep_outbox()
        assert now_as(row) == (State.UNCERTAIN, "sender lost")
        assert server.texts == []

    def test_a_sender_that_was_only_slow_does_not_send_again(self, server, settings):
        row = queue()
        claimed = claim_messages(10)
        with in_hours(settings.MAIL_LEASE_HOURS + 0.001):
            sweep_outbox()
            outbox.deliver(claimed, clock.now() + timedelta(hours=1))
        assert now_as(row) == (State.SENT, "")
        assert len(server.accepted) == 1


@pytest.mark.django_db
def test_each_sweep_moves_the_mark_of_the_database_also_when_nothing_is_due():
    numbers = []
    for _time in range(2):
        sweep_outbox()
        numbers.append(LedgerMark.objects.get().number)
    assert numbers[1] == numbers[0] + 1


@pytest.mark.django_db
def test_the_log_names_ids_and_codes_only(server, caplog):
    caplog.set_level(logging.DEBUG)
    refused, broken = queue(to="ann@example.org"), queue("broken_template")
    server.answers["RCPT"] = "550 <ann@example.org> Ann Bee is unknown here"
    deliver_due()
    text = caplog.text + "".join(str(record.exc_info) for record in caplog.records)
    assert f"Mail {refused.pk} is failed after smtp 550" in text
    assert f"Mail {broken.pk} is due after KeyError" in text
    assert "@" not in text and "Ann" not in text


def test_after_a_silent_redis_the_bell_rests_for_ten_seconds(settings, caplog):
    silent = Celery(broker="redis://127.0.0.1:1/0", set_as_current=False)
    silent.conf.task_publish_retry = False
    silent.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    for _time in range(3):
        bell.ring(silent.task(deliver_outbox.run))
    assert caplog.text.count("The bell did not ring: OperationalError") == 1
    ends = bell._rests_until
    assert timedelta(seconds=8) < ends - clock.now() <= timedelta(seconds=10)
    with redis.Redis.from_url(settings.REDIS_URL) as queue:
        before = queue.llen("celery")
        with time_machine.travel(ends - timedelta(milliseconds=1), tick=False):
            bell.ring(deliver_outbox)
        assert queue.llen("celery") == before
        with time_machine.travel(ends, tick=False):
            bell.ring(deliver_outbox)
        assert queue.llen("celery") == before + 1
        assert queue.lpop("celery")


@pytest.mark.django_db(transaction=True)
class TestTheBell:
    def ringing(self, settings) -> int:
        return redis.Redis.from_url(settings.REDIS_URL).llen("celery")

    def test_rings_after_the_commit_and_not_before(self, settings):
        person, before = make_person(), self.ringing(settings)
        with time_machine.travel(clock.now(), tick=False), transaction.atomic():
            queue_message(message=f"{HERE}.letter", object_id=person.pk)
            assert self.ringing(settings) == before
        assert self.ringing(settings) == before + 1

    def test_is_silent_for_what_was_undone_or_is_for_later(self, settings):
        person, before = make_person(), self.ringing(settings)
        with pytest.raises(RuntimeError), transaction.atomic():
            queue_message(message=f"{HERE}.letter", object_id=person.pk)
            raise RuntimeError
        assert not OutboxMessage.objects.exists()
        queue_message(
            message=f"{HERE}.letter", object_id=person.pk, not_before=clock.now() + timedelta(hours=1)
        )
        assert self.ringing(settings) == before


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_many_senders_send_each_mail_once(self, server, monkeypatch):
        monkeypatch.setattr(outbox, "BATCH", 4)
        rows = [queue() for _number in range(40)]
        results = at_once(*[sweep_outbox] * 3, *[deliver_due] * 3)
        assert results == [None] * 6
        assert {now_as(row) for row in rows} == {(State.SENT, "")}
        ids = [email.message_from_bytes(text)["Message-ID"] for text in server.accepted]
        assert len(ids) == len(set(ids)) == 40

    def test_what_another_sender_is_taking_is_passed_over(self):
        taken, free = queue(), queue()
        with transaction.atomic():
            OutboxMessage.objects.select_for_update().get(pk=taken.pk)
            assert at_once(lambda: claim_messages(10)) == [[free]]

    def test_what_another_sweep_is_settling_is_passed_over(self):
        taken, free = queue(), queue()
        [claimed, _other] = claim_messages(10)
        with time_machine.travel(claimed.lease_until), transaction.atomic():
            OutboxMessage.objects.select_for_update().get(pk=taken.pk)
            assert at_once(outbox.recover_messages) == [None]
            assert [now_as(taken)[0], now_as(free)[0]] == [State.CLAIMED, State.DUE]

    def test_many_sweeps_settle_what_was_left_once(self, server, settings):
        rows = [queue() for _number in range(10)]
        claimed = claim_messages(10)
        for row in claimed[:5]:
            outbox._settle(row, State.SENDING)
        with time_machine.travel(clock.now() + timedelta(hours=settings.MAIL_LEASE_HOURS + 0.01)):
            assert at_once(*[sweep_outbox] * 6) == [None] * 6
        states = sorted(now_as(row)[0] for row in rows)
        assert states == [State.SENT] * 5 + [State.UNCERTAIN] * 5
        assert len(server.accepted) == 5


@pytest.mark.django_db(transaction=True)
def test_that_it_is_sending_is_on_the_disk_before_the_mail_leaves(server):
    """Else a crash could send it twice. Only the step to "sent" does not wait, and nothing after it is hurried."""
    queue()
    hurried = []

    def watch(execute, sql, params, many, context):
        if sql.endswith(outbox.STEP):
            hurried.append((params["state"], "synchronous_commit TO off" in sql))
        return execute(sql, params, many, context)

    with connection.cursor() as cursor, connection.execute_wrapper(watch):
        cursor.execute("SET synchronous_commit TO on")
        deliver_due()
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)
        cursor.execute("RESET synchronous_commit")
    assert hurried == [(State.SENDING, False), (State.SENT, True)]


def in_another_process(code: str, **variables: str) -> subprocess.Popen:
    """Python with our settings, on the database of the tests."""
    database = connection.settings_dict["NAME"]
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
    variables = {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "logbook_site.settings"} | variables
    setup = "import django; django.setup()\n"
    return subprocess.Popen(
        [sys.executable, "-c", setup + code],
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


SEND = "from accounts.services.outbox import deliver_due; deliver_due()"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestAKilledSender:
    def kill_at(self, step: str, server: SmtpServer) -> None:
        server.answers[step] = SILENCE
        process = in_another_process(SEND, EMAIL_URL=f"smtp://127.0.0.1:{server.port}")
        assert server.seen[step].wait(timeout=30)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        server.answers.clear()

    def test_before_the_talk_loses_nothing(self, server, settings):
        row = queue()
        self.kill_at("CONNECT", server)
        assert now_as(row)[0] == State.CLAIMED
        with in_hours(settings.MAIL_LEASE_HOURS + 0.01):
            sweep_outbox()
        assert now_as(row) == (State.SENT, "")
        assert len(server.texts) == 1

    def test_after_the_final_dot_repeats_nothing(self, server, settings):
        row = queue()
        self.kill_at("TEXT", server)
        assert now_as(row)[0] == State.SENDING
        with in_hours(settings.MAIL_LEASE_HOURS + 0.01):
            sweep_outbox()
        assert now_as(row) == (State.UNCERTAIN, "sender lost")
        assert len(server.texts) == 1


RING = """
import time
from accounts.services.outbox import _ring_the_bell
for _number in range(20):
    begin = time.monotonic()
    _ring_the_bell()
    print(time.monotonic() - begin)
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_redis_that_is_away_costs_a_request_nothing():
    process = in_another_process(RING, REDIS_URL="redis://127.0.0.1:1/0")
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    seconds = [float(line) for line in out.split()]
    assert len(seconds) == 20 and sum(seconds) < 1
    assert errors.count("did not ring: OperationalError") == 1  # then it rests
    assert "127.0.0.1" not in errors


@pytest.mark.django_db
def test_the_desk_does_not_tell_whom_a_mail_is_about() -> None:
    """The privacy page says: that an e-mail left, not to whom. The id leads to the person."""
    mail = queue_message(message="accounts.emails.second_factor_reset", object_id=make_person().pk)
    browser = signed_in(make_admin())
    for address in ("", f"{mail.pk}/change/"):
        page = browser.get(f"/admin/accounts/outboxmessage/{address}").text
        assert mail.message in page and str(mail.object_id) not in page
