"""From judged rows to entries, in one transaction; what is not taken becomes a file for a day."""

import json
from types import ModuleType
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from logbook_site.foundation.importing import kept
from logbook_site.foundation.importing.choices import Kept
from logbook_site.foundation.importing.judging import Judgement, judge
from logbook_site.foundation.importing.plan import Plan
from logbook_site.foundation.importing.table import Table


class NothingChosen(Exception):
    """No row is ready, and none of those to check was chosen."""


@transaction.atomic
def save_import(plan: Plan, imports: ModuleType, import_id: UUID) -> Model | None:
    """Bring in what was chosen, once: a second call finds it saved. None when it was forgotten meanwhile.

    Raises kept.Gone, and NothingChosen.
    """
    stored = imports.hold(import_id)
    if stored is None or stored.saved_at:
        return stored
    waiting = Kept.from_bytes(kept.load(import_id))
    table = Table(plan, waiting.sheets, waiting.choices)
    judgement = judge(table, stored.owner)
    chosen = judgement.chosen()
    if not chosen:
        raise NothingChosen
    plan.save([plan.entry(row.values, stored) for row in chosen], stored.owner)
    _keep_rejected(table, judgement, import_id)
    imports.finish_import(stored, number=len(chosen))
    return stored


def save_in_background(plan: Plan, imports: ModuleType, job_id: UUID) -> str:
    """The worker's part; returns where its owner finds the result."""
    stored = imports.of_job(job_id)
    try:
        stored = save_import(plan, imports, stored.pk) if stored else None
    except kept.Gone:
        stored = None
    except NothingChosen:
        pass  # the preview, to which they come back, says how many are ready
    return reverse(f"{plan.kind}_import_step", args=[stored.pk]) if stored else reverse(f"{plan.kind}_import")


def _keep_rejected(table: Table, judgement: Judgement, import_id: UUID) -> None:
    rejected = judgement.rejected()
    if rejected:
        headings = [*table.headings, _("Line"), _("Reason")]
        rows = [[*row.texts(), row.number, row.why] for row in rejected]
        kept.store(import_id, json.dumps([headings, rows], ensure_ascii=False).encode(), rejected=True)


def rejected_rows(import_id: UUID) -> tuple[list, list]:
    """Headings and rows, with the line and the reason of each. Raises kept.Gone."""
    headings, rows = json.loads(kept.load(import_id, rejected=True))
    return headings, rows
