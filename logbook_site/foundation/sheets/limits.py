"""Rows become a sheet here, wherever they come from: cleaned, without what is empty, and within the limits."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from logbook_site.foundation.sheets.sheet import CannotRead, Cell, Row, Sheet
from logbook_site.foundation.spreadsheets import NOT_FOR_XML, without_defusing
from logbook_site.foundation.text import normalized

# Direction, width zero, soft hyphens, byte order marks: they are there, and nobody sees them. Between letters they
# may matter (Persian joins with U+200C), at the ends of a cell they never do.
UNSEEN_ENDS = "".join(
    letter
    for letter in map(chr, range(0x10000))
    if letter.isspace() or unicodedata.category(letter) in {"Cf", "Cc"}
)
MANY_SPACES = re.compile(r"[ \t\xa0\u2000-\u200a\u202f\u3000]+")


class SheetMaker:
    """Makes the sheets of one file. Raises CannotRead as soon as they hold more than the settings allow."""

    def __init__(self) -> None:
        self._letters = 0

    def sheet(self, name: str, **about: object) -> "GrowingSheet":
        return GrowingSheet(self, name, about)

    def clean(self, text: str, name: str, number: int) -> str | None:
        """`text` as it is kept; None if nothing is left. `name` and `number` are those of its sheet and row."""
        if len(text) > settings.IMPORT_CELL_LETTERS_MAX:
            raise CannotRead(too_long(number))
        self._letters += len(text)
        if self._letters > settings.IMPORT_LETTERS_MAX:
            raise CannotRead(too_large())
        return clean(text)


class GrowingSheet:
    """Takes rows one after the other; `done` gives the sheet, or None if nothing was in it."""

    def __init__(self, maker: SheetMaker, name: str, about: dict[str, object]) -> None:
        self._maker, self._name, self._about = maker, name, about
        self._rows: list[dict[int, Cell]] = []
        self._numbers: list[int] = []
        self._hidden: set[int] = set()

    def add(self, number: int, cells: Iterable[tuple[int, Cell]], *, hidden: bool = False) -> None:
        """A row by its number in the file, and its cells by their column, 0 for the first."""
        row = {}
        for column, cell in cells:
            if isinstance(cell, str):
                cell = self._maker.clean(cell, self._name, number)
            if cell is not None:
                row[column] = cell
        if not row:
            return
        if max(row) >= settings.IMPORT_COLUMNS_MAX:
            raise CannotRead(
                _(
                    "Row %(row)d of “%(sheet)s” has more than %(number)d columns. Copy the columns that you "
                    "need into a new spreadsheet, and choose that."
                )
                % {"row": number, "sheet": self._name, "number": settings.IMPORT_COLUMNS_MAX}
            )
        if len(self._rows) == settings.IMPORT_ROWS_MAX:
            raise CannotRead(
                _(
                    "“%(sheet)s” has more than %(number)d rows. Divide it into several files, and bring them in "
                    "one after the other."
                )
                % {"sheet": self._name, "number": settings.IMPORT_ROWS_MAX}
            )
        if hidden:
            self._hidden.add(len(self._rows))
        self._rows.append(row)
        self._numbers.append(number)

    def fill_down(self, column: int, first: int, last: int) -> None:
        """Rows `first` to `last` (numbers) are one merged cell in `column`: its text or date counts for each of them.

        Not a number: hours of three meetings in one merged cell are their sum.
        """
        rows = self._rows[bisect_left(self._numbers, first) : bisect_right(self._numbers, last)]
        if not rows or not isinstance(value := rows[0].get(column), str | date):
            return
        for row in rows[1:]:
            if column in row:
                break  # no program writes that; and it bounds the work of a hostile file
            row[column] = value

    def done(self, **about: object) -> Sheet | None:
        if not self._rows:
            return None
        width = max(max(row) for row in self._rows) + 1
        rows: list[Row] = [[row.get(column) for column in range(width)] for row in self._rows]
        return Sheet(
            self._name, rows, self._numbers, hidden_rows=frozenset(self._hidden), **self._about, **about
        )


def clean(text: str) -> str | None:
    """`text` in one normal form, without control characters and what nobody sees around it; None if that is all.

    The apostrophe that our own downloads put before what looks like a formula goes again.
    """
    text = NOT_FOR_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = MANY_SPACES.sub(" ", normalized(text)).strip(UNSEEN_ENDS)
    return without_defusing(text).strip(UNSEEN_ENDS) or None


def too_long(number: int) -> str:
    return _(
        "Row %(row)d has a cell with more than %(number)d letters. If that is not on purpose, look for a quotation "
        "mark that is not closed. Else shorten it and choose the file again."
    ) % {"row": number, "number": settings.IMPORT_CELL_LETTERS_MAX}


def too_large() -> str:
    return _(
        "There is too much in this file. Copy the rows and columns that you need into a new spreadsheet, "
        "and choose that."
    )


def in_megabytes(number: int) -> str:
    return _("%(number)s MB") % {"number": f"{number / 1024**2:.3g}"}
