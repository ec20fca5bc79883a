"""Rows that are no entries: sums, headings that come again on each printed page, titles of a part."""

import re
from collections.abc import Sequence
from datetime import date

from logbook_site.foundation.sheets.dates import read_date
from logbook_site.foundation.sheets.sheet import Cell, CellProblem, Row, in_text
from logbook_site.foundation.text import fold, latin_digits

# Folded, in English, French, Spanish, Portuguese, German and Arabic; alone, or with a few words ("Total hours 2018:").
SUM = re.compile(
    r"(?:grand |sub|sous[- ]|zwischen|gesamt|end|les? |o |el )?"
    r"(?:sums?|totals?|totaux|totales|totais|summen?|gesamt|insgesamt|ubertrag|suma|soma|somme|report|subtotal"
    r"|carried forward|(?:ال)?مجموع|(?:ال)?اجمالي|(?:ال)?إجمالي|المجموع الكلي)(?![^\W\d_])"
)
SUM_WORDS_MOST = 4
SUM_LETTERS_MOST = 60
# A longer cell is neither a number nor the end of a heading. Whole ones would take minutes to compare.
LETTERS_LOOKED_AT = 200
NUMBER = re.compile(r"[\d.,:'٫٬ ]+(?: ?(?:h|std|hrs?|min|hours?|heures?|horas?|stunden)\.?)?")


def is_sum_row(row: Row, date_columns: Sequence[int] = ()) -> bool:
    """Whether this row adds up others: it says so, or holds numbers alone (not only the number of the row).

    One with a date in one of `date_columns` never does; without `date_columns`, one with a date anywhere.
    """
    if any(_is_day(row[column], True) for column in date_columns if column < len(row)):
        return False
    filled = [cell for cell in row if cell is not None]
    # Days last: to look for one in each cell takes ten times as long.
    return _adds_up(filled, row[:1]) and (bool(date_columns) or not any(_is_day(cell, False) for cell in row))


def is_repeated_heading(row: Row, headings: Row) -> bool:
    """Whether this row says the headings again: two of its cells at least, and none that says something else."""
    pairs = [pair for pair in zip(row, headings, strict=False) if pair[0] is not None]
    # One after the other: most rows differ in their first cell, and to fold all of a large sheet takes seconds.
    return len(pairs) > 1 and all(_begins(cell) == _begins(heading) for cell, heading in pairs)


def is_section(row: Row) -> bool:
    """Whether this row is a title inside the list: one cell that is filled, in a list with several columns."""
    return len(row) > 2 and sum(cell is not None for cell in row) == 1


def _adds_up(filled: Row, number: Row) -> bool:
    texts = [cell for cell in filled if isinstance(cell, str) and not _is_number(cell)]
    if any(_says_sum(text) for text in texts):
        return len(texts) <= max(1, len(filled) // 2)
    return not texts and filled not in ([], number)


def _is_day(cell: Cell, known_to_be_dates: bool) -> bool:
    if isinstance(cell, date):
        return True
    if isinstance(cell, str) or (known_to_be_dates and isinstance(cell, int | float)):
        try:
            return bool(read_date(cell, "dmy"))
        except CellProblem:
            return False
    return False


def _begins(cell: Cell) -> str:
    return fold(in_text(cell)[:LETTERS_LOOKED_AT])


def _is_number(text: str) -> bool:
    return len(text) <= LETTERS_LOOKED_AT and bool(NUMBER.fullmatch(latin_digits(text.lower())))


def _says_sum(text: str) -> bool:
    if len(text) > SUM_LETTERS_MOST:
        return False
    words = fold(text).strip(" :=.*").split()
    return len(words) <= SUM_WORDS_MOST and bool(SUM.match(" ".join(words)))
