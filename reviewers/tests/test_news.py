"""The weekly mail to a Reviewer: as it arrives, and how often."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import close_old_connections

from accounts.services import appointments, outbox
from accounts.tests.factories import make_admin, make_appointment, make_mediator, make_reviewer
from accounts.tests.threads import at_once
from feedback.models import Feedback
from feedback.tests.factories import make_piece
from logbook_site.celery import app
from logbook_site.foundation import clock
from reviewers.models import News
from reviewers.tasks import tell_news

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)
WEEK = timedelta(hours=168)


@pytest.fixture(autouse=True)
def mailbox(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def rosa():
    return make_reviewer(vetted=True, name="Rosa Lindqvist", email="rosa@example.org")


@pytest.fixture
def amina(rosa):
    amina = make_mediator(name="Amina Okafor")
    make_appointment(amina, rosa)
    return amina


def delivered() -> list:
    """The mails of one beat."""
    before = len(mail.outbox)
    tell_news()
    outbox.deliver_due()
    return mail.outbox[before:]


def test_it_names_all_mediators_once_and_tells_no_number_and_no_word(rosa, amina) -> None:
    ben, chloe = make_mediator(name="Ben Aldous"), make_mediator(name="Chloé Marchetti")
    for mediator in (ben, chloe):
        make_appointment(mediator, rosa)
    for _each in range(3):
        make_piece(amina, helpful="Seen words", shared=False)
    make_piece(ben)
    (told,) = delivered()
    assert told.to == ["rosa@example.org"]
    assert told.subject == "There is new feedback to read"
    for text in (told.body, told.alternatives[0][0]):
        assert text.count("Amina Okafor") == text.count("Ben Aldous") == 1
        assert "Chloé" not in text
        assert "Seen words" not in text
        assert "/review/" in text
    assert not any(letter.isdigit() for letter in told.body.partition("http")[0])


def test_at_most_one_in_a_week_then_again_when_there_is_more(rosa, amina) -> None:
    make_piece(amina)
    start = clock.now()
    assert len(delivered()) == 1
    for hours in (0, 1, 24, 167):
        with time_machine.travel(start + hours * HOUR, tick=False):
            make_piece(amina)
            assert delivered() == []
    with time_machine.travel(start + WEEK + HOUR, tick=False):
        assert len(delivered()) == 1
        assert delivered() == []
    with time_machine.travel(start + 3 * WEEK, tick=False):
        assert delivered() == []  # nothing has come since
        make_piece(amina)
        assert len(delivered()) == 1


@pytest.mark.long
def test_each_day_of_a_month_looks_the_same_however_much_came(rosa, amina) -> None:
    """A piece each day, every hour a beat: a mail a week, and nothing in it that differs."""
    start = clock.now()
    days = []
    for hour in range(0, 28 * 24, 4):
        with time_machine.travel(start + hour * HOUR, tick=False):
            if hour % 24 == 0:
                make_piece(amina)
            days += [(hour // 24, told.body) for told in delivered()]
    assert [day for day, _text in days] == [0, 7, 14, 21]
    assert len({text for _day, text in days}) == 1


def test_two_beats_at_once_send_one(rosa, amina) -> None:
    make_piece(amina)

    def beat() -> None:
        tell_news()
        close_old_connections()

    assert at_once(beat, beat, beat) == [None, None, None]
    outbox.deliver_due()
    assert len(mail.outbox) == 1


def test_who_is_not_checked_is_told_only_of_what_they_can_read(amina) -> None:
    ben, waiting = make_mediator(name="Ben Aldous"), make_reviewer()
    make_appointment(ben, waiting)
    make_piece(ben, shared=False)
    piece = make_piece(ben, release_on=clock.today())
    assert delivered() == []
    Feedback.objects.filter(pk=piece.pk).update(release_on=None)
    (told,) = delivered()
    assert told.to == [waiting.email]
    appointments.vet_reviewer(reviewer=waiting, by=make_admin())
    assert delivered() == []
    with time_machine.travel(clock.now() + WEEK + HOUR):
        assert len(delivered()) == 1  # what was not shared is new to them


def test_who_was_refused_resigned_or_left_gets_none(rosa, amina) -> None:
    make_piece(amina)
    tell_news()
    appointments.refuse_reviewer(reviewer=rosa, by=make_admin())
    outbox.deliver_due()
    assert mail.outbox == []
    other = make_appointment(reviewer=make_reviewer(vetted=True))
    make_piece(other.mediator)
    tell_news()
    appointments.end_appointment(appointment=other, by=other.mediator)
    outbox.deliver_due()
    assert mail.outbox == []


def test_an_ended_appointment_is_not_named_beside_one_that_lasts(rosa, amina) -> None:
    ben = make_mediator(name="Ben Aldous")
    held = make_appointment(ben, rosa)
    make_piece(amina)
    make_piece(ben)
    tell_news()
    appointments.end_appointment(appointment=held, by=ben)
    outbox.deliver_due()
    (told,) = mail.outbox
    assert "Amina Okafor" in told.body
    assert "Ben Aldous" not in told.body


def test_nothing_to_read_is_no_mail_and_no_memory_of_a_time(rosa, amina) -> None:
    assert delivered() == []
    assert list(News.objects.values_list("told_at", flat=True)) == [None]


def test_a_piece_that_was_taken_back_is_no_news(rosa, amina) -> None:
    make_piece(amina)
    delivered()
    Feedback.objects.all().delete()
    with time_machine.travel(clock.now() + 2 * WEEK):
        assert delivered() == []


def test_it_stands_in_the_timetable() -> None:
    assert "reviewers.tasks.tell_news" in {each["task"] for each in app.conf.beat_schedule.values()}
