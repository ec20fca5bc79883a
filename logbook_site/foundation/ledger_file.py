"""A file that outlives the database and its backups: lines that are only ever added, and a number that only grows.

Several processes write it, also from several machines where its folder is shared: each locks it first. What has been
added lies on the disk when `append` returns. A line that a crash cut short has no end; it is passed over.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DIGITS = 20


class LedgerFile:
    """The lines are in `path`; the number is in the file beside it that ends in `.mark`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.mark = path.with_name(f"{path.name}.mark")

    def append(self, line: str) -> None:
        """Add one line, and wait until the disk has it. Raises OSError: then nothing was added."""
        with self._locked() as handle:
            before = os.fstat(handle).st_size
            cut_short = before and os.pread(handle, 1, before - 1) != b"\n"
            text = b"\n" * bool(cut_short) + f"{line}\n".encode()
            if os.write(handle, text) < len(text):  # the disk is full
                os.ftruncate(handle, before)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(handle)

    def lines(self) -> Iterator[str]:
        """All whole lines, the oldest first; nothing when there is no file."""
        if not self.path.exists():
            return
        with self.path.open() as file:
            for line in file:
                if line.endswith("\n"):
                    yield line.rstrip("\n")

    def number(self) -> int | None:
        """The number that was written last; None when there is no file of it."""
        try:
            return int(self.mark.read_bytes())
        except FileNotFoundError:
            return None

    def raise_to(self, number: int) -> None:
        """Write `number` down, unless a greater one is there. Written in its place: a full disk does not stop it."""
        with self._locked():
            if number <= (self.number() or 0):
                return
            handle = os.open(self.mark, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.pwrite(handle, f"{number:0{DIGITS}}\n".encode(), 0)
                os.fsync(handle)
            finally:
                os.close(handle)

    @contextmanager
    def _locked(self) -> Iterator[int]:
        is_new = not self.path.exists()
        if is_new:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if is_new:
                _write_down(self.path.parent)
            yield handle
        finally:
            os.close(handle)


def _write_down(folder: Path) -> None:
    """Makes a new file in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
