"""Add Logbook Entry. First what takes a minute; the rest is folded; then what was learned."""

from datetime import date

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from logbook.choices import Setting
from logbook.models import LogbookEntry
from logbook.querysets import LogbookEntryQuerySet
from logbook.services import last_day_to_log
from logbook_site.foundation.forms import DateInput, LongTextField, one_line
from logbook_site.foundation.hours import HoursField, show_hours
from logbook_site.foundation.languages import language_choices

EARLIEST = date(1900, 1, 1)  # before it, somebody typed a year of two digits
A_DAY = 24 * 60  # minutes
NOT_GIVEN = gettext_lazy("Not given")


class EntryForm(forms.ModelForm):
    """Two questions may come back instead of a saved entry; each is answered by a hidden field of the next post."""

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
    duplicate_ok = forms.CharField(required=False, widget=forms.HiddenInput)

    FAST = ["ended_on", "hours", "role", "medium", "title"]
    MORE = [
        "started_on", "preparation_hours", "subject", "country", "language", "parties", "outcome",
        "provider", "setting", "paid", "full_scale",
    ]  # fmt: skip
    LEARNED = ["did_well", "challenges", "learnings"]

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

    def __init__(self, *args, earlier: LogbookEntryQuerySet, **kwargs) -> None:
        """`earlier` are the live entries of the same mediator: a possible duplicate is looked for among them."""
        super().__init__(*args, **kwargs)
        self.earlier = earlier
        self.questions: list[tuple[str, str]] = []  # name of the answering field, the question
        self.duplicates: list[LogbookEntry] = []
        for name in ("role", "medium"):
            self.fields[name].choices = [choice for choice in self.fields[name].choices if choice[0]]
        for name in ("outcome", "paid", "full_scale", "country"):
            given = [choice for choice in self.fields[name].choices if choice[0]]
            self.fields[name].choices = [("", NOT_GIVEN), *given]
        self.fields["setting"].required = False
        self.fields["setting"].choices = Setting.choices
        self.fields["language"].choices = [("", NOT_GIVEN), *language_choices()]
        if not self.instance._state.adding:
            self._show_stored()

    def _show_stored(self) -> None:
        self.initial |= {
            "hours": self.instance.minutes,
            "preparation_hours": self.instance.preparation_minutes or None,
            **{name: getattr(self.instance, name) or "" for name in self.LEARNED},
        }

    def groups(self) -> dict[str, list[forms.BoundField]]:
        return {
            "fast": [self[name] for name in self.FAST],
            "more": [self[name] for name in self.MORE],
            "learned": [self[name] for name in self.LEARNED],
        }

    @property
    def more_is_open(self) -> bool:
        """Folded, unless something in it was typed, is wrong, or belongs to a stored entry."""
        if self.is_bound:
            return any(name in self.errors or name in self.changed_data for name in self.MORE)
        return not self.instance._state.adding and bool(self.offered)

    @property
    def offered(self) -> str:
        """What is filled in below the fold, in words, so that nothing is saved unseen."""
        names = [name for name in self.MORE if name != "setting" and self[name].value()]
        return ", ".join(self._in_words(self.fields[name], self[name].value()) for name in names)

    @staticmethod
    def _in_words(field: forms.Field, value: object) -> str:
        if isinstance(field, HoursField) and isinstance(value, int):
            return show_hours(value)
        if isinstance(value, date):
            return date_format(value)
        for code, word in getattr(field, "choices", []):
            words = dict(word) if isinstance(word, list | tuple) else {code: word}
            if value in words:
                return str(words[value])
        return str(value)

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
        ended_on = self.cleaned_data["ended_on"]
        if ended_on > last_day_to_log():
            raise forms.ValidationError(_("This day has not come yet. Enter today or an earlier day."))
        return _not_too_early(ended_on)

    def clean_started_on(self) -> date | None:
        started_on = self.cleaned_data["started_on"]
        return started_on and _not_too_early(started_on)

    def clean(self) -> dict:
        cleaned = super().clean()
        started_on, ended_on = cleaned.get("started_on"), cleaned.get("ended_on")
        if started_on and ended_on and started_on > ended_on:
            self.add_error("started_on", _("The start must not be after the end."))
        self.instance.minutes = cleaned.get("hours") or 0
        self.instance.preparation_minutes = cleaned.get("preparation_hours") or 0
        for name in self.LEARNED:
            setattr(self.instance, name, cleaned.get(name) or "")
        if not self.errors:
            self._ask_about_hours(cleaned)
            self._ask_about_duplicates(cleaned)
        return cleaned

    def _ask_about_hours(self, cleaned: dict) -> None:
        """More than 24 hours for each day of the mediation is possible (several teams), but mostly a slip."""
        started_on = cleaned.get("started_on") or cleaned["ended_on"]
        days = (cleaned["ended_on"] - started_on).days + 1
        if cleaned["hours"] > days * A_DAY and not cleaned["hours_checked"]:
            question = _("%(hours)s is more than 24 hours for each day. Is that right?")
            self.questions.append(("hours_checked", question % {"hours": show_hours(cleaned["hours"])}))

    def _ask_about_duplicates(self, cleaned: dict) -> None:
        if cleaned["duplicate_ok"]:
            return
        same = self.earlier.filter(ended_on=cleaned["ended_on"], title__iexact=cleaned["title"])
        self.duplicates = list(same.exclude(pk=self.instance.pk)[:3])
        if self.duplicates:
            question = _("You have an entry of that day with the same reference. Save this one, too?")
            self.questions.append(("duplicate_ok", question))

    @property
    def answers(self) -> list[str]:
        """Names of the questions that the next post answers with yes: those asked now, and those answered before."""
        asked = [name for name, _question in self.questions]
        return [name for name in ("hours_checked", "duplicate_ok") if name in asked or self.data.get(name)]

    @property
    def may_be_saved(self) -> bool:
        return self.is_valid() and not self.questions


def _not_too_early(day: date) -> date:
    if day < EARLIEST:
        raise forms.ValidationError(_("Enter the year with all four digits, for example 2026."))
    return day
