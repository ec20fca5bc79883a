"""The list of CPD entries: on its own page with plain names, on the Logbook page as the second list."""

from decimal import Decimal

from django.db.models import DecimalField, Value
from django.db.models.functions import Coalesce, Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cpd.filters import CpdFilter
from cpd.points import show_points
from cpd.summaries import CpdTotals, totals_of
from cpd.tables import CpdTable
from logbook_site.foundation.charts import Chart, chart
from logbook_site.foundation.hours import decimal_hours, show_hours
from logbook_site.foundation.lists import Listing

NO_POINTS = Value(Decimal(0), output_field=DecimalField())


class CpdListing(Listing):
    name = "cpd"
    filterset = CpdFilter
    table_of = CpdTable
    day = "completed_on"
    orders = {
        "completed_on": "completed_on",
        "title": Lower("title"),
        "kind": "kind",
        "provider": Lower("provider"),
        "country": "country",
        # Who has points only counts as no hours, and the other way round.
        "hours": Coalesce("minutes", 0),
        "points": Coalesce("points", NO_POINTS),
    }
    shown = ["id", "completed_on", "title", "kind", "provider", "minutes", "points"]

    @cached_property
    def totals(self) -> CpdTotals:
        return totals_of(self.filtered.view)

    @cached_property
    def charts(self) -> list[tuple[str, str, str, Chart]]:
        """(heading, of the labels, of the numbers, bars): hours, and points where there are any."""
        kinds = [(str(row.kind.label), row) for row in self.totals.by_kind]
        years = [(str(row.year), row) for row in self.totals.by_year]
        drawn = [
            (_("Hours by kind"), _("Kind"), _("Hours"), _hours(kinds)),
            (_("Hours by year"), _("Year"), _("Hours"), _hours(years)),
            (_("Points by kind"), _("Kind"), _("Points"), _points(kinds)),
            (_("Points by year"), _("Year"), _("Points"), _points(years)),
        ]
        return [one for one in drawn if one[-1].bars]

    def count_line(self) -> str:
        """“12 CPD entries, 34 h 30 min (34.50 h), 6 points”, over the whole view."""
        totals = self.totals
        parts = [
            ngettext("%(number)s CPD entry", "%(number)s CPD entries", totals.number)
            % {"number": totals.number}
        ]
        if totals.minutes:
            hours = {
                "hours": show_hours(totals.minutes, grouped=True),
                "decimal": decimal_hours(totals.minutes),
            }
            parts.append(_("%(hours)s (%(decimal)s h)") % hours)
        if totals.points:
            parts.append(show_points(totals.points))
        return ", ".join(parts)

    @classmethod
    def usual_sorts(cls) -> list[tuple[str, str]]:
        return [
            ("-completed_on", _("Date, newest first")),
            ("completed_on", _("Date, oldest first")),
            ("title", _("Title, A to Z")),
            ("kind", _("Kind")),
            ("provider", _("Provider")),
            ("country", _("Country")),
            ("-hours", _("Hours, most first")),
            ("hours", _("Hours, fewest first")),
            ("-points", _("Points, most first")),
        ]


def _hours(rows: list[tuple]) -> Chart:
    return chart(
        (label, row.minutes, show_hours(row.minutes, grouped=True)) for label, row in rows if row.minutes
    )


def _points(rows: list[tuple]) -> Chart:
    return chart((label, int(row.points * 100), show_points(row.points)) for label, row in rows if row.points)
