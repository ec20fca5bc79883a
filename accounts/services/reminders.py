"""Reminding mediators that their access ends: 30 and 7 days before, once each for every last day."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from accounts.models import User
from accounts.services.outbox import queue_message
from accounts.summaries import ENDS_SOON_DAYS
from logbook_site.foundation import clock

DAYS_BEFORE = (ENDS_SOON_DAYS, 7)


@transaction.atomic
def remind_of_end() -> None:
    """Queue what is due. Run late, twice or by two, nobody gets the same reminder twice, and nobody two at once."""
    if settings.ACCESS_MODE == "open":
        return
    members = User.objects.filter(is_mediator=True, is_active=True, deletion_due_at=None)
    due = members.filter(_is_due(), access_until__gte=clock.today())
    for person in due.select_for_update(skip_locked=True, no_key=True).order_by("pk"):
        person.access_reminded_on = clock.today()
        person.save(update_fields=["access_reminded_on"])
        queue_message(message="accounts.emails.access_ends", object_id=person.pk)


def _is_due() -> Q:
    """The day of a reminder has come, and none was sent since. Another last day brings days of its own."""
    due = Q()
    for days in DAYS_BEFORE:
        has_come = Q(access_until__lte=clock.today() + timedelta(days=days))
        told_before = Q(access_reminded_on__lt=F("access_until") - timedelta(days=days))
        due |= has_come & (Q(access_reminded_on=None) | told_before)
    return due
