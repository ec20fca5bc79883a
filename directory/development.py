"""A mediator's CPD as a directory sees it: title, kind, provider, date and hours, and nothing else of an entry."""

from functools import cached_property

import django_tables2 as tables
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Coalesce, Lower
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from cpd.choices import CpdKind
from cpd.models import CpdEntry
from directory.filters import NothingToFilter
from logbook_site.foundation.exports import in_words
from logbook_site.foundation.hours import show_hours
from logbook_site.foundation.lists import Asked, FilteredList, ListTable, drawn_table, kept

ORDERS = {
    "completed_on": "completed_on",
    "title": Lower("title"),
    "kind": "kind",
    "provider": Lower("provider"),
    "hours": Coalesce("minutes", 0),
}
SHOWN = ["id", "completed_on", "title", "kind", "provider", "minutes"]


class DevelopmentTable(ListTable):
    completed_on = tables.Column(verbose_name=gettext_lazy("Date"))
    title = tables.Column(verbose_name=gettext_lazy("Title"))
    kind = tables.Column(verbose_name=gettext_lazy("Kind"))
    provider = tables.Column(verbose_name=gettext_lazy("Provider"), default="")
    hours = tables.Column(accessor="minutes", verbose_name=gettext_lazy("Hours"), default="")

    class Meta:
        order_by_field = "sort"
        attrs = {"caption": gettext_lazy("Professional development"), "class": "compact"}

    typed = ("title", "provider")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.day, self.kind = kept(date_format), kept(in_words(CpdKind.choices))

    def cells(self, record: CpdEntry) -> list[object]:
        return [
            self.day(record.completed_on),
            record.title,
            self.kind(record.kind),
            record.provider,
            "" if record.minutes is None else show_hours(record.minutes, grouped=True),
        ]


class DevelopmentListing:
    """The second list of the page: its parameters begin with "cpd-". The years of the page hold for it, too."""

    def __init__(self, mediator: User, beside: Asked) -> None:
        params = beside.params
        self.asked = Asked(
            params, filterset=NothingToFilter, sorts=ORDERS, usual_sort="-completed_on", prefix="cpd-",
            beside=beside, anchor="#cpd",
        )  # fmt: skip
        self.filtered = FilteredList(
            self.asked,
            rows=self._of_years(CpdEntry.objects.visible_to(mediator).live(), beside),
            filterset=NothingToFilter,
            orders=ORDERS,
            ties=("-completed_on", "-id"),
        )

    @staticmethod
    def _of_years(entries: QuerySet, asked: Asked) -> QuerySet:
        since, until = asked.filters.getlist("year_from"), asked.filters.getlist("year_to")
        if since:
            entries = entries.filter(completed_on__year__gte=min(map(int, since)))
        if until:
            entries = entries.filter(completed_on__year__lte=max(map(int, until)))
        return entries

    @cached_property
    def totals(self) -> dict[str, int]:
        return self.filtered.view.aggregate(number=Count("*"), minutes=Coalesce(Sum("minutes"), 0))

    def count_line(self) -> str:
        """“12 CPD entries, 34 h 30 min”, over the whole view."""
        number, minutes = self.totals["number"], self.totals["minutes"]
        sentence = ngettext("%(number)s CPD entry", "%(number)s CPD entries", number) % {"number": number}
        if not minutes:
            return sentence
        hours = show_hours(minutes, grouped=True)
        return _("%(entries)s, %(hours)s") % {"entries": sentence, "hours": hours}

    @cached_property
    def page(self):
        page = self.filtered.page(self.totals["number"])
        page.object_list = list(page.object_list.only(*SHOWN))
        return page

    def table(self) -> str:
        """The rows of the page as HTML."""
        return drawn_table(DevelopmentTable, self.page.object_list, self.asked)

    def rows(self) -> QuerySet:
        """Every row of the view, in its order."""
        return self.filtered.ordered.only(*SHOWN)
