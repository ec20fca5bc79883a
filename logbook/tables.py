"""Columns of the Logbook page."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from logbook.models import LogbookEntry
from logbook_site.foundation.hours import show_hours
from logbook_site.foundation.lists import links_of_row


class EntryTable(tables.Table):
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

    def render_title(self, value: str) -> str:
        return format_html("<bdi>{}</bdi>", value)

    def render_role(self, record: LogbookEntry) -> str:
        return record.get_role_display()

    def render_medium(self, record: LogbookEntry) -> str:
        return record.get_medium_display()

    def render_country(self, record: LogbookEntry) -> str:
        return countries.name(record.country.code)

    def render_hours(self, value: int) -> str:
        return show_hours(value)

    def render_links(self, record: LogbookEntry) -> str:
        view, edit = (reverse(name, args=[record.pk]) for name in ("logbook_entry", "logbook_edit"))
        return links_of_row(record.title, view=view, edit=edit)
