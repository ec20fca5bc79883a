"""The sealed contact of a request: who is asked, about what, with which link. See foundation/vault.py."""

import json
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from feedback.models import FeedbackRequest
from logbook_site.foundation import vault


class Contact(NamedTuple):
    """For a handed-over link only the reference is known."""

    name: str = ""
    email: str = ""
    reference: str = ""
    token: str = ""


def seal_contact(request: FeedbackRequest, contact: Contact) -> None:
    """Put `contact` on `request`, which is not stored yet. Raises VaultClosed."""
    request.sealed, request.unreadable_at = vault.seal(json.dumps(contact._asdict()), about=_about(request))


def contact_of(request: FeedbackRequest) -> Contact:
    """Raises Forgotten when its time is over or its key was lost, VaultClosed when Redis is away."""
    text = vault.unseal(request.sealed, unreadable_at=request.unreadable_at, about=_about(request))
    return Contact(**json.loads(text))


def contact_or_none(request: FeedbackRequest) -> Contact | None:
    """For a page about one: what cannot be read is not shown."""
    try:
        return contact_of(request)
    except (vault.Forgotten, vault.VaultClosed):
        return None


def contacts_of(requests: Iterable[FeedbackRequest]) -> dict[UUID, Contact] | None:
    """For pages: those that can be read. None when Redis is away; it is not asked again for each row."""
    found = {}
    for request in requests:
        try:
            found[request.pk] = contact_of(request)
        except vault.Forgotten:
            continue
        except vault.VaultClosed:
            return None
    return found


def _about(request: FeedbackRequest) -> str:
    return f"feedback.feedbackrequest:{request.pk}:contact"
