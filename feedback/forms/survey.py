"""The survey, made from the questions in surveys.py: three parts of ratings, and one in the party's own words."""

from functools import lru_cache

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from feedback.choices import Outcome, PartyRole, UseAgain, YesNo
from feedback.services.answers import Answers
from feedback.surveys import NOT_APPLICABLE, OTHER_QUESTIONS, SCALES, SURVEYS, UNSAFE_BELOW, Question, Survey
from logbook_site.foundation.addresses import validate_can_be_written_to
from logbook_site.foundation.forms import CheckboxInput, LongTextField, one_line
from logbook_site.foundation.text import as_format

NAME_LENGTH, ADDRESS_LENGTH = 120, 254
NO_ANSWER = ("", gettext_lazy("No answer"))
QUESTIONS = "feedback/party/_questions.html"
MEDIATOR = "name-of-the-mediator"  # a place in empty questions that are kept as HTML
CHOOSE = gettext_lazy("Choose one of the answers.")


def choice(label: str | Promise, choices: list, **more) -> forms.ChoiceField:
    errors = {"invalid_choice": CHOOSE, "required": CHOOSE} | more.pop("error_messages", {})
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages=errors,
        **({"required": False} | more),
    )


def rating(question: Question) -> forms.ChoiceField:
    return choice(question.text, SCALES[question.scale])


def _who_sees_it() -> str:
    sentence = _("Only admins of %(operator)s may see your name and address, to prevent misuse.")
    return sentence % {"operator": settings.OPERATOR_NAME}


def _how_long_it_is_kept() -> str:
    months = settings.RESPONDENT_KEPT_MONTHS
    return ngettext(
        "We erase both after %(months)d month.", "We erase both after %(months)d months.", months
    ) % {"months": months}


@lru_cache(maxsize=100)
def _empty_questions(form_of: type["SurveyForm"], survey: str, _differs: tuple) -> str:
    """All questions as a format of HTML, of the mediator's `{name}`. `_differs` is what else they show."""
    form = form_of(survey=SURVEYS[survey], mediator=MEDIATOR)
    return as_format(form.drawn_questions(), {MEDIATOR: "{name}"})


class SurveyForm(forms.Form):
    """All may be skipped but the share choice; at least one question must have an answer."""

    party_role = choice(OTHER_QUESTIONS["party_role"], [*PartyRole.choices, NO_ANSWER])
    use_again = choice("", [*UseAgain.choices, NO_ANSWER])
    outcome = choice(OTHER_QUESTIONS["outcome"], [*Outcome.choices, NO_ANSWER])
    outcome_satisfied = choice(OTHER_QUESTIONS["outcome_satisfied"], SCALES["satisfaction"])
    helpful = LongTextField(label=OTHER_QUESTIONS["helpful"])
    better = LongTextField(label=OTHER_QUESTIONS["better"])
    quote = LongTextField(
        label=OTHER_QUESTIONS["quote"],
        help_text=gettext_lazy("The Digest is a public summary of all feedback, written by the Reviewer."),
    )
    may_quote = choice(
        OTHER_QUESTIONS["may_quote"],
        [*YesNo.choices, NO_ANSWER],
    )
    respondent_name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
        error_messages={"required": gettext_lazy("Enter your name.")},
    )
    respondent_email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=ADDRESS_LENGTH,
        required=False,
        validators=[validate_can_be_written_to],
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
        error_messages=dict.fromkeys(
            ["required", "invalid"], gettext_lazy("Enter an e-mail address, for example ann@example.org.")
        ),
    )
    name_in_notice = forms.BooleanField(required=False, widget=CheckboxInput)
    share = choice("", [], required=True)

    OUTCOME = ["use_again", "outcome", "outcome_satisfied"]
    TEXTS = ["helpful", "better", "quote"]
    ABOUT_YOU = ["respondent_name", "respondent_email", "name_in_notice"]

    def __init__(self, *args, survey: Survey, mediator: str, **kwargs) -> None:
        """`mediator` is the name of the person whom the survey is about."""
        super().__init__(*args, **kwargs)
        self.survey, self.mediator = survey, mediator
        self.rated = {question.key: rating(question) for question in survey.questions}
        self.fields |= self.rated
        self.fields["use_again"].label = _("Would you work with %(name)s again?") % {"name": mediator}
        self._ask_for_consent()
        for name in ("respondent_name", "respondent_email"):
            self.fields[name].required = settings.RESPONDENT_DETAILS == "required"
        self.fields["respondent_name"].help_text = f"{_who_sees_it()} {_how_long_it_is_kept()}"
        self.order_fields([name for part in self._names() for name in part])

    def _ask_for_consent(self) -> None:
        consent = self.survey.consent
        self.fields["name_in_notice"].label = consent.may_know
        may_be_named = _("The mail that says that feedback was left may then give your name.")
        # Often it is the only answer of its day, and My Feedback has one more afterwards.
        may_be_known = _("If you share your answers, too, it can then be seen which are yours.")
        self.fields["name_in_notice"].help_text = f"{may_be_named} {may_be_known}"
        share = self.fields["share"]
        share.label = consent.question
        share.choices = [(YesNo.YES, consent.yes), (YesNo.NO, _("No, only the Reviewer"))]
        share.error_messages["required"] = _("Choose who may read your answers.")

    def _names(self) -> list[list[str]]:
        """The names of the fields of each of the four parts, in the order of the page."""
        first, second, third = ([question.key for question in part.questions] for part in self.survey.parts)
        last = [*self.TEXTS, "may_quote", *self.ABOUT_YOU, "share"]
        return [["party_role", *first], second, [*third, *self.OUTCOME], last]

    def parts(self) -> list[tuple[str | Promise, list[BoundField]]]:
        titles = [*(part.title for part in self.survey.parts), _("In your own words")]
        return [
            (title, [self[name] for name in names])
            for title, names in zip(titles, self._names(), strict=True)
        ]

    @property
    def questions(self) -> str:
        """The parts as HTML. Those of an empty form are drawn once for all parties, but for the mediator's name."""
        if self.is_bound or self.initial:
            return self.drawn_questions()
        told = get_language(), settings.RESPONDENT_DETAILS, self.fields["respondent_name"].help_text
        return format_html(_empty_questions(type(self), self.survey.name, told), name=self.mediator)

    def drawn_questions(self) -> str:
        return render_to_string(QUESTIONS, {"form": self})

    def clean_respondent_name(self) -> str:
        name = one_line(self.cleaned_data["respondent_name"])
        if self.fields["respondent_name"].required and not name:
            raise forms.ValidationError(_("Enter your name."))
        return name

    def clean(self) -> dict:
        cleaned = super().clean()
        if not self.errors and not any(
            cleaned[name] not in {"", NOT_APPLICABLE} for name in self._that_count()
        ):
            self.add_error(
                self.survey.questions[0].key, _("Answer at least one question. You may skip the others.")
            )
        return cleaned

    def _that_count(self) -> list[str]:
        """The questions one of which must be answered."""
        return [*(question.key for question in self.survey.questions), *self.OUTCOME, *self.TEXTS]

    # --- What was answered -------------------------------------------------------------------------

    def answers(self) -> Answers:
        """Of a valid form."""
        told = self.cleaned_data
        given = {question.key: told[question.key] for question in self.survey.questions}
        kept = ["party_role", *self.OUTCOME, *self.TEXTS, "may_quote", "respondent_name", "respondent_email"]
        return Answers(
            shared=told["share"] == YesNo.YES,
            ratings={
                key: value if value == NOT_APPLICABLE else int(value) for key, value in given.items() if value
            },
            name_in_notice=bool(told["name_in_notice"]),
            **{name: told[name] for name in kept},
        )

    def in_words(self) -> list[tuple[str, str]]:
        """(question, answer) as the party reads them again before sending; who may read them comes first."""
        names = ["share", *(name for part in self._names() for name in part if name != "share")]
        return [(self[name].label, self._words(name)) for name in names if self.cleaned_data.get(name)]

    def _words(self, name: str) -> str:
        value = self.cleaned_data[name]
        if name == "name_in_notice":
            return _("Yes")
        return str(dict(getattr(self.fields[name], "choices", [])).get(value, value))

    @property
    def is_unsafe(self) -> bool:
        """They did not feel safe: the page answers to that."""
        safe = self.cleaned_data.get("safe", "")
        return safe.isdecimal() and int(safe) < UNSAFE_BELOW
