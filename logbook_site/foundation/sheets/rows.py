"""Rows that are no entries: sums, headings that come again on each printed page, titles of a part."""

from collections.abc import Sequence

from logbook_site.foundation.sheets.sheet import Row, in_text
from logbook_site.foundation.text import fold


def is_sum_row(row: Row, date_columns: Sequence[int] = ()) -> bool:
    """Whether this row adds up others. One with a date in one of `date_columns` never does."""
    return fold(in_text(next((cell for cell in row if cell is not None), None))) in {"sum", "total", "summe"}


def is_repeated_heading(row: Row, headings: Row) -> bool:
    """Whether this row says the headings again."""
    return row == headings


def is_section(row: Row) -> bool:
    """Whether this row is a title inside the list: one cell that is filled, in a list with several columns."""
    return len(row) > 2 and sum(cell is not None for cell in row) == 1
