"""From bytes or pasted text to sheets. What a file is, is told by what is in it, not by its name."""

import io
import re
from pathlib import PurePath
from zipfile import BadZipFile, ZipFile

from django.conf import settings
from django.utils.translation import gettext as _

from logbook_site.foundation.sheets.encodings import decoded
from logbook_site.foundation.sheets.limits import clean, in_megabytes
from logbook_site.foundation.sheets.separated import read_separated
from logbook_site.foundation.sheets.sheet import CannotRead, Sheet
from logbook_site.foundation.sheets.workbooks import broken, read_workbook

ZIP = b"PK"
# The container of old Office files, and of new ones with a password.
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# Beginnings of what is no spreadsheet, and no text in columns.
OTHERS = (
    b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"SQLite format 3",
)  # fmt: skip
MARKUP = re.compile(rb"\s*<(?:\?xml|!doctype|html|head|body|table|meta)\b", re.IGNORECASE)


def read_file(data: bytes, filename: str) -> list[Sheet]:
    """Every sheet that holds anything, in the order of the file; a CSV file is one sheet. Never an empty list.

    `filename` names the sheet of a CSV file. Raises CannotRead, and nothing else, whatever the bytes are.
    """
    if len(data) > settings.IMPORT_BYTES_MAX:
        raise CannotRead(
            _("The file is too large: at most %(size)s. Divide it into several files.")
            % {"size": in_megabytes(settings.IMPORT_BYTES_MAX)}
        )
    if data.startswith(ZIP):
        _check_kind_of_zip(data)
        sheets = read_workbook(data)
    else:
        _check_kind(data)
        name = clean(PurePath(filename.replace("\\", "/")).stem) or _("File")
        sheets = [read_separated(_plain(decoded(data)), name[:100])]
    found = [sheet for sheet in sheets if sheet]
    if not found:
        raise CannotRead(_("There is nothing in this file. Choose another one."))
    return found


def read_pasted(text: str) -> Sheet:
    """Cells copied from a spreadsheet (with tabs between them) or the text of a CSV file. Raises CannotRead."""
    sheet = read_separated(text, _("Pasted cells"))
    if not sheet:
        raise CannotRead(
            _("There is nothing here yet. Copy the cells in your spreadsheet program, and paste them.")
        )
    return sheet


def _check_kind(data: bytes) -> None:
    if data.startswith(COMPOUND):
        if ENCRYPTED in data:
            raise CannotRead(_("This file needs a password. Save it without one, and choose it again."))
        raise CannotRead(_("This is a file of an old Excel (.xls). %s") % save_as())
    if data.startswith(OTHERS):
        raise CannotRead(not_a_spreadsheet())
    if MARKUP.match(data[:1000].lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"")):
        # What some programs call .xls is a web page or XML.
        raise CannotRead(_("This file is a web page or XML. %s") % save_as())


def _check_kind_of_zip(data: bytes) -> None:
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (BadZipFile, OSError, ValueError, NotImplementedError, UnicodeError) as error:
        raise CannotRead(broken()) from error
    if "xl/workbook.bin" in names:
        raise CannotRead(_("This is a binary Excel file (.xlsb). %s") % save_as())
    if "mimetype" in names and "content.xml" in names:
        raise CannotRead(_("This is an OpenDocument file (.ods). %s") % save_as())
    if any(name.startswith("Index/") for name in names):
        raise CannotRead(_("This is a file of Numbers or Pages. %s") % save_as())
    if "[Content_Types].xml" not in names or any(name.startswith(("word/", "ppt/")) for name in names):
        raise CannotRead(not_a_spreadsheet())


def save_as() -> str:
    return _("Open it in your spreadsheet program, save it as XLSX or CSV, and choose that file.")


def not_a_spreadsheet() -> str:
    return _("This is no spreadsheet. Choose an XLSX or a CSV file, or paste the cells.")


def _plain(text: str) -> str:
    """`text`, unless it is nothing that a person wrote: then CannotRead."""
    strange = sum(text.count(chr(code)) for code in range(32) if chr(code) not in "\t\n\r\f\v")
    if strange * 20 > len(text):
        raise CannotRead(not_a_spreadsheet())
    return text
