"""A piece of feedback in words: the questions as they were asked, and the answers as they were chosen."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.choices import ActedAs, Outcome, PartyRole, UseAgain, YesNo
from feedback.models import Feedback
from feedback.querysets import TEXTS
from feedback.surveys import SCALES, SURVEYS

ABOUT = {ActedAs.MEDIATOR: _("As mediator"), ActedAs.ADVOCATE: _("As mediation advocate")}
SKIPPED = _("Not answered")


class Answer(NamedTuple):
    question: Promise
    answer: str  # empty: skipped


class Part(NamedTuple):
    title: Promise
    answers: list[Answer]


def about(piece: Feedback) -> Promise:
    """Whom the piece is about: the mediator's work as such, or as an advocate."""
    return ABOUT[SURVEYS[piece.survey].acted_as]


def parts(piece: Feedback) -> list[Part]:
    """Every question but those for texts of their own, with its answer, in the survey's parts."""
    survey = SURVEYS[piece.survey]
    found = [
        Part(
            part.title,
            [Answer(each.text, rating(each.scale, piece.ratings.get(each.key))) for each in part.questions],
        )
        for part in survey.parts
    ]
    about_result = [
        Answer(survey.others["use_again"], word(UseAgain, piece.use_again)),
        Answer(survey.others["outcome"], word(Outcome, piece.outcome)),
        Answer(survey.others["outcome_satisfied"], rating("satisfaction", piece.outcome_satisfied)),
    ]
    return [*found, Part(_("How it ended"), about_result)]


def texts(piece: Feedback) -> list[Answer]:
    """What the party wrote: the question, and their words as they typed them. Empty ones are left out."""
    others = SURVEYS[piece.survey].others
    return [Answer(others[name], getattr(piece, name)) for name in TEXTS if getattr(piece, name)]


def may_quote(piece: Feedback) -> Answer:
    return Answer(SURVEYS[piece.survey].others["may_quote"], word(YesNo, piece.may_quote))


def party_role(piece: Feedback) -> Answer:
    return Answer(SURVEYS[piece.survey].others["party_role"], word(PartyRole, piece.party_role))


def rating(scale: str, given: int | str | None) -> str:
    """A rating with its number: “Agree (4)”."""
    if not given:
        return ""
    label = str(dict(SCALES[scale])[str(given)])
    return f"{label} ({given})" if str(given).isdecimal() else label


def word(choices, value: str) -> str:
    return str(choices(value).label) if value else ""
