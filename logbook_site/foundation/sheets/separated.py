"""CSV files and pasted cells: text in any encoding, cells with any of four marks between them."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from django.utils.translation import gettext as _

from logbook_site.foundation.sheets.limits import SheetMaker, too_large, too_long
from logbook_site.foundation.sheets.sheet import CannotRead, Sheet

DELIMITERS = "\t;,|"  # in this order where nothing else decides
MOST_ROWS = 200_000  # with the empty ones, which nobody counts: millions of them fit into a file
LOOKED_AT = 200  # rows that decide which mark it is
END = "\x04"  # the last line, so that one sees whether it was read as a line; no text has it


def read_separated(text: str, name: str) -> Sheet | None:
    """The one sheet of a CSV file, or None if it is empty. Raises CannotRead."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace(END, "")
    text, delimiter = _without_hint(plain)
    sheet = SheetMaker().sheet(name)
    for number, row in enumerate(_rows(text, delimiter or guess_delimiter(text)), 1):
        if number > MOST_ROWS:
            raise CannotRead(too_large())
        sheet.add(number, enumerate(row))
    return sheet.done()


def guess_delimiter(text: str) -> str:
    """The mark that divides most rows into the same number of cells.

    Not `csv.Sniffer`: it refuses a list with one column, which is a sheet like any other, and has no bound on its time.
    """
    return max(DELIMITERS, key=lambda mark: (_evenness(text, mark), -DELIMITERS.index(mark)))


def _evenness(text: str, delimiter: str) -> float:
    """How many cells this mark makes in rows that have as many as most others; 0 if it divides nothing."""
    try:
        rows = [
            row for row in islice(_reader(text, delimiter), LOOKED_AT) if any(cell.strip() for cell in row)
        ]
    except csv.Error:
        return 0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0
    [(width, count)] = widths.most_common(1)
    # Rows count more than cells: text has commas in it, but not equally many in each line.
    return (count / len(rows)) ** 2 * width**0.5


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = _reader(f"{text}\n{END}", delimiter)
    began = 1  # the line in which the row began
    try:
        for row in reader:
            if row == [END]:
                return
            # An open quotation mark takes everything to the end of the file into its cell, our last line too.
            if row[-1:] and row[-1].endswith(END):
                raise CannotRead(
                    _(
                        "A quotation mark is not closed in line %(line)d or after it. Look for a cell that begins "
                        "with one, remove it, and choose the file again."
                    )
                    % {"line": began}
                )
            yield row
            began = reader.line_num + 1
    except csv.Error as error:
        raise CannotRead(too_long(began)) from error


def _reader(text: str, delimiter: str):
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _without_hint(text: str) -> tuple[str, str]:
    """Excel writes `sep=;` into the first line for itself."""
    first, _end, rest = text.partition("\n")
    if len(first) == 5 and first.startswith("sep=") and first[4] in DELIMITERS:
        return rest, first[4]
    return text, ""
