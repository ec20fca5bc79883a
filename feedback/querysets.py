"""Who may see requests and feedback. What a Reviewer sees is decided upstairs, in `reviewers/`."""

from django.db.models import QuerySet

from feedback.choices import LinkState
from logbook_site.foundation import clock


class FeedbackRequestQuerySet(QuerySet):
    def visible_to(self, user) -> "FeedbackRequestQuerySet":
        """What a mediator sent, without what tells whether anybody answered: the state of the link is not loaded."""
        if not user.is_authenticated or not user.is_mediator:
            return self.none()
        return self.filter(mediator=user).defer("link_state", "token_hash", "link_ends_at")

    def open(self) -> "FeedbackRequestQuerySet":
        """Those whose link can be answered now."""
        return self.filter(
            link_state=LinkState.OPEN,
            cancelled_at__isnull=True,
            link_ends_at__gt=clock.now(),
            mediator__is_active=True,
        )


class FeedbackQuerySet(QuerySet):
    def visible_to(self, user) -> "FeedbackQuerySet":
        """What parties shared with this mediator, once released; in an order that tells nothing."""
        if not user.is_authenticated or not user.is_mediator:
            return self.none()
        return self.filter(mediator=user, shared=True, release_on__isnull=True).order_by("id")
