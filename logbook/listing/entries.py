"""The list of the Logbook page."""

from functools import lru_cache

from django.db.models import F
from django.utils.functional import cached_property
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from logbook.choices import EntryRole
from logbook.filters import EntryFilter
from logbook.models import HEADINGS
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
    orders = {"ended_on": F("ended_on")} | HEADINGS
    shown = ["id", "ended_on", "title", "role", "medium", "country", "minutes"]

    @cached_property
    def totals(self) -> Totals:
        return totals_of(self.filtered.view)

    @cached_property
    def chart_by_role(self) -> Chart:
        return _bars(tuple((row.role, row.minutes) for row in self.totals.by_role), get_language())

    @cached_property
    def chart_by_year(self) -> Chart:
        return _bars(tuple((row.year, row.minutes) for row in self.totals.by_year), get_language())

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

    @classmethod
    def usual_sorts(cls) -> list[tuple[str, str]]:
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


@lru_cache(maxsize=500)
def _bars(rows: tuple[tuple[EntryRole | int, int], ...], _language: str) -> Chart:
    """Of a role or year, and minutes. Kept: to break labels into lines takes as long as the rows of a page."""
    labels = [(one.label if isinstance(one, EntryRole) else one, minutes) for one, minutes in rows]
    return chart((str(label), minutes, show_hours(minutes, grouped=True)) for label, minutes in labels)
