"""The numbers of a logbook: each against a sum made by hand."""

from datetime import date
from random import Random

import pytest

from accounts.tests.factories import make_mediator
from logbook import services
from logbook.choices import EntryRole, Medium, Setting
from logbook.models import LogbookEntry
from logbook.summaries import RoleHours, Totals, YearHours, totals_of
from logbook.tests.factories import make_entry

pytestmark = pytest.mark.django_db


def test_real_simulated_and_preparation_stand_apart() -> None:
    owner = make_mediator()
    make_entry(owner, minutes=90, preparation_minutes=20, ended_on=date(2024, 12, 31), country="FR")
    make_entry(owner, minutes=30, preparation_minutes=10, ended_on=date(2026, 1, 1), country="NZ")
    make_entry(owner, minutes=45, role=EntryRole.CO, ended_on=date(2026, 12, 31))
    make_entry(owner, minutes=1000, setting="simulated", role=EntryRole.OBSERVER, ended_on=date(2020, 5, 5))
    make_entry(owner, minutes=7777, preparation_minutes=7777, country="DE", deleted=True)
    make_entry(minutes=5555, preparation_minutes=5555)
    entries = LogbookEntry.objects.visible_to(owner).live()
    assert totals_of(entries) == Totals(
        number=4,
        minutes=165,
        preparation=30,
        simulated_number=1,
        simulated_minutes=1000,
        by_role=[RoleHours(EntryRole.LEAD, 2, 120), RoleHours(EntryRole.CO, 1, 45)],
        by_year=[YearHours(2026, 2, 75), YearHours(2024, 1, 90)],
        years_and_countries={(2026, "NZ"), (2026, ""), (2024, "FR"), (2020, "")},
    )
    assert totals_of(entries).real_number == 3


def test_nothing_adds_up_to_nothing() -> None:
    assert totals_of(LogbookEntry.objects.all()) == Totals(0, 0, 0, 0, 0, [], [], set())


def test_roles_stand_in_the_order_of_the_form() -> None:
    owner = make_mediator()
    for role in reversed(EntryRole):
        make_entry(owner, role=role)
    assert [row.role for row in totals_of(LogbookEntry.objects.all()).by_role] == list(EntryRole)


def test_the_order_of_the_rows_does_not_matter() -> None:
    owner = make_mediator()
    make_entry(owner, minutes=10)
    make_entry(owner, minutes=20)
    assert totals_of(LogbookEntry.objects.order_by("minutes")).by_role == [RoleHours(EntryRole.LEAD, 2, 30)]


def test_many_add_up_to_what_plain_sums_say() -> None:
    """Entries of every kind, thrown with dice; each number against the entries themselves."""
    owner, dice = make_mediator(), Random(2026)
    entries = [
        LogbookEntry(
            owner=owner,
            title="Noise",
            ended_on=date(2018 + dice.randrange(9), *dice.choice([(1, 1), (2, 28), (7, 9), (12, 31)])),
            role=dice.choice(EntryRole.values),
            medium=dice.choice(Medium.values),
            setting=dice.choice([*Setting.values, Setting.REAL]),
            country=dice.choice(["NZ", "FR", ""]),
            minutes=dice.randrange(1, 600_001),
            preparation_minutes=dice.randrange(600_001),
        )
        for _number in range(800)
    ]
    services.save_entries(entries=entries, by=owner)
    for asked in ({}, {"ended_on__year": 2020}, {"role__in": ["co", "other"], "medium": "hybrid"}):
        view = LogbookEntry.objects.visible_to(owner).filter(**asked)
        rows = list(view)
        assert totals_of(view) == by_hand(rows)
        assert len(rows) > 20


def by_hand(entries: list[LogbookEntry]) -> Totals:
    real = [entry for entry in entries if entry.setting == "real"]
    simulated = [entry for entry in entries if entry.setting == "simulated"]
    of_role = {role: [entry.minutes for entry in real if entry.role == role] for role in EntryRole}
    years = sorted({entry.ended_on.year for entry in real}, reverse=True)
    of_year = {year: [entry.minutes for entry in real if entry.ended_on.year == year] for year in years}
    return Totals(
        number=len(entries),
        minutes=sum(entry.minutes for entry in real),
        preparation=sum(entry.preparation_minutes for entry in entries),
        simulated_number=len(simulated),
        simulated_minutes=sum(entry.minutes for entry in simulated),
        by_role=[RoleHours(role, len(of), sum(of)) for role, of in of_role.items() if of],
        by_year=[YearHours(year, len(of), sum(of)) for year, of in of_year.items()],
        years_and_countries={(entry.ended_on.year, entry.country.code) for entry in entries},
    )


def test_it_takes_one_query(django_assert_num_queries) -> None:
    make_entry()
    with django_assert_num_queries(1):
        totals_of(LogbookEntry.objects.all())
