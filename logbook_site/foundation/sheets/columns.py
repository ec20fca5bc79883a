"""Which row holds the headings, which column is what, which value means which choice: guesses by known words."""

from collections.abc import Mapping, Sequence

from logbook_site.foundation.sheets.sheet import Cell, Row, in_text
from logbook_site.foundation.text import fold

# A field (or a choice), and the headings (or values) by which it is known.
Words = Mapping[str, Sequence[str]]


def guess_heading_row(rows: Sequence[Row], words: Words) -> int | None:
    """The index of the row that holds the headings, among the first of `rows`; None if none looks like it."""
    for index, row in enumerate(rows[:20]):
        if len(guess_columns([in_text(cell) for cell in row], [], words)) > 1:
            return index
    return None


def guess_columns(headings: Sequence[str], samples: Sequence[Sequence[Cell]], words: Words) -> dict[int, str]:
    """Column index → field, each field once at most; columns that nobody knows are left out.

    `samples` holds some cells of each column, for the case that two columns have the same heading; it may be empty.
    """
    known = {fold(heading): field for field, some in words.items() for heading in some}
    found: dict[int, str] = {}
    for column, heading in enumerate(headings):
        field = known.get(fold(heading.strip()))
        if field and field not in found.values():
            found[column] = field
    return found


def guess_value(text: str, words: Words) -> str | None:
    """The choice that `text` means; None if no known value is like it."""
    known = {fold(value): choice for choice, some in words.items() for value in some}
    return known.get(fold(text.strip()))
