"""What a directory sees of a mediator's work: totals by year, role and medium. There is nothing finer here."""

from collections import defaultdict
from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

from logbook.choices import EntryRole, Medium, Setting
from logbook.querysets import LogbookEntryQuerySet
from logbook.summaries import groups_of


class Group(NamedTuple):
    """All mediations of one year, role and medium; minutes."""

    year: int
    role: EntryRole
    medium: Medium
    number: int
    minutes: int


class Total(NamedTuple):
    """A number of mediations, and their minutes."""

    number: int
    minutes: int


class Experience:
    """Totals of real mediations, exact. Preparation and simulated mediations do not count."""

    def __init__(self, groups: list[Group]) -> None:
        """`groups` from the newest year, then in the order of roles and media."""
        self.groups = groups

    @cached_property
    def total(self) -> Total:
        return _total(self.groups)

    @cached_property
    def by_year(self) -> dict[int, Total]:
        return self._by(lambda group: group.year)

    @cached_property
    def by_role(self) -> dict[EntryRole, Total]:
        return _in_order(self._by(lambda group: group.role), EntryRole)

    @cached_property
    def by_medium(self) -> dict[Medium, Total]:
        return _in_order(self._by(lambda group: group.medium), Medium)

    @cached_property
    def by_year_and_role(self) -> dict[tuple[int, EntryRole], Total]:
        return self._by(lambda group: (group.year, group.role))

    def years_as(self, role: EntryRole) -> tuple[int, int]:
        """The first and the last year with a mediation in this role."""
        years = [group.year for group in self.groups if group.role == role]
        return min(years), max(years)

    def _by(self, key: Callable[[Group], object]) -> dict:
        parts = defaultdict(list)
        for group in self.groups:
            parts[key(group)].append(group)
        return {value: _total(groups) for value, groups in parts.items()}


def experience_of(entries: LogbookEntryQuerySet) -> Experience:
    """The totals of `entries`, in one query."""
    roles, media = list(EntryRole), list(Medium)
    groups = [
        Group(group.year, group.role, group.medium, group.number, group.minutes)
        for group in groups_of(entries, "minutes")
        if group.setting != Setting.SIMULATED
    ]
    groups.sort(key=lambda group: (-group.year, roles.index(group.role), media.index(group.medium)))
    return Experience(groups)


def _total(groups: list[Group]) -> Total:
    return Total(sum(group.number for group in groups), sum(group.minutes for group in groups))


def _in_order(totals: dict, choices: type) -> dict:
    return {value: totals[value] for value in choices if value in totals}
