"""The numbers of professional development, each defined once: for the page, the PDF, and later for directories."""

from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Sum
from django.db.models.functions import ExtractYear

from cpd.choices import CpdKind
from cpd.querysets import CpdEntryQuerySet
from logbook_site.foundation.sums import sums

ADDED = ["number", "minutes", "points"]


class Group(NamedTuple):
    """Entries of one kind, year and country. Who has only points adds no minutes, and the other way round."""

    kind: str
    year: int
    country: str
    number: int
    minutes: int
    points: Decimal


class KindTotals(NamedTuple):
    kind: CpdKind
    number: int
    minutes: int
    points: Decimal


class YearTotals(NamedTuple):
    year: int
    number: int
    minutes: int
    points: Decimal


class CpdTotals(NamedTuple):
    """What a view adds up to. Hours (in minutes) and points stand side by side; nothing turns one into the other."""

    number: int
    minutes: int
    points: Decimal
    by_kind: list[KindTotals]
    by_year: list[YearTotals]
    years_and_countries: set[tuple[int, str]]


def totals_of(entries: CpdEntryQuerySet) -> CpdTotals:
    """Everything the CPD list adds up, over the whole view, in one query: kinds as in the form, newest year first."""
    rows = (
        entries.order_by()
        .annotate(year=ExtractYear("completed_on"))
        .values_list("kind", "year", "country")
        .annotate(number=Count("*"), total=Sum("minutes"), total_points=Sum("points"))
    )
    groups = [Group(*row, minutes or 0, points or Decimal(0)) for *row, minutes, points in rows]
    by_kind, by_year = sums(groups, by="kind", of=ADDED), sums(groups, by="year", of=ADDED)
    return CpdTotals(
        number=sum(group.number for group in groups),
        minutes=sum(group.minutes for group in groups),
        points=sum((group.points for group in groups), Decimal(0)),
        by_kind=[KindTotals(kind, *by_kind[kind]) for kind in CpdKind if kind in by_kind],
        by_year=[YearTotals(year, *by_year[year]) for year in sorted(by_year, reverse=True)],
        years_and_countries={(group.year, group.country) for group in groups},
    )
