"""A spreadsheet becomes logbook entries: step by step, through the pages."""

import csv
import io
import tempfile
import time
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from openpyxl import Workbook, load_workbook

from accounts.models import Import, Job, User
from accounts.services import jobs
from accounts.services.imports import forget_imports
from accounts.tests.factories import make_mediator, signed_in
from accounts.tests.threads import at_once
from logbook.imports import save_in_background
from logbook.models import LogbookEntry
from logbook.tests.factories import make_entry
from logbook_site.benchmarks.counted import python_calls
from logbook_site.foundation import clock
from logbook_site.foundation.importing import kept
from logbook_site.foundation.tests.test_sheets_hostile import REFUSED, raw_workbook, rows_xml

pytestmark = pytest.mark.django_db

GOOD = """Start date,End date,Reference,Role,Medium,Hours
,2026-03-04,Roof and rain,Lead mediator,Online,3:30
2026-03-05,2026-03-06,Orchard,Co-mediator,Face to face,7.5
"""
MESSY = """My list;;;
Datum;Aktenzeichen;Rolle;Form;Dauer
04.03.26;Roof;Mediatorin;online;3,5
04.03.26;roof;Mediatorin;online;3,5
05.03.26;Shop;Coach;Zoom;40
06.03.26;Bakery;Mediatorin;online;viel
;;;Summe;47
"""
ALL_FIELDS = {
    "started_on": date(2026, 3, 3), "role": "co", "medium": "hybrid", "minutes": 200, "preparation_minutes": 20,
    "subject": "=Trade", "country": "CI", "language": "pt", "parties": 3, "outcome": "partly",
    "provider": "Chamber, of “Trade”", "setting": "simulated", "paid": "pro_bono", "full_scale": "no",
    "did_well": "I let both speak.\n\nThen I wrote.", "challenges": "-loud", "learnings": "'quoted'",
}  # fmt: skip


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.IMPORT_DIR = tmp_path / "imports"
    return settings.IMPORT_DIR


@pytest.fixture
def mediator() -> User:
    return make_mediator()


@pytest.fixture
def client(mediator: User) -> Client:
    return signed_in(mediator)


def bring(
    client: Client, content: str | bytes, name: str = "log.csv", start: str = "/logbook/import/"
) -> str:
    """Brings a file; returns where it leads."""
    content = content.encode() if isinstance(content, str) else content
    response = client.post(start, {"step": "file", "file": SimpleUploadedFile(name, content)})
    assert response.status_code == 302, response.context["form"].errors
    return response.url


def step_of(client: Client, address: str) -> str:
    """The step that the page shows."""
    (name,) = [
        one.name
        for one in client.get(address).templates
        if one.name.startswith("importing/") and "_" not in one.name
    ]
    return name.removeprefix("importing/").removesuffix(".html")


def facts(entry: LogbookEntry) -> dict[str, object]:
    return {name: str(getattr(entry, name) or "") for name in ["ended_on", "title", *ALL_FIELDS]}


def tables() -> list[tuple[str, str]]:
    """All rows of entries, imports and jobs."""
    names = ["logbook_logbookentry", "cpd_cpdentry", "accounts_import", "accounts_job"]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', row::text FROM {name} AS row" for name in names))
        return sorted(cursor.fetchall())


# --- The straight way -------------------------------------------------------------------------------


def test_a_good_file_needs_one_more_press(client: Client, mediator: User) -> None:
    address = bring(client, GOOD)
    assert address == f"/logbook/import/{Import.objects.get().pk}/"
    assert step_of(client, address) == "preview"
    assert "Bring in 2 mediations" in client.get(address).text
    assert client.post(address, {"step": "save"}).url == address
    one, two = LogbookEntry.objects.order_by("ended_on")
    assert (one.owner, one.ended_on, one.started_on, one.title, one.role, one.medium, one.minutes) == (
        mediator, date(2026, 3, 4), None, "Roof and rain", "lead", "online", 210,
    )  # fmt: skip
    assert (two.started_on, two.ended_on, two.minutes) == (date(2026, 3, 5), date(2026, 3, 6), 450)
    assert "2 mediations came in" in client.get(address).text


def test_pasted_cells_are_as_good(client: Client) -> None:
    cells = GOOD.replace(",", "\t")
    address = client.post("/logbook/import/", {"step": "file", "paste": cells}).url
    client.post(address, {"step": "save"})
    assert list(LogbookEntry.objects.order_by("ended_on").values_list("title", flat=True)) == [
        "Roof and rain",
        "Orchard",
    ]


@pytest.mark.parametrize("wanted", ["csv", "xlsx"])
def test_an_own_export_comes_back_as_the_same_entries(wanted: str, client: Client, mediator: User) -> None:
    before = [
        facts(make_entry(mediator, title=title, ended_on=date(2026, 3, day), **ALL_FIELDS))
        for day, title in [(4, "@home"), (5, "Two, rooms"), (6, "'kept'")]
    ]
    exported = client.get(f"/logbook/export/?format={wanted}&learnings=1&sort=ended_on").getvalue()
    LogbookEntry.objects.all().delete()
    address = bring(client, exported, f"logbook.{wanted}")
    assert step_of(client, address) == "preview"
    client.post(address, {"step": "save"})
    assert [facts(entry) for entry in LogbookEntry.objects.order_by("ended_on")] == before


def test_what_is_there_already_is_not_brought_in_twice(client: Client) -> None:
    client.post(bring(client, GOOD), {"step": "save"})
    address = bring(client, GOOD)
    page = client.get(address).text
    assert "You have it already" in page
    refused = client.post(address, {"step": "save"})
    assert refused.status_code == 200
    assert "There is nothing to bring in" in refused.text
    client.post(address, {"step": "save", "group-known": "some", "row-3": "1"})
    assert sorted(LogbookEntry.objects.values_list("title", flat=True)) == [
        "Orchard",
        "Orchard",
        "Roof and rain",
    ]


def test_the_same_post_twice_has_one_effect(client: Client) -> None:
    address = bring(client, GOOD)
    for _again in range(2):
        assert client.post(address, {"step": "save", "form_key": "once"}).status_code == 302
    assert client.post(address, {"step": "save"}).status_code == 200
    assert LogbookEntry.objects.count() == 2


# --- Questions --------------------------------------------------------------------------------------


def test_a_messy_file_asks_what_it_must(client: Client) -> None:
    address = bring(client, MESSY)
    assert step_of(client, address) == "columns"
    page = client.get(address).text
    assert "“Coach”" in page
    assert "“Summe”" not in page  # a sum is no entry
    refused = client.post(address, {"step": "columns"})
    assert refused.status_code == 200
    assert 'aria-invalid="true"' in refused.text
    unclear = [
        name
        for name, field in refused.context["form"].fields.items()
        if name in refused.context["form"].errors
    ]
    assert unclear == ["value-role-1"]
    assert client.post(address, {"step": "columns", "value-role-1": "other"}).status_code == 302
    page = client.get(address)
    judgement = page.context["judgement"]
    assert [row.number for row in judgement.ready] == [3]
    assert {group.cause: [row.number for row in group.rows] for group in judgement.check} == {
        "twice": [4],
        "hours": [5],
    }
    assert {group.cause: [row.number for row in group.rows] for group in judgement.unusable} == {
        "hours": [6],
        "sum": [7],
    }
    for sentence in (
        "The same day and the same title as in line 3.",
        "40 h is more than 24 hours",
        "A sum of other rows.",
    ):
        assert sentence in page.text
    client.post(address, {"step": "save", "group-hours": "all"})
    rows = LogbookEntry.objects.order_by("ended_on").values_list("title", "role", "medium", "minutes")
    assert list(rows) == [("Roof", "lead", "online", 210), ("Shop", "other", "online", 2400)]


def test_saving_before_an_answer_asks_for_it(client: Client) -> None:
    address = bring(client, MESSY)
    refused = client.post(address, {"step": "save"})
    assert refused.status_code == 200
    assert 'aria-invalid="true"' in refused.text
    assert not LogbookEntry.objects.exists()


def test_a_file_without_role_medium_and_title_asks_once_for_all_rows(client: Client) -> None:
    address = bring(client, "Date,Hours\n2026-03-04,3\n2026-03-05,4\n2026-03-05,4\n")
    assert step_of(client, address) == "columns"
    answers = {"value-role-0": "lead", "value-medium-0": "hybrid", "value-title-0": "Court list"}
    client.post(address, {"step": "columns", **answers})
    client.post(address, {"step": "save", "group-twice": "all"})
    rows = LogbookEntry.objects.values_list("title", "role", "medium")
    assert list(rows) == [("Court list", "lead", "hybrid")] * 3


def test_the_order_of_day_and_month_is_asked_once(client: Client) -> None:
    text = "End date,Reference,Role,Medium,Hours\n03/04/2019,A,Lead mediator,Online,2\n"
    address = bring(client, text)
    assert step_of(client, address) == "dates"
    page = client.get(address).text
    assert "3 April 2019" in page
    assert "4 March 2019" in page
    assert client.post(address, {"step": "dates", "date_order": "ymd"}).status_code == 200
    client.post(address, {"step": "dates", "date_order": "mdy"})
    client.post(address, {"step": "save"})
    assert LogbookEntry.objects.get().ended_on == date(2019, 3, 4)


@pytest.mark.parametrize("nonsense", ["13/14/2019", "00/01/2019", "03/04/1850", "03/04/2560", "99/98/19"])
def test_what_is_a_day_in_neither_order_is_asked_of_nobody(nonsense: str, client: Client) -> None:
    row = "{},A,Lead mediator,Online,2\n"
    address = bring(
        client, f"End date,Reference,Role,Medium,Hours\n{row.format(nonsense)}{row.format('5 May 2019')}"
    )
    assert step_of(client, address) == "preview"
    address = bring(
        client, f"End date,Reference,Role,Medium,Hours\n{row.format(nonsense)}{row.format('03/04/2019')}"
    )
    assert step_of(client, address) == "dates"
    assert "3 April 2019" in client.get(address).text


def test_a_step_that_a_file_does_not_have_leads_to_the_one_that_is_open(client: Client) -> None:
    """The browser's way back, after dates have become clear."""
    address = bring(client, GOOD)
    assert step_of(client, f"{address}?step=dates") == "preview"
    for order in ("dmy", "zz"):
        assert client.post(address, {"step": "dates", "date_order": order}).status_code == 302
    assert step_of(client, address) == "preview"


def test_one_can_go_back_and_say_something_else(client: Client) -> None:
    address = bring(client, GOOD.replace("Reference", "Zxqv"))
    client.post(address, {"step": "columns", "column-2": "subject"})
    assert step_of(client, address) == "preview"
    assert step_of(client, f"{address}?step=columns") == "columns"
    client.post(address, {"step": "columns", "column-2": "title"})
    client.post(address, {"step": "headings", "heading_row": "0"})
    assert step_of(client, address) == "columns"
    client.post(address, {"step": "headings", "heading_row": "1"})
    client.post(address, {"step": "columns", "column-2": "title"})
    client.post(address, {"step": "save"})
    assert LogbookEntry.objects.filter(title="Orchard", subject="").exists()


def test_two_columns_cannot_be_the_same(client: Client) -> None:
    address = bring(client, GOOD)
    refused = client.post(address, {"step": "columns", "column-0": "ended_on", "column-1": "ended_on"})
    assert refused.status_code == 200
    assert list(refused.context["form"].errors) == ["column-1"]


def test_of_several_sheets_one_is_chosen(client: Client) -> None:
    book = Workbook()
    book.active.title = "2024"
    for name, title in (("2024", "Roof"), ("2025", "Orchard")):
        sheet = book["2024"] if name == "2024" else book.create_sheet(name)
        sheet.append(["End date", "Reference", "Role", "Medium", "Hours"])
        sheet.append([date(int(name), 3, 4), title, "Lead mediator", "Online", 2])
    file = io.BytesIO()
    book.save(file)
    address = bring(client, file.getvalue(), "log.xlsx")
    assert step_of(client, address) == "headings"
    assert client.post(address, {"step": "headings", "sheet": "2026"}).status_code == 200
    client.post(address, {"step": "headings", "sheet": "2025", "shown_sheet": "2024", "heading_row": "2"})
    client.post(address, {"step": "headings", "sheet": "2025", "shown_sheet": "2025", "heading_row": "1"})
    client.post(address, {"step": "save"})
    assert LogbookEntry.objects.get().title == "Orchard"


@pytest.mark.parametrize(
    "fields",
    [
        {}, {"step": "unknown"}, {"step": "columns", "column-0": "nonsense", "column-99": "title"},
        {"step": "columns", "value-role-0": "x" * 500, "value-zz-1": "1"}, {"step": "headings", "heading_row": "²"},
        {"step": "headings", "sheet": "\0"}, {"step": "preview", "group-hours": "zz", "row-x": "1"},
        {"step": "dates", "date_order": ["dmy", "mdy"]}, {"step": "columns", "value-title-0": "\0"},
    ],
)  # fmt: skip
def test_nonsense_is_answered_calmly(fields: dict, client: Client) -> None:
    address = bring(client, MESSY)
    assert client.post(address, fields).status_code in {200, 302}
    assert client.get(address).status_code == 200


# --- What is kept, and how long ---------------------------------------------------------------------


def test_what_waits_is_sealed_and_what_was_saved_leaves_nothing(
    client: Client, folder: Path, django_capture_on_commit_callbacks
) -> None:
    address = bring(
        client, GOOD + "2026-03-04,2026-03-04,Canary,Lead mediator,Online,viel\n", "Müller v Schmidt.csv"
    )
    (file,) = folder.iterdir()
    sealed = file.read_bytes()
    for word in ("Orchard", "Canary", "Müller"):
        assert word.encode() not in sealed
        assert word not in str(tables())
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"step": "save"})
    assert [one.name for one in folder.iterdir()] == [f"{Import.objects.get().pk}.rejected"]


def test_what_is_abandoned_is_forgotten_after_a_day(
    client: Client, folder: Path, settings, django_capture_on_commit_callbacks
) -> None:
    address = bring(client, GOOD)
    now = clock.now()
    with time_machine.travel(now + timedelta(hours=settings.IMPORT_KEPT_HOURS - 0.1), tick=False):
        forget_imports()
        assert client.get(address).status_code == 200
    with (
        time_machine.travel(now + timedelta(hours=settings.IMPORT_KEPT_HOURS + 0.1), tick=False),
        django_capture_on_commit_callbacks(execute=True),
    ):
        forget_imports()
        assert client.get(address).status_code == 404
    assert list(folder.iterdir()) == []
    assert not Import.objects.exists()


def test_a_file_without_a_row_gets_an_hour(folder: Path) -> None:
    kept.store(make_mediator().pk, b"left by a crash")
    forget_imports()
    assert len(list(folder.iterdir())) == 1
    with time_machine.travel(clock.now() + timedelta(hours=1.1), tick=False):
        forget_imports()
    assert list(folder.iterdir()) == []


def test_a_file_that_is_not_there_any_more_is_said_so(client: Client) -> None:
    address = bring(client, GOOD)
    kept.remove_file(Import.objects.get().pk)
    page = client.get(address, follow=True)
    assert page.redirect_chain[-1][0] == "/logbook/import/"
    assert "is not here any more" in page.text


def test_rows_that_were_not_taken_come_back_as_a_file(client: Client, settings) -> None:
    address = bring(client, GOOD + ",2026-03-07,=1+1,Lead mediator,Online,viel\n")
    client.post(address, {"step": "save"})
    assert "1 row did not come in" in client.get(address).text
    answer = client.get(f"{address}rejected/?format=csv")
    headings, row = csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig")))
    assert headings == ["Start date", "End date", "Reference", "Role", "Medium", "Hours", "Line", "Reason"]
    assert row[:7] == ["", "2026-03-07", "'=1+1", "Lead mediator", "Online", "viel", "4"]
    assert row[7].startswith("Enter how long it took")
    sheet = load_workbook(io.BytesIO(client.get(f"{address}rejected/?format=xlsx").content)).active
    assert sheet.cell(2, 3).value == "'=1+1"
    assert client.get(f"{address}rejected/?format=zip").status_code == 400
    again = bring(client, ("\n".join([",".join(headings), ",".join([*row[:5], "2", "4", "-"])])))
    client.post(again, {"step": "columns"})
    client.post(again, {"step": "save"})
    assert LogbookEntry.objects.filter(title="=1+1", minutes=120).exists()
    with time_machine.travel(clock.now() + timedelta(hours=settings.IMPORT_KEPT_HOURS), tick=False):
        assert client.get(f"{address}rejected/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_rows_that_were_not_taken_stay_when_files_are_tidied_up_while_it_is_saved(client: Client) -> None:
    address = bring(client, GOOD + ",2026-03-07,Bakery,Lead mediator,Online,viel\n")
    with transaction.atomic():
        client.post(address, {"step": "save"})
        assert at_once(forget_imports) == [None]  # it sees nothing yet of what was saved
    assert "1 row did not come in" in client.get(address).text


# --- Undo -------------------------------------------------------------------------------------------


def test_undo_leaves_no_trace(
    client: Client, mediator: User, folder, django_capture_on_commit_callbacks
) -> None:
    make_entry(mediator, title="Before")
    before = tables()
    with django_capture_on_commit_callbacks(execute=True):
        address = bring(client, GOOD + ",,Sum,,,10\n")
        client.post(address, {"step": "save"})
        assert LogbookEntry.objects.count() == 3
        assert "2 mediations" in client.get(f"{address}undo/").text
        assert LogbookEntry.objects.count() == 3  # a look undoes nothing
        assert client.post(f"{address}undo/").url == "/logbook/"
    assert tables() == before
    assert list(folder.iterdir()) == []
    assert client.get(address).status_code == 404


def test_what_was_changed_since_stays_unless_it_is_ticked(client: Client) -> None:
    for ticked, left in (({}, ["Changed"]), ({"changed_too": "1"}, [])):
        address = bring(client, GOOD)
        client.post(address, {"step": "save"})
        entry = LogbookEntry.objects.get(title="Orchard")
        typed = {"ended_on": "2026-03-06", "title": "Changed", "role": "co", "medium": "online", "hours": "2"}
        assert client.post(f"/logbook/{entry.pk}/edit/", typed).status_code == 302
        assert "You changed 1 entry since" in client.get(f"{address}undo/").text
        client.post(f"{address}undo/", ticked)
        assert list(LogbookEntry.objects.values_list("title", flat=True)) == left
        LogbookEntry.objects.all().delete()


def test_undo_takes_deleted_entries_too_and_ends_in_time(client: Client, mediator: User, settings) -> None:
    address = bring(client, GOOD)
    client.post(address, {"step": "save"})
    client.post(f"/logbook/{LogbookEntry.objects.first().pk}/delete/")
    with time_machine.travel(clock.now() + timedelta(hours=settings.UNDO_HOURS), tick=False):
        assert signed_in(mediator).post(f"{address}undo/").status_code == 404
    assert LogbookEntry.objects.count() == 2
    client.post(f"{address}undo/")
    assert not LogbookEntry.objects.exists()


def test_after_the_time_of_undo_entries_stay_and_name_no_file(client: Client, settings) -> None:
    client.post(bring(client, GOOD), {"step": "save"})
    with time_machine.travel(clock.now() + timedelta(hours=settings.UNDO_HOURS + 1), tick=False):
        forget_imports()
    assert not Import.objects.exists()
    assert list(LogbookEntry.objects.values_list("imported_in", flat=True)) == [None, None]


# --- Large files, lapsed access, other lists ----------------------------------------------------------


def test_a_large_file_is_saved_by_a_worker(client: Client, settings) -> None:
    settings.IMPORT_ROWS_AT_ONCE = 1
    address = bring(client, GOOD)
    waits = client.post(address, {"step": "save"}).url
    assert waits == f"/jobs/{Job.objects.get().pk}/"
    assert (
        client.post(address, {"step": "save"}).url == waits
    )  # there is one such work, however often it is asked
    assert client.get(address).url == waits
    assert not LogbookEntry.objects.exists()
    jobs.run_next()
    assert client.get(waits).url == address
    assert LogbookEntry.objects.count() == 2
    assert client.post(f"{address}undo/").status_code == 302
    assert not Job.objects.exists()


def test_a_worker_that_does_it_twice_has_one_effect(client: Client, settings) -> None:
    settings.IMPORT_ROWS_AT_ONCE = 1
    address = bring(client, GOOD)
    client.post(address, {"step": "save", "group-known": "all"})  # what is there already would come in again
    job = Job.objects.get()
    for _again in range(2):
        assert save_in_background(job.pk) == address
    assert LogbookEntry.objects.count() == 2


def test_who_may_not_add_keeps_the_file_and_may_undo(client: Client, settings) -> None:
    saved, waiting = bring(client, GOOD), bring(client, MESSY)
    client.post(saved, {"step": "save"})
    settings.ACCESS_MODE = "paid"
    assert client.get("/logbook/import/").status_code == 403
    refused = client.post(waiting, {"step": "columns", "value-role-1": "other"})
    assert refused.status_code == 403
    assert 'name="value-role-1" value="other"' in refused.text
    assert client.get(saved).status_code == 200
    assert client.post(f"{saved}undo/").status_code == 302
    settings.ACCESS_MODE = "open"
    assert step_of(client, waiting) == "columns"


def test_an_import_of_the_logbook_is_unknown_to_cpd(client: Client) -> None:
    address = bring(client, GOOD)
    assert client.get(address.replace("logbook", "cpd")).status_code == 404


@pytest.mark.parametrize("content", ["", "\n\n", "\0" * 100, "PK\x03\x04broken"])
def test_what_cannot_be_read_leaves_nothing(content: str, client: Client, folder: Path) -> None:
    file = SimpleUploadedFile("log.xlsx", content.encode())
    refused = client.post("/logbook/import/", {"step": "file", "file": file})
    assert refused.status_code == 200
    assert 'aria-invalid="true"' in refused.text
    assert not Import.objects.exists()
    assert not folder.exists()


HOSTILE = [
    "zip bomb", "billion laughs", "a million rows", "a thousand sheets", "300 columns", "a cell of 1 MB", "half a file",
    "a workbook with a password", "a PDF with another name", "an archive", "nothing", "larger than allowed",
]  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("start", ["/logbook/import/", "/cpd/import/"])
def test_bad_files_get_a_sentence_in_seconds_and_leave_nothing(
    start: str, client: Client, folder: Path, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in HOSTILE if start.startswith("/logbook") else HOSTILE[-3:]:
        make, sentence = REFUSED[name]
        file = SimpleUploadedFile("log.xlsx", make())
        began = time.process_time()
        refused = client.post(start, {"step": "file", "file": file})
        assert time.process_time() - began < 8, name
        assert refused.status_code == 200, name
        if name != "nothing":  # the form says it in its own words
            assert sentence in unescape(refused.text), name
        assert 'aria-invalid="true"' in refused.text, name
        assert list(tmp_path.iterdir()) == [], name
    assert not Import.objects.exists()


def test_of_files_that_wait_and_of_rows_not_taken_the_newest_are_kept(client: Client, folder: Path) -> None:
    """A file of some kilobytes can unpack to many megabytes: nobody fills the disk with them."""
    half = GOOD + ",2026-03-07,Late,Lead mediator,Online,viel\n"
    saved = [bring(client, half.replace("Roof", f"Roof {number}")) for number in range(2)]
    for address in saved:
        client.post(address, {"step": "save"})
    waiting = [bring(client, GOOD) for _file in range(5)]
    assert [step_of(client, address) for address in waiting[2:]] == ["preview"] * 3
    assert client.get(waiting[1]).status_code == 404
    assert [client.get(f"{address}rejected/").status_code for address in saved] == [200, 200]
    for address in waiting[2:]:
        client.post(address, {"step": "save"})
    for number in range(6):
        client.post(bring(client, half.replace("Roof", f"Inn {number}")), {"step": "save"})
    assert len(list(folder.glob("*.rejected"))) == 3
    assert client.get(saved[0]).status_code == 200, "what came in can still be undone"
    assert client.get(f"{saved[0]}rejected/").status_code == 404


def test_a_file_that_a_worker_is_to_save_is_not_among_them(client: Client, settings) -> None:
    """Its owner has decided, and goes on with the next."""
    settings.IMPORT_ROWS_AT_ONCE = 1
    first = bring(client, GOOD)
    waits = client.post(first, {"step": "save"}).url
    for _file in range(4):
        bring(client, GOOD)
    with time_machine.travel(clock.now() + timedelta(hours=settings.IMPORT_KEPT_HOURS), tick=False):
        forget_imports()  # the worker was away
    assert client.get(waits).status_code == 200
    jobs.run_next()
    assert client.get(waits).url == first
    assert LogbookEntry.objects.count() == 2


def test_what_is_said_of_groups_that_there_are_not_does_not_fill_the_disk(
    client: Client, folder: Path
) -> None:
    address = bring(client, MESSY)
    for post in range(3):
        client.post(address, {"step": "preview"} | {f"group-{post}-{number}": "all" for number in range(900)})
    assert sum(file.stat().st_size for file in folder.iterdir()) < 10_000


def test_more_odd_words_than_anybody_would_explain_are_no_countries(client: Client) -> None:
    rows = "".join(f"2026-03-04,Roof {n},Lead mediator,Online,2,odd{n}\n" for n in range(600))
    address = bring(client, f"End date,Reference,Role,Medium,Hours,Country\n{rows}")
    page = client.get(address).text
    assert page.count("<input") + page.count("<select") < 100
    refused = client.post(address, {"step": "columns", "column-5": "country"})
    assert "too many different words for “Country”" in refused.text
    client.post(address, {"step": "columns", "column-5": ""})
    assert step_of(client, address) == "preview"


@pytest.mark.long
def test_long_cells_in_every_row_do_not_hold_the_page_up(client: Client) -> None:
    """Some kilobytes that unpack to forty megabytes, where words are looked at again and again."""
    long = [f"{chr(0x1F600) * 32_000}{number}" for number in range(220)]
    rows = [("2026-03-04", "2", text, "Online", "Roof") for text in long]
    cell = "<c t='inlineStr'><is><t>{}</t></is></c>".format
    table = [("End date", "Hours", "Role", "Medium", "Reference"), *rows]
    data = raw_workbook(rows_xml(*[f"<row>{''.join(map(cell, row))}</row>" for row in table]))
    assert len(data) < 100_000
    address = bring(client, data, "log.xlsx")
    began = time.process_time()
    assert step_of(client, address) == "columns"
    page = client.post(address, {"step": "columns"}).text
    assert time.process_time() - began < 5
    assert 'name="value-role-0"' in page


def test_letters_that_unfold_do_not_hold_the_page_up(client: Client) -> None:
    """Each cell was folded with each look at the page, the headings once more with each row; U+FDFA to eighteen."""
    table = [[chr(0xFDFA) * 150 + str(row) for _column in range(40)] for row in range(10)]
    address = bring(client, "\n".join(";".join(row) for row in table))
    assert step_of(client, address) == "headings"
    assert python_calls(lambda: client.get(address)) < 240 * 40 * 10


def test_macros_are_not_looked_at_and_lost_formulas_are_told(client: Client) -> None:
    cells = "".join(
        f"<c t='inlineStr'><is><t>{word}</t></is></c>" for word in ("End date", "Hours", "Role", "Medium")
    )
    formula = "<row><c t='inlineStr'><is><t>2026-03-04</t></is></c><c><f>1+1</f></c></row>"
    data = raw_workbook(
        rows_xml(f"<row>{cells}</row>", formula), parts={"xl/vbaProject.bin": b"\xd0\xcf" * 100}
    )
    address = bring(client, data, "log.xlsm")
    assert "1 cell holds a formula without its result" in client.get(address).text
