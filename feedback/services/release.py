"""Slots: feedback and its notice reach the mediator once a day, so that the hour does not tell who wrote.

Reviewers see feedback at once; they are not the ones it must not be told to.
"""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts.models import OutboxMessage, User
from accounts.services.outbox import queue_message
from feedback.models import Feedback, Notice
from logbook_site.foundation import clock

NOTICE = "feedback.emails.notice"


def next_slot(moment: datetime) -> date:
    """The day of the first slot after `moment` (UTC). Without FEEDBACK_RELEASE_AT: the day itself."""
    at = settings.FEEDBACK_RELEASE_AT
    return moment.date() if at is None or moment.time() < at else moment.date() + timedelta(days=1)


def last_slot(moment: datetime) -> date:
    """The day of the last slot that has passed. Without FEEDBACK_RELEASE_AT every slot has."""
    at = settings.FEEDBACK_RELEASE_AT
    return date.max if at is None else next_slot(moment) - timedelta(days=1)


def release_at_once(notice: Notice) -> None:
    """Where there are no slots: nothing waits."""
    if settings.FEEDBACK_RELEASE_AT is None:
        _release(notice)


def release_feedback() -> None:
    """Release every slot that has passed; run late, run twice or run by two, each notice is sent once."""
    waiting = Notice.objects.filter(release_on__lte=last_slot(clock.now())).order_by("release_on", "id")
    for notice_id, mediator_id in waiting.values_list("pk", "mediator_id"):
        with transaction.atomic():
            # Whoever stores an answer holds this lock, too: it comes before the release, or for the next slot.
            User.objects.select_for_update(no_key=True).filter(pk=mediator_id).first()
            notice = waiting.select_for_update().filter(pk=notice_id).first()
            if notice:
                _release(notice)
    forget_sent_notices()


def _release(notice: Notice) -> None:
    """Show the slot's feedback and queue its one mail; none when all of it was withdrawn meanwhile."""
    pieces = Feedback.objects.filter(mediator=notice.mediator_id, release_on=notice.release_on)
    shared = list(pieces.values_list("shared", flat=True))
    pieces.update(release_on=None)
    if not shared:
        notice.delete()
        return
    notice.any_shared = any(shared)
    notice.any_unnamed = notice.names.count() < len(shared)
    notice.release_on = None
    notice.save(update_fields=["any_shared", "any_unnamed", "release_on"])
    queue_message(message=NOTICE, object_id=notice.pk)


def forget_sent_notices() -> None:
    """Names were copied for one mail: when that has ended, sent or not, they go."""
    released = Notice.objects.filter(release_on__isnull=True)
    unfinished = OutboxMessage.objects.filter(
        message=NOTICE, object_id__in=released.values("pk"), finished_at__isnull=True
    )
    released.exclude(pk__in=unfinished.values("object_id")).delete()
