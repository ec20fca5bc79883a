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
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from logbook_site.foundation.lists.asked import Asked

NOBODY = UUID(int=0)
REST, ROWS = "rest-of-the-address", "rows-of-the-list"  # places in what is kept


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
    """What stands around the rows. `REST` is where the rest of the address goes."""

    table: ListTable
    before: str
    cell_beginnings: list[str]
    no_rows: str
    after: str

    def filled(self, rows: Iterable, rest: str) -> str:
        body = "".join(map(self._row, rows)) or self.no_rows
        return mark_safe(f"{self.before.replace(REST, escape(rest))}{body}{self.after}")

    def _row(self, record) -> str:
        # Escaped here: to format each cell by itself takes four times as long.
        pairs = zip(self.cell_beginnings, self.table.cells(record), strict=True)
        cells = (f"{beginning}{conditional_escape(cell)}</span></td>" for beginning, cell in pairs)
        return f'\n    <tr role="row">{"".join(cells)}\n    </tr>'


@lru_cache(maxsize=500)
def _frame(table_of: type[ListTable], sort: str, prefix: str, anchor: str, _language: str) -> Frame:
    table = table_of([], order_by=sort, prefix=prefix)
    around = render_to_string(
        "partials/_table.html", {"table": table, "anchor": anchor, "rest": REST, "rows": ROWS}
    )
    before, after = around.split(ROWS)
    columns = list(table.columns)
    cell = '\n      <td class="col-{}" role="cell" data-label="{}"><span>'
    empty = '\n    <tr role="row"><td role="cell" class="empty" colspan="{}">{}</td>\n    </tr>'
    return Frame(
        table=table,
        before=before,
        cell_beginnings=[format_html(cell, column.name, column.header) for column in columns],
        no_rows=format_html(empty, len(columns), table.empty_text),
        after=after,
    )


def day_cell(day: date) -> str:
    """The day in the reader's words."""
    return _day(day, get_language())


@lru_cache(maxsize=20_000)
def _day(day: date, _language: str) -> str:
    return date_format(day)


def name_cell(text: str) -> str:
    """What somebody typed, in its own direction; nothing for nothing."""
    return mark_safe(f"<bdi>{escape(text)}</bdi>") if text else ""


def row_links(*, view: str, edit: str) -> Callable[[UUID, str], str]:
    """Writes the last cell of a row: to see the entry with this id and title, and to change it.

    `view` and `edit` name addresses that take the id. They are looked up once for all rows.
    """
    before_view, after_view = reverse(view, args=[NOBODY]).split(str(NOBODY))
    before_edit, after_edit = reverse(edit, args=[NOBODY]).split(str(NOBODY))
    view_word, edit_word = escape(_("View")), escape(_("Edit"))

    def links(pk: UUID, title: str) -> str:
        hidden = f'<span class="visually-hidden"> {escape(title)}</span></a>'
        return mark_safe(
            f'<a class="whole-row" href="{before_view}{pk}{after_view}">{view_word}{hidden} '
            f'<a href="{before_edit}{pk}{after_edit}">{edit_word}{hidden}'
        )

    return links
