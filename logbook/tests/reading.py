"""What a page of the Logbook, a download and a print say: read back as rows and text."""

import csv
import html
import io
import re

from openpyxl import load_workbook
from pypdf import PdfReader

TAG = re.compile(r"<[^>]*>")
COLUMNS = ["Date", "Reference", "Role", "Medium", "Country", "Hours"]


def plain(markup: str) -> str:
    """`markup` without tags, on one line."""
    return " ".join(html.unescape(TAG.sub(" ", markup)).split())


def table_of(page: str) -> list[list[str]]:
    """The rows of the list, without the column of links."""
    body = page.partition('<table class="as-cards')[2].partition("<tbody")[2].partition("</tbody>")[0]
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.S) for row in body.split("</tr>") if "<td" in row]
    return [[plain(cell) for cell in row[: len(COLUMNS)]] for row in rows]


def titles_of(page: str) -> list[str]:
    return [row[1] for row in table_of(page) if len(row) > 1]


def count_line(page: str) -> str:
    return plain(re.search(r'<h2 id="entries"[^>]*>(.*?)</h2>', page, re.S)[1])


def complaints_of(page: str) -> list[str]:
    return [plain(one) for one in re.findall(r'<p class="message message-warning">(.*?)</p>', page, re.S)]


def csv_rows(response) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def xlsx_rows(response) -> list[tuple]:
    """With the headings."""
    sheet = load_workbook(io.BytesIO(response.content)).active
    return list(sheet.iter_rows(values_only=True))


def pdf_text(response) -> str:
    """On one line; what WeasyPrint wrapped is joined with a space."""
    pages = PdfReader(io.BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
