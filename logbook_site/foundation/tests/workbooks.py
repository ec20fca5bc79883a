"""XLSX files written part by part, so that tests can write what no spreadsheet program would."""

import io
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
CONTENT_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
FIRST_LINKS = (
    f'{HEAD}<Relationships xmlns="{LINKS}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)


def raw_workbook(
    *sheets: str | bytes, parts: dict[str, str | bytes] | None = None, states: tuple = ()
) -> bytes:
    """A workbook whose sheets have this XML between `<worksheet>` and its end; `parts` are added or replaced."""
    names = "".join(
        f'<sheet name="Sheet {number}" sheetId="{number}" r:id="s{number}" state="{state}"/>'
        for number, state in zip(
            range(1, len(sheets) + 1), [*states, *["visible"] * len(sheets)], strict=False
        )
    )
    links = "".join(
        f'<Relationship Id="s{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(sheets) + 1)
    )
    all_parts: dict[str, str | bytes] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": FIRST_LINKS,
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": (
            f'{HEAD}<Relationships xmlns="{LINKS}">{links}'
            f'<Relationship Id="t" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
            f'<Relationship Id="y" Type="{OFFICE}/styles" Target="/xl/styles.xml"/>'
            "</Relationships>"
        ),
    }
    for number, sheet in enumerate(sheets, 1):
        inside = sheet.decode() if isinstance(sheet, bytes) else sheet
        all_parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'{HEAD}<worksheet xmlns="{MAIN}">{inside}</worksheet>'
        )
    return zipped(all_parts | (parts or {}))


def zipped(parts: dict[str, str | bytes], compression: int = ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", compression) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def rows_xml(*rows: str) -> str:
    return f"<sheetData>{''.join(rows)}</sheetData>"


def workbook(*rows: list, title: str = "Log") -> bytes:
    """A workbook of one sheet, as a program writes it."""
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
