"""The numbers of a logbook, each defined once: for the page, the PDF and directories."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Sum

from logbook.choices import EntryRole, Medium, Setting
from logbook.groups import parts_of
from logbook.querysets import LogbookEntryQuerySet
from logbook_site.foundation.sums import sums


class Group(NamedTuple):
    """Entries of one year, role, medium and setting; times in minutes, none where they were not asked for."""

    year: int
    role: EntryRole
    medium: Medium
    setting: Setting
    number: int
    minutes: int = 0
    preparation: int = 0


class RoleHours(NamedTuple):
    role: EntryRole
    number: int
    minutes: int


class YearHours(NamedTuple):
    year: int
    number: int
    minutes: int


class Totals(NamedTuple):
    """What a view adds up to; minutes. Hours mean real mediations; preparation and simulated ones stand apart."""

    number: int
    minutes: int
    preparation: int
    simulated_number: int
    simulated_minutes: int
    by_role: list[RoleHours]
    by_year: list[YearHours]
    years_and_countries: set[tuple[int, str]]

    @property
    def real_number(self) -> int:
        return self.number - self.simulated_number


def totals_of(entries: LogbookEntryQuerySet) -> Totals:
    """Everything the Logbook page adds up, over the whole view, in one query: roles as in the form, newest year first.

    `years_and_countries` are the different pairs of them, of real and simulated mediations.
    """
    rows = counted(entries, "totals_group", "country", of=["minutes", "preparation_minutes"])
    groups = [Group(*parts_of(group), *added) for group, _country, *added in rows]
    real = [group for group in groups if group.setting != Setting.SIMULATED]
    by_role = sums(real, by="role", of=["number", "minutes"])
    by_year = sums(real, by="year", of=["number", "minutes"])
    by_setting = sums(groups, by="setting", of=["number", "minutes", "preparation"])
    number, minutes, preparation = by_setting.get(Setting.REAL, [0, 0, 0])
    simulated_number, simulated_minutes, simulated_preparation = by_setting.get(Setting.SIMULATED, [0, 0, 0])
    return Totals(
        number=number + simulated_number,
        minutes=minutes,
        preparation=preparation + simulated_preparation,
        simulated_number=simulated_number,
        simulated_minutes=simulated_minutes,
        by_role=[RoleHours(role, *by_role[role]) for role in EntryRole if role in by_role],
        by_year=[YearHours(year, *by_year[year]) for year in sorted(by_year, reverse=True)],
        years_and_countries={(group.year, row[1]) for group, row in zip(groups, rows, strict=True)},
    )


def groups_of(entries: LogbookEntryQuerySet, *times: str) -> list[Group]:
    """How many `entries` there are of each group, and the sums of these fields, in the order of `Group`. One query."""
    return [Group(*parts_of(group), *added) for group, *added in counted(entries, "totals_group", of=times)]


def counted(entries: LogbookEntryQuerySet, *by: str, of: Sequence[str]) -> list[tuple]:
    """The different values of the fields `by`, how many `entries` have them, and their sums of the fields `of`.

    One query. By group, or by group and country, an index of the logbook answers it alone.
    """
    sums_of = {f"sum_of_{name}": Sum(name) for name in of}
    return list(entries.order_by().values_list(*by).annotate(number=Count("*"), **sums_of))


def online_since(entries: LogbookEntryQuerySet, day: date) -> int:
    """How many real mediations were held online and ended on `day` or later; some accreditations ask for it."""
    groups = groups_of(entries.filter(ended_on__gte=day))
    online = [group for group in groups if group.medium == Medium.ONLINE]
    return sum(group.number for group in online if group.setting != Setting.SIMULATED)
