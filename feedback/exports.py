"""A download of My Feedback: one row a piece, without anything that tells who wrote it, or when."""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from feedback import facts
from feedback.choices import Outcome, UseAgain
from feedback.models import Feedback
from feedback.querysets import FeedbackQuerySet
from feedback.surveys import NOT_APPLICABLE, OTHER_QUESTIONS, SCALES, SURVEYS, Survey

CHUNK = 500


def headings(surveys: list[Survey]) -> list[str | Promise]:
    """The questions as they were asked; of the ratings those of `surveys`, one after the other."""
    others = OTHER_QUESTIONS
    ratings = [question.text for survey in surveys for question in survey.questions]
    return [
        _("Survey"), _("Role of the party"), *ratings, _("Would work with you again"), others["outcome"],
        others["outcome_satisfied"], others["helpful"], others["better"], others["quote"], _("May be quoted"),
    ]  # fmt: skip


def surveys_in(pieces: FeedbackQuerySet) -> list[Survey]:
    """Those that at least one of the pieces answers; without any, the first."""
    names = set(pieces.order_by().values_list("survey", flat=True).distinct())
    return [survey for name, survey in SURVEYS.items() if name in names] or [next(iter(SURVEYS.values()))]


def rows(pieces: FeedbackQuerySet, surveys: list[Survey]) -> Iterator[list]:
    """In the order of `pieces`."""
    for piece in pieces.iterator(chunk_size=CHUNK):
        yield row(piece, surveys)


def row(piece: Feedback, surveys: list[Survey]) -> list:
    """Ratings are numbers; a question that was skipped, or is not asked, is empty."""
    ratings = [
        _number(piece.ratings.get(question.key)) if survey.name == piece.survey else ""
        for survey in surveys
        for question in survey.questions
    ]
    return [
        str(facts.about(piece)),
        facts.party_role(piece).answer,
        *ratings,
        facts.word(UseAgain, piece.use_again),
        facts.word(Outcome, piece.outcome),
        _number(piece.outcome_satisfied),
        piece.helpful,
        piece.better,
        piece.quote,
        facts.may_quote(piece).answer,
    ]


def _number(given: int | str | None) -> int | str:
    if given == NOT_APPLICABLE:
        return str(dict(SCALES["agreement"])[NOT_APPLICABLE])
    return int(given) if given else ""
