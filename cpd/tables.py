"""Columns of a list of CPD entries."""

from functools import lru_cache

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from cpd.choices import CpdKind
from cpd.models import CpdEntry
from cpd.points import show_points
from logbook_site.foundation.exports import in_words
from logbook_site.foundation.hours import show_hours
from logbook_site.foundation.lists import ListTable, day_cell, name_cell, row_links


class CpdTable(ListTable):
    completed_on = tables.Column(verbose_name=_("Date"))
    title = tables.Column(verbose_name=_("Title"))
    kind = tables.Column(verbose_name=_("Kind"))
    provider = tables.Column(verbose_name=_("Provider"), default="")
    hours = tables.Column(accessor="minutes", verbose_name=_("Hours"), default="")
    points = tables.Column(verbose_name=_("Points"), default="")
    links = tables.Column(empty_values=(), orderable=False, verbose_name=_("Open"))

    class Meta:
        order_by_field = "sort"
        empty_text = _("Nothing matches these filters.")
        attrs = {"caption": _("Your professional development"), "class": "compact"}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.kind = in_words(CpdKind.choices)
        self.hours, self.points = lru_cache(10_000)(show_hours), lru_cache(10_000)(show_points)
        self.links = row_links(view="cpd_entry", edit="cpd_edit")

    def cells(self, record: CpdEntry) -> list[str]:
        return [
            day_cell(record.completed_on),
            name_cell(record.title),
            self.kind(record.kind),
            name_cell(record.provider),
            "" if record.minutes is None else self.hours(record.minutes),
            "" if record.points is None else self.points(record.points),
            self.links(record.id, record.title),
        ]
