"""XLSX files, part by part: a zip of XML, of which four kinds of parts are read and nothing else.

Not by openpyxl's own reader: with defusedxml it parses in Python (5,000 rows of 40 cells took 11 s), builds a tree of
every row that ever was, and reads formats, rules and drawings that nobody asked for. Here each part goes through
defusedxml's streaming parser (1 s), no DTD is let in, nothing grows but the cells, and the limits end a bomb while it
unfolds. From openpyxl comes what number formats and serial dates mean.
"""

import io
import posixpath
import zlib
from collections.abc import Iterator
from typing import TypeVar
from xml.sax import SAXException
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser
from django.conf import settings
from django.utils.translation import gettext as _

from logbook_site.foundation.sheets.limits import SheetMaker, too_large
from logbook_site.foundation.sheets.sheet import CannotRead, Sheet
from logbook_site.foundation.sheets.workbook_parts import (
    BookPart,
    LinksPart,
    Part,
    SheetPart,
    StringsPart,
    StylesPart,
)

AnyPart = TypeVar("AnyPart", bound=Part)

MOST_MEMBERS = 2000  # fifty sheets with drawings and remarks have a few hundred
# Expat scans a long tag again with each piece it gets: large pieces, or a tag of 30 MB takes minutes.
PIECE = 1024 * 1024
# Whatever is wrong with a zip and the XML in it. DefusedXmlException: a DTD, and so any entity.
BROKEN = (
    BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, LookupError, SAXException,
    DefusedXmlException, UnicodeError, ValueError, TypeError,
)  # fmt: skip


def read_workbook(data: bytes) -> list[Sheet]:
    """Every sheet of an XLSX file that holds anything. Macros are never looked at. Raises CannotRead."""
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            return list(Workbook(archive).sheets())
    except CannotRead:
        raise
    except BROKEN as error:
        raise CannotRead(broken()) from error


def broken() -> str:
    return _(
        "This file cannot be read. It may be damaged, or not complete. Open it in your spreadsheet program, "
        "save it as XLSX or CSV, and choose it again."
    )


class Workbook:
    def __init__(self, archive: ZipFile) -> None:
        members = archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise CannotRead(too_large())
        self._archive = archive
        self._members = {member.filename: member for member in members}
        self._bytes_left = settings.IMPORT_UNPACKED_BYTES_MAX
        self._elements_left = settings.IMPORT_ELEMENTS_MAX

    def sheets(self) -> Iterator[Sheet]:
        [book_path, *_others] = self._links("").of_kind("officeDocument")
        book = self._read(book_path, BookPart())
        if len(book.sheets) > settings.IMPORT_SHEETS_MAX:
            raise CannotRead(
                _(
                    "This file has more than %(number)d sheets. Copy the one that you need into a new file, "
                    "and choose that."
                )
                % {"number": settings.IMPORT_SHEETS_MAX}
            )
        links = self._links(book_path)
        styles = self._read_first(links.of_kind("styles"), StylesPart())
        strings = self._read_first(links.of_kind("sharedStrings"), StringsPart())
        maker = SheetMaker()
        for name, link, hidden in book.sheets:
            path = links.by_id.get(link)
            if path in self._members:  # a chart on a sheet of its own has no cells
                sheet = maker.sheet(name, hidden=hidden)
                part = self._read(
                    path, SheetPart(sheet, strings.strings, styles.formats, book.counts_from_1904)
                )
                if found := sheet.done(lost_formulas=part.lost_formulas):
                    yield found

    def _links(self, path: str) -> LinksPart:
        """Which parts the one at `path` names; "" is the file itself."""
        folder, name = posixpath.split(path)
        links = posixpath.join(folder, "_rels", f"{name}.rels")
        return self._read(links, LinksPart(folder)) if links in self._members else LinksPart(folder)

    def _read_first(self, paths: list[str], part: AnyPart) -> AnyPart:
        return self._read(paths[0], part) if paths and paths[0] in self._members else part

    def _read(self, path: str, part: AnyPart) -> AnyPart:
        """Feeds the member at `path` to `part`, and gives `part` back. Raises what is in BROKEN, or CannotRead."""
        member = self._members[path]
        if member.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise NotImplementedError  # no spreadsheet program uses others; LZMA takes the memory it is told to
        part.elements_left = self._elements_left
        parser = make_parser()
        parser.forbid_dtd = True
        parser.setContentHandler(part)
        with self._archive.open(member) as file:
            while piece := file.read(PIECE):
                self._bytes_left -= len(piece)
                if self._bytes_left < 0:
                    raise CannotRead(too_large())
                parser.feed(piece)
        parser.close()
        self._elements_left = part.elements_left
        return part
