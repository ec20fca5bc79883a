"""What stands in the parts of an XLSX file (ECMA-376, part 1, chapter 18), taken from the stream of its elements.

Names count without their prefix, so that files of the strict kind are read too.
"""

import math
import posixpath
import re
from collections import defaultdict
from datetime import date, time, timedelta
from xml.sax import ContentHandler

from django.conf import settings
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_datetime, is_timedelta_format
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from logbook_site.foundation.sheets.limits import GrowingSheet, too_large, too_long
from logbook_site.foundation.sheets.sheet import CannotRead, Cell

# Built-in formats of East Asian editions, which openpyxl does not list: dates.
EAST_ASIAN_DATES = {*range(27, 37), *range(50, 59)}
FORMAT_LETTERS = 255  # Excel takes no longer one, and openpyxl's patterns are slow on very long ones
# Excel writes as _x000D_ what XML cannot hold.
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
WHOLE_NUMBER = re.compile(r"-?\d{1,15}")
TRUE = {"1", "true", "on"}


class Part(ContentHandler):
    """Calls `opened` and `closed` with names without prefix, and collects text while `_text` is a list."""

    elements_left = 0  # the reader lends what is left for the whole file

    def __init__(self) -> None:
        super().__init__()
        self._text: list[str] | None = None
        self._letters = 0

    def startElement(self, name: str, attrs) -> None:  # noqa: N802  the name is SAX's
        self.elements_left -= 1
        if self.elements_left < 0:
            raise CannotRead(too_large())
        self.opened(name.rpartition(":")[2], attrs)

    def endElement(self, name: str) -> None:  # noqa: N802
        self.closed(name.rpartition(":")[2])

    def characters(self, content: str) -> None:
        if self._text is not None:
            self._letters += len(content)
            if self._letters > settings.IMPORT_CELL_LETTERS_MAX * 7:  # each could be written as _x000D_
                raise CannotRead(too_long(self.row_number()))
            self._text.append(content)

    def opened(self, name: str, attrs) -> None: ...

    def closed(self, name: str) -> None: ...

    def row_number(self) -> int:
        return 0

    def _listen(self) -> None:
        self._text, self._letters = [], 0

    def _heard(self) -> str:
        text, self._text = "".join(self._text or ()), None
        return text


class LinksPart(Part):
    """The parts that a part names: by their kind and by their id, as paths in the zip."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self._folder = folder
        self._by_kind: dict[str, list[str]] = defaultdict(list)
        self.by_id: dict[str, str] = {}

    def of_kind(self, kind: str) -> list[str]:
        return self._by_kind[kind]

    def opened(self, name: str, attrs) -> None:
        if name == "Relationship" and attrs.get("TargetMode") != "External":
            path = posixpath.normpath(posixpath.join("/", self._folder, attrs["Target"])).lstrip("/")
            self._by_kind[attrs["Type"].rpartition("/")[2]].append(path)
            self.by_id[attrs["Id"]] = path


class BookPart(Part):
    """The sheets (name, id of the link, hidden), and from when on days are counted."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str, bool]] = []
        self.counts_from_1904 = False

    def opened(self, name: str, attrs) -> None:
        if name == "sheet":
            link = next((value for key, value in attrs.items() if key.rpartition(":")[2] == "id"), "")
            self.sheets.append((attrs["name"][:100], link, attrs.get("state", "visible") != "visible"))
        elif name == "workbookPr":
            self.counts_from_1904 = attrs.get("date1904") in TRUE


class StringsPart(Part):
    """The texts that cells share: each is a `t`, or several in runs of one look. `rPh` tells how to pronounce it."""

    def __init__(self) -> None:
        super().__init__()
        self.strings: list[str] = []
        self._runs: list[str] = []
        self._spoken = False

    def opened(self, name: str, attrs) -> None:
        if name == "si":
            self._runs = []
        elif name == "rPh":
            self._spoken = True
        elif name == "t" and not self._spoken:
            self._listen()

    def closed(self, name: str) -> None:
        if name == "t" and self._text is not None:
            self._runs.append(self._heard())
        elif name == "rPh":
            self._spoken = False
        elif name == "si":
            self.strings.append(unescaped("".join(self._runs)))

    def row_number(self) -> int:
        return len(self.strings) + 1


class StylesPart(Part):
    """For each style of a cell what its numbers are: "date", "time", "duration", or "" for plain numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.formats: list[str] = []
        self._codes: dict[int, str] = dict(BUILTIN_FORMATS)
        self._kinds: dict[int, str] = {}
        self._of_cells = False

    def opened(self, name: str, attrs) -> None:
        if name == "numFmt":
            self._codes[int(attrs["numFmtId"])] = attrs["formatCode"][:FORMAT_LETTERS]
        elif name == "cellXfs":
            self._of_cells = True
        elif name == "xf" and self._of_cells:
            self.formats.append(self._kind(int(attrs.get("numFmtId", 0))))

    def closed(self, name: str) -> None:
        if name == "cellXfs":
            self._of_cells = False

    def _kind(self, number: int) -> str:
        if number not in self._kinds:
            self._kinds[number] = self._kind_of_code(number)
        return self._kinds[number]

    def _kind_of_code(self, number: int) -> str:
        code = self._codes.get(number, "").lower()
        if number in EAST_ASIAN_DATES and not code:
            return "date"
        if is_timedelta_format(code):
            return "duration"
        if is_date_format(code):
            return "time" if is_datetime(code) == "time" else "date"
        return ""


class SheetPart(Part):
    """Adds the rows of a worksheet to a sheet."""

    def __init__(
        self, sheet: GrowingSheet, strings: list[str], formats: list[str], counts_from_1904: bool
    ) -> None:
        super().__init__()
        self.lost_formulas = 0
        self._merges_left = settings.IMPORT_ROWS_MAX
        self._sheet, self._strings, self._formats = sheet, strings, formats
        self._epoch = MAC_EPOCH if counts_from_1904 else WINDOWS_EPOCH
        self._row_number, self._row_hidden, self._row = 0, False, []
        self._in_row = self._spoken = self._has_formula = False
        self._column = -1
        self._kind, self._style = "n", 0
        self._value: str | None = None
        self._runs: list[str] = []

    def row_number(self) -> int:
        return self._row_number

    def opened(self, name: str, attrs) -> None:
        if name == "row":
            self._row_number = int(attrs.get("r", self._row_number + 1))
            self._row_hidden = attrs.get("hidden") in TRUE
            self._in_row, self._row, self._column = True, [], -1
        elif name == "mergeCell":
            self._merges_left -= 1
            if self._merges_left < 0:
                return  # more than one a row is no list; and each costs time
            left, top, _right, bottom = range_boundaries(attrs["ref"])
            self._sheet.fill_down(left - 1, top, bottom)
        elif not self._in_row:
            return
        elif name == "c":
            place = attrs.get("r")
            self._column = coordinate_to_tuple(place)[1] - 1 if place else self._column + 1
            self._kind, self._style = attrs.get("t", "n"), int(attrs.get("s", 0))
            self._value, self._runs, self._has_formula = None, [], False
        elif name == "f":
            self._has_formula = True
        elif name == "rPh":
            self._spoken = True
        elif name == "v" or (name == "t" and not self._spoken):
            self._listen()

    def closed(self, name: str) -> None:
        if not self._in_row:
            return
        if name == "v":
            self._value = self._heard()
        elif name == "t" and self._text is not None:
            self._runs.append(self._heard())
        elif name == "rPh":
            self._spoken = False
        elif name == "c":
            cell = self._cell()
            if cell is not None:
                self._row.append((self._column, cell))
        elif name == "row":
            self._in_row = False
            self._sheet.add(self._row_number, self._row, hidden=self._row_hidden)

    def _cell(self) -> Cell:
        value = self._value
        if self._has_formula and not value and self._kind != "str":
            self.lost_formulas += 1
        match self._kind:
            case "inlineStr":
                return unescaped("".join(self._runs))
            case _ if not value:
                return None
            case "s":
                return self._strings[int(value)] if 0 <= int(value) < len(self._strings) else None
            case "b":
                return "TRUE" if value in TRUE else "FALSE"
            case "d":
                return iso_date(value)
            case "n":
                return self._number(value)
        return unescaped(value)  # the text of a formula, or an error such as #N/A

    def _number(self, text: str) -> Cell:
        number = plain_number(text)
        if number is None:
            return text
        style = self._formats[self._style] if self._style < len(self._formats) else ""
        return in_time(number, style, self._epoch) if style and number >= 0 else number


def plain_number(text: str) -> int | float | None:
    """Whole if it is whole; None if it is no number, or none that anybody counts with."""
    text = text.strip()
    if WHOLE_NUMBER.fullmatch(text):
        return int(text)
    try:
        number = float(text)
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def in_time(number: int | float, style: str, epoch) -> Cell:
    """What Excel counts in days, as its style shows it: a date, a time of day, a duration. Seconds are rounded.

    A time above 24 hours is a duration, although Excel shows only what is left of the last day.
    """
    try:
        if style == "duration" or (style == "time" and number >= 1):
            return timedelta(seconds=round(number * 86400))
        if number < 1:
            seconds = round(number * 86400)
            if style == "time" and seconds < 86400:
                return time(seconds // 3600, seconds // 60 % 60, seconds % 60)
            return number or None
        return from_excel(number, epoch).date()
    except (OverflowError, ValueError):
        return number  # beyond the year 9999


def iso_date(text: str) -> Cell:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return text


def unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
