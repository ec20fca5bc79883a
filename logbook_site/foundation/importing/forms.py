"""The forms of the steps. Each is made from the table as it stands, and leaves what was decided in `choices`."""

from collections.abc import Iterator

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from logbook_site.foundation.forms import one_line
from logbook_site.foundation.importing.choices import NO_HEADINGS, Kept
from logbook_site.foundation.importing.fields import ChoiceField
from logbook_site.foundation.importing.plan import Plan
from logbook_site.foundation.importing.table import Table
from logbook_site.foundation.sheets import (
    CannotRead,
    Sheet,
    guess_value,
    in_text,
    read_date,
    read_file,
    read_pasted,
)

ROWS_SHOWN = 12  # among which the headings are looked for
CELLS_SHOWN = 6
ACCEPTED = ".xlsx,.csv,.tsv,.txt"


class FileForm(forms.Form):
    """A file, or pasted cells. What was read is in `sheets`."""

    file = forms.FileField(
        label=gettext_lazy("Your spreadsheet"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"empty": gettext_lazy("This file is empty. Choose another one.")},
    )
    paste = forms.CharField(
        label=gettext_lazy("Or paste the cells here"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "Select the cells in your spreadsheet, the headings too. Copy them, and paste them into this box."
        ),
    )
    sheets: list[Sheet]

    def clean_file(self) -> None:
        file = self.cleaned_data["file"]
        if file:
            try:
                self.sheets = read_file(file.read(), file.name)
            except CannotRead as problem:
                raise forms.ValidationError(problem.sentence) from problem

    def clean(self) -> dict:
        cleaned = super().clean()
        if self.errors or hasattr(self, "sheets"):
            return cleaned
        if not cleaned["paste"].strip():
            self.add_error("file", _("Choose a file, or paste the cells."))
            return cleaned
        try:
            self.sheets = [read_pasted(cleaned["paste"])]
        except CannotRead as problem:
            self.add_error("paste", problem.sentence)
        return cleaned


class StepForm(forms.Form):
    """Works on what is kept; `table` is as it was decided so far."""

    template = ""

    def __init__(self, data: QueryDict | None, plan: Plan, kept: Kept) -> None:
        super().__init__(data)
        self.plan, self.kept, self.choices = plan, kept, kept.choices
        self.table = Table(plan, kept.sheets, kept.choices)
        self.make_fields()

    def make_fields(self) -> None:
        raise NotImplementedError

    def decide(self) -> None:
        """Put what is valid into `choices`."""
        raise NotImplementedError


class HeadingsForm(StepForm):
    """Which sheet, and which of its first rows holds the headings: by the number beside it, 0 for none."""

    template = "importing/headings.html"

    def make_fields(self) -> None:
        table = self.table
        # Another sheet may be chosen in the same post; its rows are other ones.
        asked = self.data.get("sheet")
        if asked is not None and (index := self._sheet_named(asked)) is not None:
            self.is_other_sheet = index != table.sheet_index and self.data.get("shown_sheet", asked) != asked
            self.choices.take_sheet(index)
            table = self.table = Table(self.plan, self.kept.sheets, self.choices)
        else:
            self.is_other_sheet = False
        if len(self.kept.sheets) > 1:
            names = [(sheet.name, self._about(sheet)) for sheet in self.kept.sheets]
            self.fields["sheet"] = forms.ChoiceField(
                label=_("Which sheet?"),
                choices=names,
                widget=forms.RadioSelect,
                required=False,
                initial=table.sheet.name,
            )
        numbers = [(str(number), str(number)) for number in table.sheet.numbers]
        guess = table.heading_row
        self.fields["heading_row"] = forms.ChoiceField(
            label=_("Which line holds the headings?"),
            choices=[*numbers, ("0", _("There are no headings"))],
            required=False,
            initial="0" if guess == NO_HEADINGS else str(table.sheet.numbers[guess]),
            error_messages={"invalid_choice": _("This line is not in your sheet. Choose one of these.")},
        )

    def _sheet_named(self, name: str) -> int | None:
        return next((index for index, sheet in enumerate(self.kept.sheets) if sheet.name == name), None)

    @staticmethod
    def _about(sheet: Sheet) -> str:
        about = _("%(name)s: %(number)d lines") % {"name": sheet.name, "number": len(sheet.rows)}
        return _("%(sheet)s (hidden)") % {"sheet": about} if sheet.hidden else about

    def rows(self) -> list[dict]:
        """The first rows as one sees them, each with what its radio button sends."""
        sheet, chosen = self.table.sheet, self["heading_row"].value()
        first = [
            {
                "number": str(number),
                "cells": [Truncator(text).chars(40) for text in map(in_text, row) if text][:CELLS_SHOWN],
                "is_chosen": str(number) == chosen,
            }
            for number, row in list(zip(sheet.numbers, sheet.rows, strict=True))[:ROWS_SHOWN]
        ]
        return first

    def decide(self) -> None:
        number = self.cleaned_data["heading_row"]
        if self.is_other_sheet or not number:
            index = self.table.heading_row
        else:
            index = NO_HEADINGS if number == "0" else self.table.sheet.numbers.index(int(number))
        self.choices.sheet = self.table.sheet_index
        self.choices.take_headings(index)
        if self.is_other_sheet:
            self.choices.heading_row = None
            self.choices.seen.clear()
        else:
            self.choices.see("headings")


class ColumnsForm(StepForm):
    """What each column is, and what the words in it mean. A field that is not sent stays as it was guessed."""

    template = "importing/columns.html"

    def make_fields(self) -> None:
        self.data = self.data.copy()
        self._take_columns()
        names = [("", _("Leave out")), *((field.name, field.label) for field in self.plan.fields)]
        for column in self.table.filled:
            self.fields[f"column-{column}"] = forms.ChoiceField(
                label=self.table.headings[column],
                choices=names,
                required=False,
                initial=self.table.columns.get(column, ""),
                help_text=" · ".join(self.table.samples(column)),
            )
        self.asked: dict[str, list[str]] = {}
        for field in self.table.asked_choices():
            self._ask_for(field)
        if self.asks_for_title:
            self.fields["value-title-0"] = forms.CharField(
                label=_("A reference for rows without one"),
                required=False,
                max_length=120,
                initial=self.choices.title or self.plan.usual_title,
                help_text=_("For example: mediation. No names of parties."),
            )
        if self.is_bound:
            for name, field in self.fields.items():
                if name not in self.data:
                    self.data[name] = str(field.initial or "")

    def _take_columns(self) -> None:
        """The columns of this post decide which words are asked about."""
        known = {"", *self.plan.by_name}
        before = dict(self.table.column_of)
        for column in self.table.filled:
            asked = self.data.get(f"column-{column}")
            if asked in known:
                self.choices.columns[column] = asked
        if self.is_bound:
            self.table = Table(self.plan, self.kept.sheets, self.choices)
        # Words of a column that the page did not show yet.
        self.moved = {
            name
            for name in {*before, *self.table.column_of}
            if before.get(name) != self.table.column_of.get(name) and "shown" in self.data
        }
        for name in self.moved:
            self.choices.values.pop(name, None)
            for key in [key for key in self.data if key.startswith(f"value-{name}-")]:
                del self.data[key]

    def _ask_for(self, field: ChoiceField) -> None:
        meanings, texts = self.table.meanings(field), self.table.distinct(field)
        self.asked[field.name] = list(meanings)
        if self.table.are_too_many(field):
            self.too_many = field
            return
        for number, (key, choice) in enumerate(meanings.items()):
            if field.is_long and self.data.get(f"value-{field.name}-{number}") is None and choice is not None:
                continue  # a country that we know
            self.fields[f"value-{field.name}-{number}"] = self._word_field(field, texts[key], choice)

    def _word_field(self, field: ChoiceField, text: str, choice: str | None) -> forms.Field:
        required = _("Choose one for “%(field)s”.") % {"field": field.label}
        if text:
            label = f"“{text[:80]}”"
            required = _("Choose what %(word)s means.") % {"word": label}
        elif field.name in self.table.column_of:
            label = _("Empty cells")
        else:
            label = _("In all rows")
        if field.is_long:
            return LongChoiceField(field, self.plan.values.get(field.name, {}), label=label, initial=choice)
        empty = _("Choose") if field.required else _("Leave empty")
        return forms.ChoiceField(
            label=label,
            choices=[("", empty), *field.choices],
            required=field.required,
            initial=choice,
            error_messages={
                "required": required,
                "invalid_choice": _("Choose one of these."),
            },
        )

    too_many: ChoiceField | None = None

    @property
    def asks_for_title(self) -> bool:
        if not self.plan.usual_title:
            return False
        column = self.table.column_of.get("title")
        return column is None or any(row[column] is None for row in self.table.rows)

    def columns(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("column-")]

    def words(self) -> Iterator[dict]:
        """For each field: its words that are unclear, and those we know."""
        for field in self.table.asked_choices():
            bound = [self[name] for name in self.fields if name.startswith(f"value-{field.name}-")]
            unclear = [one for one in bound if one.errors or not one.value()]
            known = [one for one in bound if one not in unclear]
            if bound:
                yield {"field": field, "unclear": unclear, "known": known}

    def title_field(self) -> forms.BoundField | None:
        return self["value-title-0"] if "value-title-0" in self.fields else None

    def clean(self) -> dict:
        cleaned = super().clean()
        taken: dict[str, str] = {}
        for name in [name for name in self.fields if name.startswith("column-")]:
            field = cleaned.get(name)
            if field and field in taken:
                words = {"column": self.fields[name].label, "field": self.plan.by_name[field].label}
                self.add_error(name, _("“%(column)s”: two columns cannot both be “%(field)s”.") % words)
            taken[field] = name
        for names in self.table.missing():
            labels = " / ".join(str(self.plan.by_name[name].label) for name in names)
            self._complain(_("Choose the column that holds: %(field)s.") % {"field": labels})
        if self.too_many:
            column = self.table.column_of[self.too_many.name]
            sentence = _(
                "This column holds too many different words for “%(field)s”. Choose another column, or leave it out."
            )
            self.add_error(f"column-{column}", sentence % {"field": self.too_many.label})
        return cleaned

    def _complain(self, sentence: str) -> None:
        """Beside the first column that is nothing yet; else above the form."""
        free = (column for column in self.table.filled if column not in self.table.columns)
        column = next(free, None)
        self.add_error(None if column is None else f"column-{column}", sentence)

    def decide(self) -> None:
        for field in self.table.asked_choices():
            decided = self.choices.values.setdefault(field.name, {})
            for number, key in enumerate(self.asked[field.name]):
                name = f"value-{field.name}-{number}"
                if name in self.cleaned_data:
                    decided[key] = self.cleaned_data[name]
        if "value-title-0" in self.cleaned_data:
            self.choices.title = one_line(self.cleaned_data["value-title-0"])
        self.choices.see("columns")


class LongChoiceField(forms.CharField):
    """One of very many choices, typed: its code, its word, or another word by which it is known."""

    def __init__(self, field: ChoiceField, words: dict, *, label: str, initial: str | None) -> None:
        self.known = field.known(words)
        names = {str(code): str(name) for code, name in field.choices}
        super().__init__(label=label, required=False, max_length=100, initial=names.get(initial or "", ""))
        self.widget.attrs |= {
            "list": f"choices-{field.name}",
            "placeholder": _("Leave empty"),
            "autocomplete": "off",
        }

    def clean(self, value: object) -> str:
        text = super().clean(value).strip()
        code = guess_value(text, self.known) if text else ""
        if code is None:
            raise forms.ValidationError(_("We do not know this one. Write it in English, or leave it empty."))
        return code


class DatesForm(StepForm):
    """What 03/04/2019 means."""

    template = "importing/dates.html"

    def make_fields(self) -> None:
        self.example = self.table.order.example
        self.fields["date_order"] = forms.ChoiceField(
            label=_("What does “%(date)s” mean in your list?") % {"date": self.example},
            choices=[(order, self._day(order)) for order in ("dmy", "mdy")],
            widget=forms.RadioSelect,
            initial=self.choices.date_order or self.table.order.order,
            error_messages={
                "required": _("Choose one of the two days."),
                "invalid_choice": _("Choose one of the two days."),
            },
        )

    def _day(self, order: str) -> str:
        if not self.example:
            return _("Day first") if order == "dmy" else _("Month first")
        return date_format(read_date(self.example, order).date)

    def decide(self) -> None:
        self.choices.date_order = self.cleaned_data["date_order"]
        self.choices.see("dates")
