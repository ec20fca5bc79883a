"""The digest editor: everything its page shows beside the text."""

from functools import cached_property
from uuid import UUID

from accounts.models import MediatorProfile, User
from feedback.models import Feedback
from feedback.summaries import SurveySummary, summaries_of
from reviewers.advice import advice_on
from reviewers.basis import Basis, basis_of, kept_basis
from reviewers.choices import DigestState
from reviewers.listing import Comment
from reviewers.models import Digest
from reviewers.permissions import may_finish
from reviewers.querysets import feedback_read_by
from reviewers.services.digests import current_digest, is_check_over, taken_back
from reviewers.summaries import last_digests


class Desk:
    """One Reviewer at work on the digest about one mediator."""

    def __init__(self, reviewer: User, mediator: User) -> None:
        self.reviewer = reviewer
        self.mediator = mediator
        self.digest = current_digest(mediator=mediator, by=reviewer)
        self.readable = feedback_read_by(reviewer).filter(mediator=mediator)

    @cached_property
    def finals(self) -> list[Digest]:
        return list(Digest.objects.written_by(self.reviewer).filter(mediator=self.mediator).final())

    @cached_property
    def pieces(self) -> list[Feedback]:
        """Newest year first; within a year in an order that tells nothing. Who is not checked learns no year."""
        return list(self.readable.order_by("-year", "id") if self.may_finish else self.readable)

    @cached_property
    def comments(self) -> list[Comment]:
        """All that has words."""
        comments = [Comment(piece, is_checked=self.may_finish) for piece in self.pieces]
        return [comment for comment in comments if comment.texts]

    @property
    def wordless(self) -> int:
        return len(self.pieces) - len(self.comments)

    @cached_property
    def new(self) -> set[UUID]:
        """Pieces that the last final digest does not rest on. Before the first one, none is marked."""
        last = last_digests([self.mediator]).get(self.mediator.pk)
        return {piece.pk for piece in self.pieces} - set(last.based_on) if last else set()

    @property
    def is_new(self) -> bool:
        """Nothing is stored of this version yet."""
        return self.digest._state.adding

    @property
    def basis(self) -> Basis:
        """Of a draft: what can be read today."""
        if self.is_with_mediator:
            return kept_basis(self.digest)
        today = basis_of(self.readable)
        return today if self.may_finish else Basis(today.ids, None, None)

    @cached_property
    def summaries(self) -> list[SurveySummary]:
        return summaries_of(self.readable)

    @property
    def is_with_mediator(self) -> bool:
        return self.digest.state == DigestState.FACTS

    @property
    def is_check_over(self) -> bool:
        return is_check_over(self.digest)

    @cached_property
    def may_finish(self) -> bool:
        return may_finish(self.reviewer)

    @property
    def imi_profile(self) -> str:
        profile = MediatorProfile.objects.filter(person=self.mediator).values_list("imi_profile", flat=True)
        return profile.first() or ""

    def advice(self, text: str) -> list[str]:
        """On as much as a digest may hold: a larger text is refused anyway."""
        text = text[: Digest._meta.get_field("text").max_length]
        return advice_on(text, self.pieces, gone=self.gone, tells_years=self.may_finish)

    @cached_property
    def gone(self) -> int:
        return taken_back(self.digest)
