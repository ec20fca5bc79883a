"""One mediator, as a directory sees them: the same for the page, the export, the print and "what they see"."""

from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import MediatorProfile, User
from directory.development import DevelopmentListing
from directory.filters import ExperienceFilter
from directory.summaries import Experience, Total, experience_of
from logbook.choices import EntryRole
from logbook.models import LogbookEntry
from logbook_site.foundation import clock
from logbook_site.foundation.charts import Chart, chart
from logbook_site.foundation.hours import show_hours
from logbook_site.foundation.languages import language_names
from logbook_site.foundation.lists import PAGE_SIZES, Asked, FilteredList

AS = {
    EntryRole.LEAD: gettext_lazy("As lead mediator"),
    EntryRole.CO: gettext_lazy("As co-mediator"),
    EntryRole.ADVOCATE: gettext_lazy("As mediation advocate"),
    EntryRole.ASSISTANT: gettext_lazy("As assistant"),
    EntryRole.OBSERVER: gettext_lazy("As observer"),
    EntryRole.OTHER: gettext_lazy("In other roles"),
}


class YearLine(NamedTuple):
    """One line of the table of years and roles: hours as people read them, one cell a role."""

    year: int
    cells: list[tuple[str, str]]
    number: int
    shown: str


class ExperienceListing:
    def __init__(self, mediator: User, params: QueryDict) -> None:
        self.mediator = mediator
        self.profile: MediatorProfile = mediator.mediator_profile
        self.as_of: datetime = clock.now()
        self.asked = Asked(params, filterset=ExperienceFilter, sorts=(), usual_sort="")
        self.filtered = FilteredList(
            self.asked,
            rows=LogbookEntry.objects.visible_to(mediator).live(),
            filterset=ExperienceFilter,
            orders={},
            ties=(),
        )
        self.development = DevelopmentListing(mediator, self.asked)

    @property
    def complaints(self) -> list[str]:
        return self.asked.complaints + self.development.asked.complaints

    @cached_property
    def experience(self) -> Experience:
        return experience_of(self.filtered.view)

    def total_line(self) -> str:
        """“212 mediations, 1,384 h 45 min”, over the whole view."""
        return _in_words(self.experience.total)

    def sentences(self) -> list[str]:
        """One a role: “As lead mediator, 2019–2026: 212 mediations, 1,384 h 45 min; self-declared”."""
        sentence = _("%(role)s, %(years)s: %(total)s; self-declared")
        return [
            sentence % {"role": AS[role], "years": self._years(role), "total": _in_words(total)}
            for role, total in self.experience.by_role.items()
        ]

    def _years(self, role: EntryRole) -> str:
        """The years that were asked for; where none was, those of the first and the last mediation."""
        first, last = self.experience.years_as(role)
        asked = self.asked.filters
        first = min(map(int, asked.getlist("year_from")), default=first)
        last = max(map(int, asked.getlist("year_to")), default=last)
        return str(first) if first == last else f"{first}–{last}"

    def chart_by_year(self) -> Chart:
        return _chart(self.experience.by_year)

    def chart_by_role(self) -> Chart:
        return _chart({role.label: total for role, total in self.experience.by_role.items()})

    def chart_by_medium(self) -> Chart:
        return _chart({medium.label: total for medium, total in self.experience.by_medium.items()})

    def years(self) -> list[YearLine]:
        nothing = Total(0, 0)
        cells = self.experience.by_year_and_role
        return [
            YearLine(
                year,
                [(role.label, _hours(cells.get((year, role), nothing).minutes)) for role in self.roles],
                total.number,
                _hours(total.minutes),
            )
            for year, total in self.experience.by_year.items()
        ]

    @property
    def roles(self) -> list[EntryRole]:
        return list(self.experience.by_role)

    def languages(self) -> list[str]:
        return language_names(self.profile.languages)

    def context(self) -> dict[str, object]:
        return {
            "listing": self,
            "mediator": self.mediator,
            "profile": self.profile,
            "asked": self.asked,
            "chips": self.filtered.chips,
            "filter_form": self.filtered.filterset.form,
            "page_sizes": PAGE_SIZES,
            "is_preview": False,
        }


def _in_words(total: Total) -> str:
    if not total.number:
        return _("0 mediations")
    sentence = ngettext("%(number)s mediation, %(hours)s", "%(number)s mediations, %(hours)s", total.number)
    return sentence % {"number": total.number, "hours": _hours(total.minutes)}


def _hours(minutes: int) -> str:
    return show_hours(minutes, grouped=True) if minutes else ""


def _chart(totals: dict[object, Total]) -> Chart:
    return chart((str(label), total.minutes, _hours(total.minutes)) for label, total in totals.items())
