"""Spreadsheets: what people typed arrives as they typed it, and nothing in it runs."""

import csv
import io
import tracemalloc
import unicodedata
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from logbook_site.foundation import clock
from logbook_site.foundation.spreadsheets import csv_response, defused, xlsx_response

FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "\n=1", "\r\n=1", "\u00a0=1", "\u3000=1",
    "\u200b=1", "\ufeff=1", "\x00=1", "\x1b=1", "\u200f=1", "＝1", "＋1", "－1", "＠A", " ＝1", "﹦1",
    "\u2028=1", "\tx", "\rx", "\nx", "\uffff=1", "\ufffe\uffff+1",
]  # fmt: skip
HARMLESS = [
    "",
    "a=1",
    "1+1",
    "2026-01-31",
    "Neighbours - the north",
    "'=1",
    " x",
    "−1",
    "#N/A",
    "é",
    "ä-b",
    "3.50",
]
TEXT = st.text(
    st.one_of(
        st.sampled_from("=+-@＝ \t\r\n\x00\ufeff\uffff'\",;a1"), st.characters(exclude_categories=["Cs"])
    )
)


def csv_cells(rows: list[list[object]], headings: tuple[str, ...] = ("A",)) -> list[list[str]]:
    body = b"".join(csv_response("x.csv", headings, rows)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(body, newline="")))[1:]


def xlsx_sheet(rows: list[list[object]], headings: tuple[str, ...] = ("A",)):
    return load_workbook(io.BytesIO(xlsx_response("x.xlsx", headings, rows).content)).active


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_is_defused(text: str) -> None:
    assert defused(text) == "'" + text
    assert csv_cells([[text]])[0][0].startswith("'")
    cell = xlsx_sheet([[text]])["A2"]
    assert cell.data_type == "s"
    assert cell.value.startswith("'")


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays(text: str) -> None:
    assert defused(text) == text
    assert csv_cells([[text, "end"]])[0] == [text, "end"]
    cell = xlsx_sheet([[text]])["A2"]
    assert (cell.value or "") == text
    assert cell.data_type == ("s" if text else "n")


def test_a_heading_and_a_label_are_defused_like_any_text() -> None:
    lazy = gettext_lazy("=lazy")
    body = b"".join(csv_response("x.csv", ["=A"], [[lazy]])).decode("utf-8-sig")
    assert body == "'=A\r\n'=lazy\r\n"
    sheet = xlsx_sheet([[lazy]], ("=A",))
    assert [sheet["A1"].value, sheet["A2"].value] == ["'=A", "'=lazy"]


@given(st.lists(TEXT, min_size=1, max_size=5))
def test_any_text_comes_back_and_never_starts_a_formula(texts: list[str]) -> None:
    for text, cell in zip(texts, csv_cells([[*texts, "end"]])[0][:-1], strict=True):
        kept = "".join(letter for letter in text if letter in "\t\r\n" or not _is_control(letter))
        assert cell in {kept, "'" + kept}
        seen = "".join(
            letter
            for letter in cell
            if not letter.isspace() and unicodedata.category(letter) not in {"Cc", "Cf"}
        )
        assert unicodedata.normalize("NFKC", seen[:1]) not in {"=", "+", "-", "@"} or seen[0] in "⁺₊﬩"


def _is_control(letter: str) -> bool:
    return letter < " " or letter in "\ufffe\uffff"


@given(st.lists(TEXT, min_size=1, max_size=5))
def test_any_text_can_be_written_as_xlsx(texts: list[str]) -> None:
    sheet = xlsx_sheet([texts])
    assert {cell.data_type for cell in sheet[2]} <= {"s", "n"}
    assert all(cell.value is None or isinstance(cell.value, str) for cell in sheet[2])


def test_csv_is_rfc_4180_for_excel() -> None:
    response = csv_response("Logbook 2026.csv", ["Ended on", "Title"], [[date(2026, 1, 31), 'a "b", c\nd']])
    assert response.streaming
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="Logbook 2026.csv"'
    assert b"".join(response) == b'\xef\xbb\xbfEnded on,Title\r\n2026-01-31,"a ""b"", c\nd"\r\n'


def test_numbers_stay_numbers() -> None:
    row = [-1, 3, Decimal("-3.50"), -0.5, None, date(2026, 1, 31), UUID(int=1), "-1"]
    assert csv_cells([row])[0] == ["-1", "3", "-3.50", "-0.5", "", "2026-01-31", str(UUID(int=1)), "'-1"]
    sheet = xlsx_sheet([row])
    assert [cell.value for cell in sheet[2]] == [
        -1, 3, -3.5, -0.5, None, datetime(2026, 1, 31), str(UUID(int=1)), "'-1",
    ]  # fmt: skip
    assert sheet["C2"].number_format == "0.00"
    assert sheet["F2"].is_date
    assert [cell.data_type for cell in sheet[2]] == ["n", "n", "n", "n", "n", "d", "s", "s"]


def test_a_moment_is_written_in_utc() -> None:
    moment = datetime(2026, 1, 31, 2, 30, tzinfo=timezone(timedelta(hours=3)))
    assert xlsx_sheet([[moment]])["A2"].value == datetime(2026, 1, 30, 23, 30)


def test_xlsx_tells_nothing_about_its_making() -> None:
    response = xlsx_response("x.xlsx", ["A"], [])
    assert response.headers["Content-Disposition"] == 'attachment; filename="x.xlsx"'
    book = load_workbook(io.BytesIO(response.content))
    about = book.properties
    assert not about.creator
    assert (about.lastModifiedBy, about.title) == (None, None)
    midnight = datetime.combine(clock.today(), datetime.min.time())
    assert about.created == about.modified == midnight
    assert book.active.freeze_panes == "A2"
    parts = zipfile.ZipFile(io.BytesIO(response.content))
    assert b"openpyxl" not in b"".join(parts.read(name) for name in parts.namelist())


def many_rows(number: int) -> Iterator[list[object]]:
    for count in range(number):
        yield [count, "Neighbours in the north " * 5, "3.50", f"- {count}"]


def test_a_thousand_rows_a_chunk_and_none_too_early() -> None:
    taken = []
    rows = (taken.append(1) or row for row in many_rows(2500))
    chunks = iter(csv_response("x.csv", ["A"], rows).streaming_content)
    first = next(chunks)
    assert (len(taken), first.count(b"\r\n")) == (999, 1000)  # the headings are a row, too
    assert [chunk.count(b"\r\n") for chunk in chunks] == [1000, 501]


@pytest.mark.long
def test_memory_stays_flat() -> None:
    tracemalloc.start()
    try:
        written = sum(map(len, csv_response("x.csv", ["A"], many_rows(60_000))))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert written > 8_000_000
    assert peak < 2_000_000
