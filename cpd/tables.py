"""Columns of a list of CPD entries."""

import django_tables2 as tables
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from cpd.choices import CpdKind
from cpd.models import CpdEntry
from cpd.points import show_points
from logbook_site.foundation.exports import in_words
from logbook_site.foundation.hours import show_hours
from logbook_site.foundation.lists import ListTable, kept


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

    typed = ("title", "provider")
    addresses = ("cpd_entry", "cpd_edit")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.day, self.kind = kept(date_format), kept(in_words(CpdKind.choices))
        self.hours, self.points = kept(show_hours), kept(show_points)

    def cells(self, record: CpdEntry) -> list[object]:
        return [
            self.day(record.completed_on),
            record.title,
            self.kind(record.kind),
            record.provider,
            "" if record.minutes is None else self.hours(record.minutes),
            "" if record.points is None else self.points(record.points),
            record.id,
        ]
