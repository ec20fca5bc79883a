"""Where evidence lies: plain files with random names in EVIDENCE_DIR, readable by the site alone.

No web server serves that folder. A file is written before the row that names it, and removed after the row has let
it go: so a crash can leave a file too many, never a row without its file. `forget_lost` finds those.
"""

import os
import re
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

from logbook_site.foundation import clock
from logbook_site.foundation.documents import TYPES, Document

NAME = re.compile(rf"[0-9a-f]{{32}}\.(?:{'|'.join(TYPES)})")


def store(document: Document) -> str:
    """Writes the document to the disk, and returns its new name."""
    settings.EVIDENCE_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{secrets.token_hex(16)}.{document.ending}"
    handle = os.open(place_of(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(handle, "wb") as file:
        file.write(document.content)
        file.flush()
        os.fsync(file.fileno())
    return name


def place_of(name: str) -> Path:
    """Where the file with this name lies. Raises ValueError for a name that is not ours."""
    if not NAME.fullmatch(name):
        raise ValueError("not the name of evidence")
    return settings.EVIDENCE_DIR / name


def remove(names: Iterable[str]) -> None:
    """Takes files away. One that is gone already is no error: a task may run twice."""
    for name in names:
        place_of(name).unlink(missing_ok=True)


def older_than(hours: float) -> Iterator[str]:
    """The names of all files that were written more than so many hours ago."""
    before = clock.elsewhere(clock.now() - clock.hours(hours)).timestamp()
    if settings.EVIDENCE_DIR.is_dir():
        with os.scandir(settings.EVIDENCE_DIR) as files:
            for file in files:
                if NAME.fullmatch(file.name) and file.stat(follow_symlinks=False).st_mtime < before:
                    yield file.name
