"""The benchmark with tiny numbers, so that it still runs when somebody needs it."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from logbook_site.benchmarks import report
from logbook_site.benchmarks.__main__ import DATABASE
from logbook_site.benchmarks.measure import S1, Case, Result


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
    done = run("--entries", "12000", "--names", "500", "--rounds", "2")
    assert done.returncode == 0, done.stderr
    assert "12,000 entries, 500 names, 2 rounds" in done.stdout
    for line, base in {
        "Logbook, 25 rows, nothing below": r"F2\(25\)", "Logbook, 100 rows": r"F2\(100\)",
        "Logbook of 3,000 entries": "of 100", "Home of a mediator": "F0", "CSV of 3,000 entries": "COPY",
        "PDF of 25 rows": "minimal", "survey, shown": "F0", "survey, sent": "F0", "50 invitations": "bare loop",
        "totals of 3,000 entries": "S1", "search for two frequent names, never together": "S1",
    }.items():  # fmt: skip
        numbers = rf" +[\d.e+-]+ ms +{base} [\d.e+-]+ ms +[\d.]+ +\d+%"
        assert re.search(rf"^{re.escape(line)}{numbers}", done.stdout, re.MULTILINE), line
    assert re.search(r"^connections opened by 20 pages +0 ", done.stdout, re.MULTILINE)
    assert re.search(r"due contacts: left over +0 ", done.stdout, re.MULTILINE)
    assert DATABASE not in before
    assert databases() == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "mode", "sentence"),
    [
        (["--entries", "12000", "--names", "10"], "demo", "It takes 91 names"),
        (["--rounds", "1"], "demo", "Two rounds at least"),
        ([], "production", "LOGBOOK_MODE=demo"),
    ],
)
def test_what_it_refuses(arguments: list[str], mode: str, sentence: str) -> None:
    done = run(*arguments, mode=mode)
    assert done.returncode == 2
    assert sentence in done.stderr


@pytest.mark.parametrize(
    ("goal", "ratio", "spread", "verdict"),
    [
        (None, 9, 0, ""),
        (8, 8, 0.5, "reached"),
        (8, 10, 0.5, "nearly"),
        (8, 10.1, 0.1, "missed"),
        (8, 10.1, 0.11, "noisy"),
    ],
)
def test_verdicts(goal: float | None, ratio: float, spread: float, verdict: str) -> None:
    assert Result(Case("x", list, S1, goal), 1, 1, ratio, spread).verdict == verdict


def test_the_page_keeps_the_other_parts_and_its_words(tmp_path, settings) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    report.write("usual", "| first |")
    report.write("load", "no errors")
    report.write("usual", "| second |")
    page = (tmp_path / "docs" / "benchmarks.md").read_text()
    assert page.count("| second |") == page.count("no errors") == page.count("Not measured yet.") == 1
    assert "| first |" not in page
    assert page.startswith("# How fast it is")
