"""How one table of the download is told: to people as CSV, to machines as JSON."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import chain
from typing import NamedTuple

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django_countries.fields import Country

from accounts.models import User
from logbook_site.foundation.lost_texts import readable
from logbook_site.foundation.sealing import SealedText

CHUNK = 200  # rows in memory at once: a text may have 20,000 letters
Row = Model | Mapping[str, object]


class Column(NamedTuple):
    """`told` gives the value where it is no field of the row; `shown` its words for people, where codes have some."""

    heading: str | Promise
    told: Callable[[Row], object] | None = None
    shown: Callable[[Row], object] | None = None


class Table(NamedTuple):
    """A file of the download. `columns` names every field that is told, `left_out` every other one, and why."""

    name: str
    about: Promise
    rows: Callable[[User], QuerySet | list[Row]]
    columns: dict[str, Column | str | Promise]
    left_out: dict[str, str] = {}
    # Headings and rows for people, where the site has an export of its own that they know.
    sheet: Callable[[User], tuple[list, Iterable[list]]] | None = None

    def is_empty(self, person: User) -> bool:
        rows = self.rows(person)
        return not rows.exists() if isinstance(rows, QuerySet) else not rows

    def as_sheet(self, person: User) -> Iterator[list]:
        """Headings, then rows, in words."""
        headings, rows = self.sheet(person) if self.sheet else self._own_sheet(person)
        return chain([headings], rows)

    def as_objects(self, person: User) -> Iterator[dict[str, object]]:
        """Each row with its values as they are stored."""
        for row in _in_chunks(self.rows(person)):
            yield {name: _plain(_value(row, name, column)) for name, column in self._columns()}

    def _own_sheet(self, person: User) -> tuple[list, Iterable[list]]:
        headings = [str(column.heading) for _name, column in self._columns()]
        rows = (
            [_in_words(row, name, column) for name, column in self._columns()]
            for row in _in_chunks(self.rows(person))
        )
        return headings, rows

    def _columns(self) -> list[tuple[str, Column]]:
        given = self.columns.items()
        return [(name, each if isinstance(each, Column) else Column(each)) for name, each in given]


def _in_chunks(rows: QuerySet | list[Row]) -> Iterable[Row]:
    return rows.iterator(chunk_size=CHUNK) if isinstance(rows, QuerySet) else rows


def _value(row: Row, name: str, column: Column) -> object:
    if column.told:
        return column.told(row)
    if isinstance(row, Mapping):
        return row[name]
    if isinstance(getattr(type(row), name, None), SealedText):
        return readable(row, name)
    return getattr(row, name)


def _plain(value: object) -> object:
    return value.code if isinstance(value, Country) else value


def _in_words(row: Row, name: str, column: Column) -> object:
    if column.shown:
        return column.shown(row)
    value = _value(row, name, column)
    in_words = getattr(row, f"get_{name}_display", None)
    if value is None or value == "":
        return ""
    if in_words:
        return in_words()
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Country):
        return value.name
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M}"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value
