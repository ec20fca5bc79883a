"""The one file of a download: a zip with a README, a CSV for each table, one JSON of all of them, and the evidence.

Everything is written in pieces: memory does not grow with what somebody wrote.
"""

import json
from collections.abc import Iterable
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from cpd.evidence import place_of
from logbook_site.foundation import clock
from logbook_site.foundation.spreadsheets import csv_chunks
from logbook_site.own_data.download_map import NOT_TOLD, TABLES
from logbook_site.own_data.download_map.work import development, place_in_download
from logbook_site.own_data.tables import CHUNK, Table

PIECE = 256 * 1024


def write_archive(file, person: User) -> None:
    """Write the zip of `person` to `file`, which need not be able to go back."""
    tables = [table for table in TABLES if not table.is_empty(person)]
    with ZipFile(file, "w") as archive:
        _write(archive, "README.txt", [_readme(person, tables).encode()])
        for table in tables:
            _write(archive, f"{table.name}.csv", csv_chunks(table.as_sheet(person)))
        _write(archive, "everything.json", _json(person, tables))
        for entry in development(person).iterator(chunk_size=CHUNK):
            if name := place_in_download(entry):
                # Compressed already.
                _write(archive, name, _pieces(entry.evidence_file), ZIP_STORED)


def _write(archive: ZipFile, name: str, pieces: Iterable[bytes], compression: int = ZIP_DEFLATED) -> None:
    today = clock.today()
    info = ZipInfo(name, (today.year, today.month, today.day, 0, 0, 0))
    info.compress_type = compression
    info.external_attr = 0o600 << 16
    with archive.open(info, "w") as entry:
        for piece in pieces:
            entry.write(piece)


def _json(person: User, tables: list[Table]) -> Iterable[bytes]:
    """An object with one list for each table, a line for each row."""
    encoder = DjangoJSONEncoder(ensure_ascii=False)
    yield b"{"
    for position, table in enumerate(tables):
        yield f"{',' if position else ''}\n{json.dumps(table.name)}: [".encode()
        for number, row in enumerate(table.as_objects(person)):
            # A lone half of a letter, as JavaScript knows them, is no text.
            yield f"{',' if number else ''}\n  {encoder.encode(row)}".encode(errors="replace")
        yield b"\n]"
    yield b"\n}\n"


def _pieces(name: str) -> Iterable[bytes]:
    with place_of(name).open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _readme(person: User, tables: list[Table]) -> str:
    sentence = _("What %(site)s keeps about %(name)s, on %(day)s.")
    about = {"site": settings.SITE_NAME, "name": person.name, "day": date_format(clock.today())}
    files = [(f"{table.name}.csv", table.about) for table in tables]
    files.append(("everything.json", _("All of these tables in one file, for programs.")))
    if any(map(place_in_download, development(person).exclude(evidence_file="").iterator(chunk_size=CHUNK))):
        files.append(("evidence/", _("The files you added to professional development.")))
    lines = [
        sentence % about,
        _("Keep it in a safe place: it holds what you wrote for yourself alone."),
        "",
        _("The CSV files open in any spreadsheet program. Times are in UTC."),
        _("Files that would be empty are left out."),
        "",
        *[line for name, told in files for line in (name, f"    {told}")],
        "",
        _("Not in this download:"),
        *[f"- {why}" for why in NOT_TOLD.values()],
        f"- {_('Feedback that was not shared with you, and who left which piece.')}",
    ]
    return "\r\n".join(lines) + "\r\n"
