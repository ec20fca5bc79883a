"""The questions that parties are asked, as data: one survey about mediators, one about mediation advocates.

A survey is known by its name, which ends in its version. Answers keep the name: a survey that has answers is
never changed in its meaning, a new version is put beside it. IMI's own form is not public; what is asked, and
why, follows what is known from research and from forms in use (sources below). The words are our own.

- Being heard for its own sake, respect, and a fair process are what people mean by procedural justice (RSI,
  https://blog.aboutrsi.org/tag/court-programs/page/2): `voice`, `understood`, `respect`, `even_handed`.
- Ratings by participants tell mediators apart and do not merely mirror the result (Wissler & Rack 2004,
  https://repository.law.asu.edu/Publication.aspx?pubid=6740): one rating for each skill; the result, and how
  satisfied people are with it, is asked after them and kept apart.
- What lawyers and parties in commercial cases value: preparation, a process that fits, persistence
  (https://www.calmediation.org/2017/08/miscellaneous-mediation-quality.html): `clear`, `prepared`, `options`, `pace`.
- Pressure, asked the other way round, so that nobody answers in one column (the family form of the Illinois
  10th Circuit asks it): `pressed`. Safety (court surveys with reversed questions ask it): `safe`.
"""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.choices import ActedAs

# A rating is 1 to 5, or this: it does not apply, or the person cannot say. Never part of an average.
NOT_APPLICABLE = "na"
LOWEST, HIGHEST = 1, 5
# Below this answer to `safe`, the party is told where help is.
UNSAFE_BELOW = 3


class Question(NamedTuple):
    key: str
    text: Promise
    # A high answer is a bad sign: shown as it was asked, turned round in averages.
    is_reversed: bool = False
    scale: str = "agreement"


class Part(NamedTuple):
    title: Promise
    questions: list[Question]


class Consent(NamedTuple):
    """What the party allows. Without a name: somebody could call themselves "nobody but the Reviewer"."""

    question: Promise
    yes: Promise
    may_know: Promise


class Survey(NamedTuple):
    name: str
    acted_as: ActedAs
    parts: list[Part]

    @property
    def questions(self) -> list[Question]:
        return [question for part in self.parts for question in part.questions]

    @property
    def others(self) -> dict[str, Promise]:
        """{name of the answer: what is asked}, for everything that is not among the ratings."""
        return OTHER_QUESTIONS | {"use_again": USE_AGAIN[self.acted_as]}

    @property
    def consent(self) -> Consent:
        return CONSENT[self.acted_as]


SCALES = {
    "agreement": [
        ("5", _("Agree fully")),
        ("4", _("Agree")),
        ("3", _("Partly")),
        ("2", _("Disagree")),
        ("1", _("Disagree fully")),
        (NOT_APPLICABLE, _("Cannot say")),
    ],
    "quality": [
        ("5", _("Very good")),
        ("4", _("Good")),
        ("3", _("Fair")),
        ("2", _("Poor")),
        ("1", _("Very poor")),
        (NOT_APPLICABLE, _("Cannot say")),
    ],
    "satisfaction": [
        ("5", _("Very satisfied")),
        ("4", _("Satisfied")),
        ("3", _("In between")),
        ("2", _("Not satisfied")),
        ("1", _("Not satisfied at all")),
        (NOT_APPLICABLE, _("Cannot say")),
    ],
}

MEDIATOR_1 = Survey(
    "mediator-1",
    ActedAs.MEDIATOR,
    [
        Part(
            _("Preparing and explaining"),
            [
                Question("clear", _("The process was clear to me.")),
                Question("prepared", _("The mediator was well prepared.")),
                Question("pace", _("The mediator kept the talks moving.")),
            ],
        ),
        Part(
            _("Listening and fairness"),
            [
                Question("voice", _("I could say what mattered to me.")),
                Question("understood", _("The mediator understood my concerns.")),
                Question("respect", _("The mediator treated me with respect.")),
                Question("even_handed", _("The mediator was fair to all sides.")),
                Question("safe", _("I felt safe to speak.")),
                Question(
                    "pressed",
                    _("The mediator pressed me towards a result that I did not want."),
                    is_reversed=True,
                ),
            ],
        ),
        Part(
            _("The result, and overall"),
            [
                Question("options", _("The mediator helped us to find and test ways to agree.")),
                Question(
                    "differences",
                    _(
                        "The mediator dealt well with differences of language or culture, and with meeting online."
                    ),
                ),
                Question("overall", _("Overall, how was the mediator’s work?"), scale="quality"),
            ],
        ),
    ],
)

ADVOCATE_1 = Survey(
    "advocate-1",
    ActedAs.ADVOCATE,
    [
        Part(
            _("Preparing"),
            [
                Question("process", _("The advocate understood how mediation works.")),
                Question("prepared", _("The advocate had prepared the case and the client well.")),
                Question("realistic", _("The advocate was realistic about the alternatives.")),
            ],
        ),
        Part(
            _("Working together"),
            [
                Question("cooperation", _("The advocate worked well with the mediator.")),
                Question("client_voice", _("The advocate let the client speak.")),
                Question("respect", _("The advocate treated everybody with respect.")),
                Question(
                    "blocked",
                    _("The advocate made it harder to find a solution."),
                    is_reversed=True,
                ),
            ],
        ),
        Part(
            _("The result, and overall"),
            [
                Question("negotiation", _("The advocate negotiated with skill.")),
                Question("drafting", _("The advocate helped to put the agreement into words.")),
                Question("overall", _("Overall, how was the advocate’s work?"), scale="quality"),
            ],
        ),
    ],
)

# What is asked beside the ratings; only the first names whom it is about (the form itself says their name).
USE_AGAIN = {
    ActedAs.MEDIATOR: _("Would you work with this mediator again?"),
    ActedAs.ADVOCATE: _("Would you work with this advocate again?"),
}
CONSENT = {
    ActedAs.MEDIATOR: Consent(
        question=_("May the mediator read your answers?"),
        yes=_("Yes, the mediator may read them, without my name"),
        may_know=_("The mediator may know that I answered"),
    ),
    ActedAs.ADVOCATE: Consent(
        question=_("May the advocate read your answers?"),
        yes=_("Yes, the advocate may read them, without my name"),
        may_know=_("The advocate may know that I answered"),
    ),
}
OTHER_QUESTIONS = {
    "party_role": _("How did you take part?"),
    "outcome": _("What was the result?"),
    "outcome_satisfied": _("How satisfied are you with the result?"),
    "helpful": _("What helped?"),
    "better": _("What could have been better?"),
    "quote": _("Words for the Feedback Digest"),
    "may_quote": _("May the Reviewer quote these words there, without your name?"),
}

SURVEYS = {survey.name: survey for survey in (MEDIATOR_1, ADVOCATE_1)}
CURRENT = {ActedAs.MEDIATOR: MEDIATOR_1, ActedAs.ADVOCATE: ADVOCATE_1}
