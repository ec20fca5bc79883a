"""The form of an entry: first what takes a minute, the rest folded, then texts that only the owner reads."""

from datetime import date

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from logbook_site.foundation.clock import last_day_to_log
from logbook_site.foundation.hours import HoursField, show_hours
from logbook_site.foundation.lost_texts import LeavesLostTexts

EARLIEST = date(1900, 1, 1)  # before it, somebody typed a year of two digits
NOT_GIVEN = gettext_lazy("Not given")


class EntryFormBase(LeavesLostTexts, forms.ModelForm):
    """Questions may come back instead of a saved entry; each is answered by a hidden field of the next post."""

    # A tick is any value that is not empty.
    duplicate_ok = forms.CharField(required=False, widget=forms.HiddenInput)
    # When the stored entry had been changed last, as the page showed it; and as the question that was answered knew it.
    opened_at = forms.CharField(required=False, widget=forms.HiddenInput)
    overwrite_ok = forms.CharField(required=False, widget=forms.HiddenInput)

    DAY = ""
    FAST: list[str] = []
    MORE: list[str] = []
    PRIVATE: list[str] = []  # sealed texts
    ANSWERS = ["duplicate_ok", "overwrite_ok"]

    def __init__(self, *args, earlier: QuerySet, **kwargs) -> None:
        """`earlier` are the live entries of the same mediator: a possible duplicate is looked for among them."""
        super().__init__(*args, **kwargs)
        self.order_fields([*self.FAST, *self.MORE, *self.PRIVATE])  # errors are told in the order of the page
        self.earlier = earlier
        self.questions: list[tuple[str, str]] = []  # name of the answering field, the question
        self.duplicates: list = []
        self.find_lost(self.instance, self.PRIVATE)
        if not self.instance._state.adding:
            self.initial |= self.stored() | {"opened_at": self.instance.changed_at.isoformat()}

    def stored(self) -> dict[str, object]:
        """What the fields that are no columns show of a stored entry."""
        return {name: getattr(self.instance, name) for name in self.PRIVATE if name not in self.lost}

    def groups(self) -> dict[str, list[forms.BoundField]]:
        return {
            "fast": [self[name] for name in self.FAST],
            "more": [self[name] for name in self.MORE],
            "private": [self[name] for name in self.PRIVATE],
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
        return ", ".join(_in_words(self.fields[name], self[name].value()) for name in names)

    def offer_not_given(self, *names: str) -> None:
        """The empty choice of these fields gets a name."""
        for name in names:
            given = [choice for choice in self.fields[name].choices if choice[0]]
            self.fields[name].choices = [("", NOT_GIVEN), *given]

    def offer_no_empty_choice(self, *names: str) -> None:
        for name in names:
            self.fields[name].choices = [choice for choice in self.fields[name].choices if choice[0]]

    def clean(self) -> dict:
        cleaned = super().clean()
        for name in self.PRIVATE:
            if not self.leaves(name):
                setattr(self.instance, name, cleaned.get(name) or "")
        return cleaned

    def ask_about_changes(self, cleaned: dict) -> None:
        """Another tab or device has saved the entry since this page was opened: nothing of that goes unseen."""
        opened_at, seen = cleaned["opened_at"], {cleaned["opened_at"], cleaned["overwrite_ok"]}
        if opened_at and self.initial["opened_at"] not in seen:
            question = _(
                "This entry was saved elsewhere since you opened it. Save what stands below in its place?"
            )
            self.questions.append(("overwrite_ok", question))

    @property
    def is_stale(self) -> bool:
        return "overwrite_ok" in dict(self.questions)

    def ask_about_duplicates(self, cleaned: dict, question: str) -> None:
        """An entry of the same day with the same title is possible, but mostly the same once more."""
        if cleaned["duplicate_ok"]:
            return
        same = self.earlier.filter(**{self.DAY: cleaned[self.DAY]}, title__iexact=cleaned["title"])
        self.duplicates = list(same.exclude(pk=self.instance.pk)[:3])
        if self.duplicates:
            self.questions.append(("duplicate_ok", question))

    @property
    def answers(self) -> list[str]:
        """Names of the questions that the next post answers with yes: those asked now, and those answered before."""
        asked = [name for name, _question in self.questions]
        return [name for name in self.ANSWERS if name in asked or self.data.get(name)]

    @property
    def may_be_saved(self) -> bool:
        return self.is_valid() and not self.questions


def not_in_future(day: date) -> date:
    """`day`, for a form. Raises ValidationError for a day to come, and for one too long ago."""
    if day > last_day_to_log():
        raise forms.ValidationError(_("This day has not come yet. Enter today or an earlier day."))
    return not_too_early(day)


def not_too_early(day: date) -> date:
    """`day`, for a form. Raises ValidationError for years that nobody means."""
    if day < EARLIEST:
        raise forms.ValidationError(_("Enter the year with all four digits, for example 2026."))
    return day


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
