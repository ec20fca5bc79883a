"""What happens when a logbook entry is saved, deleted, restored, and forgotten."""

from collections.abc import Iterable

from django.db import transaction

from accounts.models import Import, User
from accounts.services.imports import forget_import
from logbook.models import LogbookEntry
from logbook_site.foundation import clock
from logbook_site.foundation.entries import changeable, hold, require_owner
from logbook_site.foundation.text import fold

# Rows in one INSERT: few round trips, and far below the 65,535 values that PostgreSQL takes in one statement.
BATCH = 500


@transaction.atomic
def save_entry(*, entry: LogbookEntry, by: User) -> LogbookEntry:
    """Store a new or changed entry of `by`, ready for the word search.

    Raises PermissionDenied for another's, and Http404 for one that has gone for good since it was opened.
    A change does not touch what it does not know: an entry that was deleted meanwhile stays deleted.
    """
    _make_ready(entry, by)
    if not entry._state.adding:
        hold(entry)
    entry.save(update_fields=None if entry._state.adding else changeable(LogbookEntry))
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
    LogbookEntry.objects.put_aside(entry, by=by)


@transaction.atomic
def restore_entry(*, entry: LogbookEntry, by: User) -> None:
    """Bring a deleted entry back as it was."""
    LogbookEntry.objects.bring_back(entry, by=by)


@transaction.atomic
def undo_import(*, stored: Import, changed_too: bool, by: User) -> int:
    """Erase what came from this file, deleted entries too; returns how many. Raises PermissionDenied for another's.

    What was changed since stays, unless it is to go `changed_too`. Of the import itself nothing is left.
    """
    require_owner(stored, by)
    entries = LogbookEntry.objects.came_from(stored, untouched_only=not changed_too)
    number = entries.delete()[0]
    forget_import(stored)
    return number


def forget_deleted_entries() -> int:
    """Erase for good what was deleted more than UNDO_HOURS ago; returns how many."""
    return LogbookEntry.objects.beyond_undo().delete()[0]


def _make_ready(entry: LogbookEntry, by: User) -> None:
    """What every way to store an entry does first: the owner is checked, the words for the search are folded."""
    require_owner(entry, by)
    entry.folded = fold(f"{entry.title} {entry.subject} {entry.provider}")[:800]
    entry.folded_subject = fold(entry.subject)[:260]
    entry.changed_at = clock.now()
