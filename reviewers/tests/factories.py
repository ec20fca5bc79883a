"""Digests for tests, as rows: their pages are tested where they are made."""

from accounts.models import User
from feedback.models import Feedback
from logbook_site.foundation import clock
from reviewers.choices import DigestState
from reviewers.models import Digest


def make_final_digest(mediator: User, *, based_on: list[Feedback] | tuple = (), **fields) -> Digest:
    values = {
        "state": DigestState.FINAL,
        "text": "She listens.",
        "based_on": [piece.pk for piece in based_on],
        "final_at": clock.now(),
    }
    return Digest.objects.create(mediator=mediator, **(values | fields))
