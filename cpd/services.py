"""What happens when a CPD entry is saved, deleted, restored, and forgotten; and with its evidence."""

from collections.abc import Iterable
from functools import partial
from itertools import islice

from django.db import transaction

from accounts.models import Import, User
from accounts.services.imports import forget_import
from cpd import evidence
from cpd.models import CpdEntry
from cpd.querysets import CpdEntryQuerySet
from logbook_site.foundation import clock
from logbook_site.foundation.documents import Document
from logbook_site.foundation.entries import changeable, hold, require_owner
from logbook_site.foundation.text import fold

BATCH = 500  # rows in one INSERT, or names in one question
# A file is written a moment before its row; one that is older and has no row was left by a crash.
LOST_AFTER_HOURS = 1


@transaction.atomic
def save_entry(
    *, entry: CpdEntry, by: User, document: Document | None = None, without_evidence: bool = False
) -> CpdEntry:
    """Store a new or changed entry of `by`.

    Raises PermissionDenied for another's, and Http404 for one that has gone for good since it was opened.
    `document` becomes its evidence, in place of an earlier one; `without_evidence` takes the earlier one away. A
    change does not touch what it does not know: an entry that was deleted meanwhile stays deleted, and evidence that
    another tab brought stays.
    """
    _make_ready(entry, by)
    if not entry._state.adding:
        hold(entry)
    columns = changeable(CpdEntry) - {"evidence_file"}
    if document or without_evidence:
        _change_evidence(entry, document)
        columns.add("evidence_file")
    entry.save(update_fields=None if entry._state.adding else columns)
    return entry


@transaction.atomic
def save_entries(*, entries: Iterable[CpdEntry], by: User) -> list[CpdEntry]:
    """Store many new entries of `by` at once, all or none. Raises PermissionDenied if one is another's."""
    entries = list(entries)
    for entry in entries:
        _make_ready(entry, by)
    return CpdEntry.objects.bulk_create(entries, batch_size=BATCH)


@transaction.atomic
def delete_entry(*, entry: CpdEntry, by: User) -> None:
    """Put the entry among the deleted ones, for UNDO_HOURS; its evidence waits with it."""
    CpdEntry.objects.put_aside(entry, by=by)


@transaction.atomic
def restore_entry(*, entry: CpdEntry, by: User) -> None:
    """Bring a deleted entry back as it was."""
    CpdEntry.objects.bring_back(entry, by=by)


@transaction.atomic
def undo_import(*, stored: Import, changed_too: bool, by: User) -> int:
    """Erase what came from this file, deleted entries and evidence too; returns how many. Raises PermissionDenied.

    What was changed since stays, unless it is to go `changed_too`. Of the import itself nothing is left.
    """
    require_owner(stored, by)
    number = _erase(CpdEntry.objects.came_from(stored, untouched_only=not changed_too))
    forget_import(stored)
    return number


@transaction.atomic
def forget_deleted_entries() -> int:
    """Erase for good what was deleted more than UNDO_HOURS ago, evidence too; returns how many."""
    return _erase(CpdEntry.objects.beyond_undo())


def _erase(entries: CpdEntryQuerySet) -> int:
    """These rows and their evidence, for good; returns how many."""
    rows = dict(entries.select_for_update().values_list("pk", "evidence_file"))
    number = CpdEntry.objects.filter(pk__in=rows).delete()[0]
    transaction.on_commit(partial(evidence.remove, [name for name in rows.values() if name]))
    return number


def forget_lost_evidence() -> int:
    """Remove files that no entry names: a crash left them, or their owner's account is gone; returns how many."""
    number, old = 0, evidence.older_than(LOST_AFTER_HOURS)
    while names := list(islice(old, BATCH)):
        known = set(CpdEntry.objects.filter(evidence_file__in=names).values_list("evidence_file", flat=True))
        lost = set(names) - known
        evidence.remove(lost)
        number += len(lost)
    return number


def _make_ready(entry: CpdEntry, by: User) -> None:
    """What every way to store an entry does first: the owner is checked, the words for the search are folded."""
    require_owner(entry, by)
    entry.folded = fold(f"{entry.title} {entry.provider}")[:800]
    entry.changed_at = clock.now()


def _change_evidence(entry: CpdEntry, document: Document | None) -> None:
    """The new file is written now, the old one removed when the row no longer names it."""
    stored = CpdEntry.objects.select_for_update().filter(pk=entry.pk)
    earlier = [name for name in stored.values_list("evidence_file", flat=True) if name]
    entry.evidence_file = evidence.store(document) if document else ""
    transaction.on_commit(partial(evidence.remove, earlier))
