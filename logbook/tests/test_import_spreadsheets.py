"""The spreadsheets that mediators keep, brought in through the pages: row by row the right entries, then no trace."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.tests.factories import make_mediator, signed_in
from logbook.models import LogbookEntry
from logbook.tests.factories import make_entry
from logbook.tests.spreadsheets import ALL, Spreadsheet, Values
from logbook.tests.test_import import step_of, tables

pytestmark = pytest.mark.django_db
FIELDS = [
    "ended_on", "started_on", "title", "role", "medium", "minutes", "preparation_minutes", "subject", "country",
    "language", "parties", "outcome", "provider", "setting", "paid", "full_scale",
    "did_well", "challenges", "learnings",
]  # fmt: skip
UNTOLD = dict.fromkeys(FIELDS, "") | {
    "started_on": None, "parties": None, "preparation_minutes": 0, "setting": "real",
}  # fmt: skip


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.IMPORT_DIR = tmp_path / "imports"
    return settings.IMPORT_DIR


def bring(client: Client, spreadsheet: Spreadsheet) -> str:
    fields = {"step": "file"}
    if spreadsheet.filename:
        fields["file"] = SimpleUploadedFile(spreadsheet.filename, spreadsheet.data)
    else:
        fields["paste"] = spreadsheet.data
    return client.post("/logbook/import/", fields).url


def answers(step: str, page, spreadsheet: Spreadsheet) -> dict[str, str]:
    """What the person says in this step; the guesses stay where they have nothing to say."""
    if step == "headings":
        return {"sheet": spreadsheet.sheets[0]} if spreadsheet.sheets else {}
    if step == "dates":
        return {"date_order": spreadsheet.date_order}
    form = page.context["form"]
    said = {}
    for name, field in form.fields.items():
        kind, field_name, *_number = name.split("-")
        if kind == "value":
            for (asked, word), choice in spreadsheet.decided.items():
                if asked == field_name and word in field.label:
                    said[name] = choice
    return said


def walk(client: Client, spreadsheet: Spreadsheet) -> tuple[str, list[str]]:
    """From the file to the preview: the address, and the steps that asked something."""
    address, asked = bring(client, spreadsheet), []
    while (step := step_of(client, address)) != "preview":
        assert step not in asked, step
        asked.append(step)
        said = answers(step, client.get(address), spreadsheet)
        response = client.post(address, {"step": step, **said})
        assert response.status_code == 302, (step, response.context["form"].errors)
    return address, asked


def stored_entries() -> list[Values]:
    return sorted(
        (
            {
                name: str(value) if name == "country" else value
                for name in FIELDS
                for value in [getattr(entry, name)]
            }
            for entry in LogbookEntry.objects.exclude(title="There before")
        ),
        key=lambda values: (values["ended_on"], values["title"], values["minutes"]),
    )


@pytest.mark.parametrize("name", ALL)
def test_it_comes_in_row_by_row_and_goes_without_a_trace(
    name: str, folder: Path, django_capture_on_commit_callbacks
) -> None:
    spreadsheet, mediator = ALL[name](), make_mediator()
    make_entry(mediator, title="There before")
    before, client = tables(), signed_in(mediator)
    with django_capture_on_commit_callbacks(execute=True):
        address, asked = walk(client, spreadsheet)
        assert ("dates" in asked) == bool(spreadsheet.date_order)
        judgement = client.get(address).context["judgement"]
        to_check = {row.values["title"] for group in judgement.check for row in group.rows}
        assert set(spreadsheet.doubtful) <= to_check
        no_rows = {"sum", "heading", "section"}
        unusable = [group for group in judgement.unusable if group.cause not in no_rows]
        assert sum(len(group.rows) for group in unusable) == spreadsheet.unusable
        take_all = {f"group-{group.cause}": "all" for group in judgement.check}
        assert client.post(address, {"step": "save", **take_all}).status_code == 302
        expected = [UNTOLD | values for values in spreadsheet.entries]
        assert stored_entries() == sorted(
            expected, key=lambda values: (values["ended_on"], values["title"], values["minutes"])
        )
        client.post(f"{address}undo/")
    assert tables() == before
    assert list(folder.iterdir()) == []
