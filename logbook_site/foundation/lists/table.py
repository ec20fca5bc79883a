"""The rows of a list as HTML. Headings and their links are django-tables2's.

Its own cells are not used: for each of them it looks up how the method of the column wants to be called, and that took
three quarters of the time of a page.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from logbook_site.foundation.lists.asked import Asked
from logbook_site.foundation.text import as_format

NOBODY = UUID(int=0)
REST, ROWS = "rest-of-the-address", "rows-of-the-list"


class ListTable(tables.Table):
    """Subclasses name their columns, and give the values of one row in that order.

    Columns that are `typed` run in the direction of their text. The value of `links` is an id; the names of the two
    addresses that take it, to see and to change the row, are its `addresses`, and its `title` says which.
    A table is made once for each order and language, and kept: it knows nothing of the rows that it writes.
    """

    typed: tuple[str, ...] = ("title",)
    addresses: tuple[str, str]

    def cells(self, record) -> Sequence[object]:
        """What is not marked safe will be escaped."""
        raise NotImplementedError

    def written(self, column: str) -> str:
        """How a cell is written: HTML, in which `place_of` any column stands for the value of this row."""
        if column in self.typed:
            return format_html('<span dir="auto">{}</span>', place_of(column))
        return format_html(
            "<span>{}</span>", _row_links(*self.addresses) if column == "links" else place_of(column)
        )


def place_of(column: str) -> str:
    return f"place-of-{column}-in-a-row"


def drawn_table(table_of: type[ListTable], rows: Iterable, asked: Asked | None = None) -> str:
    """`rows` as HTML; headings lead to the same list in another order, where it was `asked` for one.

    The database has sorted the rows: the table only marks the heading.
    """
    order = (asked.sort, asked.prefix, asked.anchor) if asked else ("", "", "")
    frame = _frame(table_of, *order, get_language())
    return frame.filled(rows, asked.rest("sort", "page") if asked else "")


class Frame(NamedTuple):
    """What stands around the rows, as formats: of the whole table (`rest` and `rows`), and of one row (its cells)."""

    table: ListTable
    around: str
    row: str
    no_rows: str

    def filled(self, rows: Iterable, rest: str) -> str:
        # One call for each row: to format each cell by itself takes four times as long.
        drawn = format_html_join("", self.row, (self.table.cells(record) for record in rows)) or self.no_rows
        return format_html(self.around, rest=rest, rows=drawn)


@lru_cache(maxsize=500)
def _frame(table_of: type[ListTable], sort: str, prefix: str, anchor: str, _language: str) -> Frame:
    table = table_of([], order_by=sort, prefix=prefix)
    columns = list(table.columns)
    cell = '\n      <td class="col-{}" role="cell" data-label="{}">{}</td>'
    cells = format_html_join("", cell, ((one.name, one.header, table.written(one.name)) for one in columns))
    places = {place_of(column.name): f"{{{number}}}" for number, column in enumerate(columns)}
    empty = '\n    <tr role="row"><td role="cell" class="empty" colspan="{}">{}</td>\n    </tr>'
    shown = {"table": table, "anchor": anchor, "rest": REST, "rows": ROWS}
    return Frame(
        table=table,
        around=as_format(render_to_string("partials/_table.html", shown), {REST: "{rest}", ROWS: "{rows}"}),
        row=as_format(f'\n    <tr role="row">{cells}\n    </tr>', places),
        no_rows=format_html(empty, len(columns), table.empty_text),
    )


def kept(write: Callable[[object], object]) -> Callable[[object], str]:
    """`write`, escaped and kept in memory: for codes, days and numbers, never for what people typed."""
    return lru_cache(10_000)(lambda value: conditional_escape(write(value)))


def _row_links(view: str, edit: str) -> str:
    """The cell `links` of a row, whose value is an id: to see the entry of this `title`, and to change it."""
    here, id_of_row, title = str(NOBODY), place_of("links"), place_of("title")
    return format_html(
        '<a class="whole-row" href="{}">{}<span class="visually-hidden"> {}</span></a> '
        '<a href="{}">{}<span class="visually-hidden"> {}</span></a>',
        *(reverse(view, args=[NOBODY]).replace(here, id_of_row), _("View"), title),
        *(reverse(edit, args=[NOBODY]).replace(here, id_of_row), _("Edit"), title),
    )
