"""What a Reviewer may read, decided here and nowhere else; and who may see which digest."""

from django.conf import settings
from django.db.models import QuerySet

from accounts.choices import VettingState
from accounts.models import Appointment, User, Vetting
from feedback.models import Feedback
from feedback.querysets import FeedbackQuerySet
from reviewers.choices import DigestState


def mediators_of(user) -> QuerySet[User]:
    """The mediators whose appointment `user` has accepted and still holds."""
    return User.objects.filter(pk__in=Appointment.objects.reading(user).values("mediator"))


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
        pieces = pieces.filter(shared=True, release_on__isnull=True)
    return pieces.defer("code_hash").order_by("id")


class DigestQuerySet(QuerySet):
    def written_by(self, user) -> "DigestQuerySet":
        """A Reviewer's own digests about the mediators they review now."""
        return self.filter(reviewer=user, mediator__in=Appointment.objects.reading(user).values("mediator"))

    def visible_to(self, user) -> "DigestQuerySet":
        """About a mediator: to them, once it was sent to them for a check of facts, and for ever when final."""
        if not user.is_authenticated or not user.is_mediator:
            return self.none()
        return self.filter(mediator=user).exclude(state=DigestState.DRAFT)

    def final(self) -> "DigestQuerySet":
        """Newest first."""
        return self.filter(state=DigestState.FINAL).order_by("-final_at", "id")
