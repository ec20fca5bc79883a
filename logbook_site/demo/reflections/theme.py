"""A theme of reflections, and the entries it fits."""

from collections.abc import Callable
from typing import NamedTuple

from logbook.choices import EntryRole, Setting
from logbook.models import LogbookEntry


class Theme(NamedTuple):
    fits: Callable[[LogbookEntry], bool]
    did_well: tuple[str, ...]
    challenges: tuple[str, ...]
    learnings: tuple[str, ...]


def simulated(entry: LogbookEntry) -> bool:
    return entry.setting == Setting.SIMULATED


def watching(entry: LogbookEntry) -> bool:
    return entry.role in {EntryRole.OBSERVER, EntryRole.ASSISTANT} and not simulated(entry)


def speaking_for_one_side(entry: LogbookEntry) -> bool:
    return entry.role == EntryRole.ADVOCATE and not simulated(entry)


def guiding(entry: LogbookEntry) -> bool:
    return entry.role in {EntryRole.LEAD, EntryRole.CO} and not simulated(entry)


def guiding_when(also: Callable[[LogbookEntry], bool]) -> Callable[[LogbookEntry], bool]:
    return lambda entry: guiding(entry) and also(entry)
