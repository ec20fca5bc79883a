"""Invented CPD entries and small files, saved the way the site saves them."""

import io
from datetime import date
from itertools import count

from PIL import Image
from pypdf import PdfWriter

from accounts.models import User
from accounts.tests.factories import make_mediator
from cpd import services
from cpd.choices import CpdKind
from cpd.models import CpdEntry
from logbook_site.foundation.documents import Document

_numbers = count(1)


def a_pdf(pages: int = 1, **options) -> bytes:
    writer, file = PdfWriter(), io.BytesIO()
    for _number in range(pages):
        writer.add_blank_page(width=200, height=200)
    if options:
        writer.encrypt(**options)
    writer.write(file)
    return file.getvalue()


def a_picture(form: str = "PNG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **options) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, options.pop("colour", 0)).save(file, form, **options)
    return file.getvalue()


def make_cpd(
    owner: User | None = None, *, deleted: bool = False, evidence: bytes | None = None, **fields
) -> CpdEntry:
    """A live entry of three hours, unless `fields` say otherwise; `evidence` is the content of a PDF."""
    usual = {
        "title": f"Course {next(_numbers)}",
        "completed_on": date(2026, 3, 4),
        "kind": CpdKind.TRAINING,
        "minutes": None if fields.get("points") else 180,
    }
    entry = CpdEntry(owner=owner or make_mediator(), **usual | fields)
    document = Document(evidence, "pdf") if evidence else None
    services.save_entry(entry=entry, by=entry.owner, document=document)
    if deleted:
        services.delete_entry(entry=entry, by=entry.owner)
    entry.refresh_from_db()
    return entry


def typed(**fields) -> dict[str, object]:
    """What a browser sends for a new entry: what is required, and whatever `fields` say."""
    usual = {"completed_on": "2026-03-04", "title": "Advanced course", "kind": "training", "hours": "3:30"}
    return usual | fields
