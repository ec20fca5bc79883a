"""A site that releases feedback at six in the morning, at an hour of the test's choice."""

from datetime import UTC, datetime, time, timedelta

from accounts.models import User
from accounts.services import outbox
from feedback.models import FeedbackRequest
from feedback.services.answers import Answers, Thanks, send_answers
from feedback.services.contacts import contact_of
from feedback.services.release import release_feedback
from feedback.tests.factories import make_request

SIX = time(6, 0)


class Slots:
    """Day 0 is tomorrow. Its slot at six has passed when the day begins for the test, at half past six."""

    def __init__(self, settings) -> None:
        self.settings = settings
        settings.FEEDBACK_RELEASE_AT = SIX
        self.midnight = datetime.combine(datetime.now(UTC).date() + timedelta(days=1), time(), UTC)
        self.go_to(6.5)

    def go_to(self, hours: float) -> None:
        """So many hours after the midnight of day 0."""
        moment = self.midnight + timedelta(hours=hours)
        self.settings.CLOCK_OFFSET_HOURS = (moment - datetime.now(UTC)).total_seconds() / 3600

    def release(self) -> None:
        release_feedback()
        outbox.deliver_due()
        release_feedback()


def answer(request: FeedbackRequest | User, *, form_key: str = "one form", **answers) -> Thanks:
    """A party answers; for a mediator, after being asked."""
    if isinstance(request, User):
        number = FeedbackRequest.objects.count()
        request = make_request(request, email=f"party{number}@example.org")
    language = answers.pop("language", "en")
    values = {"shared": True, "ratings": {"clear": 4}} | answers
    token = contact_of(request).token
    return send_answers(token=token, form_key=form_key, answers=Answers(**values), language=language)
