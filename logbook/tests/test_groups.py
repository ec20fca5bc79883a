"""The number that totals are grouped by says of every entry what the entry says."""

from datetime import date
from itertools import product

import pytest

from accounts.tests.factories import make_mediator, signed_in
from logbook import services
from logbook.choices import EntryRole, Medium, Setting
from logbook.groups import parts_of
from logbook.models import LogbookEntry
from logbook.summaries import YearHours, totals_of
from logbook.tests.factories import make_entry, typed

pytestmark = pytest.mark.django_db
ENDS = [date(1950, 1, 1), date(1999, 12, 31), date(2000, 1, 1), date(2024, 2, 29), date(2026, 12, 31)]


def assert_numbers_are_right(number: int) -> None:
    """Of all entries, deleted ones too; there are `number`."""
    rows = LogbookEntry.objects.values_list("totals_group", "ended_on", "role", "medium", "setting")
    assert len(rows) == number
    for group, ended_on, *others in rows:
        assert parts_of(group) == (ended_on.year, *others)


def test_every_combination_has_its_own_number() -> None:
    owner = make_mediator()
    services.save_entries(
        entries=[
            LogbookEntry(
                owner=owner, title="Noise", minutes=60, ended_on=day, role=role, medium=medium, setting=setting
            )
            for day, role, medium, setting in product(ENDS, EntryRole, Medium, Setting)
        ],
        by=owner,
    )  # fmt: skip
    assert_numbers_are_right(5 * 6 * 3 * 2)
    assert LogbookEntry.objects.values("totals_group").distinct().count() == 5 * 6 * 3 * 2


@pytest.mark.parametrize("choices", [EntryRole, Medium, Setting])
def test_one_digit_is_enough(choices) -> None:
    assert len(choices) <= 10


def test_it_follows_what_is_added_changed_deleted_and_brought_back() -> None:
    owner = make_mediator()
    client = signed_in(owner)
    client.post("/logbook/add/", typed(ended_on="2025-12-31", hours="2"))
    entry = LogbookEntry.objects.get()
    assert_numbers_are_right(1)
    changed = typed(ended_on="2026-01-01", role="observer", medium="hybrid", setting="simulated", hours="2")
    client.post(f"/logbook/{entry.pk}/edit/", changed)
    entry.refresh_from_db()
    assert parts_of(entry.totals_group) == (2026, "observer", "hybrid", "simulated")
    client.post(f"/logbook/{entry.pk}/delete/")
    assert_numbers_are_right(1)
    client.post(f"/logbook/{entry.pk}/restore/")
    client.post(f"/logbook/{entry.pk}/edit/", changed | {"setting": "real"})
    assert_numbers_are_right(1)
    totals = totals_of(LogbookEntry.objects.visible_to(owner).live())
    assert totals.by_year == [YearHours(2026, 1, 120)]


def test_the_database_writes_it_and_nobody_else() -> None:
    entry = make_entry(ended_on=date(2021, 5, 5))
    entry.totals_group = 1999000
    services.save_entry(entry=entry, by=entry.owner)
    assert_numbers_are_right(1)
    LogbookEntry.objects.update(ended_on=date(2019, 5, 5), role=EntryRole.CO)
    assert_numbers_are_right(1)
