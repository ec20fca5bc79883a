"""Requests and feedback for tests, made by the services or, where a test needs a state, as rows."""

import secrets

from accounts.models import User
from feedback.models import Feedback, FeedbackRequest
from feedback.services.requests import Mediation, Party, ask_by_email
from feedback.services.secrets import hash_of
from feedback.surveys import MEDIATOR_1
from logbook_site.foundation import clock


def make_request(
    mediator: User,
    *,
    name: str = "Paula Party",
    email: str = "paula@example.org",
    reference: str = "",
    remind: bool = False,
    **mediation,
) -> FeedbackRequest:
    """One party asked by e-mail, through the service."""
    mediation = Mediation(**({"ended_on": clock.today(), "reference": reference} | mediation))
    (request,) = ask_by_email(
        mediator=mediator, parties=[Party(name, email)], mediation=mediation, remind=remind, by=mediator
    )
    return request


def make_piece(mediator: User, *, ratings: dict | None = None, **fields) -> Feedback:
    """One piece of feedback; shared and released unless `fields` say otherwise."""
    values = {
        "survey": MEDIATOR_1.name,
        "language": "en",
        "year": clock.today().year,
        "invited": True,
        "shared": True,
        "ratings": {"clear": 4, "safe": 5} if ratings is None else ratings,
        "code_hash": hash_of(secrets.token_hex(8)),
    }
    return Feedback.objects.create(mediator=mediator, **(values | fields))
