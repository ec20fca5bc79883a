"""What goes with an account, in numbers that its owner may know: never how much feedback there is."""

from typing import NamedTuple

from accounts.models import Appointment, User
from cpd.models import CpdEntry
from feedback.models import FeedbackRequest
from logbook.models import LogbookEntry
from reviewers.choices import DigestState
from reviewers.models import Digest


class WhatGoes(NamedTuple):
    mediations: int
    development: int
    requests: int  # presses of the button
    drafts: int
    finals: int  # written by them: these stay
    reviewer: User | None  # who is told
    reviewed: list[str]  # names of the mediators who lose their Reviewer


def what_goes(person: User) -> WhatGoes:
    """Deleted entries count, too, while they can be brought back."""
    written = Digest.objects.filter(reviewer=person)
    held = Appointment.objects.accepted().filter(reviewer=person).select_related("mediator")
    return WhatGoes(
        mediations=LogbookEntry.objects.filter(owner=person).count(),
        development=CpdEntry.objects.filter(owner=person).count(),
        requests=FeedbackRequest.objects.filter(mediator=person).values("batch").distinct().count(),
        drafts=written.exclude(state=DigestState.FINAL).count(),
        finals=written.filter(state=DigestState.FINAL).count(),
        reviewer=Appointment.objects.reviewer_of(person),
        reviewed=[one.mediator.name for one in held.order_by("mediator__name", "pk")],
    )
