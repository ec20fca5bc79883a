"""One person's list, as its reader asked for it: the same for the page, the download and the print."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache

import django_filters
from django.contrib import messages
from django.core.paginator import Page
from django.db.models import Expression, QuerySet
from django.db.models.functions import ExtractYear
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_countries import countries

from logbook_site.foundation.lists.asked import PAGE_SIZES, USUAL_PAGE_SIZE, Asked, NotUnderstood
from logbook_site.foundation.lists.rows import Chip, FilteredList
from logbook_site.foundation.lists.table import ListTable, drawn_table
from logbook_site.foundation.pdf import PdfNotPossible, pdf_response
from logbook_site.foundation.spreadsheets import Row, csv_response, xlsx_response

FORMATS = {"csv": csv_response, "xlsx": xlsx_response}


class Listing:
    """A list by date, with a filter for years and one for countries. Subclasses say of what, and add it up."""

    name: str  # under which the page size is remembered
    filterset: type[django_filters.FilterSet]
    table_of: type[ListTable]
    day: str  # the date field
    orders: Mapping[str, str | Expression]
    shown: list[str]  # the fields that a row of the table needs

    def __init__(
        self,
        request: HttpRequest,
        live: QuerySet,
        *,
        prefix: str = "",
        beside: "Listing | None" = None,
        anchor: str = "",
    ) -> None:
        """`live` are the rows that this person may see."""
        self.live = live
        self.asked = Asked(
            request.GET,
            filterset=self.filterset,
            sorts=self.orders,
            usual_sort=f"-{self.day}",
            page_size=request.user.page_sizes.get(self.name, USUAL_PAGE_SIZE),
            prefix=prefix,
            beside=beside.asked if beside else None,
            anchor=anchor,
        )
        self.filtered = FilteredList(
            self.asked,
            rows=live,
            filterset=self.filterset,
            orders=self.orders,
            ties=(f"-{self.day}", "-id"),
            choices=self._offered,
        )

    def _offered(self) -> dict[str, list]:
        """The years and countries of the rows, and those asked for, to choose from."""
        years = {int(year) for year in self.asked.filters.getlist("year")}
        codes = set(self.asked.filters.getlist("country"))
        for year, code in self._years_and_countries():
            years.add(year)
            codes.add(code)
        return {
            "year": [(str(year), str(year)) for year in sorted(years, reverse=True)],
            "country": sorted(
                ((code, countries.name(code)) for code in codes - {""}), key=lambda pair: pair[1]
            ),
        }

    def _years_and_countries(self) -> Iterable[tuple[int, str]]:
        """The different pairs among all rows. Without filters the totals know them already."""
        if not self.asked.filters:
            return self.totals.years_and_countries
        rows = self.live.order_by().annotate(year=ExtractYear(self.day))
        return rows.values_list("year", "country").distinct()

    @cached_property
    def totals(self):
        """What the view adds up to: its `number` counts the rows, and there are `years_and_countries`."""
        raise NotImplementedError

    @cached_property
    def page(self) -> Page:
        return self.filtered.page(self.totals.number)

    @cached_property
    def rows_to_print(self) -> QuerySet:
        """Those of the page, as objects."""
        return self.page.object_list.only(*self.shown)

    def table(self) -> str:
        """The rows of the page as HTML."""
        # Plain values: to make objects of the model takes as long as to write the rows.
        rows = self.page.object_list.values_list(*self.shown, named=True)
        return drawn_table(self.table_of, rows, self.asked)

    @property
    def chips(self) -> list[Chip]:
        return self.filtered.chips

    @property
    def is_empty(self) -> bool:
        """Nothing is there at all, whatever was asked."""
        return not self.chips and not self.totals.number

    @classmethod
    def usual_sorts(cls) -> list[tuple[str, str]]:
        """What "Sort by" offers."""
        raise NotImplementedError

    def sorts(self) -> tuple[tuple[str, str], ...]:
        """What "Sort by" offers, and what is asked for; phones have no headings to tap."""
        return _sorts(type(self), self.asked.sort, get_language())

    def context(self) -> dict[str, object]:
        return {
            "listing": self,
            "asked": self.asked,
            "totals": self.totals,
            "page": self.page,
            "page_sizes": PAGE_SIZES,
            "is_empty": self.is_empty,
        }


@lru_cache
def _sorts(listing: type[Listing], now: str, _language: str) -> tuple[tuple[str, str], ...]:
    offered = listing.usual_sorts()
    if now not in dict(offered):
        offered.append((now, _("As it is now")))
    return tuple(offered)


def printed(
    request: HttpRequest,
    name: str,
    template: str,
    listings: list[Listing],
    context: Callable[[], dict[str, object]],
) -> HttpResponse:
    """A PDF of what the page `name` shows. What is not understood is refused; no PDF here: back to the page."""
    _refuse([sentence for listing in listings for sentence in listing.asked.complaints])
    try:
        return pdf_response(f"{name}.pdf", template, context() | {"person": request.user})
    except PdfNotPossible as error:
        messages.error(request, error.sentence)
        return redirect(name)


def downloaded(
    request: HttpRequest,
    listing: Listing,
    headings: Callable[[bool], list[str]],
    rows: Callable[[QuerySet, bool], Iterable[Row]],
) -> HttpResponseBase:
    """Every row of the view, in its order; private texts only when asked for. What is not understood is refused."""
    wanted = request.GET.get("format", "csv")
    complaints = [] if wanted in FORMATS else [_("A download is “csv” or “xlsx”.")]
    _refuse([*listing.asked.complaints, *complaints])
    with_learnings = bool(request.GET.get("learnings"))
    answer = FORMATS[wanted]
    return answer(
        f"{listing.name}.{wanted}", headings(with_learnings), rows(listing.filtered.ordered, with_learnings)
    )


def _refuse(complaints: list[str]) -> None:
    if complaints:
        raise NotUnderstood(complaints)
