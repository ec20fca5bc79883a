"""Lengths of time as people write them in spreadsheets, and as spreadsheet programs change them."""

from datetime import time, timedelta
from typing import NamedTuple

from logbook_site.foundation.hours import HoursError, parse_hours
from logbook_site.foundation.sheets.sheet import Cell, CellProblem


class Minutes(NamedTuple):
    """Whole minutes, and a sentence if something else may be meant ("" if not): the person should check it."""

    minutes: int
    doubt: str = ""


def counts_minutes(heading: str) -> bool:
    """Whether the numbers below this heading are minutes: “Duration (min)”, “Dauer in Minuten”."""
    return False


def read_minutes(cell: Cell, *, allow_zero: bool = False, in_minutes: bool = False) -> Minutes:
    """How long it took. Plain numbers are hours, or minutes where the heading says so (`in_minutes`).

    Raises CellProblem, for an empty cell too. More than 24 hours for a day is the caller's question.
    """
    if isinstance(cell, time):
        return Minutes(cell.hour * 60 + cell.minute)
    if isinstance(cell, timedelta):
        return Minutes(round(cell.total_seconds() / 60))
    try:
        return Minutes(parse_hours(str(cell), allow_zero=allow_zero))
    except HoursError as error:
        raise CellProblem(error.sentence) from error
