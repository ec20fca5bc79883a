"""Spreadsheets of many shapes, read with our guesses alone: row by row what they mean.

The pages of the import go the same way with the same spreadsheets; here is what they stand on.
"""

from collections.abc import Iterator

import pytest

from accounts.tests.factories import make_mediator, signed_in
from logbook.import_words import FIELDS, VALUES
from logbook.tests.factories import make_entry
from logbook.tests.spreadsheets import ALL, OURS, Spreadsheet, Values
from logbook_site.foundation.sheets import (
    CellProblem,
    Sheet,
    counts_minutes,
    date_order,
    guess_columns,
    guess_heading_row,
    guess_value,
    in_text,
    is_repeated_heading,
    is_section,
    is_sum_row,
    read_date,
    read_file,
    read_minutes,
    read_pasted,
)

DAYS = {"ended_on", "started_on"}
LENGTHS = {"hours": "minutes", "preparation_hours": "preparation_minutes"}


class Told:
    """What is asked and told on the way."""

    def __init__(self) -> None:
        self.doubtful: set[str] = set()
        self.unusable: list[str] = []
        self.order_asked = False


def read(spreadsheet: Spreadsheet) -> list[Sheet]:
    if not spreadsheet.filename:
        return [read_pasted(spreadsheet.data)]
    return read_file(spreadsheet.data, spreadsheet.filename)


def chosen(spreadsheet: Spreadsheet) -> Sheet:
    sheets = read(spreadsheet)
    return next(sheet for sheet in sheets if not spreadsheet.sheets or sheet.name in spreadsheet.sheets)


def entries_of(sheet: Sheet, spreadsheet: Spreadsheet, told: Told) -> Iterator[Values]:
    start = guess_heading_row(sheet.rows, FIELDS)
    headings, rows = sheet.rows[start], sheet.rows[start + 1 :]
    texts = [in_text(heading) for heading in headings]
    columns = guess_columns(texts, list(zip(*rows[:50], strict=True)), FIELDS)
    days = [column for column, field in columns.items() if field in DAYS]
    order = date_order(row[column] for row in rows for column in days)
    told.order_asked = order.order is None and bool(order.example)
    for row in rows:
        if is_sum_row(row, days) or is_repeated_heading(row, headings) or is_section(row):
            continue
        try:
            yield dict(
                values_of(row, columns, texts, order.order or spreadsheet.date_order, spreadsheet, told)
            )
        except CellProblem as problem:
            told.unusable.append(problem.sentence)


def values_of(
    row, columns, headings, order, spreadsheet: Spreadsheet, told: Told
) -> Iterator[tuple[str, object]]:
    titles = [in_text(row[column]) for column, field in columns.items() if field == "title"]
    for column, field in columns.items():
        cell, doubt = row[column], ""
        if cell is None:
            continue
        if field in DAYS:
            cell, doubt = read_date(cell, order)
            yield field, cell
        elif field in LENGTHS:
            cell, doubt = read_minutes(cell, in_minutes=counts_minutes(headings[column]))
            yield LENGTHS[field], cell
        elif field in VALUES:
            text = in_text(cell)
            code = spreadsheet.decided.get((field, text)) or guess_value(text, VALUES[field])
            assert code, (field, text)
            yield field, code
        elif field == "parties":
            yield field, int(cell)
        else:
            yield field, in_text(cell)
        if doubt:
            told.doubtful |= set(titles)


@pytest.mark.parametrize("name", ALL)
def test_every_row_means_what_its_owner_means(name: str) -> None:
    spreadsheet = ALL[name]()
    told = Told()
    entries = list(entries_of(chosen(spreadsheet), spreadsheet, told))
    for found, expected in zip(entries, spreadsheet.entries, strict=False):
        assert found == expected
    assert len(entries) == len(spreadsheet.entries)
    assert told.doubtful == set(spreadsheet.doubtful)
    assert len(told.unusable) == spreadsheet.unusable
    assert told.order_asked == bool(spreadsheet.date_order)


def test_hidden_rows_and_sheets_are_told() -> None:
    log, lists = read(ALL["german_workbook"]())
    assert log.remarks() == ["1 row is hidden in your file. It is read like the others."]
    assert [log.rows[index][2] for index in log.hidden_rows] == ["Erbe Müller-Süd"]
    assert lists.hidden
    assert lists.remarks() == ["This sheet is hidden in your file."]


def test_rows_keep_the_numbers_that_people_see() -> None:
    sheet = chosen(ALL["german_workbook"]())
    assert dict(zip([row[0] for row in sheet.rows], sheet.numbers, strict=True))["Nr."] == 4


@pytest.mark.django_db
@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_our_own_download_comes_back_as_the_same_entries(format_: str) -> None:
    owner = make_mediator()
    names = [*OURS[0]]
    stored = [make_entry(owner, **values) for values in OURS]
    answer = signed_in(owner).get(f"/logbook/export/?format={format_}&learnings=1")
    data = answer.getvalue() if answer.streaming else answer.content
    again = Spreadsheet(f"logbook.{format_}", data, OURS)
    told = Told()
    found = list(entries_of(chosen(again), again, told))
    usual = dict.fromkeys(names, "") | {"started_on": None, "parties": None, "preparation_minutes": 0}
    assert [usual | values for values in found] == [
        {
            name: str(value) if name == "country" else value
            for name in names
            for value in [getattr(entry, name)]
        }
        for entry in stored
    ]
    assert not told.doubtful
    assert not told.unusable
    assert not told.order_asked
