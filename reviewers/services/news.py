"""The weekly mail to a Reviewer: at most one in REVIEWER_NEWS_HOURS, and only when there is something new to read.

It names mediators and no numbers, so that it tells nothing finer than the week.
"""

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.models import Appointment, User
from accounts.services.outbox import queue_message
from logbook_site.foundation import clock
from reviewers.models import News
from reviewers.querysets import feedback_read_by

MESSAGE = "reviewers.emails.news"


def tell_news() -> None:
    """Queue the mails that are due; run late, run twice or run by two, each Reviewer gets one."""
    reading = Appointment.objects.accepted().values("reviewer")
    reviewers = User.objects.filter(pk__in=reading, is_active=True, is_reviewer=True)
    told = News.objects.exclude(_due()).values("reviewer")
    for reviewer in reviewers.exclude(pk__in=told).order_by("pk"):
        _tell(reviewer)


@transaction.atomic
def _tell(reviewer: User) -> None:
    News.objects.get_or_create(reviewer=reviewer)
    last = News.objects.select_for_update(skip_locked=True).filter(_due(), reviewer=reviewer).first()
    if last is None:  # another worker tells, or has told, them
        return
    readable = dict(feedback_read_by(reviewer).values_list("pk", "mediator"))
    new = readable.keys() - set(last.pieces)
    if not new:
        return
    last.told_at = clock.now()
    last.mediators = list({readable[piece] for piece in new})
    last.pieces = list(readable)
    last.save()
    queue_message(message=MESSAGE, object_id=reviewer.pk)


def _due() -> Q:
    week_ago = clock.now() - clock.hours(settings.REVIEWER_NEWS_HOURS)
    return Q(told_at__isnull=True) | Q(told_at__lte=week_ago)
