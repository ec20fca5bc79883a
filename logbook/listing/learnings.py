"""The list of the Learnings page: entries of the logbook and of CPD that have a text, together."""

from collections.abc import Mapping

from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from logbook.filters import LearningFilter
from logbook.learnings import COLUMNS, Learning, years_of
from logbook_site.foundation.lists import PAGE_SIZES, USUAL_PAGE_SIZE, Asked, Chip, FilteredList

ORDERS = {"date": "date", "title": "lower_title"}


class FilteredLearnings(FilteredList):
    """Two tables, filtered alike and laid one below the other; the database orders and cuts them."""

    def __init__(self, asked: Asked, *, sources: tuple[QuerySet, ...], choices: Mapping[str, list]) -> None:
        super().__init__(
            asked,
            rows=sources[0],
            filterset=LearningFilter,
            orders=ORDERS,
            ties=("-date", "-id"),
            choices=lambda: choices,
        )
        # Without filters, too: only entries that have a text are in the view.
        parts = [LearningFilter(self._named(asked), queryset=rows).qs for rows in sources]
        first, *others = [part.values_list(*COLUMNS) for part in parts]
        self.view = first.union(*others, all=True)


class LearningsListing:
    """What its owner asked for: the same for the page, the download and the print."""

    name = "learnings"

    def __init__(self, request: HttpRequest, *sources: QuerySet) -> None:
        """`sources` are the entries of each table that this person may see."""
        self.asked = Asked(
            request.GET,
            filterset=LearningFilter,
            sorts=ORDERS,
            usual_sort="-date",
            page_size=request.user.page_sizes.get(self.name, USUAL_PAGE_SIZE),
        )
        years = {*years_of(sources), *map(int, self.asked.filters.getlist("year"))}
        offered = {"year": [(str(year), str(year)) for year in sorted(years, reverse=True)]}
        self.filtered = FilteredLearnings(self.asked, sources=sources, choices=offered)

    @cached_property
    def number(self) -> int:
        """How many entries are in the view."""
        return self.filtered.view.count()

    @cached_property
    def page(self) -> Page:
        page = self.filtered.page(self.number)
        page.object_list = [Learning.from_row(values) for values in page.object_list]
        return page

    @property
    def chips(self) -> list[Chip]:
        return self.filtered.chips

    @property
    def is_empty(self) -> bool:
        """Nothing was written at all, whatever was asked."""
        return not self.chips and not self.number

    def count_line(self) -> str:
        """“Learnings from 66 entries”, over the whole view."""
        sentence = ngettext(
            "Learnings from %(number)s entry", "Learnings from %(number)s entries", self.number
        )
        return sentence % {"number": self.number}

    def sorts(self) -> tuple[tuple[str, str], ...]:
        return (
            ("-date", _("Date, newest first")),
            ("date", _("Date, oldest first")),
            ("title", _("Title, A to Z")),
            ("-title", _("Title, Z to A")),
        )

    def context(self) -> dict[str, object]:
        return {
            "listing": self,
            "asked": self.asked,
            "page": self.page,
            "page_sizes": PAGE_SIZES,
        }
