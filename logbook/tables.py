"""Columns of the Logbook page."""

import django_tables2 as tables
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from logbook.choices import EntryRole, Medium
from logbook.models import LogbookEntry
from logbook_site.foundation.exports import in_words
from logbook_site.foundation.hours import show_hours
from logbook_site.foundation.lists import ListTable, kept


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

    addresses = ("logbook_entry", "logbook_edit")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.day, self.hours, self.country = kept(date_format), kept(show_hours), kept(countries.name)
        self.role, self.medium = kept(in_words(EntryRole.choices)), kept(in_words(Medium.choices))

    def cells(self, record: LogbookEntry) -> list[object]:
        return [
            self.day(record.ended_on),
            record.title,
            self.role(record.role),
            self.medium(record.medium),
            self.country(record.country),
            self.hours(record.minutes),
            record.id,
        ]
