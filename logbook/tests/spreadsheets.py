"""Thirteen spreadsheets of the kind that mediators keep, and the entries that each of them means.

Written here and never kept as files. `ALL` maps a name to a function that makes a Spreadsheet: what is brought in, what
the person answers on the way, and what has to come of it. The people and matters in them are invented.
"""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from logbook.exports import headings
from logbook_site.foundation.spreadsheets import csv_chunks, xlsx_response

Values = dict[str, object]


class Spreadsheet(NamedTuple):
    # A file with its name, or (with no name) the text of pasted cells.
    filename: str
    data: bytes | str
    # What becomes of it, in order: `minutes` and `preparation_minutes` are whole minutes; empty fields are left out.
    entries: list[Values]
    # Titles of the entries that are asked about ("please check"), and how many rows cannot be used.
    doubtful: frozenset[str] = frozenset()
    unusable: int = 0
    # What the person has to say: the order of dates, or None if nothing is asked; the sheets they bring in.
    date_order: str | None = None
    sheets: tuple[str, ...] = ()
    # Words of their own that nobody can guess: (field, word) → choice.
    decided: dict[tuple[str, str], str] = {}  # noqa: RUF012  a literal that nothing changes


def entry(ended_on: str, title: str, role: str, medium: str, minutes: int, **others: object) -> Values:
    day = date.fromisoformat(ended_on)
    return {
        "ended_on": day, "title": title, "role": role, "medium": medium, "minutes": minutes, **others,
    }  # fmt: skip


OURS = [
    entry(
        "2026-03-04", "Roof, “and” rain", "co", "face_to_face",
        200, started_on=date(2026, 3, 1), preparation_minutes=45,
        subject="Noise; dust", country="NZ", language="fr", parties=3, outcome="not_settled", provider="Łódź",
        setting="simulated", paid="pro_bono", full_scale="yes", did_well="Waited.\nThen asked.", challenges="=1+1",
        learnings="-1",
    ),
    entry("2025-12-31", "=SUM(A1)", "lead", "online", 1650, setting="real", outcome="settled", paid="paid"),
    entry("2025-01-02", "+ 49", "observer", "hybrid", 1, setting="real", full_scale="no", outcome="ongoing"),
    entry("2025-01-01", "Fence", "advocate", "online", 90, setting="real", outcome="partly", country="GB"),
    entry("2024-06-30", "Estate", "assistant", "face_to_face", 600_000, setting="real", language="ar"),
    entry("2024-06-29", "Bridge", "other", "online", 61, setting="real"),
]  # fmt: skip


def own_rows() -> list[list[object]]:
    """`OURS` as our download writes them."""
    from decimal import Decimal

    return [
        [
            date(2026, 3, 1), date(2026, 3, 4), "Roof, “and” rain", "Co-mediator", "Face to face",
            Decimal("3.33"),
            Decimal("0.75"), "Noise; dust", "New Zealand", "French", 3, "Not settled", "Łódź", "Simulated",
            "Pro bono",
            "Yes", "Waited.\nThen asked.", "=1+1", "-1",
        ],
        ["", date(2025, 12, 31), "=SUM(A1)", "Lead mediator", "Online", Decimal("27.50"), "", "", "", "",
        "", "Settled", "",
         "Real", "Paid", "", "", "", ""],
        ["", date(2025, 1, 2), "+ 49", "Observer", "Hybrid", Decimal("0.02"), "", "", "", "", "",
        "Still going on", "",
         "Real", "", "No", "", "", ""],
        ["", date(2025, 1, 1), "Fence", "Mediation advocate", "Online", Decimal("1.50"), "", "",
        "United Kingdom", "", "",
         "Partly settled", "", "Real", "", "", "", "", ""],
        ["", date(2024, 6, 30), "Estate", "Assistant", "Face to face", Decimal("10000.00"), "", "", "",
        "Arabic", "", "",
         "", "Real", "", "", "", "", ""],
        ["", date(2024, 6, 29), "Bridge", "Other", "Online", Decimal("1.02"), "", "", "", "", "", "", "",
        "Real", "", "", "",
         "", ""],
    ]  # fmt: skip


def own_csv() -> Spreadsheet:
    return Spreadsheet("logbook.csv", b"".join(csv_chunks([headings(True), *own_rows()])), OURS)


def own_xlsx() -> Spreadsheet:
    return Spreadsheet("logbook.xlsx", xlsx_response("x", headings(True), own_rows()).content, OURS)


def no_code_database() -> Spreadsheet:
    """Every cell quoted, `MM/DD/YYYY`, a byte order mark, columns of its own."""
    rows = [
        ["Record ID", "Created At", "Case Name", "Start Date", "End Date", "Mediator Role",
        "Online or In Person?",
         "Total Hours", "Country", "Real or Simulated", "Attachment"],
        ["rec001", "01/02/2024 10:15 AM", "Bakery lease", "03/04/2023", "03/05/2023", "Lead Mediator",
        "Online", "6.5",
         "United States", "Real", ""],
        ["rec002", "01/02/2024 10:18 AM", "Two \"brothers\"", "", "11/09/2022", "Co-Mediator", "In Person",
        "12", "Canada",
         "Real", "scan.pdf"],
        ["rec003", "01/02/2024 10:20 AM", "Training, day 2", "", "10/31/2021", "Observer", "Hybrid",
        "0.75", "United States",
         "Simulated", ""],
    ]  # fmt: skip
    return Spreadsheet(
        "Mediations.csv",
        "\ufeff".encode() + quoted(rows),
        [
            entry("2023-03-05", "Bakery lease", "lead", "online",
            390, started_on=date(2023, 3, 4), country="US",
                  setting="real"),
            entry("2022-11-09", 'Two "brothers"', "co", "face_to_face", 720, country="CA", setting="real"),
            entry("2021-10-31", "Training, day 2", "observer", "hybrid", 45, country="US", setting="simulated"),
        ],
    )  # fmt: skip


def german_workbook() -> Spreadsheet:
    """A title above the headings, dates merged over two cases, hours as times, a sum, hidden rows, a hidden sheet."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Mediationen"
    fill(
        sheet,
        ["Mediationsliste Büro Nord"],
        ["Stand: 31.12.2019"],
        [],
        [
            "Nr.",
            "Datum Ende",
            "Fall",
            "Rolle",
            "Durchführung",
            "Dauer (Std)",
            "Vorbereitung",
            "Ergebnis",
            "Bemerkungen",
        ],
        [
            1,
            datetime(2019, 5, 6),
            "Garage",
            "Mediatorin",
            "vor Ort",
            time(3, 30),
            "1,5 Std.",
            "Einigung",
            "Gut.",
        ],
        [2, None, "Hecke", "Co-Mediatorin", "vor Ort", time(2, 0), None, "keine Einigung", None],
        [
            3,
            43600,
            "Erbe Müller-Süd",
            "Leitung",
            "Präsenz",
            timedelta(hours=27, minutes=30),
            4,
            "Teileinigung",
            None,
        ],
        [4, "Mai 2018", "Chor", "Mediatorin", "per Video", "3,25", None, "läuft noch", None],
        [5, "24.12.17", "Kita", "Beobachterin", "Zoom", "45 Min", None, "abgebrochen", None],
        [6, "13.6.2017", "Lager", "Mediatorin", "online", datetime(2019, 4, 1), None, "geeinigt", None],
        [7, "2017", "Unklar", "Mediatorin", "online", 3, None, "offen", None],
        ["Summe", None, None, None, None, timedelta(hours=40), 5.5, None, None],
    )
    sheet.merge_cells("A1:I1")
    sheet.merge_cells("B5:B6")
    sheet.row_dimensions[7].hidden = True
    lists = book.create_sheet("Listen")
    fill(lists, ["Rollen"], ["Mediatorin"], ["Co-Mediatorin"])
    lists.sheet_state = "hidden"
    return Spreadsheet(
        "Mediationen.xlsx",
        saved(book),
        [
            entry("2019-05-06", "Garage", "lead", "face_to_face",
            210, preparation_minutes=90, outcome="settled",
                  learnings="Gut."),
            entry("2019-05-06", "Hecke", "co", "face_to_face", 120, outcome="not_settled"),
            entry("2019-05-15", "Erbe Müller-Süd", "lead", "face_to_face", 1650, preparation_minutes=240,
                  outcome="partly"),
            entry("2018-05-01", "Chor", "lead", "online", 195, outcome="ongoing"),
            entry("2017-12-24", "Kita", "observer", "online", 45, outcome="not_settled"),
            entry("2017-06-13", "Lager", "lead", "online", 84, outcome="settled"),
        ],
        doubtful=frozenset({"Chor", "Lager"}),
        unusable=1,
        sheets=("Mediationen",),
    )  # fmt: skip


def french_csv() -> Spreadsheet:
    """Windows-1252, semicolons, decimal commas, days before months, and the person has to say so."""
    text = (
        "Date;Référence;Mon rôle;Présentiel / en ligne;Durée (heures);Accord;Pays;Remarques\r\n"
        "03/04/2019;Syndic « Les Érables »;Médiateur;présentiel;3,5;oui;France;\r\n"
        "05/06/2019;Été n° 12;Co-médiatrice;visioconférence;2 h 15;accord partiel;Belgique;\"À revoir ;\nun jour\"\r\n"
        "11/12/2020;Héritage;Observateur;en ligne;45 min;non;Suisse;Œuvre\r\n"
        "Total;;;;6,5;;;\r\n"
    )  # fmt: skip
    return Spreadsheet(
        "médiations.csv",
        text.encode("cp1252"),
        [
            entry("2019-04-03", "Syndic « Les Érables »", "lead", "face_to_face", 210, outcome="settled",
            country="FR"),
            entry("2019-06-05", "Été n° 12", "co", "online", 135, outcome="partly", country="BE",
                  learnings="À revoir ;\nun jour"),
            entry("2020-12-11", "Héritage", "observer", "online", 45, outcome="not_settled", country="CH",
                  learnings="Œuvre"),
        ],
        date_order="dmy",
    )  # fmt: skip


def french_unicode_text() -> Spreadsheet:
    """What Excel calls “Unicode text”: UTF-16 with tabs."""
    rows = [
        ["Date de fin", "Date de début", "Dossier", "Fonction", "Modalité", "Durée", "Nombre de parties"],
        ["1er mars 2021", "27 févr. 2021", "Fermage", "Médiatrice", "En personne", "4h30", "2"],
        ["15-août-21", "", "École", "Stagiaire", "À distance", "0:45", "5"],
    ]
    return Spreadsheet(
        "médiations.txt",
        "\r\n".join("\t".join(row) for row in rows).encode("utf-16"),
        [
            entry(
                "2021-03-01", "Fermage", "lead", "face_to_face", 270, started_on=date(2021, 2, 27), parties=2
            ),
            entry("2021-08-15", "École", "assistant", "online", 45, parties=5),
        ],
    )


def spanish_workbook() -> Spreadsheet:
    """A sheet for each year, the headings again after each printed page, titles between the rows."""
    book = Workbook()
    first = book.active
    first.title = "2021"
    head = ["Fecha", "Expediente", "Rol", "Modalidad", "Horas", "Resultado", "Teléfono"]
    fill(
        first,
        head,
        ["Primer semestre"],
        ["3 de mayo de 2021", "Panadería", "Mediadora", "Presencial", 3.5, "Con acuerdo", "600 000 000"],
        ["12 sept. 2021", "Ruido", "Comediadora", "En línea", "2,5 horas", "Sin acuerdo", None],
        head,
        ["Segundo semestre"],
        [datetime(2021, 12, 31), "Jardín", "Abogada de parte", "Híbrida", "1 h 30 min", "Pendiente", None],
        ["TOTAL 2021", None, None, None, 7.5, None, None],
    )
    second = book.create_sheet("2022")
    fill(second, head, ["2022-02-28", "Ático", "Mediadora única", "Videollamada", 1, "Acuerdo parcial", None])
    return Spreadsheet(
        "Mediaciones.xlsx",
        saved(book),
        [
            entry("2021-05-03", "Panadería", "lead", "face_to_face", 210, outcome="settled"),
            entry("2021-09-12", "Ruido", "co", "online", 150, outcome="not_settled"),
            entry("2021-12-31", "Jardín", "advocate", "hybrid", 90, outcome="ongoing"),
        ],
        sheets=("2021",),
    )


def portuguese_csv() -> Spreadsheet:
    """An old Mac, semicolons, two-digit years; one date proves that days come first."""
    text = (
        "Data da mediação;Processo;Função;Modalidade;Duração (min);Língua;Observações\r"
        "03/04/19;Condomínio São João;Mediador;Presencial;210;Português;Atenção às pausas\r"
        "25/12/99;Herança;Comediador;Videoconferência;45;Espanhol;\r"
        "1-2-2020;Padaria Conceição;Estagiária;Misto;90;Inglês;\r"
    )
    return Spreadsheet(
        "mediacoes.csv",
        text.encode("mac_roman"),
        [
            entry("2019-04-03", "Condomínio São João", "lead", "face_to_face", 210, language="pt",
                  learnings="Atenção às pausas"),
            entry("1999-12-25", "Herança", "co", "online", 45, language="es"),
            entry("2020-02-01", "Padaria Conceição", "assistant", "hybrid", 90, language="en"),
        ],
    )  # fmt: skip


def arabic_workbook() -> Spreadsheet:
    """Arabic digits as text, months in words of the Levant and the Maghreb, from right to left."""
    book = Workbook()
    sheet = book.active
    sheet.title = "الوساطات"
    sheet.sheet_view.rightToLeft = True
    fill(
        sheet,
        ["سجل الوساطات"],
        ["تاريخ الانتهاء", "رقم القضية", "الدور", "طريقة اللقاء", "عدد الساعات", "النتيجة", "البلد"],
        ["٣ كانون الثاني ٢٠٢١", "قضية ١٢", "وسيط", "حضوري", "٣٫٥", "تم الاتفاق", "لبنان"],
        [
            "15 جانفي 2020",
            "قضية 13",
            "وسيطة مشاركة",
            "عن بعد",
            "٢ ساعات و ٣٠ دقيقة",
            "لم يتم الاتفاق",
            "تونس",
        ],
        ["٢٠١٩/١٢/٣١", "قضية 14", "مراقب", "مختلط", "٤٥ دقيقة", "جارية", "مصر"],
        ["۱۳۹۷/۰۲/۱۳", "قضية 15", "وسيط", "حضوري", 3, None, None],
        ["المجموع", None, None, None, "٩٫٧٥", None, None],
    )
    return Spreadsheet(
        "السجل.xlsx",
        saved(book),
        [
            entry("2021-01-03", "قضية ١٢", "lead", "face_to_face", 210, outcome="settled", country="LB"),
            entry("2020-01-15", "قضية 13", "co", "online", 150, outcome="not_settled", country="TN"),
            entry("2019-12-31", "قضية 14", "observer", "hybrid", 45, outcome="ongoing", country="EG"),
        ],
        unusable=1,
    )


def arabic_csv() -> Spreadsheet:
    """Windows-1256 with commas."""
    text = (
        "التاريخ,الملف,دوري,المكان,المدة,ملاحظات\r\n"
        "31/12/2018,ملف الجيران,وسيط رئيسي,عبر الإنترنت,3:30,كان الصمت مفيدا\r\n"
        "05/11/2018,ملف المدرسة,محامية,وجها لوجه,2,\r\n"
    )
    return Spreadsheet(
        "log.csv",
        text.encode("cp1256"),
        [
            entry("2018-12-31", "ملف الجيران", "lead", "online", 210, learnings="كان الصمت مفيدا"),
            entry("2018-11-05", "ملف المدرسة", "advocate", "face_to_face", 120),
        ],
    )


def pasted_cells() -> Spreadsheet:
    """Copied from a program in the United States: months first, lengths of time as times of day."""
    text = (
        "Date\tCase\tRole\tFormat\tTime spent\tNotes\n"
        '5/13/2022\tWharf\tSolo\tZoom\t3:30 AM\t"Two lines,\nand a ""quote"""\n'
        '2/3/2022\tMill\tCo-mediator\tIn person\t12:45 AM\t5" pipe\n'
        "1/2/2022\tQuarry\tShadow\tF2F\t1:15 PM\t\n"
    )
    return Spreadsheet(
        "",
        text,
        [
            entry("2022-05-13", "Wharf", "lead", "online", 210, learnings='Two lines,\nand a "quote"'),
            entry("2022-02-03", "Mill", "co", "face_to_face", 45, learnings='5" pipe'),
            entry("2022-01-02", "Quarry", "observer", "face_to_face", 795),
        ],
        doubtful=frozenset({"Quarry"}),
    )


def piped_text() -> Spreadsheet:
    """From a system of one's own: `|`, ISO dates, yes and no, a number before each row, no end of the last line."""
    text = (
        "Mediation log of the centre|||||||\n"
        "No.|Completed|Matter|Capacity|Mode|Hrs|Pro bono|Simulation\n"
        "1|2020-02-29|Ferry|Mediator|Remote|1.75|yes|no\n"
        "2|2020-03-01T09:00:00|Depot|Counsel|Onsite|~ 8|no|no\n"
        "3|20200302|Choir|Chair|Blended|1,500|no|yes\n"
    )
    return Spreadsheet(
        "export.dat",
        text.rstrip().encode(),
        [
            entry("2020-02-29", "Ferry", "lead", "online", 105, paid="pro_bono", setting="real"),
            entry("2020-03-01", "Depot", "advocate", "face_to_face", 480, paid="paid", setting="real"),
        ],
        doubtful=frozenset({"Depot"}),
        unusable=1,
        decided={
            ("paid", "yes"): "pro_bono",
            ("paid", "no"): "paid",
            ("setting", "no"): "real",
            ("setting", "yes"): "simulated",
        },
    )


def messy_workbook() -> Spreadsheet:
    """Four hundred rows of ten years: each written another way, with sums, titles, empty and repeated rows between."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Log"
    head = [
        "#",
        "Date",
        "Case",
        "Role",
        "Online / in person",
        "Hours (total)",
        "Prep",
        "Outcome",
        "Referred by",
        "Notes",
    ]
    fill(sheet, ["My mediations"], [None, "last change", datetime(2024, 1, 5)], [], head)
    days = [
        lambda day: datetime(day.year, day.month, day.day),
        lambda day: f"{day:%d.%m.%Y}",
        lambda day: f"{day.day}/{day.month}/{day:%y}",
        lambda day: (day - date(1899, 12, 30)).days,
        lambda day: f"{day.day} {day:%B} {day.year}",
        lambda day: day.isoformat(),
        lambda day: f"{day:%a} {day.day:02d}/{day.month:02d}/{day.year}",
    ]
    lengths = [
        (3.5, 210), (time(2, 15), 135), ("4,5", 270), ("1h30", 90), (timedelta(hours=26), 1560), ("45 min", 45),
        ("2:40", 160), (6, 360), ("3 hrs", 180),
    ]  # fmt: skip
    roles = [
        ("Lead", "lead"),
        ("Mediator", "lead"),
        ("co-med.", "co"),
        ("Co mediator ", "co"),
        ("observer", "observer"),
    ]
    media = [
        ("Zoom", "online"),
        ("in-person", "face_to_face"),
        ("F2F", "face_to_face"),
        ("via Teams", "online"),
    ]
    outcomes = [
        ("settled", "settled"),
        ("No", "not_settled"),
        ("partial", "partly"),
        (None, None),
        ("Pending", "ongoing"),
    ]
    entries = []
    for number in range(400):
        if number and number % 40 == 0:
            year_before = 2014 + number // 40 - 1
            fill(
                sheet,
                [f"Total {year_before}", None, None, None, None, 123.5],
                [],
                [],
                [f"Year {year_before + 1}"],
                head,
            )
        day = date(2014 + number // 40, 1 + number % 12, 1 + number * 7 % 28)
        length, minutes = lengths[number % len(lengths)]
        role, role_code = roles[number % len(roles)]
        medium, medium_code = media[number % len(media)]
        outcome, outcome_code = outcomes[number % len(outcomes)]
        notes = f"Note {number}" if number % 10 == 0 else None
        row = [
            number + 1,
            days[number % len(days)](day),
            f"Case {number + 1:03d}",
            role,
            medium,
            length,
            None,
            outcome,
        ]
        fill(sheet, [*row, "Court", notes])
        values = entry(
            day.isoformat(), f"Case {number + 1:03d}", role_code, medium_code, minutes, provider="Court"
        )
        entries.append(
            values
            | ({"outcome": outcome_code} if outcome_code else {})
            | ({"learnings": notes} if notes else {})
        )
    fill(sheet, [None, None, None, None, None, 1234.5])
    return Spreadsheet(
        "log (final) NEW.xlsx", saved(book), entries, decided={("role", "co-med."): "co"}
    )  # fmt: skip


ALL: dict[str, Callable[[], Spreadsheet]] = {
    made.__name__: made
    for made in (
        own_csv,
        own_xlsx,
        no_code_database,
        german_workbook,
        french_csv,
        french_unicode_text,
        spanish_workbook,
        portuguese_csv,
        arabic_workbook,
        arabic_csv,
        pasted_cells,
        piped_text,
        messy_workbook,
    )
}


def fill(sheet: Worksheet, *rows: list[object]) -> None:
    for row in rows:
        sheet.append(row)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def quoted(rows: list[list[str]]) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    return file.getvalue().encode()
