"""The numbers of My Feedback: each against an account made by hand."""

from decimal import Decimal

import pytest

from accounts.tests.factories import make_mediator
from feedback.models import Feedback
from feedback.summaries import QuestionSummary, SurveySummary, summaries_of
from feedback.surveys import ADVOCATE_1, MEDIATOR_1
from feedback.tests.factories import make_piece

pytestmark = pytest.mark.django_db


def of(*ratings: dict, survey: str = "mediator-1", **fields) -> SurveySummary:
    amina = make_mediator()
    for each in ratings:
        make_piece(amina, ratings=each, survey=survey, **fields)
    (summary,) = summaries_of(Feedback.objects.visible_to(amina))
    return summary


def question(summary: SurveySummary, key: str) -> QuestionSummary:
    return next(each for _title, part in summary.parts for each in part if each.key == key)


def counts(summary: QuestionSummary) -> list[int]:
    return [number for _words, number in summary.counts]


@pytest.mark.parametrize(
    ("given", "average"),
    [
        ([5], "5.0"),
        ([1, 2], "1.5"),
        ([5, 4, 4], "4.3"),
        ([5, 5, 4], "4.7"),
        ([4, 4, 4, 5], "4.3"),  # 4.25: halves go up
        ([3, 3, 3, 4, 3, 3, 3, 4, 3, 4, 3, 3, 3, 4, 3, 3, 3, 3, 3, 4], "3.3"),  # 3.25, too
        (["na", 4, "na"], "4.0"),
    ],
)
def test_averages_have_one_decimal(given: list, average: str) -> None:
    found = question(of(*({"clear": each} for each in given)), "clear")
    assert found.average == Decimal(average)
    assert found.number == len([each for each in given if each != "na"])


def test_what_was_not_said_does_not_count() -> None:
    summary = of({"clear": 5}, {"clear": "na"}, {}, {"voice": 1})
    clear = question(summary, "clear")
    assert (clear.average, clear.number) == (Decimal("5.0"), 1)
    assert counts(clear) == [1, 0, 0, 0, 0, 1]
    assert [str(words) for words, _number in clear.counts] == [
        "Agree fully", "Agree", "Partly", "Disagree", "Disagree fully", "Cannot say",
    ]  # fmt: skip
    safe = question(summary, "safe")
    assert (safe.average, safe.number, counts(safe)) == (None, 0, [0] * 6)
    assert question(of({"clear": "na"}), "clear").average is None


def test_a_reversed_question_is_turned_in_the_average_alone() -> None:
    pressed = question(of({"pressed": 1}, {"pressed": 2}, {"pressed": "na"}), "pressed")
    assert pressed.is_reversed
    assert (pressed.average, pressed.number) == (Decimal("4.5"), 2)
    assert counts(pressed) == [0, 0, 0, 1, 1, 1]
    blocked = question(of({"blocked": 5}, survey="advocate-1"), "blocked")
    assert (blocked.is_reversed, blocked.average) == (True, Decimal("1.0"))


def test_every_question_of_the_survey_is_there_once() -> None:
    for survey in (MEDIATOR_1, ADVOCATE_1):
        summary = of({}, survey=survey.name)
        keys = [each.key for _title, part in summary.parts for each in part]
        assert keys == [each.key for each in survey.questions]
        assert [title for title, _part in summary.parts] == [part.title for part in survey.parts]
        reversed_ones = {each.key for _title, part in summary.parts for each in part if each.is_reversed}
        assert reversed_ones == {each.key for each in survey.questions if each.is_reversed}


def test_the_result_and_whether_they_would_come_again() -> None:
    amina = make_mediator()
    make_piece(amina, use_again="yes", outcome="full", outcome_satisfied="5")
    make_piece(amina, use_again="yes", outcome="none", outcome_satisfied="2")
    make_piece(amina, use_again="no", outcome_satisfied="na")
    make_piece(amina)
    (summary,) = summaries_of(Feedback.objects.visible_to(amina))
    assert (summary.satisfied.average, summary.satisfied.number) == (Decimal("3.5"), 2)
    assert counts(summary.satisfied) == [1, 0, 0, 1, 0, 1]
    use_again, outcome = summary.choices
    assert (counts(use_again), use_again.number, use_again.average) == ([2, 0, 1], 3, None)
    assert (counts(outcome), outcome.number) == ([1, 0, 1, 0], 2)


def test_mediator_and_advocate_are_kept_apart_and_only_what_is_visible_counts() -> None:
    amina, ben = make_mediator(), make_mediator()
    make_piece(amina, ratings={"respect": 5})
    make_piece(amina, ratings={"respect": 1}, survey="advocate-1")
    make_piece(amina, ratings={"respect": 1}, shared=False)
    make_piece(amina, ratings={"respect": 1}, release_on="2030-01-01")
    make_piece(ben, ratings={"respect": 1})
    as_mediator, as_advocate = summaries_of(Feedback.objects.visible_to(amina))
    assert (as_mediator.survey, as_mediator.number) == (MEDIATOR_1, 1)
    assert (as_advocate.survey, as_advocate.number) == (ADVOCATE_1, 1)
    assert question(as_mediator, "respect").average == Decimal("5.0")
    assert question(as_advocate, "respect").average == Decimal("1.0")
    assert summaries_of(Feedback.objects.none()) == []


def test_one_query_whatever_there_is(django_assert_num_queries) -> None:
    amina = make_mediator()
    for _number in range(20):
        make_piece(amina)
    with django_assert_num_queries(1):
        summaries_of(Feedback.objects.visible_to(amina))
