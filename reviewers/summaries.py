"""What a Reviewer has to do: for whom, how much is new, until when."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse

from accounts.models import Appointment, User
from accounts.services.invitations import token_of
from reviewers.models import Digest
from reviewers.querysets import feedback_read_by

# IMI asks for a new Feedback Digest every two years.
DIGEST_DUE_MONTHS = 24


class Proposal(NamedTuple):
    """A mediator who asks the reader to be their Reviewer, and where to answer."""

    mediator: str
    address: str


class Reviewed(NamedTuple):
    """A mediator, as their Reviewer's list shows them."""

    mediator: User
    number: int  # pieces that this Reviewer may read
    new: int  # those of them that the last final digest does not rest on
    digest_on: date | None  # day (UTC) of the last final digest, whoever wrote it
    due_on: date | None


def proposals_to(user: User) -> list[Proposal]:
    """Who waits for an answer of `user`; first the one that ends first."""
    asked = Appointment.objects.awaiting(user).select_related("mediator").order_by("expires_at", "id")
    return [Proposal(one.mediator.name, reverse("invitation", args=[token_of(one.pk)])) for one in asked]


def reviewed(mediators: Iterable[User], *, by: User) -> list[Reviewed]:
    """The work of `by` for these mediators, in their order; three queries, however many they are."""
    mediators = list(mediators)
    last = last_digests(mediators)
    told = {piece for digest in last.values() for piece in digest.based_on}
    pieces = feedback_read_by(by).filter(mediator__in=mediators).order_by().values("mediator")
    counted = pieces.annotate(number=Count("pk"), known=Count("pk", filter=Q(pk__in=told)))
    numbers = {row["mediator"]: (row["number"], row["known"]) for row in counted}
    found = []
    for mediator in mediators:
        number, known = numbers.get(mediator.pk, (0, 0))
        digest = last.get(mediator.pk)
        digest_on = digest.final_at.date() if digest else None
        found.append(
            Reviewed(mediator, number, number - known, digest_on, digest_on and due_after(digest_on))
        )
    return found


def last_digests(mediators: Iterable[User]) -> dict[UUID, Digest]:
    """{id of the mediator: their newest final digest}."""
    final = Digest.objects.final().filter(mediator__in=mediators)
    newest = final.order_by("mediator", "-final_at", "id").distinct("mediator")
    return {digest.mediator_id: digest for digest in newest.only("mediator", "based_on", "final_at")}


def due_after(day: date, months: int = DIGEST_DUE_MONTHS) -> date:
    """So many months after `day`; the last of the month where that month is shorter."""
    month = day.year * 12 + day.month - 1 + months
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
