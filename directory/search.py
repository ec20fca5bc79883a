"""The mediators that a search found, one page of them.

However many there are, only the first hundred can be turned over: who looks for somebody types more of the name,
and nobody copies the list.
"""

from typing import NamedTuple
from uuid import UUID

from django.http import QueryDict
from django_countries import countries

from accounts.models import NameWord, User
from accounts.querysets import NameWordQuerySet
from directory.filters import NothingToFilter
from logbook_site.foundation.lists import Asked

MOST_FOUND = 100


class Found(NamedTuple):
    """A mediator in the list: nothing else is known of them there."""

    id: UUID
    name: str
    country: str
    imi_profile: str

    @property
    def country_name(self) -> str:
        return countries.name(self.country)


class SearchResults:
    def __init__(self, typed: str, params: QueryDict) -> None:
        self.asked = Asked(params, filterset=NothingToFilter, sorts=(), usual_sort="")
        size = self.asked.page_size
        rows = self._rows(typed, min(self.asked.page_number * size, MOST_FOUND) + 1)
        # Past the end: the last page that there is.
        pages = max(1, -(-min(len(rows), MOST_FOUND) // size))
        self.page_number = min(self.asked.page_number, pages)
        start, end = (self.page_number - 1) * size, min(self.page_number * size, MOST_FOUND)
        self.rows = rows[start:end]
        self.first, self.last = start + 1, start + len(self.rows)
        self.is_cut = end == MOST_FOUND and len(rows) > end
        self.has_next = len(rows) > end and not self.is_cut
        self.is_all = not self.has_next and self.page_number == 1 and not self.is_cut

    @staticmethod
    def _rows(typed: str, number: int) -> list[Found]:
        """Those who are open to directories now, in the order in which they were found."""
        ids = _first_people(NameWord.objects.found_by(typed), number)
        names = ["pk", "name", "mediator_profile__country", "mediator_profile__imi_profile"]
        rows = User.objects.open_to_directories().filter(pk__in=ids).values_list(*names)
        found = {row[0]: Found(*row) for row in rows}
        return [found[person] for person in ids if person in found]

    @property
    def next_page(self) -> int:
        return self.page_number + 1

    @property
    def previous_page(self) -> int:
        return self.page_number - 1


def _first_people(words: NameWordQuerySet, number: int) -> list[UUID]:
    """The first `number` people of `words`. Some stand there twice ("Maria Martin" for "mar"), so it asks for more."""
    limit = number + number // 2
    while True:
        rows = list(words.values_list("person_id", flat=True)[:limit])
        people = list(dict.fromkeys(rows))
        if len(people) >= number or len(rows) < limit:
            return people[:number]
        limit *= 2
