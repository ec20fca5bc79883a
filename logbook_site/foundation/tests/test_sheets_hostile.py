"""Files that are broken, or made to break us: each ends in one sentence, within seconds, in little memory."""

import io
import os
import random
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from logbook_site.foundation.sheets import CannotRead, Sheet, read_file, read_pasted
from logbook_site.foundation.tests.workbooks import (
    CONTENT_TYPES,
    FIRST_LINKS,
    HEAD,
    LINKS,
    MAIN,
    OFFICE,
    raw_workbook,
    rows_xml,
    workbook,
    zipped,
)

GOOD = workbook(["Date", "Hours"], ["2018-05-03", 3.5])
DAMAGED = "It may be damaged"
TOO_MUCH = "There is too much in this file"
NO_SPREADSHEET = "This is no spreadsheet"
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)
SECRET = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
OUTSIDE = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'
CELL = "<row><c t='inlineStr'><is><t>{}</t></is></c></row>"


def with_head(head: str, text: str) -> bytes:
    """Each part that is read has this head, with the entity in a cell."""
    sheet = f'{head}<worksheet xmlns="{MAIN}">{rows_xml(CELL.format(text))}</worksheet>'
    return raw_workbook("", parts={"xl/worksheets/sheet1.xml": sheet})


def other_part(name: str, head: str) -> bytes:
    """A DTD in another part than the sheet."""
    roots = {
        "_rels/.rels": f'<Relationships xmlns="{LINKS}"/>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}"/>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{LINKS}"/>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"/>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"/>',
    }
    return raw_workbook(rows_xml(CELL.format("x")), parts={name: head + roots[name]})


def million_rows() -> bytes:
    return raw_workbook(rows_xml("<row><c><v>1</v></c></row>" * 1_000_000))


def million_empty_rows() -> bytes:
    return raw_workbook(rows_xml("<row ht='15'/>" * 1_600_000))


def zip_bomb() -> bytes:
    return raw_workbook(rows_xml(CELL.format("x" * 200)) + " " * 40_000_000)


def many_cells_of_one_string() -> bytes:
    """One text of 32,000 letters, to which 400,000 cells refer: 12 GB when it is written down."""
    strings = f'<sst xmlns="{MAIN}"><si><t>{"x" * 32_000}</t></si></sst>'
    row = "<row>" + "<c t='s'><v>0</v></c>" * 99 + "</row>"
    return raw_workbook(rows_xml(row * 4000), parts={"xl/sharedStrings.xml": strings})


def one_long_tag() -> bytes:
    return raw_workbook(rows_xml(f"<row r='1' x='{'x' * 28_000_000}'/>"))


def deep() -> bytes:
    return raw_workbook(rows_xml("<row>" * 1_000_000))


def many_merges() -> bytes:
    rows = "".join(f'<row r="{number}"><c r="B{number}"><v>1</v></c></row>' for number in range(1, 5001))
    merges = '<mergeCell ref="A1:A1048576"/>' * 500_000
    return raw_workbook(rows_xml(rows) + f"<mergeCells>{merges}</mergeCells>")


def many_merges_that_fill() -> bytes:
    cells = "".join(f'<row r="{number}"><c r="CV{number}"><v>1</v></c></row>' for number in range(2, 5001))
    first = CELL.format("x").replace("<row>", '<row r="1">')
    merges = '<mergeCell ref="A1:A1048576"/>' * 500_000
    return raw_workbook(rows_xml(first, cells) + f"<mergeCells>{merges}</mergeCells>")


def many_members() -> bytes:
    parts = {f"xl/x{number}": "" for number in range(30_000)}
    return zipped({"[Content_Types].xml": CONTENT_TYPES, **parts})


def many_sheets() -> bytes:
    return raw_workbook(*[rows_xml(CELL.format("x"))] * 1000)


def long_format() -> bytes:
    codes = "".join(
        f'<numFmt numFmtId="{200 + number}" formatCode="{"[" * 100_000}"/>' for number in range(200)
    )
    formats = "".join(f'<xf numFmtId="{200 + number}"/>' for number in range(200))
    styles = f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts><cellXfs>{formats}</cellXfs></styleSheet>'
    return raw_workbook(rows_xml("<row><c s='1'><v>1</v></c></row>"), parts={"xl/styles.xml": styles})


def lying_sizes(declared: int) -> bytes:
    """The directory of the zip, and the head of the member, tell another size than the sheet has."""
    data = bytearray(raw_workbook(rows_xml("<row><c><v>1</v></c></row>" * 100_000)))
    name = b"xl/worksheets/sheet1.xml"
    for found, offset in ((data.find(name), -8), (data.rfind(name), -22)):
        struct.pack_into("<I", data, found + offset, declared)
    return bytes(data)


def encrypted_member() -> bytes:
    data = bytearray(GOOD)
    for start in range(len(data)):
        if data[start : start + 4] == b"PK\x01\x02":
            data[start + 8] |= 1
    return bytes(data)


def other_compression(kind: int) -> bytes:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()}, kind)


def csv_of(rows: int, columns: int = 3) -> bytes:
    return ((",".join(["x"] * columns) + "\n") * rows).encode()


REFUSED = {
    "nothing": (lambda: b"", "There is nothing in this file"),
    "blank": (lambda: b" \r\n\t\t\n \xc2\xa0\t", "There is nothing in this file"),
    "nothing in its cells": (lambda: workbook([None, ""]), "There is nothing in this file"),
    "larger than allowed": (lambda: b"a" * (5 * 1024**2 + 1), "at most 5 MB"),
    "zip bomb": (zip_bomb, TOO_MUCH),
    "a million rows": (million_rows, "has more than 5000 rows"),
    "a million empty rows": (million_empty_rows, TOO_MUCH),
    "one string in many cells": (many_cells_of_one_string, TOO_MUCH),
    "one long tag": (one_long_tag, "There is nothing in this file"),
    "deep": (deep, DAMAGED),
    "many members": (many_members, TOO_MUCH),
    "a thousand sheets": (many_sheets, "has more than 50 sheets"),
    "a million rows of CSV": (lambda: csv_of(1_000_000, 1), "has more than 5000 rows"),
    "two million empty rows of CSV": (lambda: b" \n" * 2_500_000, TOO_MUCH),
    "300 columns of CSV": (lambda: csv_of(3, 300), "has more than 100 columns"),
    "300 columns": (lambda: workbook(list(range(300))), "has more than 100 columns"),
    "a cell of 1 MB": (
        lambda: raw_workbook(rows_xml(CELL.format("x" * 1_000_000))),
        "Row 1 has a cell with more than 32767 letters",
    ),
    "a shared text of 1 MB": (
        lambda: raw_workbook("", parts={"xl/sharedStrings.xml": f"<sst><si><t>{'x' * 10**6}</t></si></sst>"}),
        "more than 32767 letters",
    ),
    "a cell of 1 MB in CSV": (lambda: b"a,b\n1," + b"x" * 1_000_000, "more than 32767 letters"),
    "a cell of 40 kB in CSV": (lambda: b"a,b\n1," + b"x" * 40_000, "Row 2 has a cell with more than 32767"),
    "billion laughs": (lambda: with_head(LAUGHS, "&j;"), DAMAGED),
    "an external entity": (lambda: with_head(SECRET, "&a;"), DAMAGED),
    "an external DTD": (lambda: with_head(OUTSIDE, "x"), DAMAGED),
    "entities in UTF-16": (
        lambda: raw_workbook(
            "", parts={"xl/worksheets/sheet1.xml": (SECRET + "<worksheet>&a;</worksheet>").encode("utf-16")}
        ),
        DAMAGED,
    ),
    "half a file": (lambda: GOOD[: len(GOOD) // 2], DAMAGED),
    "a file without its end": (lambda: GOOD[:-30], DAMAGED),
    "sizes that lie low": (lambda: lying_sizes(1000), DAMAGED),
    "sizes that lie high": (lambda: lying_sizes(0x7FFFFFFF), "has more than 5000 rows"),
    "members with a password": (encrypted_member, DAMAGED),
    "LZMA": (lambda: other_compression(zipfile.ZIP_LZMA), DAMAGED),
    "not XML": (lambda: raw_workbook("<sheetData><row>"), DAMAGED),
    "no workbook": (lambda: zipped({"[Content_Types].xml": CONTENT_TYPES}), DAMAGED),
    "a workbook elsewhere": (
        lambda: zipped({"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": FIRST_LINKS}),
        DAMAGED,
    ),
    "a number that is none": (lambda: raw_workbook(rows_xml("<row r='x'/>")), DAMAGED),
    "a PDF with another name": (lambda: b"%PDF-1.7\n" + bytes(range(256)), NO_SPREADSHEET),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(200), NO_SPREADSHEET),
    "a letter": (
        lambda: zipped({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": "<x/>"}),
        NO_SPREADSHEET,
    ),
    "an archive": (lambda: zipped({"a.txt": "x", "../../etc/passwd": "x"}), NO_SPREADSHEET),
    "an old Excel file": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel (.xls)"),
    "a workbook with a password": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "needs a password",
    ),
    "OpenDocument": (
        lambda: zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}),
        "(.ods). Open it in your spreadsheet program, save it as XLSX or CSV",
    ),
    "a binary workbook": (lambda: zipped({"xl/workbook.bin": "x"}), "(.xlsb)"),
    "Numbers": (lambda: zipped({"Index/Document.iwa": "x"}), "Numbers"),
    "a web page": (lambda: b"\xef\xbb\xbf  <html><table><tr><td>1</td></tr></table>", "web page or XML"),
    "XML of an old Excel": (lambda: '<?xml version="1.0"?><Workbook/>'.encode("utf-16"), "web page or XML"),
    "random bytes": (lambda: random.Random(3).randbytes(5000), NO_SPREADSHEET),
    "NUL bytes": (lambda: bytes(5000), NO_SPREADSHEET),
    "half a letter of UTF-16": (lambda: "Date,Hours\n1,2".encode("utf-16")[:-1], "letters in this file cannot be read"),
    "a quotation mark that stays open": (
        lambda: b'Date,Note\n1,"open\n' + b"2,x\n" * 20_000,
        "A quotation mark is not closed in line 2",
    ),
}  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_refused_says_what_to_do(name: str) -> None:
    make, sentence = REFUSED[name]
    data = make()
    began = time.process_time()
    with pytest.raises(CannotRead) as refused:
        read_file(data, "log.xlsx")
    assert sentence in refused.value.sentence
    assert time.process_time() - began < 8


@pytest.mark.long
@pytest.mark.parametrize("make", [many_merges, many_merges_that_fill, long_format])
def test_work_without_end_has_an_end(make) -> None:
    data = make()
    began = time.process_time()
    assert read_file(data, "log.xlsx")
    assert time.process_time() - began < 8


@pytest.mark.parametrize(
    "name",
    ["_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "xl/styles.xml"],
)
@pytest.mark.parametrize("head", [LAUGHS, SECRET, OUTSIDE])
def test_no_part_may_have_a_dtd(name: str, head: str) -> None:
    with pytest.raises(CannotRead, match=DAMAGED):
        read_file(other_part(name, head), "log.xlsx")


def test_a_quotation_mark_that_is_never_closed_is_named_by_its_line() -> None:
    with pytest.raises(CannotRead, match="A quotation mark is not closed") as refused:
        read_file(b'Date,Note\n1,x\n2,"open\n3,x\n', "log.csv")
    assert "in line 3 or after" in refused.value.sentence


def test_macros_links_and_pictures_are_not_looked_at() -> None:
    parts = {
        "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 100,
        "xl/externalLinks/externalLink1.xml": LAUGHS,
        "xl/drawings/drawing1.xml": "not XML",
        "docProps/core.xml": SECRET,
        "../../outside.xml": "x",
        "/etc/outside": "x",
    }
    [sheet] = read_file(raw_workbook(rows_xml(CELL.format("x")), parts=parts), "log.xlsm")
    assert sheet.rows == [["x"]]


def test_a_link_to_a_sheet_elsewhere_is_not_followed() -> None:
    links = (
        f'{HEAD}<Relationships xmlns="{LINKS}">'
        f'<Relationship Id="s1" Type="{OFFICE}/worksheet" Target="http://127.0.0.1:9/x.xml" TargetMode="External"/>'
        f'<Relationship Id="s2" Type="{OFFICE}/worksheet" Target="../../../../etc/passwd"/></Relationships>'
    )
    data = raw_workbook("", "", parts={"xl/_rels/workbook.xml.rels": links})
    with pytest.raises(CannotRead, match="There is nothing in this file"):
        read_file(data, "log.xlsx")


LARGEST = """
import re, sys, time
from pathlib import Path
import django
django.setup()
from logbook_site.foundation.sheets import CannotRead, read_file
data = sys.stdin.buffer.read()
began = time.process_time()
try:
    sheets = read_file(data, "log.xlsx")
    kept = sum(len(sheet.to_json()) for sheet in sheets)
except CannotRead as refused:
    kept = refused.sentence
# Not ru_maxrss: it also tells what the process had that started this one.
kilobytes = int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])
print(kilobytes // 1024, time.process_time() - began, kept)
"""


def largest() -> bytes:
    """As many cells as are let in, with texts that are all different."""
    row = (
        "<row>"
        + "".join(f"<c t='inlineStr'><is><t>text {number:05d}</t></is></c>" for number in range(70))
        + "</row>"
    )
    return raw_workbook(rows_xml(row * 4999))


@pytest.mark.slow
@pytest.mark.parametrize(
    "make",
    [largest, one_long_tag, many_cells_of_one_string],
)
def test_memory_stays_below_300_megabytes_and_nothing_is_left_on_the_disk(make, tmp_path: Path) -> None:
    data = make()
    assert len(data) < settings.IMPORT_BYTES_MAX
    answer = subprocess.run(
        [sys.executable, "-c", LARGEST],
        input=data,
        capture_output=True,
        check=True,
        timeout=60,
        cwd=settings.BASE_DIR,
        env={**os.environ, "TMPDIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "logbook_site.settings"},
    )
    megabytes, seconds, _kept = answer.stdout.decode().split(maxsplit=2)
    assert int(megabytes) < 300
    assert float(seconds) < 15
    assert not list(tmp_path.iterdir())


BEGINNINGS = [b"", b"\xff\xfe", b"\xef\xbb\xbf", b"PK\x03\x04", b"a;b\n1;2\n", b"sep=|\n"]
PARTS = st.lists(
    st.sampled_from(
        [
            "<row>", "</row>", "<row r='2' hidden='1'>", "<c>", "</c>", "<c r='B2' t='s'>", "<c t='d'>",
            "<c s='3'>",
            "<v>",
            "</v>", "<f>", "<is><t>", "</t></is>", "1", "1e999", "-5", "nan", "0.5", "x", "&#0;", "&amp;",
            "_xD800_",
            "<mergeCells>", "<mergeCell ref='A1:A9'/>", "<mergeCell ref='x'/>",
            "</mergeCells>", "9" * 400, "<c r='ZZZZ9'>",
            "<c t='s'><v>-1</v></c>", "<c t='b'><v>1</v></c>", "<c t='n'><v>1</v></c>",
            "<c t='e'><v>#N/A</v></c>",
        ]
    ),
    max_size=20,
)  # fmt: skip


@hypothesis_settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PARTS)
def test_any_xml_gives_a_sheet_or_a_sentence(parts: list[str]) -> None:
    read_or_refused(raw_workbook(rows_xml("<row><c><v>1</v></c></row>", *parts)))


@hypothesis_settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=8))
def test_any_change_of_a_workbook_gives_a_sheet_or_a_sentence(changes: list[tuple[int, int]]) -> None:
    data = bytearray(GOOD)
    for place, byte in changes:
        data[place] = byte
    read_or_refused(bytes(data))


@hypothesis_settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"\xff\xfe", b"\xef\xbb\xbf", b"PK\x03\x04", b"a;b\n1;2\n", b"sep=|\n"]),
)
def test_any_bytes_give_a_sheet_or_a_sentence(data: bytes, beginning: bytes) -> None:
    read_or_refused(beginning + data)


@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200))
def test_any_text_gives_a_sheet_or_a_sentence(text: str) -> None:
    try:
        sheet = read_pasted(text)
    except CannotRead:
        return
    is_sound(sheet)


def read_or_refused(data: bytes) -> None:
    try:
        sheets = read_file(data, "log")
    except CannotRead as refused:
        assert refused.sentence
    else:
        assert sheets
        for sheet in sheets:
            is_sound(sheet)


def is_sound(sheet: Sheet) -> None:
    """What `Sheet` promises."""
    assert sheet.rows
    assert len(sheet.rows) == len(sheet.numbers)
    assert len({len(row) for row in sheet.rows}) == 1
    for row in sheet.rows:
        assert any(cell is not None for cell in row)
        for cell in row:
            if isinstance(cell, str):
                assert cell
                assert cell == cell.strip()
                assert "\0" not in cell
                cell.encode()
    assert Sheet.from_json(sheet.to_json()) == sheet
