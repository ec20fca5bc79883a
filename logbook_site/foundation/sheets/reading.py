"""From bytes or pasted text to sheets."""

import csv
import io

from django.utils.translation import gettext as _

from logbook_site.foundation.sheets.sheet import CannotRead, Sheet


def read_file(data: bytes, filename: str) -> list[Sheet]:
    """Every sheet that holds anything, in the order of the file; a CSV file is one sheet. Never an empty list.

    What the file is, is told by its content; `filename` names the sheet of a CSV file. Raises CannotRead.
    """
    return [_sheet(data.decode("utf-8-sig", "replace"), filename)]


def read_pasted(text: str) -> Sheet:
    """Cells copied from a spreadsheet (with tabs between them) or the text of a CSV file. Raises CannotRead."""
    return _sheet(text, "")


def _sheet(text: str, name: str) -> Sheet:
    delimiter = "\t" if "\t" in text else ","
    rows = [
        [cell.strip() or None for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)
    ]
    filled = [(number, row) for number, row in enumerate(rows, 1) if any(row)]
    if not filled:
        raise CannotRead(_("There is nothing in this file."))
    width = max(len(row) for _number, row in filled)
    return Sheet(
        name=name,
        rows=[row + [None] * (width - len(row)) for _number, row in filled],
        numbers=[number for number, _row in filled],
    )
