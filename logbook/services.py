"""What happens when a logbook entry is saved, deleted, restored, and forgotten."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from logbook.models import LogbookEntry
from logbook_site.foundation import clock
from logbook_site.foundation.text import fold

# Rows in one INSERT: few round trips, and far below the 65,535 values that PostgreSQL takes in one statement.
BATCH = 500


@transaction.atomic
def save_entry(*, entry: LogbookEntry, by: User) -> LogbookEntry:
    """Store a new or changed entry of `by`, ready for the word search. Raises PermissionDenied for another's.

    A change does not touch what it does not know: an entry that was deleted meanwhile stays deleted.
    """
    _make_ready(entry, by)
    entry.save(update_fields=None if entry._state.adding else _changeable())
    return entry


@transaction.atomic
def save_entries(*, entries: Iterable[LogbookEntry], by: User) -> list[LogbookEntry]:
    """Store many new entries of `by` at once, all or none. Raises PermissionDenied if one is another's."""
    entries = list(entries)
    for entry in entries:
        _make_ready(entry, by)
    return LogbookEntry.objects.bulk_create(entries, batch_size=BATCH)


@transaction.atomic
def delete_entry(*, entry: LogbookEntry, by: User) -> None:
    """Put the entry among the deleted ones, for UNDO_HOURS. A second delete changes nothing."""
    _require_owner(entry, by)
    LogbookEntry.objects.live().filter(pk=entry.pk).update(deleted_at=clock.now())


@transaction.atomic
def restore_entry(*, entry: LogbookEntry, by: User) -> None:
    """Bring a deleted entry back as it was."""
    _require_owner(entry, by)
    LogbookEntry.objects.deleted().filter(pk=entry.pk).update(deleted_at=None)


def forget_deleted_entries() -> int:
    """Erase for good what was deleted more than UNDO_HOURS ago; returns how many."""
    too_old = clock.now() - clock.hours(settings.UNDO_HOURS)
    return LogbookEntry.objects.filter(deleted_at__lt=too_old).delete()[0]


def local_today() -> date:
    """Today where the reader is: the time zone of the request."""
    return timezone.localdate(clock.now())


def last_day_to_log() -> date:
    """Tomorrow in UTC: in Auckland it is that day already."""
    return clock.today() + timedelta(days=1)


def _make_ready(entry: LogbookEntry, by: User) -> None:
    """What every way to store an entry does first: the owner is checked, the words for the search are folded."""
    _require_owner(entry, by)
    entry.folded = fold(f"{entry.title} {entry.subject} {entry.provider}")[:800]
    entry.folded_subject = fold(entry.subject)[:260]
    entry.changed_at = clock.now()


def _changeable() -> set[str]:
    """The columns that a change writes."""
    return {field.name for field in LogbookEntry._meta.concrete_fields} - {
        "id",
        "owner",
        "created_at",
        "deleted_at",
    }


def _require_owner(entry: LogbookEntry, by: User) -> None:
    if entry.owner_id != by.pk:
        raise PermissionDenied
