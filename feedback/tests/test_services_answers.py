"""Answers: one piece for each link, no way back to the request, and what parties can take back."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest
import redis
import time_machine
from django.apps import apps
from django.conf import settings as our_settings
from django.db import connection, models, transaction

from accounts.choices import OutboxState
from accounts.models import OutboxMessage, User
from accounts.services.outbox import deliver_due
from accounts.tests.factories import make_admin, make_mediator
from accounts.tests.smtp_server import SmtpServer
from accounts.tests.threads import at_once
from feedback.choices import ActedAs, LinkState
from feedback.models import (
    Feedback,
    FeedbackNote,
    FeedbackReport,
    FeedbackRequest,
    Notice,
    NoticeName,
    PendingFeedback,
    Respondent,
)
from feedback.services.answers import (
    Answers,
    Thanks,
    ask_again,
    confirm,
    decline,
    find_open,
    find_pending,
    first_of_month_after,
    is_to_be_left_alone,
    keep_until_confirmed,
    read_pending,
    send_answers,
    stop_asking,
    stop_sharing,
    withdraw,
)
from feedback.services.contacts import contact_of
from feedback.services.forgetting import forget_contacts, forget_respondents
from feedback.services.pieces import report_piece, save_note, withdraw_piece
from feedback.services.release import release_feedback
from feedback.services.requests import cancel_request
from feedback.services.secrets import address_hash, code_for, spelled
from feedback.tests.canaries import all_tables, found_in
from feedback.tests.factories import make_piece, make_request
from logbook_site.foundation import clock
from logbook_site.foundation.vault import VaultClosed

NAME, ADDRESS, REFERENCE = "Zélie Kanarie & Söhne", "zelie.kanarie@example.org", "Kanarie's <Erbe>"
ANSWERS = Answers(
    shared=True,
    ratings={"clear": 5, "safe": 2, "pace": "na"},
    helpful="The long walk",
    respondent_name="Ada Typist",
    respondent_email="ada.typist@example.org",
    name_in_notice=True,
)


@pytest.fixture
def server(settings) -> Iterator[SmtpServer]:
    server = SmtpServer()
    settings.EMAIL_BACKEND = "logbook_site.foundation.mail.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 1
    yield server
    server.close()


@pytest.fixture(autouse=True)
def slots(settings) -> None:
    settings.FEEDBACK_RELEASE_AT = time(6)


def open_link(mediator: User | None = None, **details) -> str:
    return contact_of(make_request(mediator or make_mediator(), **details)).token


def send(token: str, form_key: str = "form", answers: Answers = ANSWERS) -> Thanks | None:
    return send_answers(token=token, form_key=form_key, answers=answers, language="en")


# --- One link, one piece ----------------------------------------------------------------------------


@pytest.mark.django_db
class TestOneLink:
    def test_keeps_what_was_said(self):
        mediator = make_mediator()
        thanks = send(open_link(mediator, ended_on=date(2025, 12, 30)))
        piece = Feedback.objects.get()
        assert (piece.mediator, piece.year, piece.survey) == (mediator, 2025, "mediator-1")
        assert (piece.invited, piece.shared, piece.language) == (True, True, "en")
        assert (piece.ratings, piece.helpful) == (ANSWERS.ratings, "The long walk")
        assert thanks == Thanks(thanks.code, shared=True, unsafe=True)

    def test_the_same_form_again_gets_the_same_thanks_and_another_one_nothing(self):
        token = open_link()
        first = send(token)
        assert send(token) == first
        assert send(token, answers=ANSWERS._replace(shared=False)) == first
        assert send(token, "another form") is None
        assert Feedback.objects.count() == Respondent.objects.count() == 1

    @pytest.mark.parametrize("end", ["declined", "cancelled", "ended", "unknown", "closed account"])
    def test_that_is_not_open_takes_no_answer(self, end):
        mediator = make_mediator()
        row = make_request(mediator)
        token = contact_of(row).token
        later = clock.now()
        if end == "declined":
            assert decline(token=token) is True
        elif end == "cancelled":
            cancel_request(request=row, by=mediator)
        elif end == "ended":
            later = row.link_ends_at
        elif end == "closed account":
            User.objects.filter(pk=mediator.pk).update(is_active=False)
        else:
            token = "A" * 32
        with time_machine.travel(later, tick=False):
            assert find_open(token) is None
            assert send(token) is None
            assert decline(token=token) is False
        assert not Feedback.objects.exists()

    def test_finds_its_request_with_the_mediator_in_one_question(self, django_assert_num_queries):
        mediator = make_mediator()
        make_request(mediator)
        row = make_request(mediator)
        token = contact_of(row).token
        with django_assert_num_queries(1):
            found = find_open(token)
            assert (found, found.mediator) == (row, mediator)

    def test_declined_and_answered_leave_the_same_row(self):
        mediator = make_mediator()
        answered, declined = make_request(mediator), make_request(mediator)
        send(contact_of(answered).token)
        decline(token=contact_of(declined).token)
        for row in (answered, declined):
            row.refresh_from_db()
        told = {name: getattr(answered, name) for name in ("link_state", "cancelled_at", "is_lost")}
        assert told == {name: getattr(declined, name) for name in told}

    def test_can_be_answered_when_the_contact_is_forgotten(self):
        row = make_request(make_mediator())
        token = contact_of(row).token
        with time_machine.travel(row.unreadable_at + timedelta(days=1), tick=False):
            forget_contacts()
            assert send(token) is not None


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_twenty_presses_of_one_button_are_one(self):
        token = open_link()
        results = at_once(*[lambda: send(token)] * 20)
        assert len(set(results)) == 1 and results[0] is not None
        assert Feedback.objects.count() == Respondent.objects.count() == NoticeName.objects.count() == 1

    def test_twenty_forms_on_one_link_are_one_and_nineteen_times_nothing(self):
        token = open_link()
        results = at_once(*[lambda number=number: send(token, str(number)) for number in range(20)])
        assert Counter(result is None for result in results) == {True: 19, False: 1}
        assert Feedback.objects.count() == 1

    @pytest.mark.slow
    def test_a_thousand_posts_on_one_link_are_one(self):
        """Forty at a time: PostgreSQL lets in sixty. Each form is sent four times."""
        token = open_link()
        results = []
        for turn in range(25):
            forms = [f"{turn}-{number // 4}" for number in range(40)]
            results += at_once(*[lambda form=form: send(token, form) for form in forms])
        assert not [result for result in results if isinstance(result, BaseException)]
        assert Counter(result is None for result in results) == {True: 996, False: 4}
        assert Feedback.objects.count() == Respondent.objects.count() == 1

    def test_answering_and_declining_close_the_link_once(self):
        """Nobody is told that they declined whose answers were stored a moment before."""
        for number in range(6):
            token = open_link(email=f"party{number}@example.org")
            answers, refuses = partial(send, token), partial(decline, token=token)
            results = at_once(*[answers] * 5, *[refuses] * 5)
            stored = Feedback.objects.all().delete()[0] > 0
            assert results[5:].count(True) + stored == 1
        assert not FeedbackRequest.objects.filter(link_state=LinkState.OPEN).exists()

    def test_many_parties_of_one_mediator_share_one_notice(self):
        mediator = make_mediator()
        tokens = [open_link(mediator, email=f"party{number}@example.org") for number in range(15)]
        results = at_once(*[lambda token=token: send(token) for token in tokens])
        assert all(isinstance(result, Thanks) for result in results), results
        assert Feedback.objects.count() == NoticeName.objects.count() == 15
        assert Notice.objects.count() == 1

    def test_the_mediators_account_does_not_stand_still_meanwhile(self):
        """Rows that name the mediator, in any table, can be made while an answer is being stored."""
        mediator = make_mediator()
        token = open_link(mediator)
        with transaction.atomic():
            send(token)
            [piece] = at_once(lambda: make_piece(mediator))
        assert isinstance(piece, Feedback)


# --- Nothing joins request and piece ----------------------------------------------------------------


def table_of(model: type[models.Model]) -> str:
    return model._meta.db_table


ABOUT_ANSWERS = [Feedback, Respondent, Notice, NoticeName, FeedbackNote, FeedbackReport]
ABOUT_REQUESTS = [FeedbackRequest, PendingFeedback]


@pytest.mark.django_db
class TestTheSchema:
    def references(self) -> set[tuple[str, str]]:
        """(from, to) for each foreign key of the database."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
            )
            return set(cursor.fetchall())

    def reachable(self, start: str) -> set[str]:
        """Every table that foreign keys lead to from `start`, in their direction and against it, but not through
        the tables of people: everything about one mediator meets there."""
        people = table_of(User)
        both = self.references()
        both |= {(to, start) for start, to in both}
        found, left = set(), [start]
        while left:
            here = left.pop()
            if here not in found:
                found.add(here)
                left += [] if here == people else [to for begin, to in both if begin == here]
        return found

    def test_no_key_leads_from_a_request_to_an_answer(self):
        assert self.reachable(table_of(FeedbackRequest)) & set(map(table_of, ABOUT_ANSWERS)) == set()
        assert self.reachable(table_of(Feedback)) & set(map(table_of, ABOUT_REQUESTS)) == set()
        assert table_of(Respondent) in self.reachable(table_of(Feedback))  # it would be seen

    def test_tables_of_answers_hold_no_times_but_these(self):
        times = {
            f"{model.__name__}.{field.name}"
            for model in ABOUT_ANSWERS
            for field in model._meta.get_fields()
            if isinstance(field, models.DateField | models.TimeField | models.DurationField)
        }
        assert times == {
            "Feedback.release_on",
            "Notice.release_on",
            "Respondent.erase_on",
            "FeedbackReport.created_at",
        }

    def test_no_table_was_forgotten_here(self):
        known = {*ABOUT_ANSWERS, *ABOUT_REQUESTS}
        assert {model.__name__ for model in apps.get_app_config("feedback").get_models()} == {
            model.__name__ for model in known
        } | {"Suppression"}

    def values(self, rows: models.QuerySet) -> set[str]:
        return {
            bytes(value).hex() if isinstance(value, memoryview | bytes) else str(value)
            for row in rows.values_list()
            for value in row
            if value not in (None, "", True, False)
        }

    def test_the_rows_of_a_request_and_its_answer_share_no_value(self):
        """But the mediator, and what is the same for thousands: language, and the day of the slot."""
        mediator = make_mediator()
        send(open_link(mediator, ended_on=date(2025, 12, 30)))
        asked = self.values(FeedbackRequest.objects.all())
        said = self.values(Feedback.objects.all())
        typed = self.values(Respondent.objects.all())
        assert len(asked) > 10 and len(said) > 7 and len(typed) == 5
        assert asked & said == {str(mediator.pk), "en"}
        assert asked & typed == set()
        assert said & typed == {str(Feedback.objects.get().pk)}

    def test_nor_does_the_outbox(self):
        mediator = make_mediator()
        row = make_request(mediator, remind=True)
        send(contact_of(row).token)
        with time_machine.travel(clock.now() + timedelta(days=1, hours=1), tick=False):
            release_feedback()
        ids = set(OutboxMessage.objects.values_list("object_id", flat=True))
        assert row.pk in ids
        assert ids & {Feedback.objects.get().pk, Respondent.objects.get().pk} == set()


@pytest.mark.django_db
def test_no_table_ever_holds_what_was_typed_about_oneself_the_token_or_the_code(settings):
    row = make_request(make_mediator(), name=NAME, email=ADDRESS, reference=REFERENCE)
    token = contact_of(row).token
    answers = ANSWERS._replace(respondent_name=NAME, respondent_email=ADDRESS)
    code = send(token, "form-key-canary", answers).code
    words = [NAME, ADDRESS, REFERENCE, token, code, spelled(code), "form-key-canary", "Kanarie"]
    assert found_in(all_tables(), words) == set()
    assert found_in(all_tables(), ["The long walk"])  # what is meant to be read is found
    general = answers._replace(helpful="Kanarie said so")
    keep(make_mediator(), general)
    assert found_in(all_tables(), [*words, "Kanarie said so", "The long walk"]) == {
        ("public.feedback_feedback", "The long walk")
    }
    assert Respondent.objects.get().name == NAME
    withdraw(code=code)
    assert found_in(all_tables(), [*words, "The long walk"]) == set()


# --- Taking back ------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestTheCode:
    @pytest.mark.parametrize("typed", [str.lower, spelled, lambda code: f"  {spelled(code)}\n"])
    def test_is_understood_as_people_type_it(self, typed):
        code = send(open_link()).code
        assert withdraw(code=typed(code)) is True

    def test_takes_back_all_that_hangs_on_the_piece(self):
        mediator = make_mediator()
        token = open_link(mediator)
        code = send(token).code
        piece = Feedback.objects.get()
        Feedback.objects.update(release_on=None)
        save_note(piece=piece, note="Think about it", by=mediator)
        report_piece(piece=piece, reason="Wrong mediator", by=mediator)
        assert withdraw(code=code) is True
        left = [model.__name__ for model in ABOUT_ANSWERS if model.objects.exists()]
        assert left == ["Notice"]
        assert withdraw(code=code) is False
        assert send(token) is None  # and it does not come back with a second press

    def test_stops_sharing_at_once_and_for_good(self):
        mediator = make_mediator()
        code = send(open_link(mediator)).code
        Feedback.objects.update(release_on=None)
        assert Feedback.objects.visible_to(mediator).count() == 1
        assert stop_sharing(code=code) is True
        assert Feedback.objects.visible_to(mediator).count() == 0
        assert stop_sharing(code=code) is True
        assert Feedback.objects.count() == 1

    @pytest.mark.parametrize("wrong", ["", "A" * 20, "ß", "\0", "ÀÉ", "' OR 1=1"])
    def test_that_is_wrong_does_nothing(self, wrong):
        send(open_link())
        assert withdraw(code=wrong) is False
        assert stop_sharing(code=wrong) is False
        assert Feedback.objects.get().shared

    def test_is_of_one_link_and_one_form(self):
        codes = {code_for(token, form) for token in ("a", "b") for form in ("", "a", "b")}
        assert len(codes) == 6
        assert {len(code) for code in codes} == {20}

    def test_admins_withdraw_with_a_reason(self):
        send(open_link())
        withdraw_piece(piece=Feedback.objects.get(), by=make_admin(), reason="About somebody else")
        assert not Feedback.objects.exists() and not Respondent.objects.exists()


@pytest.mark.django_db
def test_whoever_wants_to_be_asked_again_leaves_the_list_once_under_any_name():
    stop_asking(hashed=address_hash("ann.bee@gmail.com"))
    stop_asking(hashed=address_hash("quinn@example.org"))
    assert ask_again(address="rosa@example.org") is False
    assert is_to_be_left_alone("AnnBee+x@googlemail.com") is True
    assert ask_again(address="annbee@googlemail.com") is True
    assert ask_again(address="annbee@googlemail.com") is False
    assert (is_to_be_left_alone("ann.bee@gmail.com"), is_to_be_left_alone("quinn@example.org")) == (
        False,
        True,
    )


# --- How long what they typed is kept ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "months", "day"),
    [
        ("2027-01-01T00:00", 24, date(2029, 2, 1)), ("2027-01-31T23:59", 24, date(2029, 2, 1)),
        ("2027-02-01T00:00", 24, date(2029, 3, 1)), ("2027-11-30T12:00", 24, date(2029, 12, 1)),
        ("2027-12-01T00:00", 24, date(2030, 1, 1)), ("2027-12-31T23:59", 24, date(2030, 1, 1)),
        ("2028-02-29T12:00", 24, date(2030, 3, 1)), ("2027-05-05T05:05", 0, date(2027, 6, 1)),
        ("2027-12-05T05:05", 1, date(2028, 2, 1)), ("2027-06-15T00:00", 7, date(2028, 2, 1)),
    ],
)  # fmt: skip
def test_the_first_of_the_month_after_so_many_months(moment: str, months: int, day: date):
    assert first_of_month_after(datetime.fromisoformat(moment).replace(tzinfo=UTC), months) == day


@pytest.mark.django_db
def test_what_they_typed_about_themselves_goes_on_its_day():
    send(open_link())
    day = Respondent.objects.get().erase_on
    assert day.day == 1
    midnight = datetime.combine(day, time(), UTC)
    with time_machine.travel(midnight - timedelta(seconds=1), tick=False):
        forget_respondents()
    assert Respondent.objects.exists()
    with time_machine.travel(midnight, tick=False):
        forget_respondents()
    assert not Respondent.objects.exists()
    assert Feedback.objects.get().helpful == "The long walk"


@pytest.mark.django_db
def test_who_types_nothing_about_themselves_leaves_no_row():
    send(open_link(), answers=ANSWERS._replace(respondent_name="", respondent_email=""))
    assert not Respondent.objects.exists() and not NoticeName.objects.exists()


# --- The general survey -----------------------------------------------------------------------------


def keep(mediator: User, answers: Answers = ANSWERS, form_key: str = "form") -> str:
    """What somebody sent through the general link waits; the token of the mail that it waits for."""
    keep_until_confirmed(
        mediator=mediator,
        acted_as=ActedAs.ADVOCATE,
        year=2024,
        answers=answers,
        language="en",
        form_key=form_key,
    )
    return read_pending(PendingFeedback.objects.filter(mediator=mediator).latest("unreadable_at"))["token"]


@pytest.mark.django_db
class TestTheGeneralSurvey:
    def test_waits_sealed_until_it_is_confirmed(self):
        mediator = make_mediator()
        token = keep(mediator)
        assert found_in(all_tables(), [token, "The long walk", "Ada Typist", "ada.typist"]) == set()
        assert not Feedback.objects.exists()
        assert find_pending(token).mediator == mediator
        thanks = confirm(token=token)
        piece = Feedback.objects.get()
        assert (piece.mediator, piece.year, piece.survey) == (mediator, 2024, "advocate-1")
        assert (piece.invited, piece.helpful, piece.ratings) == (False, "The long walk", ANSWERS.ratings)
        assert thanks.code and Respondent.objects.get().email == "ada.typist@example.org"
        assert not PendingFeedback.objects.exists()

    def test_confirming_again_is_the_same_and_withdrawing_is_final(self):
        token = keep(make_mediator())
        thanks = confirm(token=token)
        assert confirm(token=token) == thanks
        assert Feedback.objects.count() == 1
        assert withdraw(code=thanks.code)
        assert confirm(token=token) is None

    def test_the_same_form_again_replaces_what_waits_and_sends_one_mail(self):
        mediator = make_mediator()
        token = keep(mediator)
        assert keep(mediator, ANSWERS._replace(helpful="The short walk")) == token
        assert OutboxMessage.objects.count() == PendingFeedback.objects.count() == 1
        confirm(token=token)
        assert Feedback.objects.get().helpful == "The short walk"
        keep_until_confirmed(
            mediator=mediator,
            acted_as=ActedAs.ADVOCATE,
            year=2024,
            answers=ANSWERS,
            language="en",
            form_key="form",
        )
        assert not PendingFeedback.objects.exists() and Feedback.objects.count() == 1

    def test_finds_what_waits_with_the_mediator_in_one_question(self, django_assert_num_queries):
        mediator = make_mediator()
        keep(make_mediator())
        token = keep(mediator)
        row = PendingFeedback.objects.get(mediator=mediator)
        with django_assert_num_queries(1):
            found = find_pending(token)
            assert (found, found.mediator) == (row, mediator)
        with time_machine.travel(row.unreadable_at - timedelta(seconds=1), tick=False):
            assert find_pending(token) == row
        with time_machine.travel(row.unreadable_at, tick=False):
            assert find_pending(token) is None
        User.objects.filter(pk=mediator.pk).update(is_active=False)
        assert find_pending(token) is None

    def test_a_form_without_a_key_is_a_new_one_each_time(self):
        mediator = make_mediator()
        keep(mediator, form_key="")
        keep(mediator, form_key="")
        tokens = {read_pending(row)["token"] for row in PendingFeedback.objects.all()}
        assert len(tokens) == PendingFeedback.objects.count() == OutboxMessage.objects.count() == 2
        assert all(confirm(token=token) for token in tokens)
        assert Feedback.objects.count() == 2

    @pytest.mark.parametrize("end", ["time", "key lost", "closed account", "unknown"])
    def test_that_can_no_longer_be_confirmed_is_nothing(self, end):
        mediator = make_mediator()
        token = keep(mediator)
        later = clock.now()
        if end == "time":
            later = PendingFeedback.objects.get().unreadable_at
        elif end == "key lost":
            with redis.Redis.from_url(our_settings.KEYS_REDIS_URL) as client:
                client.flushdb()
        elif end == "closed account":
            User.objects.filter(pk=mediator.pk).update(is_active=False)
        else:
            token = "A" * 32
        with time_machine.travel(later, tick=False):
            assert confirm(token=token) is None
            forget_contacts()
        assert not Feedback.objects.exists()
        assert PendingFeedback.objects.exists() == (end in {"closed account", "unknown"})

    def test_without_redis_nothing_is_stored_and_nothing_is_lost(self, settings):
        mediator = make_mediator()
        token = keep(mediator)
        address = settings.KEYS_REDIS_URL
        settings.KEYS_REDIS_URL = "redis://127.0.0.1:1/0"
        with pytest.raises(VaultClosed):
            keep_until_confirmed(
                mediator=mediator, acted_as=ActedAs.MEDIATOR, year=2024, answers=ANSWERS, language="en", form_key="2"
            )  # fmt: skip
        with pytest.raises(VaultClosed):
            confirm(token=token)
        assert PendingFeedback.objects.count() == OutboxMessage.objects.count() == 1
        settings.KEYS_REDIS_URL = address
        assert confirm(token=token) is not None

    @pytest.mark.parametrize("whose", ["left alone", "the mediator's own"])
    def test_some_addresses_get_no_mail_and_nothing_tells(self, whose, server):
        mediator = make_mediator(email="ann.bee@gmail.com")
        if whose == "left alone":
            stop_asking(hashed=address_hash("ada@gmail.com"))
        address = {"left alone": "a.da+x@googlemail.com", "the mediator's own": "annbee@googlemail.com"}[
            whose
        ]
        keep(mediator, ANSWERS._replace(respondent_email=address))
        deliver_due()
        assert server.texts == []
        assert OutboxMessage.objects.get().state == OutboxState.DROPPED


@pytest.mark.django_db(transaction=True)
class TestTheGeneralSurveyAtTheSameMoment:
    def test_ten_presses_of_send_are_one(self):
        mediator = make_mediator()
        arguments = {"acted_as": ActedAs.MEDIATOR, "year": 2024, "language": "en", "form_key": "form"}
        results = at_once(
            *[lambda: keep_until_confirmed(mediator=mediator, answers=ANSWERS, **arguments)] * 10
        )
        assert results == [None] * 10
        assert PendingFeedback.objects.count() == OutboxMessage.objects.count() == 1

    def test_ten_presses_of_confirm_are_one(self):
        token = keep(make_mediator())
        results = at_once(*[lambda: confirm(token=token)] * 10)
        assert len(set(results)) == 1 and isinstance(results[0], Thanks)
        assert Feedback.objects.count() == 1
