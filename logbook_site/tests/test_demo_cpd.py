"""The professional development of the demo: as many entries as promised, believable, the same all day, and sealed."""

from datetime import date

import pytest
from django.db import connection

from accounts.models import User
from accounts.tests.factories import signed_in
from cpd.evidence import place_of
from cpd.models import CpdEntry
from logbook_site.demo.cpd import TAKEAWAYS, a_page, a_sheet, cpd_of
from logbook_site.demo.load import load_demo
from logbook_site.foundation.documents import read_document

pytestmark = pytest.mark.django_db
LEFT_OUT = {"id", "owner", "changed_at", "folded", "evidence_file", "takeaways_sealed"}
FACTS = [field.name for field in CpdEntry._meta.fields if field.name not in LEFT_OUT] + ["takeaways"]


@pytest.fixture
def people(settings, tmp_path) -> dict[str, User]:
    settings.EVIDENCE_DIR = tmp_path
    assert load_demo()
    return {person.email.partition("@")[0]: person for person in User.objects.all()}


def test_how_many_each_of_them_has(people: dict[str, User]) -> None:
    numbers = {name: CpdEntry.objects.filter(owner=person).count() for name, person in people.items()}
    assert numbers == {"amina": 60, "ben": 8, "chloe": 0, "rosa": 0, "dana": 0, "admin": 0}


@pytest.mark.parametrize("today", [date(2026, 12, 27), date(2028, 2, 29), date(2031, 1, 3)])
def test_each_could_have_been_typed_and_is_the_same_all_day(today: date, settings, tmp_path) -> None:
    settings.EVIDENCE_DIR = tmp_path
    entries = cpd_of(User(), 60, 9, today=today)
    assert [[getattr(entry, name) for name in FACTS] for entry in entries] == [
        [getattr(entry, name) for name in FACTS] for entry in cpd_of(User(), 60, 9, today=today)
    ]
    days = [entry.completed_on for entry in entries]
    assert days == sorted(set(days)) and days[-1] < today
    assert 8 * 365 < (today - days[0]).days <= 9 * 366
    for entry in entries:
        entry.full_clean(exclude=["owner"], validate_unique=False)
        assert not entry.minutes or (entry.minutes % 15 == 0 and entry.minutes <= 40 * 60)
    assert 20 < sum(bool(entry.takeaways) for entry in entries) < 50
    assert sum(bool(entry.points) for entry in entries) > 10
    assert any(entry.points and not entry.minutes for entry in entries)


def test_the_small_files_are_such_as_we_take() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    assert read_document(SimpleUploadedFile("a", a_page())).content == a_page()
    assert read_document(SimpleUploadedFile("a", a_sheet())).ending == "png"


def test_evidence_lies_where_its_entries_say(people: dict[str, User]) -> None:
    with_evidence = CpdEntry.objects.exclude(evidence_file="")
    assert {entry.owner for entry in with_evidence} == {people["amina"]}
    assert with_evidence.count() == 5
    for entry in with_evidence:
        assert place_of(entry.evidence_file).is_file()
        assert signed_in(people["amina"]).get(f"/cpd/{entry.pk}/evidence/").status_code == 200


def test_takeaways_are_sealed(people: dict[str, User]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT entry::text FROM cpd_cpdentry entry")
        rows = "\n".join(row[0] for row in cursor)
    assert [text for text in TAKEAWAYS if text in rows or text.encode().hex() in rows] == []
    shown = {entry.takeaways for entry in CpdEntry.objects.all()}
    assert len(shown & set(TAKEAWAYS)) > 10


def test_on_a_filled_database_nothing_is_added(people: dict[str, User]) -> None:
    assert not load_demo()
    assert CpdEntry.objects.count() == 68
