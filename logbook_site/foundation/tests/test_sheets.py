"""Files and pasted cells as they come become the same plain cells."""

import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from logbook_site.foundation.sheets import CannotRead, Sheet, in_text, read_file, read_pasted
from logbook_site.foundation.spreadsheets import NOT_FOR_XML, csv_chunks, xlsx_response
from logbook_site.foundation.tests.workbooks import MAIN, raw_workbook, rows_xml, saved, workbook

# A busy machine makes slow texts.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

ROWS = [["Datum", "Länge", "Fall"], ["03.05.2018", "3,5", "Görlitz"], ["04.05.2018", "2", "Straße, links"]]
FRENCH = [
    ["Date", "Durée", "Référence"],
    ["03/05/2018", "3,5", "Été n° 12 – reçu"],
    ["04/05/2018", "2", "Noël"],
]
ARABIC = [["التاريخ", "الدور", "المدة"], ["2018-05-03", "وسيط", "3,5"], ["2018-05-04", "وسيط مشارك", "2"]]


def cells(data: bytes, filename: str = "log.csv") -> list[list]:
    [sheet] = read_file(data, filename)
    return sheet.rows


def as_csv(rows: list[list[str]], delimiter: str, end: str = "\r\n") -> str:
    quoted = [[f'"{cell}"' if delimiter in cell else cell for cell in row] for row in rows]
    return "".join(delimiter.join(row) + end for row in quoted)


# --- Text


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("rows", [ROWS, FRENCH, ARABIC])
def test_any_delimiter_and_any_end_of_line(rows, delimiter: str, end: str) -> None:
    assert cells(as_csv(rows, delimiter, end).encode()) == rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("rows", [ROWS, FRENCH, ARABIC])
def test_unicode_with_and_without_its_mark(rows, encoding: str) -> None:
    assert cells(as_csv(rows, ";").encode(encoding)) == rows


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
@pytest.mark.parametrize(
    "rows", [ROWS, FRENCH, [["Länge", "Fall"], ["3,5", "x"]], [["Função", "a"], ["ão", "1"]]]
)
def test_old_encodings_of_the_west(rows, encoding: str) -> None:
    assert cells(as_csv(rows, ";").encode(encoding)) == rows


@pytest.mark.parametrize(
    ("rows", "encoding"),
    [
        (ARABIC, "cp1256"),
        ([["Дата", "Роль", "Часы"], ["03.05.2018", "Медиатор", "3,5"]], "cp1251"),
        ([["日期", "角色", "小时"], ["2018-05-03", "调解员", "3"]], "gb18030"),
        ([["日付", "役割", "時間"], ["2018-05-03", "調停者", "3"]], "shift_jis"),
    ],
)
def test_old_encodings_of_other_scripts(rows, encoding: str) -> None:
    assert cells(as_csv(rows, ";").encode(encoding)) == rows


def test_the_letters_that_decide_may_come_late() -> None:
    rows = [["Date", "Case"], *[["2018-05-03", "Case"]] * 4000, ["2018-05-04", "Été à Görlitz"]]
    assert cells(as_csv(rows, ",").encode("mac_roman"))[-1] == ["2018-05-04", "Été à Görlitz"]


def test_quotes_over_lines_and_decimal_commas() -> None:
    text = 'Hours;Note\n3,5;"two\nlines; and ""quotes"""\n1,25;5" pipe\n;"  "\n'
    assert cells(text.encode()) == [
        ["Hours", "Note"], ["3,5", 'two\nlines; and "quotes"'], ["1,25", '5" pipe'],
    ]  # fmt: skip


def test_the_hint_of_excel_is_no_row() -> None:
    assert cells(b"sep=|\na,b|c\n1|2\n") == [["a,b", "c"], ["1", "2"]]


def test_one_column_is_a_sheet_too() -> None:
    assert cells(b"Case\nRoof\nRain and\n") == [["Case"], ["Roof"], ["Rain and"]]


def test_what_nobody_sees_goes_and_rows_keep_their_numbers() -> None:
    text = "\ufeffa,b\n\n\u200f x\x00y \u00a0,\u202bz\u202c\n,,\n1,,3\n"
    [sheet] = read_file(text.encode(), "C:\\logs\\my log.csv")
    assert sheet.rows == [["a", "b", None], ["xy", "z", None], ["1", None, "3"]]
    assert sheet.numbers == [1, 3, 5]
    assert sheet.name == "my log"


def test_pasted_cells() -> None:
    assert read_pasted("a\tb, c\n1\t2,5\n").rows == [["a", "b, c"], ["1", "2,5"]]
    assert read_pasted("a,b\n1,2").rows == [["a", "b"], ["1", "2"]]
    with pytest.raises(CannotRead, match="There is nothing here yet"):
        read_pasted(" \n")


# --- Workbooks


def test_cells_as_a_program_writes_them() -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["Text", "Whole", "Part", "Day", "Day and time", "Clock", "Long", "Yes", "Nothing", "Error"])
    sheet.append([
        " x ", 3, 3.5, date(2018, 5, 3), datetime(2018, 5, 3, 17, 30), time(3, 30), timedelta(hours=27,
        minutes=30), True,
        None, "#N/A",
    ])  # fmt: skip
    assert cells(saved(book))[1] == [
        "x", 3, 3.5, date(2018, 5, 3), date(2018, 5, 3), time(3, 30), timedelta(hours=27, minutes=30), "TRUE", None,
        "#N/A",
    ]  # fmt: skip


def test_a_time_of_more_than_a_day_is_a_duration_whatever_its_format() -> None:
    book = Workbook()
    book.active.append([1 + 3.5 / 24, 0.5, 2, 43223])
    for cell, form in zip(book.active[1], ["h:mm", "[h]:mm", "h:mm", "h:mm"], strict=True):
        cell.number_format = form
    assert cells(saved(book)) == [
        [timedelta(hours=27, minutes=30), timedelta(hours=12), timedelta(days=2), timedelta(days=43223)]
    ]


def test_formats_of_dates_in_other_languages() -> None:
    book = Workbook()
    forms = [
        "dd/mm/yyyy",
        "[$-407]d. mmmm yyyy",
        "yyyy\\-mm\\-dd",
        "mmm\\ yy",
        "0.00",
        "General",
        '0" days"',
        "#,##0",
    ]
    book.active.append([43223] * len(forms))
    for cell, form in zip(book.active[1], forms, strict=True):
        cell.number_format = form
    day = date(2018, 5, 3)
    assert cells(saved(book)) == [[day, day, day, day, 43223, 43223, 43223, 43223]]
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="31"/></cellXfs></styleSheet>'
    east_asian = raw_workbook(
        rows_xml("<row><c s='0'><v>43223</v></c></row>"), parts={"xl/styles.xml": styles}
    )
    assert cells(east_asian) == [[day]]


def test_days_counted_from_1904() -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append([date(2018, 5, 3)])
    assert cells(saved(book)) == [[date(2018, 5, 3)]]


def test_merged_texts_and_dates_count_for_each_row_and_numbers_do_not() -> None:
    book = Workbook()
    sheet = book.active
    for row in (["Date", "Title", "Hours"], [date(2018, 5, 3), "a", 9], [None, "b", None], [None, "c", None]):
        sheet.append(row)
    sheet.merge_cells("A2:A4")
    sheet.merge_cells("C2:C4")
    day = date(2018, 5, 3)
    assert cells(saved(book))[1:] == [[day, "a", 9], [day, "b", None], [day, "c", None]]


def test_headings_merged_over_two_rows() -> None:
    book = Workbook()
    book.active.append(["Date", "Hours", None])
    book.active.append([None, "Mediation", "Preparation"])
    book.active.merge_cells("A1:A2")
    book.active.merge_cells("B1:C1")
    assert cells(saved(book)) == [["Date", "Hours", None], ["Date", "Mediation", "Preparation"]]


def test_formulas_give_their_results_or_are_told() -> None:
    rows = rows_xml(
        "<row><c><f>1+2</f><v>3</v></c><c t='str'><f>A</f><v>x</v></c><c t='str'><f>A</f><v></v></c></row>",
        "<row><c><f>1+2</f></c><c><f>1+2</f><v/></c><c><v>1</v></c></row>",
    )
    [sheet] = read_file(raw_workbook(rows), "log.xlsx")
    assert sheet.rows == [[3, "x", None], [None, None, 1]]
    assert sheet.lost_formulas == 2
    assert "2 cells hold formulas without their results" in sheet.remarks()[0]


def test_texts_in_pieces_with_escapes_and_how_they_are_spoken() -> None:
    strings = (
        f'<sst xmlns="{MAIN}"><si><r><t>two </t></r><r><t>runs</t></r></si><si><t>a_x000D__x000A_b_x005F_</t></si>'
        "<si><t>役割</t><rPh><t>ヤクワリ</t></rPh></si></sst>"
    )
    row = "<row><c t='s'><v>0</v></c><c t='s'><v>1</v></c><c t='s'><v>2</v></c><c t='s'><v>7</v></c></row>"
    data = raw_workbook(rows_xml(row), parts={"xl/sharedStrings.xml": strings})
    assert cells(data) == [["two runs", "a\nb_", "役割"]]


def test_files_of_the_strict_kind_with_prefixes() -> None:
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    sheet = (
        f'<x:worksheet xmlns:x="{strict}"><x:sheetData><x:row r="3"><x:c r="B3" t="inlineStr"><x:is><x:t>y</x:t></x:is>'
        '</x:c><x:c r="D3" t="d"><x:v>2018-05-03T10:00:00</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    [found] = read_file(raw_workbook("", parts={"xl/worksheets/sheet1.xml": sheet}), "log.xlsx")
    assert found.rows == [[None, "y", None, date(2018, 5, 3)]]
    assert found.numbers == [3]


def test_sheets_in_their_order_without_empty_ones_and_hidden_ones_marked() -> None:
    one = rows_xml("<row><c><v>1</v></c></row>")
    two = rows_xml("<row hidden='1'><c><v>2</v></c></row><row><c><v>3</v></c></row>")
    found = read_file(raw_workbook(one, "", two, states=("visible", "visible", "veryHidden")), "log.xlsx")
    assert [(sheet.name, sheet.hidden) for sheet in found] == [("Sheet 1", False), ("Sheet 3", True)]
    assert found[1].hidden_rows == {0}
    assert found[1].remarks() == [
        "This sheet is hidden in your file.",
        "1 row is hidden in your file. It is read like the others.",
    ]
    assert found[0].remarks() == []


def test_numbers_that_are_none_and_dates_beyond_all_years() -> None:
    row = "<row><c><v>1e999</v></c><c><v>nan</v></c><c><v>12.0</v></c><c><v>-0.5</v></c></row>"
    assert cells(raw_workbook(rows_xml(row))) == [["1e999", "nan", 12, -0.5]]
    book = Workbook()
    book.active.append([1e10, 2958466, -1])
    for cell in book.active[1]:
        cell.number_format = "dd.mm.yyyy"
    assert cells(saved(book)) == [[10**10, 2958466, -1]]


# --- Kept between two pages, and ours


def test_a_sheet_is_kept_as_json() -> None:
    row = ["é\n\u0663", 3, 3.5, date(2018, 5, 3), time(3, 30), timedelta(hours=27, minutes=30), None]
    sheet = Sheet("Log", [row], [7], hidden=True, hidden_rows=frozenset({0}), lost_formulas=2)
    assert Sheet.from_json(sheet.to_json()) == sheet
    assert Sheet.from_json(sheet.to_json().encode()) == sheet
    assert [in_text(cell) for cell in row] == ["é\n\u0663", "3", "3.5", "2018-05-03", "03:30", "27:30", ""]


FORMULAS = ["=1+1", "+ 49", "-x", "@a", "＝1", "plain", "'quoted'", "1-2", "a\nb", "a;b", 'say "no"']


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_what_we_defused_comes_back_as_it_was(format_: str) -> None:
    rows = [["Heading", "Other"], *[[text, "x"] for text in FORMULAS]]
    files = {"csv": b"".join(csv_chunks(rows)), "xlsx": xlsx_response("x", rows[0], rows[1:]).content}
    data = files[format_]
    assert [row[0] for row in cells(data, f"log.{format_}")[1:]] == FORMULAS


@unhurried
@given(st.lists(st.lists(st.text(max_size=20), min_size=3, max_size=3), min_size=1, max_size=8))
def test_our_own_csv_is_read_back_whatever_is_in_it(rows: list[list[str]]) -> None:
    rows = [[f"x{NOT_FOR_XML.sub('', cell)}y" for cell in row] for row in rows]
    read = cells(b"".join(csv_chunks([["a", "b", "c"], *rows])))
    assert [[plain(cell) for cell in row] for row in read[1:]] == [
        [plain(cell) for cell in row] for row in rows
    ]


def plain(text: str) -> str:
    """Without what the reader evens out: kinds of spaces, ends of lines, normal forms."""
    return "".join(unicodedata.normalize("NFC", text).split())


def test_our_own_workbook_keeps_dates_and_numbers() -> None:
    data = xlsx_response("x", ["Date", "Hours"], [[date(2018, 5, 3), Decimal("3.33")]]).content
    assert cells(data, "logbook.xlsx") == [["Date", "Hours"], [date(2018, 5, 3), 3.33]]


def test_a_workbook_of_one_row() -> None:
    assert cells(workbook(["a", None, "c"])) == [["a", None, "c"]]
