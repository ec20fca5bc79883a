"""The rows of a list as HTML. Headings and their links are django-tables2's.

Its own cells are not used: for each of them it looks up how the method of the column wants to be called, and that took
three quarters of the time of a page.
"""

from collections.abc import Callable, Sequence
from uuid import UUID

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

NOBODY = UUID(int=0)


class ListTable(tables.Table):
    """Subclasses name their columns, and write the cells of one row in that order."""

    def cells(self, record) -> Sequence[object]:
        """What is not marked safe will be escaped."""
        raise NotImplementedError

    def body(self) -> str:
        """All rows; where there are none, one that says so."""
        begun = [
            format_html('<td class="col-{}" role="cell" data-label="{}"><span>', column.name, column.header)
            for column in self.columns
        ]
        rows = [
            format_html_join("", "\n      {}{}</span></td>", zip(begun, self.cells(record), strict=True))
            for record in self.data
        ]
        if not rows:
            rows = [
                format_html('<td role="cell" class="empty" colspan="{}">{}</td>', len(begun), self.empty_text)
            ]
        return format_html_join("", '\n    <tr role="row">{}\n    </tr>', ((row,) for row in rows))


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
