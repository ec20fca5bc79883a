"""What a directory sees of a mediator's work: each number against a sum made by hand."""

from collections import Counter
from datetime import date
from random import Random

import pytest

from accounts.tests.factories import make_mediator
from directory.summaries import Group, Total, experience_of
from logbook import services
from logbook.choices import EntryRole, Medium, Setting
from logbook.models import LogbookEntry

pytestmark = pytest.mark.django_db


def test_many_add_up_to_what_plain_sums_say() -> None:
    owner, dice = make_mediator(), Random(2027)
    entries = [
        LogbookEntry(
            owner=owner,
            title="Noise",
            ended_on=date(2018 + dice.randrange(9), *dice.choice([(1, 1), (7, 9), (12, 31)])),
            role=dice.choice(EntryRole.values),
            medium=dice.choice(Medium.values),
            setting=dice.choice(Setting.values),
            minutes=dice.randrange(1, 600_001),
            preparation_minutes=dice.randrange(600_001),
        )
        for _number in range(800)
    ]
    services.save_entries(entries=entries, by=owner)
    experience = experience_of(LogbookEntry.objects.visible_to(owner).live())
    numbers, minutes = Counter(), Counter()
    for entry in entries:
        if entry.setting == Setting.REAL:
            key = (-entry.ended_on.year, list(EntryRole).index(entry.role), list(Medium).index(entry.medium))
            numbers[key] += 1
            minutes[key] += entry.minutes
    assert experience.groups == [
        Group(-year, list(EntryRole)[role], list(Medium)[medium], number, minutes[year, role, medium])
        for (year, role, medium), number in sorted(numbers.items())
    ]
    assert experience.total == Total(numbers.total(), minutes.total())
    for parts in (experience.by_year, experience.by_role, experience.by_medium, experience.by_year_and_role):
        assert sum(part.minutes for part in parts.values()) == minutes.total()
