"""Numbers of groups that the database has counted, added up by one of their names."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


def sums(groups: Iterable[NamedTuple], *, by: str, of: Sequence[str]) -> dict[object, list]:
    """For each value of the field `by`: the sums of the fields `of`, in their order."""
    found: dict[object, list] = {}
    for group in groups:
        so_far = found.setdefault(getattr(group, by), [0] * len(of))
        for place, name in enumerate(of):
            so_far[place] += getattr(group, name)
    return found
