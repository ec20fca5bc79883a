"""The rows of a list as HTML. Headings and their links are django-tables2's.

Its own cells are not used: for each of them it looks up how the method of the column wants to be called, and that took
three quarters of the time of a page.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from logbook_site.foundation.lists.asked import Asked
from logbook_site.foundation.text import as_format

NOBODY = UUID(int=0)
REST, ROWS, PLACE = "rest-of-the-address", "rows-of-the-list", "place-of-a-cell"


class ListTable(tables.Table):
    """Subclasses name their columns, and write the cells of one row in that order.

    A table is made once for each order and language, and kept: it knows nothing of the rows that it writes.
    """

    def cells(self, record) -> Sequence[object]:
        """What is not marked safe will be escaped."""
        raise NotImplementedError


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
        drawn = [format_html(self.row, *self.table.cells(record)) for record in rows] or [self.no_rows]
        return format_html(self.around, rest=rest, rows=format_html_join("", "{}", zip(drawn)))


@lru_cache(maxsize=500)
def _frame(table_of: type[ListTable], sort: str, prefix: str, anchor: str, _language: str) -> Frame:
    table = table_of([], order_by=sort, prefix=prefix)
    columns = list(table.columns)
    cell = '\n      <td class="col-{}" role="cell" data-label="{}"><span>{}</span></td>'
    cells = format_html_join("", cell, ((column.name, column.header, PLACE) for column in columns))
    empty = '\n    <tr role="row"><td role="cell" class="empty" colspan="{}">{}</td>\n    </tr>'
    shown = {"table": table, "anchor": anchor, "rest": REST, "rows": ROWS}
    return Frame(
        table=table,
        around=as_format(render_to_string("partials/_table.html", shown), {REST: "{rest}", ROWS: "{rows}"}),
        row=as_format(f'\n    <tr role="row">{cells}\n    </tr>', {PLACE: "{}"}),
        no_rows=format_html(empty, len(columns), table.empty_text),
    )


def day_cell(day: date) -> str:
    """The day in the reader's words."""
    return _day(day, get_language())


@lru_cache(maxsize=20_000)
def _day(day: date, _language: str) -> str:
    return date_format(day)


def name_cell(text: str) -> str:
    """What somebody typed, in its own direction; nothing for nothing."""
    return format_html("<bdi>{}</bdi>", text) if text else ""


def row_links(*, view: str, edit: str) -> Callable[[UUID, str], str]:
    """Writes the last cell of a row: to see the entry with this id and title, and to change it.

    `view` and `edit` name addresses that take the id. They are looked up once for all rows.
    """
    before_view, after_view = reverse(view, args=[NOBODY]).split(str(NOBODY))
    before_edit, after_edit = reverse(edit, args=[NOBODY]).split(str(NOBODY))
    link = (
        f'<a class="whole-row" href="{before_view}{{0}}{after_view}">{{1}}'
        '<span class="visually-hidden"> {2}</span></a> '
        f'<a href="{before_edit}{{0}}{after_edit}">{{3}}<span class="visually-hidden"> {{2}}</span></a>'
    )
    words = _("View"), _("Edit")
    return lambda pk, title: format_html(link, pk, words[0], title, words[1])
