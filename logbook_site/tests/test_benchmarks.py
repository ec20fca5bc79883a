"""The benchmark with tiny numbers, so that it still runs when somebody needs it."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from logbook_site.benchmarks.__main__ import DATABASE
from logbook_site.benchmarks.measure import Case, Result


def run(*arguments: str, mode: str = "demo") -> subprocess.CompletedProcess[str]:
    """On the servers of this test run."""
    command = [sys.executable, "-m", "logbook_site.benchmarks", *arguments]
    return subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env=os.environ | {"LOGBOOK_MODE": mode},
        capture_output=True,
        text=True,
        timeout=300,
    )


def databases() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.slow
@pytest.mark.django_db
def test_a_tiny_one_measures_everything_and_leaves_nothing_behind() -> None:
    before = databases()
    done = run("directory", "--entries", "9000", "--names", "500", "--rounds", "2")
    assert done.returncode == 0, done.stderr
    assert "9,000 entries, 500 names, 2 rounds" in done.stdout
    for line in (
        "totals of 100 entries", "totals of 2,000 entries", "search for a frequent name",
        "search for two frequent names, never together", "  with Django",
    ):  # fmt: skip
        numbers = r" +[\d.]+ +0\.\d+ +[\d.]+ +\d+%"
        assert re.search(rf"^{re.escape(line)}{numbers}", done.stdout, re.MULTILINE), line
    assert DATABASE not in before
    assert databases() == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "mode", "sentence"),
    [
        (["--entries", "9000", "--names", "10"], "demo", "It takes 71 names"),
        (["--rounds", "1"], "demo", "Two rounds at least"),
        ([], "production", "LOGBOOK_MODE=demo"),
    ],
)
def test_what_it_refuses(arguments: list[str], mode: str, sentence: str) -> None:
    done = run("directory", *arguments, mode=mode)
    assert done.returncode == 2
    assert sentence in done.stderr


@pytest.mark.parametrize(
    ("goal", "ratio", "spread", "verdict"),
    [(None, 9, 0, ""), (8, 8, 0.5, "reached"), (8, 8.1, 0.1, "missed"), (8, 8.1, 0.11, "noisy")],
)
def test_verdicts(goal: float | None, ratio: float, spread: float, verdict: str) -> None:
    assert Result(Case("x", list, goal), 1, 1, ratio, spread).verdict == verdict
