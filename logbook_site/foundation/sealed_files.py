"""Files that lie sealed on the disk: written and read in pieces, so that their size does not matter.

A sealed file is 1 byte of version, 4 bytes that name the key, 16 random bytes that name this very file, then its
chunks: 12 random bytes of nonce, and the AES-256-GCM ciphertext of CHUNK bytes (the last one has 0 to CHUNK) with its
tag. Version, key, name, `about`, the number of the chunk, and whether it is the last one are associated data: a file
that was cut, whose chunks were swapped, or that lies in another's place does not open. See `sealing.py` for the keys.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.exceptions import InvalidTag

from logbook_site.foundation.sealing import (
    HEAD_BYTES,
    NONCE_BYTES,
    TAG_BYTES,
    CannotUnseal,
    cipher_named,
    newest_cipher,
)

CHUNK = 256 * 1024
NAME_BYTES = 16
START_BYTES = HEAD_BYTES + NAME_BYTES
SEALED_CHUNK = NONCE_BYTES + CHUNK + TAG_BYTES
UNFINISHED = ".part"


class SealedWriter:
    """Takes bytes as a file does, and writes them sealed. It cannot go back: `zipfile` writes to it as to a pipe."""

    def __init__(self, file, about: str) -> None:
        head, self._cipher = newest_cipher()
        self._file = file
        self._start = head + secrets.token_bytes(NAME_BYTES)
        self._about = about
        self._number = 0
        self._waiting = bytearray()
        file.write(self._start)

    def write(self, data: bytes) -> int:
        self._waiting += data
        # A full chunk waits until more comes: it may be the last one.
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), is_last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def flush(self) -> None:
        """A chunk is written when it is full."""

    def finish(self) -> None:
        self._seal(bytes(self._waiting), is_last=True)

    def _seal(self, data: bytes, *, is_last: bool) -> None:
        nonce = secrets.token_bytes(NONCE_BYTES)
        associated = _associated(self._start, self._about, self._number, is_last)
        self._file.write(nonce + self._cipher.encrypt(nonce, data, associated))
        self._number += 1


@contextmanager
def sealed_file(path: Path, *, about: str) -> Iterator[SealedWriter]:
    """A new sealed file, in place of an earlier one: there when all of it is written, and before not at all.

    Whatever goes wrong, nothing stays; what a killed process leaves ends in UNFINISHED.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}{UNFINISHED}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(handle, "wb") as file:
            writer = SealedWriter(file, about)
            yield writer
            writer.finish()
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def unsealed(path: Path, *, about: str) -> Iterator[bytes]:
    """What was sealed in this file for the same `about`, in pieces.

    Raises FileNotFoundError at once, and CannotUnseal as soon as something is wrong: that a file was cut shows at
    its end.
    """
    file = path.open("rb")  # noqa: SIM115  the generator closes it; who asks learns now whether it is there
    return _chunks(file, about)


def size_of(path: Path) -> int:
    """How many bytes `unsealed` gives. Raises FileNotFoundError."""
    sealed = path.stat().st_size - START_BYTES
    chunks = -(-sealed // SEALED_CHUNK)
    return sealed - chunks * (NONCE_BYTES + TAG_BYTES)


def _chunks(file, about: str) -> Iterator[bytes]:
    with file:
        start = file.read(START_BYTES)
        cipher = cipher_named(start[:HEAD_BYTES])
        number, sealed = 0, file.read(SEALED_CHUNK)
        while sealed or not number:
            following = file.read(SEALED_CHUNK)
            nonce, ciphertext = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
            associated = _associated(start, about, number, not following)
            if len(ciphertext) < TAG_BYTES:
                raise CannotUnseal(f"{about}: cut")
            try:
                yield cipher.decrypt(nonce, ciphertext, associated)
            except InvalidTag as error:
                raise CannotUnseal(f"{about}: changed, cut, or another file") from error
            number, sealed = number + 1, following


def _associated(start: bytes, about: str, number: int, is_last: bool) -> bytes:
    return start + number.to_bytes(8, "big") + bytes([is_last]) + about.encode()
