"""A spreadsheet becomes CPD entries: the pages are those of the logbook, the rules are CPD's own."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Import, User
from accounts.tests.factories import make_mediator, signed_in
from cpd.models import CpdEntry
from cpd.tests.factories import a_pdf, make_cpd

pytestmark = pytest.mark.django_db
FIELDS = ["completed_on", "title", "kind", "minutes", "points", "provider", "country", "takeaways"]
COURSES = """Date,Title,Kind,Hours,Points,Provider
2026-03-04,Listening,Workshop,3:30,,Chamber
2026-03-05,Reading,Conference,,1.5,
2026-03-06,Writing,Workshop,,,
2026-03-07,Speaking,Conference,,many,
2999-01-01,Later,Workshop,2,,
"""


@pytest.fixture(autouse=True)
def folders(settings, tmp_path) -> Path:
    settings.IMPORT_DIR = tmp_path / "imports"
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return tmp_path


@pytest.fixture
def mediator() -> User:
    return make_mediator()


@pytest.fixture
def client(mediator: User) -> Client:
    return signed_in(mediator)


def bring(client: Client, content: str | bytes, name: str = "cpd.csv") -> str:
    content = content.encode() if isinstance(content, str) else content
    return client.post("/cpd/import/", {"step": "file", "file": SimpleUploadedFile(name, content)}).url


def facts(entry: CpdEntry) -> dict[str, str]:
    return {name: str(getattr(entry, name) or "") for name in FIELDS}


def test_hours_or_points_and_no_day_to_come(client: Client) -> None:
    address = bring(client, COURSES)
    judgement = client.get(address).context["judgement"]
    assert [row.values["title"] for row in judgement.ready] == ["Listening", "Reading"]
    unusable = {group.cause: [row.number for row in group.rows] for group in judgement.unusable}
    assert unusable == {"hours": [4, 5], "completed_on": [6]}
    assert "Neither hours nor points" in client.get(address).text
    assert client.post(address, {"step": "save"}).url == address
    assert list(
        CpdEntry.objects.order_by("completed_on").values_list("title", "kind", "minutes", "points")
    ) == [
        ("Listening", "workshop", 210, None),
        ("Reading", "conference", None, Decimal("1.50")),
    ]
    assert Import.objects.get().kind == "cpd"


@pytest.mark.parametrize("wanted", ["csv", "xlsx"])
def test_an_own_export_comes_back_as_the_same_entries(wanted: str, client: Client, mediator: User) -> None:
    before = [
        facts(make_cpd(mediator, completed_on=date(2026, 3, day), **fields))
        for day, fields in [
            (4, {"title": "=Listening", "takeaways": "-One\n\ntwo", "country": "BR"}),
            (5, {"points": Decimal("1.25"), "minutes": 20, "kind": "self_study"}),
            (6, {"points": Decimal("12"), "provider": "Chamber, Łódź"}),
        ]
    ]
    exported = client.get(f"/cpd/export/?format={wanted}&learnings=1&sort=completed_on").getvalue()
    CpdEntry.objects.all().delete()
    address = bring(client, exported, f"cpd.{wanted}")
    client.post(address, {"step": "columns"})  # which file was the evidence is left out
    client.post(address, {"step": "save"})
    assert [facts(entry) for entry in CpdEntry.objects.order_by("completed_on")] == before


def test_a_file_without_titles_is_asked_for_one(client: Client) -> None:
    address = bring(client, "Date,Kind,Hours\n2026-03-04,Workshop,2\n")
    refused = client.post(address, {"step": "columns"})
    assert refused.status_code == 200
    assert "Choose the column that holds: Title." in refused.text
    assert client.post(address, {"step": "save"}).status_code == 200
    assert not CpdEntry.objects.exists()


def test_undo_takes_the_evidence_along(
    client: Client, mediator: User, folders: Path, django_capture_on_commit_callbacks
) -> None:
    make_cpd(mediator, title="Before", evidence=a_pdf())
    with django_capture_on_commit_callbacks(execute=True):
        address = bring(client, COURSES)
        client.post(address, {"step": "save"})
        entry = CpdEntry.objects.get(title="Listening")
        certificate = SimpleUploadedFile("certificate.pdf", a_pdf())
        typed = {"completed_on": "2026-03-04", "title": "Listening", "kind": "workshop", "hours": "3:30"}
        assert client.post(f"/cpd/{entry.pk}/edit/", typed | {"evidence": certificate}).status_code == 302
        assert len(list((folders / "evidence").iterdir())) == 2
        assert "You changed 1 entry since" in client.get(f"{address}undo/").text
        client.post(f"{address}undo/", {"changed_too": "1"})
    assert list(CpdEntry.objects.values_list("title", flat=True)) == ["Before"]
    assert len(list((folders / "evidence").iterdir())) == 1
    assert not Import.objects.exists()
