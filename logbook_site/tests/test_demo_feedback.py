"""The feedback of the demo: as much as promised, believable, kept by the site's own rules, and no mail."""

from collections import Counter
from time import process_time

import pytest
from django.core import mail
from django.db import connection

from accounts.models import OutboxMessage, User
from accounts.tests.factories import signed_in
from feedback.models import (
    Feedback,
    FeedbackNote,
    FeedbackReport,
    FeedbackRequest,
    Notice,
    Respondent,
)
from feedback.services import forgetting, release
from feedback.services.contacts import contact_of
from feedback.summaries import sending_of, summaries_of
from feedback.surveys import SURVEYS
from logbook_site.demo.feedback import YOUNG, fill_feedback
from logbook_site.demo.load import load_demo
from logbook_site.foundation import clock
from logbook_site.foundation.languages import language_name

pytestmark = pytest.mark.django_db
LEFT_OUT = {"id", "mediator", "code_hash"}
FACTS = [field.name for field in Feedback._meta.fields if field.name not in LEFT_OUT]


@pytest.fixture
def people() -> dict[str, User]:
    assert load_demo()
    return {person.email.partition("@")[0]: person for person in User.objects.all()}


def facts() -> list[str]:
    return sorted(str(values) for values in Feedback.objects.values_list(*FACTS))


def test_how_many_each_of_them_has(people) -> None:
    rows = Counter(Feedback.objects.values_list("mediator__name", "shared", "survey"))
    assert rows == {
        ("Amina Okafor", True, "mediator-1"): 19,
        ("Amina Okafor", False, "mediator-1"): 11,
        ("Amina Okafor", True, "advocate-1"): 3,
        ("Amina Okafor", False, "advocate-1"): 1,
        ("Ben Aldous", True, "mediator-1"): 5,
        ("Ben Aldous", False, "mediator-1"): 4,
    }
    assert not Feedback.objects.filter(release_on__isnull=False).exists()


def test_the_ratings_are_those_of_a_good_mediator_with_some_bad_days(people) -> None:
    summaries = summaries_of(Feedback.objects.visible_to(people["amina"]))
    averages = [
        question.average for summary in summaries for _title, part in summary.parts for question in part
    ]
    assert all(3.3 < average < 4.9 for average in averages)
    assert len(set(averages)) > 4
    for piece in Feedback.objects.all():
        keys = {question.key for question in SURVEYS[piece.survey].questions}
        assert set(piece.ratings) <= keys
        assert set(piece.ratings.values()) <= {1, 2, 3, 4, 5, "na"}
        assert language_name(piece.language) != piece.language
        assert 0 <= clock.today().year - piece.year <= 2
        piece.full_clean(exclude=["party_role", "helpful"])
    given = [rating for piece in Feedback.objects.all() for rating in piece.ratings.values()]
    assert set(given) == {1, 2, 3, 4, 5, "na"}


def test_some_wrote_nothing_some_were_not_invited_some_said_who_they_are(people) -> None:
    pieces = Feedback.objects.all()
    assert sum(not (piece.helpful or piece.better or piece.quote) for piece in pieces) >= 4
    assert pieces.filter(invited=False).count() == 3
    assert {"en", "fr", "es"} == {piece.language for piece in pieces}
    respondents = Respondent.objects.all()
    assert 5 <= len(respondents) <= 12
    assert all(each.name and each.email.endswith("@example.org") for each in respondents)
    forgetting.forget_respondents()
    assert Respondent.objects.count() == len(respondents), "what should be gone by now was loaded"


def test_one_note_and_one_report(people) -> None:
    note, report = FeedbackNote.objects.get(), FeedbackReport.objects.get()
    assert note.feedback.shared
    assert note.note.startswith("Say at the beginning")
    assert (report.state, report.feedback.shared) == ("open", True)
    page = signed_in(people["amina"]).get(f"/feedback/{report.feedback_id}/").text
    assert "You reported this piece." in page


def test_requests_of_two_years_and_three_of_today(people) -> None:
    numbers = Counter(FeedbackRequest.objects.values_list("mediator__name", flat=True))
    assert numbers == {"Amina Okafor": 43, "Ben Aldous": 12}
    readable = FeedbackRequest.objects.filter(sealed__isnull=False)
    contacts = {contact_of(request)._replace(token="") for request in readable}
    assert contacts == {contact for contact, _state in YOUNG}
    assert len({request.batch for request in readable}) == 1
    assert Counter(sending_of(readable).values()) == {"sent": 2, "failed": 1}
    for request in FeedbackRequest.objects.all():
        assert bool(request.token_hash) == (request.link_ends_at > clock.now())
        assert request.unreadable_at <= request.created_at + clock.hours(120)
        assert request.ended_on <= request.created_at.date()
    assert (clock.now() - min(row.created_at for row in FeedbackRequest.objects.all())).days > 400


def test_nothing_is_mailed_and_nobody_waits_for_a_notice(people) -> None:
    release.release_feedback()
    forgetting.forget_contacts()
    assert mail.outbox == []
    assert not Notice.objects.exists()
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {"sent", "failed"}
    assert FeedbackRequest.objects.filter(sealed__isnull=False).count() == len(YOUNG)


def test_names_are_sealed(people) -> None:
    with connection.cursor() as cursor:
        for table in ("feedback_respondent", "feedback_feedbackrequest", "feedback_feedbacknote"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            rows = "\n".join(row[0] for row in cursor)
            for name in ("Grace Wanjiru", "Wambui", "Say at the beginning"):
                assert name not in rows
                assert name.encode().hex() not in rows


def test_the_same_twice_on_the_same_day_with_little_work(people) -> None:
    once = facts()
    for model in (Feedback, FeedbackRequest, OutboxMessage):
        model.objects.all().delete()
    began = process_time()
    fill_feedback(people)
    assert process_time() - began < 1
    assert facts() == once


def test_pages_of_a_new_mediator_are_empty(people) -> None:
    page = signed_in(people["chloe"]).get("/feedback/").text
    assert "Nothing to read here yet" in page
    assert "22 pieces" in signed_in(people["amina"]).get("/feedback/").text
