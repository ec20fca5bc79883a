"""Text that people typed, and what somebody may send in its place: the work grows with its length and no faster."""

import ast
import unicodedata
from itertools import groupby
from pathlib import Path

import pytest
from django.conf import settings

from logbook_site.foundation.text import MARKS_MOST, UNFOLDED_MOST, fold, normalized

FORMS = ["NFC", "NFD", "NFKC", "NFKD"]
ORDINARY = [
    "Ålesund, ÉTÉ, naïve, Łódź",
    "Vie\u0323\u0302t Nam, e\u0301te\u0301",
    "שָׁלוֹם",
    "الْعَرَبِيَّة",
    "ที่นี่",
    "हिन्दी",
    "བརྒྱུད་",
    "한국어",
    "ｶﾞｷﾞ",
    "Z" + "\u0300\u0316" * 15 + "algo",
]
# Some unfold into marks and are none themselves: U+0F73, U+FF9E.
MARKS = [
    "\u0300\u0316",
    "\u0344",
    "\u0f73",
    "\u0f81\u0f73",
    "\uff9e\uff9f",
    "\U0001d165\u0316",
    "\u3099\u0300",
]


def longest_run_of_marks(text: str) -> int:
    runs = groupby(unicodedata.normalize("NFKD", text), key=lambda letter: unicodedata.combining(letter) > 0)
    return max((len(list(run)) for are_marks, run in runs if are_marks), default=0)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", ORDINARY)
def test_what_people_write_is_brought_into_its_normal_form(text: str, form: str) -> None:
    assert normalized(text, form) == unicodedata.normalize(form, text)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("marks", MARKS)
def test_of_marks_without_end_so_many_stay(marks: str, form: str) -> None:
    """To bring n of them into their order takes n² steps: of 40,000 four seconds, in one call that nothing ends."""
    for before in map("x".__mul__, range(MARKS_MOST)):
        text = normalized(f"{before}a{(marks * 100)[: 2 * MARKS_MOST + 1]}b", form)
        assert text.startswith(before) and text.endswith("b")
        assert 0 < longest_run_of_marks(text) <= 2 * MARKS_MOST


def test_nothing_else_asks_for_a_normal_form() -> None:
    root = Path(settings.BASE_DIR)
    apps = ["accounts", "cpd", "directory", "feedback", "logbook", "logbook_site", "reviewers"]
    files = [file for app in apps for file in (root / app).rglob("*.py") if "tests" not in file.parts]
    asking = {
        file.relative_to(root).as_posix()
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if (isinstance(node, ast.Attribute) and node.attr == "normalize")
        or (isinstance(node, ast.ImportFrom) and node.module == "unicodedata")
    }
    assert asking == {"logbook_site/foundation/text.py"}


@pytest.mark.parametrize("text", ["\ufdfa" * 20_000, "\ufdfb" * 20_000, "\u33ff" * 20_000, "ΐ" * 20_000])
def test_what_is_folded_stays_of_its_length(text: str) -> None:
    assert len(fold(text)) <= UNFOLDED_MOST * len(text)


def test_letters_that_unfold_are_found_among_others_and_alone() -> None:
    assert fold("\ufdfa") in fold("Muhammad \ufdfa, 12 ﬁles")
    assert fold("ﬁles") == "files"
