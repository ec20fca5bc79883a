"""The list of the Logbook page."""

from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from logbook.filters import EntryFilter
from logbook.summaries import Totals, totals_of
from logbook.tables import EntryTable
from logbook_site.foundation.charts import Chart, chart
from logbook_site.foundation.hours import decimal_hours, show_hours
from logbook_site.foundation.lists import Listing


class LogbookListing(Listing):
    name = "logbook"
    filterset = EntryFilter
    table_of = EntryTable
    day = "ended_on"
    orders = {
        "ended_on": "ended_on",
        "title": Lower("title"),
        "role": "role",
        "medium": "medium",
        "country": "country",
        "hours": "minutes",
    }
    shown = ["id", "ended_on", "title", "role", "medium", "country", "minutes"]

    @cached_property
    def totals(self) -> Totals:
        return totals_of(self.filtered.view)

    @cached_property
    def chart_by_role(self) -> Chart:
        return chart(
            [
                (str(row.role.label), row.minutes, show_hours(row.minutes, grouped=True))
                for row in self.totals.by_role
            ]
        )

    @cached_property
    def chart_by_year(self) -> Chart:
        years = self.totals.by_year
        return chart([(str(row.year), row.minutes, show_hours(row.minutes, grouped=True)) for row in years])

    def count_line(self) -> str:
        """“66 mediations, 384 h 45 min (384.75 h)”, over the whole view."""
        number, minutes = self.totals.real_number, self.totals.minutes
        if not number:
            return _("0 mediations")
        sentence = ngettext(
            "%(number)s mediation, %(hours)s (%(decimal)s h)",
            "%(number)s mediations, %(hours)s (%(decimal)s h)",
            number,
        )
        hours = {"hours": show_hours(minutes, grouped=True), "decimal": decimal_hours(minutes)}
        return sentence % ({"number": number} | hours)

    def usual_sorts(self) -> list[tuple[str, str]]:
        return [
            ("-ended_on", _("Date, newest first")),
            ("ended_on", _("Date, oldest first")),
            ("title", _("Reference, A to Z")),
            ("-hours", _("Hours, most first")),
            ("hours", _("Hours, fewest first")),
            ("role", _("Role")),
            ("medium", _("Medium")),
            ("country", _("Country")),
        ]
