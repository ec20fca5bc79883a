"""A full disk: pages can be read, what cannot be kept is refused kindly, and it mends itself when there is room again.

The site lives in a small file system in memory, which only root can mount; for anybody else this is skipped, loudly.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedback.tests.whole_site import WholeSite
from logbook_site.faults import invariants
from logbook_site.faults.chance import say
from logbook_site.faults.kills import SETTINGS
from logbook_site.faults.visitors import Visitors

SIZE = "300m"


@pytest.fixture
def small_disk() -> Iterator[Path]:
    if os.geteuid() != 0:
        say("NOT TRIED: a full disk. Only root can mount a small one.")
        pytest.skip("needs root")
    folder = Path(tempfile.mkdtemp(prefix="small-disk-", dir="/tmp"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", folder], check=False
    )
    if mounted.returncode:
        say("NOT TRIED: a full disk. This machine does not let us mount a small one.")
        folder.rmdir()
        pytest.skip("cannot mount")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)
    folder.rmdir()


def fill(folder: Path) -> Path:
    """Writes until nothing more fits."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    return ballast


@pytest.mark.slow
def test_a_full_disk(small_disk: Path) -> None:
    (small_disk / "var").mkdir()
    site = WholeSite(var_dir=small_disk / "var", **SETTINGS)
    try:
        with Visitors(site) as visitors:
            time.sleep(5)
            ballast = fill(small_disk)
            time.sleep(15)
            read = [site.get(path) for path in ("/", "/help/", "/privacy/", "/accounts/login/")]
            say(f"full: pages for strangers {read}")
            assert set(read) <= {200, 503}
            ballast.unlink()
            time.sleep(5)
        say(invariants.check(site, visitors))
        assert visitors.refusals, "It was never full."
    finally:
        site.remove()
