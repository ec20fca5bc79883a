"""Downloads and prints, from the web server's door. Ratios to COPY, and to a minimal document of as many rows."""

import io
from collections.abc import Iterator
from functools import partial

from django.db import connection

from logbook.models import LogbookEntry
from logbook.summaries import totals_of
from logbook_site.benchmarks import counted
from logbook_site.benchmarks.browser import Browser, well
from logbook_site.benchmarks.measure import Base, Case, Count
from logbook_site.benchmarks.pages import browser_of
from logbook_site.benchmarks.seed import USUAL_CAREER, Sown
from logbook_site.foundation.pdf import pdf_of

COLUMNS = (
    "started_on, ended_on, title, role, medium, minutes, preparation_minutes, subject, country, language, parties, "
    "outcome, provider, setting, paid, full_scale"
)
COPY = """COPY (SELECT {columns} FROM logbook_logbookentry WHERE owner_id = '{owner}' AND deleted_at IS NULL
    ORDER BY ended_on DESC, id DESC) TO STDOUT WITH CSV"""
MINIMAL = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Rows</title><style>
html {{ font: 9pt/1.45 "DejaVu Sans" }} table {{ width: 100%; table-layout: fixed; border-collapse: collapse }}
td {{ padding: 3pt }}</style></head><body><table>{rows}</table></body></html>"""


def copied(owner) -> Base:
    """The database writes the same rows itself."""
    statement = COPY.format(columns=COLUMNS, owner=owner)

    def run() -> None:
        with connection.cursor() as cursor:
            cursor.cursor.copy_expert(statement, io.BytesIO())

    return Base("COPY", run)


def minimal_document(owner, number: int) -> Base:
    """As many rows of tables as the print has, tagged, of fixed layout: `number`, and one a role and a year."""
    totals = totals_of(LogbookEntry.objects.filter(owner=owner, deleted_at=None))
    number += len(totals.by_role) + len(totals.by_year)

    def run() -> None:
        entries = LogbookEntry.objects.filter(owner=owner, deleted_at=None).order_by("-ended_on", "-id")
        cells = (
            (one.ended_on, one.title, one.get_role_display(), one.get_medium_display(), one.country.name, one.minutes)
            for one in entries[:number]
        )  # fmt: skip
        rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in cells)
        pdf_of(MINIMAL.format(rows=rows))

    return Base("minimal", run)


def _largest(sown: Sown) -> int:
    return max(sown.mediators)


def _export(browser: Browser):
    return well(partial(browser.get, "/logbook/export/?format=csv"))


def cases(sown: Sown) -> Iterator[Case]:
    size = _largest(sown)
    owner = sown.mediators[size]
    yield Case(f"CSV of {size:,} entries", _export(browser_of(owner)), copied(owner), 4.5)
    usual = sown.mediators[USUAL_CAREER]
    for number in (25, 100):
        print_page = well(partial(browser_of(usual).get, f"/logbook/print/?per_page={number}"))
        yield Case(f"PDF of {number} rows", print_page, minimal_document(usual, number), 1.25)


def counts(sown: Sown) -> Iterator[Count]:
    size = _largest(sown)
    export = _export(browser_of(sown.mediators[size]))
    yield Count(f"CSV of {size:,} entries: above idle", counted.megabytes_above_idle(export), "MB", 8)
