"""The mails before access ends: 30 and 7 days, once each for every last day."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail

from accounts.models import User
from accounts.services import outbox
from accounts.services.access import end_access, grant_access
from accounts.tasks import remind_of_end
from accounts.tests.factories import make_admin, make_mediator, make_reviewer, signed_in
from accounts.tests.threads import at_once
from logbook_site.foundation import clock

pytestmark = pytest.mark.django_db
START = date(2026, 5, 4)
END = date(2027, 5, 3)


@pytest.fixture(autouse=True)
def paid(settings) -> None:
    settings.ACCESS_MODE = "paid"
    settings.SHOP_URL = "https://shop.example.org/logbook"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def on(day: date):
    return time_machine.travel(f"{day.isoformat()}T09:00:00Z")


def sent_on(day: date) -> list[str]:
    """To whom. When something is sent, the task and the sender run once more on this day."""
    before = len(mail.outbox)
    with on(day):
        remind_of_end()
        outbox.deliver_due()
        if mail.outbox[before:]:
            remind_of_end()
            outbox.deliver_due()
    return [message.to[0] for message in mail.outbox[before:]]


def sent_between(first: date, last: date) -> list[date]:
    """On which days something was sent, one task a day."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [day for day in days if sent_on(day)]


@pytest.fixture
def ann() -> User:
    person = make_mediator(email="ann@example.org")
    with on(START):
        grant_access(to=person, months=12, by=make_admin())
    person.refresh_from_db()
    assert person.access_until == END
    return person


def test_two_reminders_thirty_and_seven_days_before(ann):
    sent = sent_between(END - timedelta(days=40), END + timedelta(days=10))
    assert sent == [END - timedelta(days=30), END - timedelta(days=7)]
    message = mail.outbox[-1]
    assert "2027" in message.subject
    assert "/account-settings/access/" in message.body
    assert "stays yours" in message.body


def test_a_task_that_did_not_run_for_long_sends_one_and_not_two(ann):
    assert sent_on(END - timedelta(days=3)) == ["ann@example.org"]
    assert sent_on(END - timedelta(days=2)) == []


def test_after_the_end_it_is_too_late(ann):
    assert sent_on(END) == ["ann@example.org"]  # the last day still counts
    assert sent_on(END + timedelta(days=1)) == []


@pytest.mark.parametrize("days_before", [35, 29, 6])
def test_whoever_extends_is_reminded_of_the_new_end_alone(ann, days_before):
    day = END - timedelta(days=days_before)
    sent_between(END - timedelta(days=31), day)
    with on(day):
        grant_access(to=ann, months=3, by=make_admin())
    end = date(2027, 8, 3)
    assert sent_between(day, end + timedelta(days=5)) == [end - timedelta(days=30), end - timedelta(days=7)]


def test_whoever_has_just_got_one_month_is_reminded_once(ann):
    bob = make_mediator()
    with on(START):
        grant_access(to=bob, months=1, by=make_admin())
    assert sent_between(START, START + timedelta(days=40)) == [date(2026, 6, 3) - timedelta(days=7)]


def test_a_reminder_that_waited_until_it_was_renewed_is_not_sent(ann):
    with on(END - timedelta(days=30)):
        remind_of_end()
        grant_access(to=ann, months=12, by=make_admin())
        outbox.deliver_due()
    assert mail.outbox == []


@pytest.mark.parametrize("why", ["ended", "open", "inactive", "no mediator", "leaves", "reviewer"])
def test_nobody_else_is_reminded(ann, why, settings):
    fields = {
        "inactive": {"is_active": False},
        "no mediator": {"is_mediator": False},
        "leaves": {"deletion_due_at": clock.now()},
        "reviewer": {"is_mediator": False, "is_reviewer": True},
    }
    User.objects.filter(pk=ann.pk).update(**fields.get(why, {"name": "Ann"}))
    if why == "ended":
        end_access(of=ann, by=make_admin())
        outbox.deliver_due()
        assert [letter.subject for letter in mail.outbox] == ["Mediation Logbook: your access has ended"]
        mail.outbox.clear()
    if why == "open":
        settings.ACCESS_MODE = "open"
    make_mediator()
    make_reviewer()
    assert sent_on(END - timedelta(days=30)) == []
    assert sent_on(END - timedelta(days=7)) == []


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_send_one(ann):
    with on(END - timedelta(days=30)):
        assert at_once(*[remind_of_end] * 4) == [None] * 4
        outbox.deliver_due()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(("days", "is_there"), [(31, False), (30, True), (0, True), (-1, False)])
def test_home_speaks_of_it_in_the_last_month(ann, days, is_there):
    with on(END - timedelta(days=days)):
        to_do = [task.address for task in signed_in(ann).get("/").context["to_do"]]
    assert ("/account-settings/access/" in to_do) == is_there
    assert len(to_do) <= 5
