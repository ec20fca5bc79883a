"""Numbers of groups that the database has counted, added up by one of their names."""

from collections.abc import Iterable, Sequence
from operator import add, attrgetter
from typing import NamedTuple


def sums(groups: Iterable[NamedTuple], *, by: str, of: Sequence[str]) -> dict[object, list]:
    """For each value of the field `by`: the sums of the fields `of` (two or more), in their order."""
    found: dict[object, list] = {}
    name_of, numbers_of = attrgetter(by), attrgetter(*of)
    for group in groups:
        name, numbers = name_of(group), numbers_of(group)
        found[name] = list(map(add, found[name], numbers)) if name in found else list(numbers)
    return found
