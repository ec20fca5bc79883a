"""Downloads as CSV and as a spreadsheet (XLSX). A cell that a program would run as a formula is defused.

Rows are sequences of str, int, float, Decimal, date, datetime or None; anything else is written as its `str`.
Text that begins like a formula gets an apostrophe in front, in both formats: who opens our download must not
run what somebody typed (CWE-1236). Numbers stay numbers, so a negative one needs no apostrophe.
"""

import csv
import io
import re
import string
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain, islice
from zipfile import ZIP_DEFLATED, ZipFile

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from logbook_site.foundation import clock

ROWS_A_CHUNK = 1000  # one yield a row costs more than the row
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as the code page of its country
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEPT_AS_THEY_ARE = (int, float, Decimal, date, type(None))

# Nothing a person sees: white space, control characters, marks of width zero and of direction, and what is left out
# (NOT_FOR_XML): behind it, the formula would stand first.
UNSEEN = r"[\s\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]"
# = + - @ also full-width and small, as East Asian keyboards give them. A tab or a new line starts a cell.
FORMULA = re.compile(rf"{UNSEEN}*[=+\-@＝＋－＠﹦﹢﹣﹫]|[\t\r\n]")
HARMLESS = string.ascii_letters + string.digits
# What XML cannot hold, and so openpyxl refuses.
NOT_FOR_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Row = Sequence[object]


def defused(text: str) -> str:
    """`text` with an apostrophe in front if a spreadsheet program could take it for a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def without_defusing(text: str) -> str:
    """`text` as it was before `defused`."""
    return text[1:] if text[:1] == "'" and FORMULA.match(text[1:]) else text


def csv_response(filename: str, headings: Sequence[str], rows: Iterable[Row]) -> StreamingHttpResponse:
    """UTF-8 with a byte order mark, RFC 4180; streamed: memory stays flat if `rows` is an iterator."""
    chunks = csv_chunks(chain([headings], rows))
    return StreamingHttpResponse(chunks, content_type="text/csv; charset=utf-8", headers=_as_file(filename))


def csv_chunks(rows: Iterable[Row]) -> Iterator[bytes]:
    """The bytes of a CSV file, in pieces; the first of `rows` are the headings."""
    rows = iter(rows)
    start = BYTE_ORDER_MARK
    while chunk := list(islice(rows, ROWS_A_CHUNK)):
        lines = io.StringIO(newline="")
        csv.writer(lines, lineterminator="\r\n").writerows(map(_cells, chunk))
        yield (start + NOT_FOR_XML.sub("", lines.getvalue())).encode()
        start = ""


def _cells(row: Row) -> list[object]:
    """`row` with every text defused."""
    # Most cells are harmless at first sight, and a call for each would cost more than writing them.
    return [cell if type(cell) is str and cell[:1] in HARMLESS else _cell(cell) for cell in row]


def _cell(cell: object) -> object:
    return cell if isinstance(cell, KEPT_AS_THEY_ARE) else defused(str(cell))


def xlsx_response(filename: str, headings: Sequence[str], rows: Iterable[Row]) -> HttpResponse:
    """One sheet, headings in a fixed first row. Text is text, numbers are numbers, dates are dates (UTC)."""
    return HttpResponse(_xlsx(headings, rows), content_type=XLSX_TYPE, headers=_as_file(filename))


def _xlsx(headings: Sequence[str], rows: Iterable[Row]) -> bytes:
    from openpyxl import Workbook  # takes a tenth of a second, which most processes never need
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for row in chain([headings], rows):
        sheet.append([_xlsx_cell(sheet, cell) for cell in _cells(row)])
    # Neither who made it nor with what, and the day only. Saved by hand: `book.save` writes the time into it.
    today = clock.today()
    book.properties.creator = ""
    book.properties.created = book.properties.modified = datetime(today.year, today.month, today.day)
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()
    return file.getvalue()


def _xlsx_cell(sheet, cell: object) -> object:
    from openpyxl.cell import WriteOnlyCell

    if isinstance(cell, str):
        text = NOT_FOR_XML.sub("", cell)
        if not text.startswith("#"):
            return text or None
        typed = WriteOnlyCell(sheet, text)
        typed.data_type = "s"  # openpyxl would make an error of the text "#N/A"
        return typed
    if isinstance(cell, Decimal):
        number = WriteOnlyCell(sheet, cell)
        number.number_format = "0.00"
        return number
    if isinstance(cell, datetime) and cell.tzinfo:
        return cell.astimezone(UTC).replace(tzinfo=None)  # Excel knows no time zones
    return cell


def _as_file(filename: str) -> dict[str, str]:
    return {"Content-Disposition": content_disposition_header(as_attachment=True, filename=filename)}
