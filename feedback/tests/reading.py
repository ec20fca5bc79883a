"""What My Feedback, its downloads and its mail say, without what differs each time: ids, tokens, keys of forms."""

import csv
import io
import re

from django.core.mail import EmailMessage
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.tests.doors import seen

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def csv_rows(response) -> list[list[str]]:
    """With the headings."""
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def xlsx_rows(response) -> list[tuple]:
    return list(load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))


def pdf_text(response) -> str:
    pages = PdfReader(io.BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def without_ids(text: str) -> str:
    return UUID.sub("id", text)


def page_of(response) -> tuple[str, list[str]]:
    """(the page around its pieces, the pieces sorted by what they say: their order is random)."""
    page = without_ids(seen(response))
    pieces = re.findall(r"<article.*?</article>", page, re.S)
    return re.sub(r"<article.*?</article>", "", page, flags=re.S), sorted(pieces)


def mail_of(mail: EmailMessage) -> tuple:
    """Everything that arrives, but its own Date, Message-ID and boundaries."""
    headers = {
        name: value for name, value in mail.extra_headers.items() if name not in {"Message-ID", "Date"}
    }
    return (
        mail.subject, mail.body, mail.to, mail.cc, mail.bcc, mail.reply_to, mail.from_email, headers,
        [tuple(each) for each in mail.alternatives],
    )  # fmt: skip
