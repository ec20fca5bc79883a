"""The list of those who looked, as its mediator asked for it."""

from datetime import date
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from django.db.models import Max
from django.http import QueryDict

from accounts.choices import Verb
from accounts.models import AuditEvent, User
from directory.filters import NothingToFilter
from directory.models import Look
from logbook_site.foundation.lists import PAGE_SIZES, Asked, FilteredList

ORDERS = {"day": "day", "organisation": "organisation_name"}


class LookLine(NamedTuple):
    """`name` is the one of today; empty when the person has left. `renamed`: on that day, or since, it was another."""

    look: Look
    name: str
    renamed: bool


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
        ids = [str(key) for key in names]
        changes = AuditEvent.objects.filter(verb=Verb.NAME_CHANGED, object_id__in=ids).order_by()
        last = {UUID(key): at.date() for key, at in changes.values_list("object_id").annotate(Max("at"))}
        return [
            LookLine(look, names.get(look.person_id, ""), look.day <= last.get(look.person_id, date.min))
            for look in looks
        ]

    def context(self) -> dict[str, object]:
        return {
            "listing": self,
            "asked": self.asked,
            "page": self.page,
            "lines": self.lines(),
            "page_sizes": PAGE_SIZES,
        }
