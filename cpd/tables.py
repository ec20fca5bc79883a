"""Columns of a list of CPD entries."""

from decimal import Decimal

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from cpd.models import CpdEntry
from cpd.points import show_points
from logbook_site.foundation.hours import show_hours
from logbook_site.foundation.lists import links_of_row


class CpdTable(tables.Table):
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

    def render_title(self, value: str) -> str:
        return format_html("<bdi>{}</bdi>", value)

    def render_kind(self, record: CpdEntry) -> str:
        return record.get_kind_display()

    def render_provider(self, value: str) -> str:
        return format_html("<bdi>{}</bdi>", value)

    def render_hours(self, value: int) -> str:
        return show_hours(value)

    def render_points(self, value: Decimal) -> str:
        return show_points(value)

    def render_links(self, record: CpdEntry) -> str:
        view, edit = (reverse(name, args=[record.pk]) for name in ("cpd_entry", "cpd_edit"))
        return links_of_row(record.title, view=view, edit=edit)
