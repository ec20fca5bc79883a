"""Slots: when feedback and its notice reach the mediator, run on time, late, twice, or beside an answer."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection, transaction

from accounts.choices import OutboxState
from accounts.models import OutboxMessage
from accounts.services.outbox import deliver_due
from accounts.tests.factories import make_mediator
from accounts.tests.smtp_server import SmtpServer
from accounts.tests.threads import at_once
from feedback import tasks
from feedback.models import Feedback, Notice, NoticeName
from feedback.services.answers import Thanks, stop_sharing, withdraw
from feedback.services.release import NOTICE, last_slot, next_slot, release_feedback
from feedback.tests.canaries import all_tables, found_in
from feedback.tests.test_services_answers import ANSWERS, open_link, send


@pytest.fixture(autouse=True)
def slots(settings) -> None:
    settings.FEEDBACK_RELEASE_AT = time(6)


@pytest.fixture
def server(settings) -> Iterator[SmtpServer]:
    server = SmtpServer()
    settings.EMAIL_BACKEND = "logbook_site.foundation.mail.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 1
    yield server
    server.close()


TODAY = datetime.now(UTC).date() + timedelta(days=2)


def at(hour: str, *, days: int = 0):
    moment = datetime.combine(TODAY + timedelta(days=days), time.fromisoformat(hour), UTC)
    return time_machine.travel(moment, tick=False)


def waiting() -> set[date]:
    return set(Feedback.objects.exclude(release_on=None).values_list("release_on", flat=True))


@pytest.mark.parametrize(
    ("moment", "following", "last"),
    [
        ("2027-03-28T05:59:59.999999", "2027-03-28", "2027-03-27"),
        ("2027-03-28T06:00:00", "2027-03-29", "2027-03-28"),
        ("2027-10-31T00:00:00", "2027-10-31", "2027-10-30"),
        ("2027-12-31T23:59:59", "2028-01-01", "2027-12-31"),
    ],
)
def test_the_next_slot_and_the_last(moment: str, following: str, last: str):
    moment = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert (next_slot(moment), last_slot(moment)) == (date.fromisoformat(following), date.fromisoformat(last))


@pytest.mark.django_db
class TestASlot:
    def test_is_released_at_its_hour_and_once(self, server):
        mediator = make_mediator()
        with at("05:00"):
            token = open_link(mediator)
            send(token)
            release_feedback()
            assert waiting() == {TODAY}
            assert not Feedback.objects.visible_to(mediator).exists()
        with at("05:59:59.999999"):
            release_feedback()
            assert waiting() == {TODAY}
        with at("06:00"):
            release_feedback()
            tasks.release_feedback()
            assert waiting() == set()
            assert Feedback.objects.visible_to(mediator).count() == 1
            assert OutboxMessage.objects.filter(message=NOTICE).count() == 1
            deliver_due()
            release_feedback()
        assert not Notice.objects.exists() and not NoticeName.objects.exists()
        notices = [text for text in server.accepted if f"To: {mediator.email}".encode() in text]
        assert len(notices) == 1

    def test_that_has_begun_leaves_later_answers_for_the_next_day(self):
        mediator = make_mediator()
        with at("05:00"):
            send(open_link(mediator))
        with at("06:00"):
            send(open_link(mediator, email="paul@example.org"))
            release_feedback()
        assert waiting() == {TODAY + timedelta(days=1)}

    def test_that_was_missed_for_days_is_released_late_and_the_coming_one_waits(self):
        mediator = make_mediator()
        with at("05:00"):
            send(open_link(mediator))
        with at("12:00", days=1):
            send(open_link(mediator, email="paul@example.org"))
        with at("05:00", days=2):
            release_feedback()
        assert waiting() == {TODAY + timedelta(days=2)}

    def test_has_one_mail_for_each_mediator(self):
        first, second = make_mediator(), make_mediator()
        with at("05:00"):
            for number in range(3):
                send(open_link(first, email=f"party{number}@example.org"))
            send(open_link(second))
        with at("07:00"):
            release_feedback()
        assert OutboxMessage.objects.filter(message=NOTICE).count() == 2

    def test_of_which_all_was_taken_back_sends_nothing(self):
        with at("05:00"):
            code = send(open_link()).code
            withdraw(code=code)
        with at("06:00"):
            release_feedback()
        assert not Notice.objects.exists()
        assert not OutboxMessage.objects.filter(message=NOTICE).exists()

    def test_tells_what_is_shared_when_it_is_released(self):
        with at("05:00"):
            stop_sharing(code=send(open_link()).code)
        with at("06:00"):
            release_feedback()
        assert (Notice.objects.get().any_shared, Notice.objects.get().any_unnamed) == (False, False)

    def test_whose_only_piece_is_taken_back_before_the_mail_left_sends_nothing(self, server):
        with at("05:00"):
            code = send(open_link()).code
        with at("06:00"):
            release_feedback()
            withdraw(code=code)
            OutboxMessage.objects.exclude(message=NOTICE).delete()
            deliver_due()
            assert server.texts == []
            assert OutboxMessage.objects.get().state == OutboxState.DROPPED
            release_feedback()
        assert not Notice.objects.exists()

    def test_keeps_names_sealed_and_only_until_its_mail_has_ended(self, server):
        server.answers["RCPT"] = "451 later"
        with at("05:00"):
            send(open_link())
            assert found_in(all_tables(), [ANSWERS.respondent_name]) == set()
            assert NoticeName.objects.get().name == ANSWERS.respondent_name
        with at("06:00"):
            release_feedback()
            deliver_due()
            release_feedback()
            assert NoticeName.objects.count() == 1
        server.answers["RCPT"] = "550 never"
        with at("07:00"):
            deliver_due()
            release_feedback()
        assert not NoticeName.objects.exists()

    def test_without_slots_nothing_waits(self, settings):
        with at("05:00"):
            send(open_link())
        settings.FEEDBACK_RELEASE_AT = None
        mediator = make_mediator()
        with at("05:00"):
            send(open_link(mediator))
            assert Feedback.objects.visible_to(mediator).count() == 1
            release_feedback()  # what still waited for a slot
        assert waiting() == set()


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_six_who_release_send_each_notice_once(self):
        with at("05:00"):
            for number in range(8):
                send(open_link(email=f"party{number}@example.org"))
        with at("06:00"):
            assert at_once(*[release_feedback] * 6) == [None] * 6
        assert OutboxMessage.objects.filter(message=NOTICE).count() == 8
        assert waiting() == set()

    def test_an_answer_that_is_being_stored_is_in_this_slot_or_in_the_next_but_never_in_none(self):
        """The slot comes while an answer is stored but not committed: the release waits for it."""
        mediator = make_mediator()
        with at("05:00"):
            send(open_link(mediator))
            token = open_link(mediator, email="paul@example.org")
            with transaction.atomic():
                send(token)
                connection.cursor().execute("SET LOCAL statement_timeout = '20s'")
                release = in_the_background(release_at_six)
                assert release.is_alive()
        release.join(20)
        with at("06:01"):
            release_feedback()
        assert waiting() == set()
        assert Feedback.objects.visible_to(mediator).count() == 2

    def test_answers_and_releases_all_at_once_lose_nothing(self):
        mediator = make_mediator()
        with at("05:00"):
            tokens = [open_link(mediator, email=f"party{number}@example.org") for number in range(12)]
        with time_machine.travel(datetime.combine(TODAY, time(5, 59, 59, 950_000), UTC), tick=True):
            results = at_once(*[lambda token=token: send(token) for token in tokens], *[release_feedback] * 6)
        assert sum(isinstance(result, Thanks) for result in results) == 12
        with at("06:00", days=1):
            release_feedback()
        assert waiting() == set()
        assert Feedback.objects.count() == 12


def release_at_six() -> None:
    release_feedback()


def in_the_background(action):
    """A thread with a connection of its own, which has had its chance to begin."""
    from threading import Thread

    def run() -> None:
        try:
            with at("06:00"):
                action()
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join(1)
    return thread
