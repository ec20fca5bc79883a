"""Columns of the Logbook page."""

from functools import cache, lru_cache

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from logbook.choices import EntryRole, Medium
from logbook.models import LogbookEntry
from logbook_site.foundation.exports import in_words
from logbook_site.foundation.hours import show_hours
from logbook_site.foundation.lists import ListTable, day_cell, name_cell, row_links


class EntryTable(ListTable):
    ended_on = tables.Column(verbose_name=_("Date"))
    title = tables.Column(verbose_name=_("Reference"))
    role = tables.Column(verbose_name=_("Role"))
    medium = tables.Column(verbose_name=_("Medium"))
    country = tables.Column(verbose_name=_("Country"), default="")
    hours = tables.Column(accessor="minutes", verbose_name=_("Hours"))
    links = tables.Column(empty_values=(), orderable=False, verbose_name=_("Open"))

    class Meta:
        order_by_field = "sort"
        empty_text = _("Nothing matches these filters.")
        attrs = {"caption": _("Your mediations"), "class": "compact"}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.role, self.medium = in_words(EntryRole.choices), in_words(Medium.choices)
        self.country, self.hours = cache(countries.name), lru_cache(10_000)(show_hours)
        self.links = row_links(view="logbook_entry", edit="logbook_edit")

    def cells(self, record: LogbookEntry) -> list[str]:
        return [
            day_cell(record.ended_on),
            name_cell(record.title),
            self.role(record.role),
            self.medium(record.medium),
            self.country(record.country),
            self.hours(record.minutes),
            self.links(record.id, record.title),
        ]
