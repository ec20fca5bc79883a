"""Add Logbook Entry. First what takes a minute; the rest is folded; then what was learned."""

from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from logbook.choices import Setting
from logbook.models import LogbookEntry
from logbook_site.foundation.entry_forms import NOT_GIVEN, EntryFormBase, not_in_future, not_too_early
from logbook_site.foundation.forms import DateInput, LongTextField, one_line
from logbook_site.foundation.hours import HoursField, show_hours
from logbook_site.foundation.languages import language_choices

A_DAY = 24 * 60  # minutes


class EntryForm(EntryFormBase):
    """It may ask two questions: about very many hours, and about a possible duplicate."""

    hours = HoursField(
        label=gettext_lazy("How long did it take?"),
        help_text=gettext_lazy("For example 3:30, 3.5 or 45 min. More than one day? Add up all hours."),
    )
    preparation_hours = HoursField(label=gettext_lazy("Preparation"), required=False, allow_zero=True)
    did_well = LongTextField(label=gettext_lazy("What I did well"))
    challenges = LongTextField(label=gettext_lazy("What I found challenging"))
    learnings = LongTextField(label=gettext_lazy("What I will try next time"))
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    # A tick is any value that is not empty.
    hours_checked = forms.CharField(required=False, widget=forms.HiddenInput)

    DAY = "ended_on"
    FAST = ["ended_on", "hours", "role", "medium", "title"]
    MORE = [
        "started_on", "preparation_hours", "subject", "country", "language", "parties", "outcome",
        "provider", "setting", "paid", "full_scale",
    ]  # fmt: skip
    PRIVATE = ["did_well", "challenges", "learnings"]
    ANSWERS = ["hours_checked", *EntryFormBase.ANSWERS]

    class Meta:
        model = LogbookEntry
        fields = [
            "ended_on", "role", "medium", "title", "started_on", "subject", "country", "language", "parties",
            "outcome", "provider", "setting", "paid", "full_scale",
        ]  # fmt: skip
        widgets = {
            "ended_on": DateInput(),
            "started_on": DateInput(),
            "role": forms.RadioSelect,
            "medium": forms.RadioSelect,
            "title": forms.TextInput(attrs={"autocomplete": "off"}),
            "parties": forms.NumberInput(attrs={"inputmode": "numeric", "min": 1}),
        }
        help_texts = {
            "title": gettext_lazy("For example: building dispute, spring. No names of parties."),
            "started_on": gettext_lazy("Only if it took more than one day."),
        }
        error_messages = {
            "ended_on": {
                "required": gettext_lazy("Enter the day on which it ended."),
                "invalid": gettext_lazy("Enter a date, for example 2026-03-04."),
            },
            "role": {"required": gettext_lazy("Choose your role.")},
            "medium": {"required": gettext_lazy("Choose how you met.")},
            "title": {"required": gettext_lazy("Enter a reference, for example: building dispute, spring.")},
            "started_on": {"invalid": gettext_lazy("Enter a date, for example 2026-03-04.")},
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.offer_no_empty_choice("role", "medium")
        self.offer_not_given("outcome", "paid", "full_scale", "country")
        self.fields["setting"].required = False
        self.fields["setting"].choices = Setting.choices
        self.fields["language"].choices = [("", NOT_GIVEN), *language_choices()]

    def stored(self) -> dict[str, object]:
        return super().stored() | {
            "hours": self.instance.minutes,
            "preparation_hours": self.instance.preparation_minutes or None,
        }

    def clean_title(self) -> str:
        title = one_line(self.cleaned_data["title"])
        if not title:
            raise forms.ValidationError(_("Enter a reference, for example: building dispute, spring."))
        return title

    def clean_subject(self) -> str:
        return one_line(self.cleaned_data["subject"])

    def clean_provider(self) -> str:
        return one_line(self.cleaned_data["provider"])

    def clean_setting(self) -> str:
        return self.cleaned_data["setting"] or Setting.REAL

    def clean_ended_on(self) -> date:
        return not_in_future(self.cleaned_data["ended_on"])

    def clean_started_on(self) -> date | None:
        started_on = self.cleaned_data["started_on"]
        return started_on and not_too_early(started_on)

    def clean(self) -> dict:
        cleaned = super().clean()
        started_on, ended_on = cleaned.get("started_on"), cleaned.get("ended_on")
        if started_on and ended_on and started_on > ended_on:
            self.add_error("started_on", _("The start must not be after the end."))
        self.instance.minutes = cleaned.get("hours") or 0
        self.instance.preparation_minutes = cleaned.get("preparation_hours") or 0
        if not self.errors:
            self.ask_about_changes(cleaned)
            self._ask_about_hours(cleaned)
            question = _("You have an entry of that day with the same reference. Save this one, too?")
            self.ask_about_duplicates(cleaned, question)
        return cleaned

    def _ask_about_hours(self, cleaned: dict) -> None:
        """More than 24 hours for each day of the mediation is possible (several teams), but mostly a slip."""
        started_on = cleaned.get("started_on") or cleaned["ended_on"]
        days = (cleaned["ended_on"] - started_on).days + 1
        if cleaned["hours"] > days * A_DAY and not cleaned["hours_checked"]:
            question = _("%(hours)s is more than 24 hours for each day. Is that right?")
            self.questions.append(("hours_checked", question % {"hours": show_hours(cleaned["hours"])}))
