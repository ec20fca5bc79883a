"""The numbers of professional development: each against a sum made by hand."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.tests.factories import make_mediator
from cpd.choices import CpdKind
from cpd.models import CpdEntry
from cpd.summaries import CpdTotals, KindTotals, YearTotals, totals_of
from cpd.tests.factories import make_cpd

pytestmark = pytest.mark.django_db


def test_hours_and_points_stand_side_by_side(django_assert_num_queries) -> None:
    owner = make_mediator()
    make_cpd(owner, minutes=90, points=Decimal("1.5"), completed_on=date(2024, 12, 31), country="NZ")
    make_cpd(owner, minutes=30, completed_on=date(2026, 1, 1), country="")
    make_cpd(owner, points=Decimal("2.25"), kind="workshop", completed_on=date(2026, 12, 31), country="NZ")
    make_cpd(owner, minutes=7777, points=77, deleted=True)
    make_cpd(minutes=5555, points=55)
    with django_assert_num_queries(1):
        totals = totals_of(CpdEntry.objects.visible_to(owner).live().order_by("title"))
    assert totals == CpdTotals(
        number=3,
        minutes=120,
        points=Decimal("3.75"),
        by_kind=[
            KindTotals(CpdKind.TRAINING, 2, 120, Decimal("1.5")),
            KindTotals(CpdKind.WORKSHOP, 1, 0, Decimal("2.25")),
        ],
        by_year=[YearTotals(2026, 2, 30, Decimal("2.25")), YearTotals(2024, 1, 90, Decimal("1.5"))],
        years_and_countries={(2024, "NZ"), (2026, "NZ"), (2026, "")},
    )


def test_nothing_adds_up_to_nothing() -> None:
    assert totals_of(CpdEntry.objects.all()) == CpdTotals(0, 0, Decimal(0), [], [], set())


def test_kinds_stand_in_the_order_of_the_form() -> None:
    owner = make_mediator()
    for kind in reversed(CpdKind):
        make_cpd(owner, kind=kind)
    assert [row.kind for row in totals_of(CpdEntry.objects.all()).by_kind] == list(CpdKind)
