"""Request Feedback: the parties with their addresses, or how many links; and what all of them have in common."""

from collections.abc import Mapping
from datetime import date

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.services.people import mailboxes_of
from feedback.choices import ActedAs, RequestKind
from feedback.services.requests import LINKS_AT_MOST, Mediation, Party
from logbook_site.foundation.addresses import mailbox_of, validate_can_be_written_to
from logbook_site.foundation.clock import last_day_to_log
from logbook_site.foundation.forms import CheckboxInput, DateInput, one_line, validate_plain_words
from logbook_site.foundation.text import fold

NAME_LETTERS = 120
EARLIEST = date(1900, 1, 1)  # before it, somebody typed a year of two digits
PARTIES_AT_MOST = 20
BLANK_ROWS = 3
ROWS_READ = 100  # of one post; more are refused, not left out


class PlainField(forms.CharField):
    """A name or a reference, which we write to strangers: on one line, and without addresses."""

    def __init__(self, **kwargs) -> None:
        super().__init__(
            max_length=NAME_LETTERS, widget=forms.TextInput(attrs={"autocomplete": "off"}), **kwargs
        )

    def to_python(self, value: object) -> str:
        return one_line(super().to_python(value))

    def validate(self, value: str) -> None:
        super().validate(value if fold(value).split() else "")
        validate_plain_words(value)


class PartyForm(forms.Form):
    """One party. A row that was left blank does not count."""

    name = PlainField(
        label=gettext_lazy("Name"),
        error_messages={"required": gettext_lazy("Enter the name of this person.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        validators=[validate_can_be_written_to],
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Enter the e-mail address of this person."),
            "invalid": gettext_lazy("Enter an e-mail address, for example name@example.org."),
        },
    )

    def __init__(self, *args, own_mailboxes: set[str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.own_mailboxes = own_mailboxes

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if mailbox_of(email) in self.own_mailboxes:
            raise forms.ValidationError(_("This is your own address. Feedback comes from the parties."))
        return email


class PartyRows(forms.BaseFormSet):
    """The parties of one request, with Django's own names for rows."""

    default_error_messages = {
        "missing_management_form": gettext_lazy("The form did not arrive whole. Please try again."),
        "too_many_forms": gettext_lazy(
            "The form has more than %(num)d rows. Take some out and ask them later."
        ),
    }

    def initial_form_count(self) -> int:
        """No row is stored anywhere: none must be filled in again."""
        return 0

    def total_form_count(self) -> int:
        """Where the number of rows is nonsense, as many as a new form has: so that what was typed is shown."""
        if not self.is_bound:
            return super().total_form_count()
        return min(rows_posted(self.data), self.absolute_max) or BLANK_ROWS

    @property
    def used(self) -> list[PartyForm]:
        return [form for form in self.forms if form.has_changed()]

    def clean(self) -> None:
        if not rows_posted(self.data):
            raise forms.ValidationError(self.error_messages["missing_management_form"])
        if len(self.used) > PARTIES_AT_MOST:
            sentence = _("You can ask %(most)d people at once. Take some out and ask them later.")
            raise forms.ValidationError(sentence % {"most": PARTIES_AT_MOST})
        if not self.used:
            for name in ("name", "email"):
                self.forms[0].add_error(name, self.forms[0].fields[name].error_messages["required"])
        seen = set()
        for form in self.used:
            mailbox = mailbox_of(form.cleaned_data.get("email", ""))
            if mailbox in seen:
                form.add_error("email", _("This address is there twice. Enter each person once."))
            if "email" in form.cleaned_data:
                seen.add(mailbox)

    @property
    def parties(self) -> list[Party]:
        return [Party(form.cleaned_data["name"], form.cleaned_data["email"]) for form in self.used]


def rows_posted(data: Mapping[str, str]) -> int:
    """The number of rows that the form says it has; 0 when it says none."""
    number = data.get("parties-TOTAL_FORMS", "")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 9 else 0


def party_rows(
    data: Mapping[str, str] | None, mediator: User, *, rows: int = BLANK_ROWS, typed: list[dict] | None = None
) -> PartyRows:
    """The rows as posted; or `rows` new ones that begin with what was `typed`."""
    kind = forms.formset_factory(
        PartyForm, formset=PartyRows, extra=rows, max_num=ROWS_READ, absolute_max=ROWS_READ
    )
    own = mailboxes_of(mediator)
    return kind(data, prefix="parties", initial=typed, form_kwargs={"own_mailboxes": own})


class MediationForm(forms.Form):
    """What both ways of asking need to know."""

    KIND: RequestKind

    kind = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    ended_on = forms.DateField(
        label=gettext_lazy("When did the mediation end?"),
        widget=DateInput(),
        error_messages={
            "required": gettext_lazy("Enter the day on which it ended."),
            "invalid": gettext_lazy("Enter a date, for example 2026-03-04."),
        },
    )
    reference = PlainField(
        label=gettext_lazy("Reference"),
        required=False,
        help_text=gettext_lazy(
            "So that the parties know which mediation you mean, for example: building dispute, spring."
        ),
    )
    acted_as = forms.ChoiceField(
        label=gettext_lazy("You took part as"),
        choices=ActedAs,
        initial=ActedAs.MEDIATOR,
        required=False,
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the e-mail and the questions"),
        choices=settings.LANGUAGES,
        initial=settings.LANGUAGE_CODE,
        required=False,
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(self.KIND.value, self.KIND.label)]
        self.initial.setdefault("kind", self.KIND.value)

    def clean_ended_on(self) -> date:
        ended_on = self.cleaned_data["ended_on"]
        if ended_on > last_day_to_log():
            raise forms.ValidationError(_("This day has not come yet. Ask when the mediation has ended."))
        if ended_on < EARLIEST:
            raise forms.ValidationError(_("Enter the year with all four digits, for example 2026."))
        return ended_on

    @property
    def mediation(self) -> Mediation:
        cleaned = self.cleaned_data
        return Mediation(
            ended_on=cleaned["ended_on"],
            acted_as=ActedAs(cleaned["acted_as"] or ActedAs.MEDIATOR),
            language=cleaned["language"] or settings.LANGUAGE_CODE,
            reference=cleaned["reference"],
        )


class EmailForm(MediationForm):
    """By e-mail; the rows of parties stand beside it."""

    KIND = RequestKind.EMAIL

    remind = forms.BooleanField(
        label=gettext_lazy("Send one reminder"),
        required=False,
        widget=CheckboxInput(),
    )
    agreed = forms.BooleanField(
        label=gettext_lazy("All of them agreed that I ask them for feedback"),
        widget=CheckboxInput(),
        error_messages={
            "required": gettext_lazy("Ask the parties first. Tick this when all of them agreed.")
        },
    )


class LinksForm(MediationForm):
    """Links to hand over: nobody's name and no address."""

    KIND = RequestKind.LINK

    count = forms.IntegerField(
        label=gettext_lazy("How many links?"),
        min_value=1,
        max_value=LINKS_AT_MOST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": gettext_lazy("Enter how many links you need: one for each party."),
            "invalid": gettext_lazy("Enter a number."),
            "min_value": gettext_lazy("You can make 1 to 20 links at once."),
            "max_value": gettext_lazy("You can make 1 to 20 links at once."),
        },
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reference"].help_text = _("Only for you, to know these links again in your list.")
