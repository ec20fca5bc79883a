"""What a column of a spreadsheet may become: each kind of field reads a cell, or says what is wrong with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from logbook_site.foundation.forms import LONG_TEXT, one_line
from logbook_site.foundation.hours import HoursError, plain_number
from logbook_site.foundation.sheets import Cell, CellProblem, Words, as_key, in_text, read_date, read_minutes

MOST_PARTIES = 32_767  # what the column of a small number holds


class Manner(NamedTuple):
    """How a column is to be read: the order of day and month, whether numbers are minutes, what its words mean."""

    order: str | None = None
    in_minutes: bool = False
    meanings: Mapping[str, str] = {}  # folded text → choice; "" for none


class Value(NamedTuple):
    """What a cell says, and a sentence if something else may be meant."""

    value: object
    doubt: str = ""


@dataclass(frozen=True)
class Field:
    """`name` is that of the entry form; a row is of no use without what is `required`."""

    name: str
    label: Promise
    required: bool = False

    def read(self, cell: Cell, manner: Manner) -> Value:
        """Raises CellProblem. Empty cells are not read: see `empty`."""
        raise NotImplementedError

    def empty(self, manner: Manner) -> object:
        """What an empty cell, or a missing column, stands for; None if the field is left alone."""
        return None


class DayField(Field):
    def read(self, cell: Cell, manner: Manner) -> Value:
        return Value(*read_date(cell, manner.order))


@dataclass(frozen=True)
class TimeField(Field):
    """Whole minutes."""

    allow_zero: bool = False

    def read(self, cell: Cell, manner: Manner) -> Value:
        return Value(*read_minutes(cell, allow_zero=self.allow_zero, in_minutes=manner.in_minutes))


@dataclass(frozen=True)
class ChoiceField(Field):
    # Asked anew for each page: words are in the reader's language.
    choices_now: Callable[[], Sequence[tuple[str, object]]] = tuple

    def read(self, cell: Cell, manner: Manner) -> Value:
        return Value(manner.meanings.get(as_key(in_text(cell)), ""))

    def empty(self, manner: Manner) -> object:
        return manner.meanings.get("", "")

    @property
    def is_long(self) -> bool:
        """Too many choices for a list that is opened again and again."""
        return len(self.choices) > 20

    @property
    def choices(self) -> list[tuple[str, object]]:
        """Without those that are no choice, and without the names of groups."""
        some = self.choices_now()
        flat = (choice for one in some for choice in (one[1] if isinstance(one[1], list) else [one]))
        return [(code, word) for code, word in flat if code]

    def known(self, words: Words) -> Words:
        """Each choice by its code, by its word on the site, and by what `words` add."""
        return {str(code): [str(code), str(name), *words.get(str(code), ())] for code, name in self.choices}


@dataclass(frozen=True)
class TextField(Field):
    most_letters: int = 120
    has_lines: bool = False

    def read(self, cell: Cell, manner: Manner) -> Value:
        text = in_text(cell)
        text = text.replace("\r\n", "\n").replace("\0", "") if self.has_lines else one_line(text)
        if len(text) <= self.most_letters:
            return Value(text)
        doubt = _("Longer than %(number)d letters: the rest would be cut off.") % {
            "number": self.most_letters
        }
        return Value(text[: self.most_letters].rstrip(), doubt)


def long_text(name: str, label: Promise) -> TextField:
    """A text with lines, as long as those of a form."""
    return TextField(name, label, most_letters=LONG_TEXT, has_lines=True)


class NumberField(Field):
    """A whole number from 1."""

    def read(self, cell: Cell, manner: Manner) -> Value:
        try:
            text = plain_number(in_text(cell))
        except HoursError:
            text = ""
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_PARTIES:
            raise CellProblem(_("This is no whole number."))
        return Value(int(text))
