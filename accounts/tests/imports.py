"""Invented imports, without the file they would come from."""

import json

from accounts.choices import ImportKind
from accounts.models import Import, User
from logbook_site.foundation import clock
from logbook_site.foundation.importing import kept


def make_import(owner: User, kind: ImportKind = ImportKind.LOGBOOK) -> Import:
    """A saved one of no entries, with a row that was not taken."""
    stored = Import.objects.create(owner=owner, kind=kind, saved_at=clock.now())
    rows = [["Foreign words", 2, "A sum of other rows."]]
    kept.store(stored.pk, json.dumps([["Reference", "Line", "Reason"], rows]).encode(), rejected=True)
    return stored
