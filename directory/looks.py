"""The list of those who looked, as its mediator asked for it."""

from functools import cached_property
from typing import NamedTuple

from django.http import QueryDict

from accounts.models import User
from directory.filters import NothingToFilter
from directory.models import Look
from logbook_site.foundation.lists import PAGE_SIZES, Asked, FilteredList

ORDERS = {"day": "day", "organisation": "organisation_name"}


class LookLine(NamedTuple):
    """`name` is empty when the person has left."""

    look: Look
    name: str


class LookListing:
    def __init__(self, mediator: User, params: QueryDict) -> None:
        self.asked = Asked(params, filterset=NothingToFilter, sorts=ORDERS, usual_sort="-day")
        self.rows = Look.objects.visible_to(mediator)
        self.filtered = FilteredList(
            self.asked, rows=self.rows, filterset=NothingToFilter, orders=ORDERS, ties=("-day", "-id")
        )

    @cached_property
    def page(self):
        return self.filtered.page(self.rows.count())

    def lines(self) -> list[LookLine]:
        looks = list(self.page.object_list)
        people = User.objects.filter(pk__in={look.person_id for look in looks}).only("pk", "name")
        names = {person.pk: person.name for person in people}
        return [LookLine(look, names.get(look.person_id, "")) for look in looks]

    def context(self) -> dict[str, object]:
        return {
            "listing": self,
            "asked": self.asked,
            "page": self.page,
            "lines": self.lines(),
            "page_sizes": PAGE_SIZES,
        }
