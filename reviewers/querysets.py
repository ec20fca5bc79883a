"""What a Reviewer may read, decided here and nowhere else; and who may see which digest."""

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from accounts.choices import VettingState
from accounts.models import Appointment, User, Vetting
from feedback.models import Feedback
from feedback.querysets import FeedbackQuerySet
from reviewers.choices import DigestState


def mediators_of(user) -> QuerySet[User]:
    """The mediators whose appointment `user` has accepted and still holds."""
    return User.objects.filter(pk__in=Appointment.objects.reading(user).values("mediator"))


def reviewer_reading(mediator) -> User | None:
    """Who reads the feedback about `mediator` today, by the same rule as `mediators_of`."""
    reviewer = Appointment.objects.reviewer_of(mediator)
    return reviewer if reviewer and mediators_of(reviewer).filter(pk=mediator.pk).exists() else None


def vetting_of(user) -> VettingState:
    """What IMI thinks of this Reviewer. Where nobody is checked, everybody counts as checked, but who was refused."""
    state = Vetting.objects.filter(reviewer=user).values_list("state", flat=True).first()
    if state != VettingState.REFUSED and not settings.REVIEWER_VETTING:
        return VettingState.VETTED
    return VettingState(state or VettingState.WAITING)


def reads_everything(user) -> bool:
    """IMI has checked this Reviewer (or checks nobody). Before, they read what is shared and released."""
    return vetting_of(user) == VettingState.VETTED


def feedback_read_by(user) -> FeedbackQuerySet:
    """All feedback about the mediators of `user`, earlier feedback too, in an order that tells nothing.

    Of a piece nothing leads to who left it: what respondents said about themselves is another table.
    """
    pieces = Feedback.objects.filter(mediator__in=Appointment.objects.reading(user).values("mediator"))
    if not reads_everything(user):
        pieces = _as_the_mediator_reads_them(pieces)
    return pieces.defer("code_hash").order_by("id")


def _as_the_mediator_reads_them(pieces: FeedbackQuerySet) -> FeedbackQuerySet:
    """By the rule of `FeedbackQuerySet.visible_to`: whom IMI has not checked may be a mediator's second mailbox."""
    shared = pieces.filter(shared=True, release_on__isnull=True)
    if settings.FEEDBACK_MIN_SHARED <= 1:
        return shared
    numbers = shared.order_by().values("mediator").annotate(number=Count("pk"))
    enough = numbers.filter(number__gte=settings.FEEDBACK_MIN_SHARED).values("mediator")
    return shared.filter(mediator__in=enough)


class DigestQuerySet(QuerySet):
    def written_by(self, user) -> "DigestQuerySet":
        """A Reviewer's own digests about the mediators they review now."""
        return self.filter(reviewer=user, mediator__in=Appointment.objects.reading(user).values("mediator"))

    def visible_to(self, user) -> "DigestQuerySet":
        """About a mediator: to them, for ever when final; before, while it is with them for a check of facts.

        What a former Reviewer had sent for a check is theirs again: nobody would ever finish it.
        """
        if not user.is_authenticated or not user.is_mediator:
            return self.none()
        seen = Q(state=DigestState.FINAL)
        if reviewer := reviewer_reading(user):
            seen |= Q(state=DigestState.FACTS, reviewer=reviewer)
        return self.filter(seen, mediator=user)

    def in_check(self) -> "DigestQuerySet":
        """With the mediator, for a check of facts."""
        return self.filter(state=DigestState.FACTS)

    def final(self) -> "DigestQuerySet":
        """Newest first."""
        return self.filter(state=DigestState.FINAL).order_by("-final_at", "id")
