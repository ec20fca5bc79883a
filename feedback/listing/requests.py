"""What a mediator sent, as the list shows it. Nothing here knows whether anybody answered."""

from datetime import datetime
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

import django_filters
from django.core.paginator import Page
from django.db.models import Count, Min, Q
from django.http import HttpRequest

from accounts.services.people import remember_page_size
from feedback.choices import RequestKind, Sending
from feedback.models import FeedbackRequest
from feedback.services.contacts import Contact, contacts_of
from feedback.summaries import sending_of
from logbook_site.foundation import clock
from logbook_site.foundation.lists import PAGE_SIZES, USUAL_PAGE_SIZE, Asked, CountedPaginator

LIST = "feedback_requests"


class NoFilter(django_filters.FilterSet):
    """The list has an order, but no filters."""


class Line(NamedTuple):
    """One party or one link of a batch."""

    request: FeedbackRequest
    number: int  # in its batch, from 1
    contact: Contact | None  # None when nobody can read it, or Redis is away
    sending: Sending

    @property
    def may_be_cancelled(self) -> bool:
        return self.sending not in {Sending.CANCELLED, Sending.LOST}


class Batch(NamedTuple):
    """What was asked with one press of the button: in lines while the contact is kept, then only as a number."""

    made_at: datetime
    kind: RequestKind
    number: int
    lost: int
    lines: list[Line]

    @property
    def is_by_email(self) -> bool:
        return self.kind == RequestKind.EMAIL

    @property
    def is_past(self) -> bool:
        """Nothing but the day and the number is left to tell."""
        return not (self.lines or self.lost)

    @property
    def reference(self) -> str:
        return next((line.contact.reference for line in self.lines if line.contact), "")


class RequestListing:
    def __init__(self, request: HttpRequest) -> None:
        self.person = request.user
        self.asked = Asked(
            request.GET,
            filterset=NoFilter,
            sorts=["created_at"],
            usual_sort="-created_at",
            page_size=self.person.page_sizes.get(LIST, USUAL_PAGE_SIZE),
        )
        self.vault_is_closed = False  # known when the page was made
        self.rows = FeedbackRequest.objects.visible_to(self.person)

    @cached_property
    def page(self) -> Page:
        """A page of batches; past the end, the last one."""
        batches = self.rows.values("batch").annotate(
            made_at=Min("created_at"),
            forgotten_at=Min("unreadable_at"),
            kind=Min("kind"),
            number=Count("pk"),
            lost=Count("pk", filter=Q(is_lost=True)),
        )
        downwards = "-" if self.asked.sort.startswith("-") else ""
        batches = batches.order_by(f"{downwards}made_at", "batch")
        paginator = CountedPaginator(batches, self.asked.page_size, count=self._number_of_batches())
        page = paginator.page(max(1, min(self.asked.page_number, paginator.num_pages)))
        page.object_list = self._with_lines(list(page.object_list))
        return page

    def _number_of_batches(self) -> int:
        return self.rows.aggregate(number=Count("batch", distinct=True))["number"]

    def _with_lines(self, found: list[dict]) -> list[Batch]:
        now = clock.now()
        kept = [batch["batch"] for batch in found if batch["forgotten_at"] > now]
        requests = list(self.rows.filter(batch__in=kept).order_by("created_at", "pk"))
        contacts = contacts_of(requests)
        self.vault_is_closed = contacts is None
        sending = sending_of(requests)
        lines: dict[UUID, list[Line]] = {}
        for request in requests:
            of_batch = lines.setdefault(request.batch, [])
            contact = (contacts or {}).get(request.pk)
            of_batch.append(Line(request, len(of_batch) + 1, contact, sending[request.pk]))
        return [
            Batch(
                batch["made_at"],
                RequestKind(batch["kind"]),
                batch["number"],
                batch["lost"],
                lines.get(batch["batch"], []),
            )
            for batch in found
        ]

    def remember_page_size(self) -> None:
        if self.asked.page_size != self.person.page_sizes.get(LIST, USUAL_PAGE_SIZE):
            remember_page_size(person=self.person, name=LIST, size=self.asked.page_size)

    def context(self) -> dict[str, object]:
        return {
            "asked": self.asked,
            "page": self.page,
            "page_sizes": PAGE_SIZES,
            "vault_is_closed": self.vault_is_closed,
        }
