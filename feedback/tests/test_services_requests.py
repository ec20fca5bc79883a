"""Asking parties: limits, addresses, tokens, and what lies in the database meanwhile."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import redis
import time_machine
from django.conf import settings as our_settings
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.choices import OutboxState
from accounts.models import OutboxMessage, User
from accounts.services.outbox import deliver_due
from accounts.tests.factories import make_address, make_mediator, make_reviewer
from accounts.tests.smtp_server import SmtpServer
from accounts.tests.threads import at_once
from feedback.choices import Sending
from feedback.models import FeedbackRequest
from feedback.services.answers import find_open, is_to_be_left_alone, stop_asking
from feedback.services.contacts import Contact, contact_of, contact_or_none, contacts_of
from feedback.services.forgetting import forget_ended_links
from feedback.services.requests import (
    INVITATION,
    REMINDER,
    LimitReached,
    Mediation,
    Party,
    RequestRefused,
    ask_by_email,
    cancel_request,
    make_links,
)
from feedback.services.secrets import address_hash, hash_of, open_receipt, tokens_from
from feedback.summaries import sending_of
from feedback.tests.canaries import all_tables, found_in
from feedback.tests.factories import make_request
from logbook_site.foundation import clock
from logbook_site.foundation.vault import VaultClosed

NAME, ADDRESS, REFERENCE = "Zélie Kanarie & Söhne", "zelie.kanarie@example.org", "Kanarie's <Erbe>"
MEDIATION = Mediation(ended_on=date(2026, 3, 2))
URL_SAFE = re.compile(r"[A-Za-z0-9_-]{32}")


@pytest.fixture
def server(settings) -> Iterator[SmtpServer]:
    server = SmtpServer()
    settings.EMAIL_BACKEND = "logbook_site.foundation.mail.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 1
    yield server
    server.close()


def in_hours(hours: float):
    return time_machine.travel(clock.now() + timedelta(hours=hours), tick=False)


def ask(
    mediator: User, *addresses: str, remind: bool = False, by: User | None = None
) -> list[FeedbackRequest]:
    parties = [Party(f"Party {number}", address) for number, address in enumerate(addresses)]
    return ask_by_email(
        mediator=mediator, parties=parties, mediation=MEDIATION, remind=remind, by=by or mediator
    )


def ask_many(mediator: User, number: int) -> list[FeedbackRequest]:
    return ask(mediator, *[f"party{number}@example.net" for number in range(number)])


def links(mediator: User, count: int) -> list[str]:
    """The tokens of new links to hand over."""
    told = open_receipt(
        f"links:{mediator.pk}", make_links(mediator=mediator, count=count, mediation=MEDIATION, by=mediator)
    )
    return tokens_from(told["seed"], told["count"])


def outcome_of(row: FeedbackRequest) -> Sending:
    row.refresh_from_db()
    return sending_of([row])[row.pk]


# --- Limits -----------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestLimits:
    def test_parties_and_links_count_together(self, settings):
        settings.REQUESTS_PER_DAY = 5
        mediator = make_mediator()
        ask_many(mediator, 2)
        links(mediator, 2)
        with pytest.raises(LimitReached) as caught:
            ask_many(mediator, 2)
        assert caught.value.sentence == "You can ask 5 people in 24 hours. You can ask 1 more now."
        with pytest.raises(LimitReached):
            links(mediator, 2)
        assert FeedbackRequest.objects.count() == 4
        links(mediator, 1)
        with pytest.raises(LimitReached, match="0 more"):
            links(mediator, 1)

    def test_too_many_at_once_are_all_refused(self, settings):
        settings.REQUESTS_PER_DAY = 3
        mediator = make_mediator()
        with pytest.raises(LimitReached):
            ask_many(mediator, 4)
        assert not FeedbackRequest.objects.exists()
        assert not OutboxMessage.objects.exists()

    def test_of_one_mediator_do_not_touch_another(self, settings):
        settings.REQUESTS_PER_DAY = 1
        ask_many(make_mediator(), 1)
        ask_many(make_mediator(), 1)

    def test_a_day_is_the_last_24_hours(self, settings):
        settings.REQUESTS_PER_DAY = 1
        mediator = make_mediator()
        with time_machine.travel(clock.now(), tick=False):
            ask_many(mediator, 1)
            with in_hours(23.999), pytest.raises(LimitReached):
                ask_many(mediator, 1)
            with in_hours(24):
                ask_many(mediator, 1)

    def test_a_month_is_the_last_30_days(self, settings):
        settings.REQUESTS_PER_MONTH = 3
        mediator = make_mediator()
        with time_machine.travel(clock.now(), tick=False):
            ask_many(mediator, 2)
            with in_hours(48):
                ask_many(mediator, 1)
            with in_hours(30 * 24 - 0.001), pytest.raises(LimitReached, match="30 days"):
                ask_many(mediator, 1)
            with in_hours(30 * 24):
                ask_many(mediator, 2)

    def test_cancelled_and_forgotten_ones_count(self, settings):
        settings.REQUESTS_PER_DAY = 1
        mediator = make_mediator()
        [row] = ask_many(mediator, 1)
        cancel_request(request=row, by=mediator)
        FeedbackRequest.objects.update(sealed=None, token_hash=None)
        with pytest.raises(LimitReached):
            ask_many(mediator, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("limit", ["REQUESTS_PER_DAY", "REQUESTS_PER_MONTH"])
def test_posts_at_the_same_moment_cannot_exceed_a_limit(limit, settings):
    setattr(settings, limit, 7)
    mediator = make_mediator()
    results = at_once(*[lambda: ask_many(mediator, 2)] * 6, *[lambda: links(mediator, 2)] * 6)
    assert FeedbackRequest.objects.count() == 6
    assert sum(isinstance(result, LimitReached) for result in results) == 9
    assert OutboxMessage.objects.count() == sum(
        len(result)
        for result in results
        if isinstance(result, list) and isinstance(result[0], FeedbackRequest)
    )


# --- Whom -------------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestAddresses:
    @pytest.mark.parametrize(
        "own",
        ["ann.bee@gmail.com", "ANN.BEE@gmail.com", "a.n.n.bee@googlemail.com", "annbee+x@gmail.com",
         "second@example.org", "Second+feedback@Example.org", "unconfirmed@example.org"],
    )  # fmt: skip
    def test_ones_own_is_refused_under_any_name(self, own):
        mediator = make_mediator(email="ann.bee@gmail.com")
        make_address(mediator, "second@example.org")
        make_address(mediator, "unconfirmed@example.org", verified=False)
        with pytest.raises(RequestRefused, match="your own address"):
            ask(mediator, "paula@example.org", own)
        assert not FeedbackRequest.objects.exists()

    @pytest.mark.parametrize(
        "again",
        ["paula@example.org", "PAULA@example.org", "paula+2@example.org", "paula@\uff45xample.org",
         "paula@exam\u00adple.org"],
    )  # fmt: skip
    def test_one_mailbox_twice_in_one_request_is_refused(self, again):
        with pytest.raises(RequestRefused, match="twice"):
            ask(make_mediator(), "paula@example.org", again)
        assert not FeedbackRequest.objects.exists()

    def test_ones_own_is_refused_in_letters_that_mean_the_same_domain(self):
        """Mail to each of these goes to the same mailbox."""
        mediator = make_mediator(email="ann@b\u00fccher.example")
        for own in ("ann@xn--bcher-kva.example", "ann@b\u00fcch\uff45r.example", "ANN@BU\u0308CHER.example"):
            with pytest.raises(RequestRefused, match="your own address"):
                ask(mediator, own)

    def test_numbers_of_telephones_are_mailboxes_of_their_own(self):
        """They begin with a plus, which is no tag then."""
        stop_asking(hashed=address_hash("+41791234567@sms.example.org"))
        asked = ask(make_mediator(), "+4915112345678@sms.example.org", "+41791234567@sms.example.org")
        assert [is_to_be_left_alone(contact_of(one).email) for one in asked] == [False, True]

    def test_asking_the_same_person_again_later_looks_the_same(self):
        mediator = make_mediator()
        assert len(ask(mediator, "paula@example.org")) == len(ask(mediator, "paula@example.org")) == 1

    @pytest.mark.parametrize(
        "spelled", ["pau.la@gmail.com", "PAULA+mediation@googlemail.com", "paula@\uff47mail.com"]
    )
    def test_who_asked_to_be_left_alone_is_accepted_and_gets_nothing(self, spelled, server):
        stop_asking(hashed=address_hash("paula@gmail.com"))
        stop_asking(hashed=address_hash("paula@gmail.com"))
        [left_alone, other] = ask(make_mediator(), spelled, "paul@example.org", remind=True)
        with in_hours(80):
            deliver_due()
        assert [b"To: paul@example.org" in text for text in server.accepted] == [True, True]
        assert outcome_of(left_alone) == outcome_of(other) == Sending.SENT

    @pytest.mark.parametrize("who", ["another", "no mediator", "inactive"])
    def test_nobody_asks_for_somebody_else(self, who):
        mediator = make_mediator()
        by = {"another": make_mediator, "no mediator": make_reviewer, "inactive": make_mediator}[who]()
        if who == "inactive":
            by.is_active = False
            mediator = by
        with pytest.raises(PermissionDenied):
            ask(mediator, "paula@example.org", by=by)
        with pytest.raises(PermissionDenied):
            make_links(mediator=mediator, count=1, mediation=MEDIATION, by=by)
        assert not FeedbackRequest.objects.exists()

    @pytest.mark.parametrize("count", [-1, 0, 21])
    def test_links_come_in_ones_to_twenties(self, count):
        with pytest.raises(RequestRefused):
            links(make_mediator(), count)


# --- What is mailed ---------------------------------------------------------------------------------


def states(row: FeedbackRequest, message: str) -> list[str]:
    return list(
        OutboxMessage.objects.filter(object_id=row.pk, message=message).values_list("state", flat=True)
    )


@pytest.mark.django_db
class TestTheReminder:
    def test_is_queued_only_if_it_can_arrive_before_the_end(self, settings):
        mediator = make_mediator()
        assert states(make_request(mediator, remind=True), REMINDER) == [OutboxState.DUE]
        assert states(make_request(mediator, remind=False), REMINDER) == []
        settings.REMINDER_AFTER_HOURS = 120
        assert states(make_request(mediator, remind=True), REMINDER) == []
        settings.REMINDER_AFTER_HOURS = 118.9
        assert states(make_request(mediator, remind=True), REMINDER) == [OutboxState.DUE]

    def test_comes_once_at_its_time(self, server):
        row = make_request(make_mediator(), remind=True)
        deliver_due()
        with in_hours(71.9):
            deliver_due()
            assert len(server.accepted) == 1
        for hours in (72, 96):
            with in_hours(hours):
                deliver_due()
        assert len(server.accepted) == 2
        assert states(row, REMINDER) == [OutboxState.SENT]

    @pytest.mark.parametrize("answer", ["550 unknown", "451 later"])
    def test_is_not_sent_where_the_first_mail_never_arrived(self, answer, server):
        row = make_request(make_mediator(), remind=True)
        server.answers["RCPT"] = answer
        deliver_due()
        server.answers.clear()
        OutboxMessage.objects.filter(message=INVITATION).update(not_before=clock.now() + timedelta(hours=100))
        with in_hours(72):
            deliver_due()
        assert server.accepted == []
        assert states(row, REMINDER) == [OutboxState.DROPPED]

    @pytest.mark.parametrize("end", ["answered", "cancelled", "stopped"])
    def test_is_not_sent_when_the_matter_has_ended_and_the_mediator_sees_no_difference(self, end, server):
        mediator = make_mediator()
        row, plain = make_request(mediator, remind=True), make_request(mediator, email="paul@example.org")
        deliver_due()
        if end == "answered":
            FeedbackRequest.objects.filter(pk=row.pk).update(link_state="closed")
        elif end == "cancelled":
            cancel_request(request=row, by=mediator)
        else:
            stop_asking(hashed=address_hash("paula@example.org"))
        with in_hours(73):
            deliver_due()
        assert len(server.accepted) == 2
        assert outcome_of(row) == (Sending.CANCELLED if end == "cancelled" else outcome_of(plain))


@pytest.mark.django_db
def test_cancelling_twice_changes_nothing_and_strangers_cannot(server):
    mediator = make_mediator()
    row = make_request(mediator)
    token = contact_of(row).token
    with pytest.raises(PermissionDenied):
        cancel_request(request=row, by=make_mediator())
    cancel_request(request=row, by=mediator)
    row.refresh_from_db()
    first = row.cancelled_at
    with in_hours(1):
        cancel_request(request=row, by=mediator)
    row.refresh_from_db()
    assert row.cancelled_at == first
    assert find_open(token) is None
    deliver_due()
    assert server.texts == []
    assert outcome_of(row) == Sending.CANCELLED


# --- Links ------------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestALink:
    def test_lives_its_time_exactly_also_when_the_contact_is_gone(self, settings):
        settings.LINK_LIVES_HOURS = 1440
        row = make_request(make_mediator())
        token = contact_of(row).token
        FeedbackRequest.objects.update(sealed=None)
        end = row.created_at + timedelta(hours=1440)
        with time_machine.travel(end - timedelta(milliseconds=1), tick=False):
            forget_ended_links()
            assert find_open(token) == row
        with time_machine.travel(end, tick=False):
            assert find_open(token) is None
            forget_ended_links()
        assert FeedbackRequest.objects.get().token_hash is None

    def test_of_a_mediator_who_is_not_active_is_closed(self):
        mediator = make_mediator()
        token = contact_of(make_request(mediator)).token
        User.objects.filter(pk=mediator.pk).update(is_active=False)
        assert find_open(token) is None
        User.objects.filter(pk=mediator.pk).update(is_active=True)
        assert find_open(token) is not None

    def test_is_unguessable(self, settings):
        settings.REQUESTS_PER_DAY = settings.REQUESTS_PER_MONTH = 1000
        mediator = make_mediator()
        tokens = [contact_of(row).token for row in ask_many(mediator, 100)] + links(mediator, 20)
        assert len(set(tokens)) == 120
        assert all(URL_SAFE.fullmatch(token) for token in tokens)  # 32 letters of 6 bits: 192

    def test_and_its_row_know_each_other_by_a_hash_only(self):
        [token] = links(make_mediator(), 1)
        row = FeedbackRequest.objects.get()
        assert row.token_hash == hash_of(token) != token
        assert find_open(row.token_hash) is None
        assert contact_of(row) == Contact()


# --- What lies in the database ----------------------------------------------------------------------


@pytest.mark.django_db
def test_no_table_ever_holds_a_name_an_address_a_reference_or_a_token(server):
    mediator = make_mediator()
    row = make_request(mediator, name=NAME, email=ADDRESS, reference=REFERENCE, remind=True)
    token = contact_of(row).token
    words = [NAME, ADDRESS, REFERENCE, token, "Kanarie", "zelie"]
    assert contact_of(row) == Contact(NAME, ADDRESS, REFERENCE, token)
    assert found_in(all_tables(), words) == set()
    server.answers["RCPT"] = f"451 {NAME.encode('ascii', 'replace').decode()} <{ADDRESS}> later"
    deliver_due()
    assert OutboxMessage.objects.filter(message=INVITATION, attempts=1).exists()
    assert found_in(all_tables(), words) == set()
    server.answers["RCPT"] = f"550 <{ADDRESS}> never"
    with in_hours(1):
        deliver_due()
    assert found_in(all_tables(), words) == set()
    server.answers.clear()
    tokens = links(mediator, 3)
    cancel_request(request=row, by=mediator)
    stop_asking(hashed=address_hash(ADDRESS))
    assert found_in(all_tables(), [*words, *tokens]) == set()
    with connection.cursor() as cursor:  # it would have been found
        cursor.execute("CREATE TABLE planted AS SELECT %s AS a", [f"to {ADDRESS}"])
    assert ("public.planted", ADDRESS) in found_in(all_tables(), words)


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["e-mail", "links"])
def test_without_redis_nothing_is_stored(way, settings):
    mediator = make_mediator()
    before = all_tables()
    settings.KEYS_REDIS_URL = "redis://127.0.0.1:1/0"
    with pytest.raises(VaultClosed):
        if way == "e-mail":
            make_request(mediator)
        else:
            links(mediator, 2)
    assert all_tables() == before


@pytest.mark.django_db
def test_the_period_begins_with_the_request_and_not_later():
    row = make_request(make_mediator())
    kept = row.unreadable_at - row.created_at
    assert timedelta(hours=119) - timedelta(seconds=1) <= kept <= timedelta(hours=120)


@pytest.mark.django_db
def test_what_cannot_be_read_is_not_shown(settings):
    row = make_request(make_mediator())
    assert contact_or_none(row).email == "paula@example.org"
    with in_hours(120):
        assert contact_or_none(row) is None
    with redis.Redis.from_url(our_settings.KEYS_REDIS_URL) as client:
        client.flushdb()
    assert contact_or_none(row) is None
    settings.KEYS_REDIS_URL = "redis://127.0.0.1:1/0"
    assert contact_or_none(row) is None


@pytest.mark.django_db
def test_one_that_is_forgotten_hides_no_other_on_the_page() -> None:
    amina = make_mediator()
    gone, kept = make_request(amina), make_request(amina, name=NAME)
    gone.sealed = None
    found = contacts_of([gone, kept])
    assert found is not None
    assert {key: contact.name for key, contact in found.items()} == {kept.pk: NAME}


@pytest.mark.django_db
def test_of_a_handed_over_link_only_the_reference_is_known() -> None:
    amina = make_mediator()
    mediation = Mediation(ended_on=date(2026, 3, 2), reference=REFERENCE)
    make_links(mediator=amina, count=1, mediation=mediation, by=amina)
    assert contact_of(FeedbackRequest.objects.get()) == ("", "", REFERENCE, "")
