"""Digests for tests, made by the services or, where a test needs a state, as rows."""

from accounts.models import User
from accounts.tests.factories import make_appointment, make_mediator, make_reviewer
from feedback.models import Feedback
from feedback.tests.factories import make_piece
from logbook_site.foundation import clock
from reviewers.choices import DigestState
from reviewers.models import Digest
from reviewers.services import digests


def make_draft(
    reviewer: User | None = None, mediator: User | None = None, *, text: str = "A calm mediator."
) -> Digest:
    """A draft about a mediator whose Reviewer is `reviewer` (a checked one, unless given)."""
    mediator = mediator or make_mediator()
    reviewer = reviewer or make_reviewer(vetted=True)
    make_appointment(mediator, reviewer)
    return digests.save_draft(mediator=mediator, text=text, version=0, by=reviewer)


def make_checked(**fields) -> Digest:
    """One that waits for the mediator's check of facts, and rests on one answer."""
    draft = make_draft(**fields)
    make_piece(draft.mediator)
    return digests.send_for_facts(
        mediator=draft.mediator, text=draft.text, version=draft.version, by=draft.reviewer
    )


def make_final(**fields) -> Digest:
    """One that the mediator found correct."""
    checked = make_checked(**fields)
    digests.comment(digest=checked, comment="All correct.", version=checked.version, by=checked.mediator)
    return digests.finish(
        mediator=checked.mediator, text=checked.text, version=checked.version, by=checked.reviewer
    )


def make_final_digest(mediator: User, *, based_on: list[Feedback] | tuple = (), **fields) -> Digest:
    values = {
        "state": DigestState.FINAL,
        "text": "She listens.",
        "based_on": [piece.pk for piece in based_on],
        "final_at": clock.now(),
    }
    return Digest.objects.create(mediator=mediator, **(values | fields))
