"""Other people's spreadsheets, read: XLSX, CSV in any encoding and with any delimiter, cells pasted from one.

What comes in is hostile until it is a `Sheet`: plain cells in plain rows, within the limits of the settings
(`IMPORT_…_MAX`). Whatever is wrong becomes a `CannotRead`, or for one cell a `CellProblem`, with a sentence that tells
what to do. What people mean by their headings, dates, hours and words is guessed here and decided by them; a guess that
may be wrong carries its doubt.

The words of a field or a choice come from the apps: `Words` maps a field (or a choice) to the headings (or values) by
which it is known, in any language.
"""

from logbook_site.foundation.sheets.columns import (
    Words,
    as_key,
    guess_columns,
    guess_heading_row,
    guess_value,
)
from logbook_site.foundation.sheets.dates import DateOrder, Day, date_order, read_date
from logbook_site.foundation.sheets.durations import Minutes, counts_minutes, read_minutes
from logbook_site.foundation.sheets.names import country_words, language_words
from logbook_site.foundation.sheets.reading import read_file, read_pasted
from logbook_site.foundation.sheets.rows import is_repeated_heading, is_section, is_sum_row
from logbook_site.foundation.sheets.sheet import CannotRead, Cell, CellProblem, Row, Sheet, in_text

__all__ = [
    "CannotRead",
    "Cell",
    "CellProblem",
    "DateOrder",
    "Day",
    "Minutes",
    "Row",
    "Sheet",
    "Words",
    "as_key",
    "country_words",
    "counts_minutes",
    "date_order",
    "guess_columns",
    "guess_heading_row",
    "guess_value",
    "in_text",
    "is_repeated_heading",
    "is_section",
    "is_sum_row",
    "language_words",
    "read_date",
    "read_file",
    "read_minutes",
    "read_pasted",
]
