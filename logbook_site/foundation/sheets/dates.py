"""Dates as people write them in spreadsheets."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from logbook_site.foundation.sheets.sheet import Cell, CellProblem


class DateOrder(NamedTuple):
    """In which order day and month stand in a column of dates.

    `order` is "dmy" or "mdy" as far as the cells prove it, else None. `example` is a cell that means another day in the
    other order, as it stands there ("03/04/2019"), or "" if there is none. So ask if `order` is None and there is an
    `example`; without an example the answer makes no difference.
    """

    order: str | None
    example: str


class Day(NamedTuple):
    """A date, and a sentence if it may be another one ("" if not): the person should check it."""

    date: date
    doubt: str = ""


def date_order(cells: Iterable[Cell]) -> DateOrder:
    """What the cells of a column of dates tell about their order. Give all date columns of a sheet at once."""
    return DateOrder(None, "")


def read_date(cell: Cell, order: str | None) -> Day:
    """The day in `cell`; `order` ("dmy", "mdy") decides what 03/04/2019 means. Raises CellProblem.

    With `order` None a cell that can be read in two ways is a problem. An empty cell is one, too.
    """
    if isinstance(cell, date):
        return Day(cell)
    try:
        return Day(date.fromisoformat(str(cell)))
    except ValueError as error:
        raise CellProblem(_("This is no date.")) from error
