"""The list of the Logbook page, as its reader asked for it: the same for the page, the export and the print."""

from django.db.models.functions import ExtractYear, Lower
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries

from accounts.services.people import remember_page_size
from logbook.filters import EntryFilter
from logbook.models import LogbookEntry
from logbook.summaries import Totals, totals_of
from logbook.tables import EntryTable
from logbook_site.foundation.charts import Chart, chart
from logbook_site.foundation.hours import decimal_hours, show_hours
from logbook_site.foundation.lists import PAGE_SIZES, USUAL_PAGE_SIZE, Asked, FilteredList, RowsInOrder

LIST = "logbook"
ORDERS = {
    "ended_on": "ended_on",
    "title": Lower("title"),
    "role": "role",
    "medium": "medium",
    "country": "country",
    "hours": "minutes",
}
SHOWN = ["id", "ended_on", "title", "role", "medium", "country", "minutes"]


class LogbookListing:
    def __init__(self, request: HttpRequest) -> None:
        self.person = request.user
        self.asked = Asked(
            request.GET,
            filterset=EntryFilter,
            sorts=ORDERS,
            usual_sort="-ended_on",
            page_size=self.person.page_sizes.get(LIST, USUAL_PAGE_SIZE),
        )
        live = LogbookEntry.objects.visible_to(self.person).live()
        self.filtered = FilteredList(
            self.asked,
            rows=live,
            filterset=EntryFilter,
            orders=ORDERS,
            ties=("-ended_on", "-id"),
            choices=self._offered(live),
        )

    def _offered(self, live) -> dict[str, list]:
        """The years and countries of this logbook, and those asked for, to choose from."""
        pairs = (
            live.order_by().annotate(year=ExtractYear("ended_on")).values_list("year", "country").distinct()
        )
        years = {int(year) for year in self.asked.filters.getlist("year")}
        codes = set(self.asked.filters.getlist("country"))
        for year, code in pairs:
            years.add(year)
            codes.add(code)
        return {
            "year": [(str(year), str(year)) for year in sorted(years, reverse=True)],
            "country": sorted(
                ((code, countries.name(code)) for code in codes - {""}), key=lambda pair: pair[1]
            ),
        }

    @cached_property
    def totals(self) -> Totals:
        return totals_of(self.filtered.view)

    @cached_property
    def page(self):
        page = self.filtered.page(self.totals.number)
        page.object_list = list(page.object_list.only(*SHOWN))
        return page

    def table(self) -> EntryTable:
        return EntryTable(RowsInOrder(self.page.object_list), order_by=self.asked.sort)

    @cached_property
    def chart_by_role(self) -> Chart:
        return chart(
            [(str(row.role.label), row.minutes, show_hours(row.minutes)) for row in self.totals.by_role]
        )

    @cached_property
    def chart_by_year(self) -> Chart:
        return chart([(str(row.year), row.minutes, show_hours(row.minutes)) for row in self.totals.by_year])

    def count_line(self) -> str:
        """“66 mediations, 384 h 45 min (384.75 h)”, over the whole view."""
        number, minutes = self.totals.real_number, self.totals.minutes
        sentence = ngettext(
            "%(number)s mediation, %(hours)s (%(decimal)s h)",
            "%(number)s mediations, %(hours)s (%(decimal)s h)",
            number,
        )
        return sentence % {"number": number, "hours": show_hours(minutes), "decimal": decimal_hours(minutes)}

    def sorts(self) -> list[tuple[str, str]]:
        """What "Sort by" offers; phones have no headings to tap."""
        offered = [
            ("-ended_on", _("Date, newest first")),
            ("ended_on", _("Date, oldest first")),
            ("title", _("Reference, A to Z")),
            ("-hours", _("Hours, most first")),
            ("hours", _("Hours, fewest first")),
            ("role", _("Role")),
            ("medium", _("Medium")),
            ("country", _("Country")),
        ]
        if self.asked.sort not in dict(offered):
            offered.append((self.asked.sort, _("As it is now")))
        return offered

    def remember_page_size(self) -> None:
        if self.asked.page_size != self.person.page_sizes.get(LIST, USUAL_PAGE_SIZE):
            remember_page_size(person=self.person, name=LIST, size=self.asked.page_size)

    def context(self) -> dict[str, object]:
        return {
            "listing": self,
            "asked": self.asked,
            "totals": self.totals,
            "page": self.page,
            "table": self.table(),
            "chips": self.filtered.chips,
            "filter_form": self.filtered.filterset.form,
            "page_sizes": PAGE_SIZES,
            "is_empty": not self.filtered.chips and not self.totals.number,
        }
