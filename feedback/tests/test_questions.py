"""The questions, word for word where answers hang on them, and the form that is made of them. Without a database."""

from html import unescape

import pytest
from django.forms import CheckboxInput
from django.utils import translation

from feedback.choices import ActedAs, Outcome, PartyRole, UseAgain, YesNo
from feedback.forms.general import GeneralSurveyForm
from feedback.forms.survey import SurveyForm
from feedback.services.answers import Answers
from feedback.surveys import (
    ADVOCATE_1,
    CURRENT,
    HIGHEST,
    LOWEST,
    MEDIATOR_1,
    NOT_APPLICABLE,
    SCALES,
    SURVEYS,
    UNSAFE_BELOW,
    Survey,
)

NAMES = {
    "mediator-1": [
        ["party_role", "clear", "prepared", "pace"],
        ["voice", "understood", "respect", "even_handed", "safe", "pressed"],
        ["options", "differences", "overall", "use_again", "outcome", "outcome_satisfied"],
    ],
    "advocate-1": [
        ["party_role", "process", "prepared", "realistic"],
        ["cooperation", "client_voice", "respect", "blocked"],
        ["negotiation", "drafting", "overall", "use_again", "outcome", "outcome_satisfied"],
    ],
}
TITLES = {
    "mediator-1": ["Preparing and explaining", "Listening and fairness", "The result, and overall"],
    "advocate-1": ["Preparing", "Working together", "The result, and overall"],
}
LAST = [
    "helpful", "better", "quote", "may_quote", "respondent_name", "respondent_email", "name_in_notice", "share",
]  # fmt: skip
OTHERS = [
    "party_role", "use_again", "outcome", "outcome_satisfied", "helpful", "better", "quote", "may_quote",
]  # fmt: skip
BOTH = pytest.mark.parametrize("survey", [MEDIATOR_1, ADVOCATE_1], ids=lambda survey: survey.name)


def empty(survey: Survey = MEDIATOR_1, mediator: str = "Amina") -> SurveyForm:
    return SurveyForm(survey=survey, mediator=mediator)


def filled(survey: Survey = MEDIATOR_1, **answers: str) -> SurveyForm:
    form = SurveyForm({"share": "yes"} | answers, survey=survey, mediator="Amina")
    form.is_valid()
    return form


# --- What answers hang on --------------------------------------------------------------------------


def test_a_survey_that_has_answers_is_not_changed() -> None:
    assert list(SURVEYS) == ["mediator-1", "advocate-1"]
    assert {name: survey.name for name, survey in SURVEYS.items()} == {name: name for name in SURVEYS}
    others = {*OTHERS, *LAST}
    for survey in SURVEYS.values():
        kept = [[key for key in names if key not in others] for names in NAMES[survey.name]]
        assert [[question.key for question in part.questions] for part in survey.parts] == kept
        assert [question.key for question in survey.questions] == sum(kept, [])
        assert [one.key for one in survey.questions if one.scale != "agreement"] == ["overall"]
        assert [one.scale for one in survey.questions if one.key == "overall"] == ["quality"]
        assert all(str(question.text).endswith((".", "?")) for question in survey.questions)
        assert [str(part.title) for part in survey.parts] == TITLES[survey.name]
    turned = {
        name: [one.key for one in survey.questions if one.is_reversed] for name, survey in SURVEYS.items()
    }
    assert turned == {"mediator-1": ["pressed"], "advocate-1": ["blocked"]}
    assert CURRENT == {ActedAs.MEDIATOR: MEDIATOR_1, ActedAs.ADVOCATE: ADVOCATE_1}
    assert {acted_as: survey.acted_as for acted_as, survey in CURRENT.items()} == {
        one: one for one in ActedAs
    }


def test_a_rating_is_one_to_five_or_does_not_count() -> None:
    assert (LOWEST, HIGHEST, NOT_APPLICABLE, UNSAFE_BELOW) == (1, 5, "na", 3)
    assert list(SCALES) == ["agreement", "quality", "satisfaction"]
    for scale in SCALES.values():
        assert [value for value, _words in scale] == ["5", "4", "3", "2", "1", "na"]


@BOTH
def test_everything_beside_the_ratings_has_its_question(survey: Survey) -> None:
    assert sorted(survey.others) == sorted(OTHERS)
    assert all(map(str, survey.others.values()))
    assert f"this {survey.acted_as} again?" in str(survey.others["use_again"]).replace(" mediation", "")


# --- The empty form --------------------------------------------------------------------------------


@BOTH
def test_the_fields_in_their_parts(survey: Survey) -> None:
    form = empty(survey)
    names = [*NAMES[survey.name], LAST]
    assert [[field.name for field in fields] for _title, fields in form.parts()] == names
    assert list(form.fields) == sum(names, [])
    titles = [*(str(part.title) for part in survey.parts), "In your own words"]
    assert [title for title, _fields in form.parts()] == titles
    assert [name for name, field in form.fields.items() if field.required] == ["share"]


def test_what_can_be_chosen() -> None:
    def values(name: str) -> list:
        return [value for value, _words in form.fields[name].choices]

    form = empty()
    assert values("party_role") == [*PartyRole.values, ""]
    assert values("use_again") == [*UseAgain.values, ""]
    assert values("outcome") == [*Outcome.values, ""]
    assert values("may_quote") == [*YesNo.values, ""]
    assert (
        values("outcome_satisfied") == values("clear") == values("overall") == ["5", "4", "3", "2", "1", "na"]
    )
    words = [form.fields[name].choices[0][1] for name in ("outcome_satisfied", "clear", "overall")]
    assert words == ["Very satisfied", "Agree fully", "Very good"]
    assert form.fields["share"].choices == [
        ("yes", "Yes, the mediator may read them, without my name"), ("no", "No, only the Reviewer"),
    ]  # fmt: skip
    kinds = {
        type(form.fields[name].widget).__name__ for name in ("party_role", "clear", "share", "may_quote")
    }
    assert kinds == {"RadioSelect"}


def test_what_is_asked() -> None:
    form = empty()
    assert {name: form[name].label for name in [*OTHERS, *LAST, "clear"]} == {
        "party_role": "How did you take part?",
        "use_again": "Would you work with Amina again?",
        "outcome": "What was the result?",
        "outcome_satisfied": "How satisfied are you with the result?",
        "helpful": "What helped?",
        "better": "What could have been better?",
        "quote": "Words for the Feedback Digest",
        "may_quote": "May the Reviewer quote these words there, without your name?",
        "respondent_name": "Your name",
        "respondent_email": "Your e-mail address",
        "name_in_notice": "The mediator may know that I answered",
        "share": "May the mediator read your answers?",
        "clear": "The process was clear to me.",
    }
    assert form["quote"].help_text.startswith("The Digest is a public summary")
    assert form["name_in_notice"].help_text.endswith(
        "may then give your name. If you share your answers, too, it can then be seen which are yours."
    )


@pytest.mark.parametrize("survey", CURRENT.values(), ids=CURRENT)
def test_a_mediator_cannot_turn_consent_round_by_their_name(survey: Survey) -> None:
    """Somebody may be called anything, and call themselves something else while a link is open."""
    form = SurveyForm(survey=survey, mediator="Nobody but the Reviewer")
    consent = [
        form["share"].label,
        form["name_in_notice"].label,
        *dict(form.fields["share"].choices).values(),
    ]
    assert not [words for words in consent if "nobody" in str(words).casefold()]
    assert survey.acted_as in str(consent[0])


def test_how_it_is_typed() -> None:
    fields = empty().fields
    assert fields["respondent_name"].max_length == 120
    assert fields["respondent_email"].max_length == 254
    name, address = fields["respondent_name"].widget, fields["respondent_email"].widget
    assert {"autocomplete": "name", "dir": "auto"}.items() <= name.attrs.items()
    assert {"autocomplete": "email", "dir": "ltr"}.items() <= address.attrs.items()
    assert (name.input_type, address.input_type) == ("text", "email")
    assert isinstance(fields["name_in_notice"].widget, CheckboxInput)
    assert [fields[name].max_length for name in ("helpful", "better", "quote")] == [20_000] * 3


@pytest.mark.parametrize(("months", "period"), [(1, "1 month."), (24, "24 months.")])
def test_who_reads_name_and_address_and_how_long_they_are_kept(months: int, period: str, settings) -> None:
    settings.OPERATOR_NAME, settings.RESPONDENT_KEPT_MONTHS = "The House", months
    assert empty()["respondent_name"].help_text == (
        "Only admins of The House may see your name and address, to prevent misuse. "
        f"We erase both after {period}"
    )


@BOTH
def test_questions_that_are_kept_read_as_if_they_were_drawn_anew(survey: Survey, settings) -> None:
    def same(form: SurveyForm) -> None:
        assert form.questions == form.drawn_questions()
        assert form.mediator in unescape(form.questions)

    for mediator in ("Amina", "Ben <b>{0}</b> {name} & Söhne"):
        for language in ("en", "de"):
            with translation.override(language):
                same(empty(survey, mediator))
    same(GeneralSurveyForm(survey=survey, mediator="Amina"))
    settings.OPERATOR_NAME = "Another House"
    same(empty(survey))
    settings.RESPONDENT_DETAILS = "required"
    same(empty(survey))
    same(filled(survey, helpful="Kept words", respondent_email="no address"))
    begun = SurveyForm(survey=survey, mediator="Amina", initial={"helpful": "Begun words"})
    same(begun)
    assert "Begun words" in begun.questions


# --- The filled form -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["party_role", "use_again", "outcome", "outcome_satisfied", "may_quote", "clear", "overall", "share"],
)
def test_only_what_can_be_chosen_is_taken(name: str) -> None:
    assert filled(**{"clear": "4", name: "7"}).errors == {name: ["Choose one of the answers."]}


def test_who_may_read_must_be_chosen() -> None:
    assert filled(clear="4", share="").errors == {"share": ["Choose who may read your answers."]}


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("ann@", "Enter an e-mail address, for example ann@example.org."),
        ('"ann"@example.org', "We cannot send mail to this address. Enter another one."),
    ],
)
def test_an_address_that_is_none(address: str, sentence: str) -> None:
    assert filled(clear="4", respondent_email=address).errors == {"respondent_email": [sentence]}


def test_name_and_address_may_be_required(settings) -> None:
    settings.RESPONDENT_DETAILS = "required"
    name, address = "Enter your name.", "Enter an e-mail address, for example ann@example.org."
    assert filled(clear="4").errors == {"respondent_name": [name], "respondent_email": [address]}
    hidden = filled(clear="4", respondent_name=" \u202e ", respondent_email="ann@example.org")
    assert hidden.errors == {"respondent_name": [name]}
    assert filled(clear="4", respondent_name="Ann", respondent_email="ann@example.org").is_valid()


@BOTH
def test_one_answer_is_needed_and_any_is_enough(survey: Survey) -> None:
    first = survey.questions[0].key
    sentence = "Answer at least one question. You may skip the others."
    for nothing in ({}, {first: "na"}, {"party_role": "party", "may_quote": "yes", "respondent_name": "Ann"}):
        assert filled(survey, **nothing).errors == {first: [sentence]}
    enough = {question.key: "1" for question in survey.questions}
    enough |= {"use_again": "no", "outcome": "open", "outcome_satisfied": "3"}
    enough |= {"helpful": "x", "better": "x", "quote": "x"}
    for name, answer in enough.items():
        assert filled(survey, **{name: answer}).is_valid(), name


def test_what_was_answered() -> None:
    said = {
        "party_role": "adviser", "use_again": "unsure", "outcome": "none", "outcome_satisfied": "2",
        "helpful": "Time", "better": "Breaks", "quote": "Heard.", "may_quote": "no",
        "respondent_email": "ann@example.org",
    }  # fmt: skip
    form = filled(clear="5", safe="na", share="no", respondent_name=" Ann\tBee ", name_in_notice="on", **said)
    assert form.answers() == Answers(
        shared=False,
        ratings={"clear": 5, "safe": "na"},
        respondent_name="Ann Bee",
        name_in_notice=True,
        **said,
    )
    little = filled(clear="1").answers()
    assert little == Answers(shared=True, ratings={"clear": 1})
    assert (little.shared, little.name_in_notice) == (True, False)
    assert filled(clear="1", name_in_notice="false").answers().name_in_notice is True, "a tick is any value"


def test_what_is_read_again_before_it_is_sent() -> None:
    form = filled(
        clear="5",
        safe="na",
        party_role="adviser",
        helpful="Time <b>",
        respondent_name="Ann",
        name_in_notice="on",
    )
    assert form.in_words() == [
        ("May the mediator read your answers?", "Yes, the mediator may read them, without my name"),
        ("How did you take part?", "An adviser or expert"),
        ("The process was clear to me.", "Agree fully"),
        ("I felt safe to speak.", "Cannot say"),
        ("What helped?", "Time <b>"),
        ("Your name", "Ann"),
        ("The mediator may know that I answered", "Yes"),
    ]


@pytest.mark.parametrize(
    ("safe", "unsafe"), [("1", True), ("2", True), ("3", False), ("5", False), ("na", False), ("", False)]
)
def test_who_did_not_feel_safe(safe: str, unsafe: bool) -> None:
    assert filled(pace="4", safe=safe).is_unsafe is unsafe


def test_of_an_advocate_nobody_is_asked_that() -> None:
    assert filled(ADVOCATE_1, process="1", safe="1").is_unsafe is False
