"""Where a spreadsheet waits between the steps: sealed in IMPORT_DIR, under the id of its import.

Two files at most: `<id>`, the sheets and what was decided about them, until it is saved; then `<id>.rejected`, the rows
that were not taken. Nothing else of the file is kept, not its name either.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

from logbook_site.foundation import clock
from logbook_site.foundation.sealed_files import UNFINISHED, sealed_file, unsealed
from logbook_site.foundation.sealing import CannotUnseal

REJECTED = ".rejected"
# A file is written a moment before its row; one that is older and has no row was left by a crash.
LOST_AFTER_HOURS = 1
UUID_LETTERS = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NAME = re.compile(
    rf"(?P<id>{UUID_LETTERS})(?P<rejected>{re.escape(REJECTED)})?(?:\.[0-9a-f]+{re.escape(UNFINISHED)})?"
)


class Gone(Exception):
    """It is not there any more, or cannot be opened."""


class File(NamedTuple):
    """One of ours on the disk, a half-written one too."""

    path: Path
    import_id: UUID
    is_rejected: bool

    @property
    def is_old(self) -> bool:
        """Written more than LOST_AFTER_HOURS ago."""
        before = clock.elsewhere(clock.now() - clock.hours(LOST_AFTER_HOURS)).timestamp()
        return self.path.stat().st_mtime < before


def store(import_id: UUID, data: bytes, *, rejected: bool = False) -> None:
    """Write it, in place of an earlier one."""
    name = _name(import_id, rejected)
    with sealed_file(settings.IMPORT_DIR / name, about=f"import:{name}") as file:
        file.write(data)


def load(import_id: UUID, *, rejected: bool = False) -> bytes:
    """What `store` wrote. Raises Gone."""
    name = _name(import_id, rejected)
    try:
        return b"".join(unsealed(settings.IMPORT_DIR / name, about=f"import:{name}"))
    except (FileNotFoundError, CannotUnseal) as error:
        raise Gone from error


def has_rejected(import_id: UUID) -> bool:
    return (settings.IMPORT_DIR / _name(import_id, rejected=True)).exists()


def remove_file(import_id: UUID) -> None:
    (settings.IMPORT_DIR / _name(import_id, rejected=False)).unlink(missing_ok=True)


def remove_rejected(import_id: UUID) -> None:
    (settings.IMPORT_DIR / _name(import_id, rejected=True)).unlink(missing_ok=True)


def remove_all_files(*import_ids: UUID) -> None:
    """Both files of each. One that is gone already is no error."""
    for import_id in import_ids:
        for rejected in (False, True):
            (settings.IMPORT_DIR / _name(import_id, rejected)).unlink(missing_ok=True)


def files() -> Iterator[File]:
    """All that lie there."""
    if settings.IMPORT_DIR.is_dir():
        for path in settings.IMPORT_DIR.iterdir():
            if found := NAME.fullmatch(path.name):
                yield File(path, UUID(found["id"]), bool(found["rejected"]))


def _name(import_id: UUID, rejected: bool) -> str:
    return f"{import_id}{REJECTED if rejected else ''}"
