"""What becomes of each answer of a survey, and of what somebody says about themselves, once it is stored."""

from datetime import time

import pytest

from accounts.models import OutboxMessage
from accounts.tests.factories import make_mediator
from feedback.choices import ActedAs
from feedback.models import Feedback, Notice, NoticeName, Respondent
from feedback.services.answers import Answers, Thanks, first_of_month_after, send_answers
from feedback.services.contacts import contact_of
from feedback.services.release import NOTICE, next_slot
from feedback.services.secrets import hash_of
from feedback.tests.factories import make_request
from logbook_site.foundation import clock

pytestmark = pytest.mark.django_db
SAID = {
    "shared": False, "ratings": {"clear": 1, "safe": 3}, "party_role": "adviser", "use_again": "no",
    "outcome": "none", "outcome_satisfied": "2", "helpful": "Time", "better": "Breaks", "quote": "Heard.",
    "may_quote": "no",
}  # fmt: skip


@pytest.fixture(autouse=True)
def slots(settings) -> None:
    settings.FEEDBACK_RELEASE_AT = time(6)


def send(**more) -> Thanks:
    row = make_request(make_mediator(), acted_as=ActedAs.ADVOCATE)
    answers = Answers(**SAID | more)
    return send_answers(token=contact_of(row).token, form_key="form", answers=answers, language="de")


def test_every_answer_is_there() -> None:
    thanks = send()
    piece = Feedback.objects.get()
    assert {name: getattr(piece, name) for name in SAID} == SAID
    assert (piece.survey, piece.language) == ("advocate-1", "de")
    assert (piece.release_on, piece.code_hash) == (next_slot(clock.now()), hash_of(thanks.code))
    assert (thanks.shared, thanks.unsafe) == (False, False)
    assert not Respondent.objects.exists() and not NoticeName.objects.exists()


@pytest.mark.parametrize("gives", ["respondent_name", "respondent_email"])
def test_one_detail_about_oneself_is_enough_for_a_row(gives: str, settings) -> None:
    settings.RESPONDENT_KEPT_MONTHS = 7
    send(name_in_notice=True, **{gives: "x"})
    row, piece = Respondent.objects.get(), Feedback.objects.get()
    assert {"respondent_name": row.name, "respondent_email": row.email} == {
        "respondent_name": "",
        "respondent_email": "",
        gives: "x",
    }
    assert (row.feedback, row.erase_on) == (piece, first_of_month_after(clock.now(), 7))
    names = [(one.name, one.feedback, one.notice) for one in NoticeName.objects.all()]
    assert names == ([("x", piece, Notice.objects.get())] if gives == "respondent_name" else [])


def test_a_name_that_shall_not_be_told_is_not_copied() -> None:
    send(respondent_name="x")
    assert Respondent.objects.get().name == "x"
    assert not NoticeName.objects.exists()


def test_without_slots_nothing_waits(settings) -> None:
    settings.FEEDBACK_RELEASE_AT = None
    send()
    assert Feedback.objects.get().release_on is None
    assert OutboxMessage.objects.filter(message=NOTICE, object_id=Notice.objects.get().pk).count() == 1
