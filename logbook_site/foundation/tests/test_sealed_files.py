"""A sealed file opens as it was written, for what it was written for, or not at all."""

import os
import secrets
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from logbook_site.foundation import sealed_files, sealing
from logbook_site.foundation.sealed_files import (
    CHUNK,
    SEALED_CHUNK,
    START_BYTES,
    sealed_file,
    size_of,
    unsealed,
)
from logbook_site.foundation.sealing import CannotUnseal, key_from

ABOUT = "job:1"
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7]


def write(path: Path, content: bytes, about: str = ABOUT, piece: int = 1 << 16) -> Path:
    with sealed_file(path, about=about) as file:
        for start in range(0, len(content), piece):
            file.write(content[start : start + piece])
    return path


def read(path: Path, about: str = ABOUT) -> bytes:
    return b"".join(unsealed(path, about=about))


def refuses(path: Path, about: str = ABOUT) -> None:
    with pytest.raises(CannotUnseal):
        read(path, about)


@pytest.fixture
def small_chunks(monkeypatch) -> None:
    """Chunks of 8 bytes: everything that can happen between two of them happens in a short file."""
    monkeypatch.setattr(sealed_files, "CHUNK", 8)
    monkeypatch.setattr(sealed_files, "SEALED_CHUNK", 8 + 28)


@pytest.mark.parametrize("size", SIZES)
def test_it_opens_as_it_was_written(size: int, tmp_path: Path) -> None:
    content = secrets.token_bytes(size)
    path = write(tmp_path / "one", content)
    assert read(path) == content
    assert size_of(path) == size
    assert content[:64] not in path.read_bytes() or size < 16


@pytest.mark.usefixtures("small_chunks")
@given(content=st.binary(max_size=60), piece=st.integers(1, 30))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_however_it_is_handed_over(content: bytes, piece: int, tmp_path_factory) -> None:
    path = write(tmp_path_factory.mktemp("files") / "one", content, piece=piece)
    assert read(path) == content
    assert size_of(path) == len(content)


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("size", [0, 5, 8, 16, 20])
def test_cut_anywhere_it_does_not_open(size: int, tmp_path: Path) -> None:
    path = write(tmp_path / "one", secrets.token_bytes(size))
    whole = path.read_bytes()
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        refuses(path)
    for more in (b"\0", whole[START_BYTES:], secrets.token_bytes(36)):
        path.write_bytes(whole + more)
        refuses(path)


@pytest.mark.usefixtures("small_chunks")
def test_with_any_bit_changed_it_does_not_open(tmp_path: Path) -> None:
    path = write(tmp_path / "one", secrets.token_bytes(20))
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        refuses(path)


@pytest.mark.usefixtures("small_chunks")
def test_chunks_cannot_be_swapped_repeated_dropped_or_taken_from_another_file(tmp_path: Path) -> None:
    size = sealed_files.SEALED_CHUNK
    path = write(tmp_path / "one", secrets.token_bytes(32))
    twin = write(tmp_path / "two", secrets.token_bytes(32)).read_bytes()
    whole = path.read_bytes()
    start, chunks = (
        whole[:START_BYTES],
        [whole[at : at + size] for at in range(START_BYTES, len(whole), size)],
    )
    for others in (
        [chunks[1], chunks[0], *chunks[2:]],
        [chunks[0], *chunks],
        chunks[1:],
        chunks[:-1],
        [chunks[-1]],
        # The same place of another file, for the same purpose.
        [twin[START_BYTES : START_BYTES + size], *chunks[1:]],
    ):
        path.write_bytes(start + b"".join(others))
        refuses(path)
    path.write_bytes(start + b"".join(chunks))
    assert len(read(path)) == 32


def test_in_anothers_place_or_without_its_key_it_does_not_open(tmp_path: Path, settings) -> None:
    path = write(tmp_path / "one", b"words")
    refuses(path, about="job:2")
    older, newer = settings.SEALING_KEYS[0], key_from("another key, of this test")
    settings.SEALING_KEYS = [newer, older]
    assert read(path) == b"words"
    settings.SEALING_KEYS = [newer]
    refuses(path)


def test_a_text_that_was_sealed_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(sealing.seal("words", about=ABOUT))
    refuses(tmp_path / "one")


def test_it_is_private(tmp_path: Path) -> None:
    path = write(tmp_path / "new" / "one", b"words")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_it_is_there_when_it_is_whole_and_an_earlier_one_stays_until_then(tmp_path: Path) -> None:
    path = write(tmp_path / "one", b"earlier")
    with pytest.raises(RuntimeError), sealed_file(path, about=ABOUT) as file:
        file.write(b"half")
        assert read(path) == b"earlier"
        raise RuntimeError
    assert read(path) == b"earlier"
    assert os.listdir(tmp_path) == ["one"]
    with pytest.raises(FileNotFoundError):
        unsealed(tmp_path / "never", about=ABOUT)


MEASURE = """
import resource, sys
from pathlib import Path
from django.conf import settings
from logbook_site.foundation.sealing import key_from
settings.configure(SEALING_KEYS=[key_from("a key")])
from logbook_site.foundation.sealed_files import sealed_file, unsealed
path = Path(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with sealed_file(path, about="a") as file:
    for _ in range(300):
        file.write(bytes(1024 * 1024))
assert sum(len(piece) for piece in unsealed(path, about="a")) == 300 * 1024 * 1024
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_three_hundred_megabytes_pass_through_little_memory(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", MEASURE, tmp_path / "one"], capture_output=True, text=True, check=True
    )
    assert int(ran.stdout) < 20 * 1024  # KiB


def test_chunks_are_as_the_module_says(tmp_path: Path) -> None:
    path = write(tmp_path / "one", bytes(CHUNK + 1))
    assert path.stat().st_size == START_BYTES + SEALED_CHUNK + 12 + 1 + 16
