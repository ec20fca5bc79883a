"""Rows of a download: codes as words, minutes as hours, private texts only when they are asked for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from django.db.models import QuerySet

from logbook_site.foundation.hours import decimal_hours
from logbook_site.foundation.lost_texts import readable

CHUNK = 1000  # rows in memory at once


def as_it_is(value: object) -> object:
    """For texts, dates and numbers; nothing stays nothing."""
    return "" if value is None else value


@lru_cache(maxsize=10_000)
def in_hours(minutes: int | None) -> object:
    """Hours with two decimals; nothing for no minutes."""
    return Decimal(decimal_hours(minutes)) if minutes else ""


class Words(dict[str, str]):
    def __missing__(self, code: object) -> str:
        return ""


def in_words(choices: Sequence[tuple[str, object]]) -> Callable[[object], str]:
    """Writes a code as its word, in the language of the reader; nothing for none, and for one that is not known."""
    # A download asks it for half of all cells: a function of our own would take five times as long.
    return Words((code, str(word)) for code, word in choices).__getitem__


def rows_of(
    entries: QuerySet, fields: Mapping[str, Callable[[object], object]], texts: Sequence[str] = ()
) -> Iterator[list]:
    """One row an entry, in the order of `entries`: its fields, each as its function writes it, then its texts."""
    if texts:
        for entry in entries.iterator(chunk_size=CHUNK):
            row = [write(getattr(entry, name)) for name, write in fields.items()]
            yield row + [readable(entry, name) for name in texts]
    else:
        # A call for each cell that stays as it is would take longer than the database. None is an empty cell, too.
        writers = [(place, write) for place, write in enumerate(fields.values()) if write is not as_it_is]
        for values in entries.values_list(*fields).iterator(chunk_size=CHUNK):
            row = list(values)
            for place, write in writers:
                row[place] = write(row[place])
            yield row
