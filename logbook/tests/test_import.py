"""A spreadsheet becomes logbook entries: step by step, through the pages."""

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Import, User
from accounts.tests.factories import make_mediator, signed_in
from logbook.models import LogbookEntry

pytestmark = pytest.mark.django_db

GOOD = """Start date,End date,Reference,Role,Medium,Hours
,2026-03-04,Roof and rain,Lead mediator,Online,3:30
2026-03-05,2026-03-06,Orchard,Co-mediator,Face to face,7.5
"""


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


def test_a_good_file_needs_one_more_press(client: Client, mediator: User, folder: Path) -> None:
    address = bring(client, GOOD)
    assert address == f"/logbook/import/{Import.objects.get().pk}/"
    page = client.get(address)
    assert "importing/preview.html" in [template.name for template in page.templates]
    assert "Bring in 2 mediations" in page.text
    assert client.post(address, {"step": "save"}).url == address
    one, two = LogbookEntry.objects.order_by("ended_on")
    assert (one.owner, one.ended_on, one.started_on, one.title, one.role, one.medium, one.minutes) == (
        mediator, date(2026, 3, 4), None, "Roof and rain", "lead", "online", 210,
    )  # fmt: skip
    assert (two.started_on, two.ended_on, two.minutes) == (date(2026, 3, 5), date(2026, 3, 6), 450)
    assert "2 mediations came in" in client.get(address).text
