"""Who may see requests and feedback. What a Reviewer sees is decided upstairs, in `reviewers/`."""

from django.conf import settings
from django.db.models import QuerySet

from feedback.choices import LinkState, ReportState
from logbook_site.foundation import clock
from logbook_site.foundation.text import fold

# What parties write in their own words.
TEXTS = ["helpful", "better", "quote"]


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

    def lost_lately(self) -> "FeedbackRequestQuerySet":
        """Their contact details were lost before the mail had left; the mediators were told."""
        since = clock.now() - clock.hours(settings.DESK_LOOKS_BACK_HOURS)
        return self.filter(is_lost=True, created_at__gte=since)


class FeedbackReportQuerySet(QuerySet):
    def open(self) -> "FeedbackReportQuerySet":
        """IMI has not looked yet."""
        return self.filter(state=ReportState.OPEN)


class FeedbackQuerySet(QuerySet):
    def visible_to(self, user) -> "FeedbackQuerySet":
        """What parties shared with this mediator, once released; in an order that tells nothing.

        Nothing, while it is fewer than FEEDBACK_MIN_SHARED: so every page, download and print keeps that rule.
        """
        if not user.is_authenticated or not user.is_mediator:
            return self.none()
        shared = {"mediator": user, "shared": True, "release_on__isnull": True}
        fewest = settings.FEEDBACK_MIN_SHARED
        if fewest > 1 and self.model.objects.filter(**shared)[:fewest].count() < fewest:
            return self.none()
        return self.filter(**shared).order_by("id")

    def with_words(self, wanted: list[str]) -> "FeedbackQuerySet":
        """Pieces whose texts hold all words of one of `wanted`; case and accents do not count.

        Folded here, each time: a mediator has hundreds of pieces at most, and a column for it would be a second
        copy of what parties wrote.
        """
        groups = {frozenset(fold(words).split()) for words in wanted}  # each once: the texts may be long
        found = []
        for key, *texts in self.values_list("pk", *TEXTS):
            text = fold("\n".join(texts))
            if any(all(word in text for word in words) for words in groups):
                found.append(key)
        return self.filter(pk__in=found)
