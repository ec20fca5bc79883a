"""The digest editor: everything its page shows beside the text."""

from functools import cached_property

from accounts.models import MediatorProfile, User
from feedback import facts
from feedback.choices import YesNo
from feedback.models import Feedback
from feedback.summaries import SurveySummary, summaries_of
from logbook_site.foundation.languages import language_name
from reviewers.advice import advice_on
from reviewers.basis import Basis, basis_of, kept_basis
from reviewers.choices import DigestState
from reviewers.models import Digest
from reviewers.permissions import may_finish
from reviewers.querysets import feedback_read_by
from reviewers.services.digests import current_digest, is_check_over


class AnswerCard:
    """What one party wrote, with what the Reviewer must know of it. Never who wrote it."""

    def __init__(self, piece: Feedback, *, is_new: bool) -> None:
        self.piece = piece
        self.is_new = is_new
        self.about = facts.about(piece)
        self.party_role = facts.party_role(piece).answer
        self.language = language_name(piece.language)
        self.texts = facts.texts(piece)
        self.may_quote = bool(piece.quote) and piece.may_quote == YesNo.YES


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
        """Newest year first; within a year in an order that tells nothing."""
        return list(self.readable.order_by("-year", "id"))

    @cached_property
    def cards(self) -> list[AnswerCard]:
        known = set(self.finals[0].based_on) if self.finals else set()
        return [AnswerCard(piece, is_new=bool(known) and piece.pk not in known) for piece in self.pieces]

    @property
    def wordless(self) -> int:
        return sum(not card.texts for card in self.cards)

    @property
    def is_new(self) -> bool:
        """Nothing is stored of this version yet."""
        return self.digest._state.adding

    @property
    def basis(self) -> Basis:
        """Of a draft: what can be read today."""
        return kept_basis(self.digest) if self.is_with_mediator else basis_of(self.readable)

    @cached_property
    def summaries(self) -> list[SurveySummary]:
        return summaries_of(self.readable)

    @property
    def is_with_mediator(self) -> bool:
        return self.digest.state == DigestState.FACTS

    @property
    def is_check_over(self) -> bool:
        return is_check_over(self.digest)

    @property
    def may_finish(self) -> bool:
        return may_finish(self.reviewer)

    @property
    def imi_profile(self) -> str:
        profile = MediatorProfile.objects.filter(person=self.mediator).values_list("imi_profile", flat=True)
        return profile.first() or ""

    def advice(self, text: str) -> list[str]:
        return advice_on(text, self.pieces)
