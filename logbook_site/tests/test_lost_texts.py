"""A sealing key is gone: pages say so calmly, and no form throws away what it could not show."""

from datetime import date
from html import unescape

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import make_admin, make_mediator, signed_in
from cpd.models import CpdEntry
from cpd.tests.factories import make_cpd
from cpd.tests.factories import typed as typed_cpd
from feedback.emails import notice
from feedback.models import FeedbackNote, Notice, NoticeName, Respondent
from feedback.services import pieces
from feedback.tests.factories import make_piece
from logbook.models import LogbookEntry
from logbook.tests.factories import LEARNED, make_entry, typed
from logbook.tests.reading import csv_rows

pytestmark = pytest.mark.django_db
OLD, NEW = "o" * 43, "n" * 43
SENTENCE = "This text cannot be opened any more: its key is missing."
HINT = f"{SENTENCE} Leave this empty to keep it stored as it is. What you write here replaces it."
LOST = {"did_well_kept": "1", "learnings_kept": "1"}


@pytest.fixture
def owner() -> User:
    return make_mediator()


@pytest.fixture
def client(owner: User) -> Client:
    return signed_in(owner)


@pytest.fixture
def entry(owner: User, settings) -> LogbookEntry:
    """Two of its texts are lost, the third opens."""
    settings.SEALING_KEYS = [OLD]
    entry = make_entry(owner, did_well="We listened.", learnings="Breathe.")
    settings.SEALING_KEYS = [NEW]
    entry.challenges = "The clock."
    entry.save()
    return entry


@pytest.fixture
def cpd(owner: User, settings) -> CpdEntry:
    settings.SEALING_KEYS = [OLD]
    entry = make_cpd(owner, takeaways="Ask twice.")
    settings.SEALING_KEYS = [NEW]
    return entry


@pytest.fixture
def note(owner: User, settings) -> FeedbackNote:
    settings.SEALING_KEYS = [OLD]
    note = FeedbackNote.objects.create(feedback=make_piece(owner), note="Call her.")
    settings.SEALING_KEYS = [NEW]
    return note


def sealed(row) -> dict[str, bytes | None]:
    """The sealed columns as they lie in the table."""
    (values,) = type(row).objects.filter(pk=row.pk).values()
    return {name: value and bytes(value) for name, value in values.items() if name.endswith("_sealed")}


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return unescape(response.text)


def saved(client: Client, address: str, data: dict) -> None:
    response = client.post(address, data)
    assert response.status_code == 302, unescape(response.text)


# --- Reading ---------------------------------------------------------------------------------------


def test_the_page_of_an_entry(client: Client, entry: LogbookEntry) -> None:
    shown = page(client, f"/logbook/{entry.pk}/")
    assert shown.count(SENTENCE) == 2
    assert "The clock." in shown


def test_the_page_of_a_cpd_entry(client: Client, cpd: CpdEntry) -> None:
    assert page(client, f"/cpd/{cpd.pk}/").count(SENTENCE) == 1


def test_a_download_with_what_was_learned(client: Client, entry: LogbookEntry, cpd: CpdEntry) -> None:
    (row,) = csv_rows(client.get("/logbook/export/?format=csv&learnings=1"))
    assert [row["Did well"], row["Challenges"], row["Learnings"]] == [SENTENCE, "The clock.", SENTENCE]
    (row,) = csv_rows(client.get("/cpd/export/?format=csv&learnings=1"))
    assert row["Takeaways"] == SENTENCE


def test_a_respondent(owner: User, settings) -> None:
    settings.SEALING_KEYS = [OLD]
    respondent = Respondent.objects.create(
        feedback=make_piece(owner), name="Paula", erase_on=date(2028, 1, 1)
    )
    settings.SEALING_KEYS = [NEW]
    respondent.refresh_from_db()
    shown = pieces.look_at_respondent(respondent=respondent, by=make_admin(), reason="A threat.")
    assert shown == (SENTENCE, "")


def test_a_name_that_is_lost_counts_as_not_given(owner: User, settings) -> None:
    settings.SEALING_KEYS = [OLD]
    told = Notice.objects.create(mediator=owner, any_shared=True)
    NoticeName.objects.create(notice=told, feedback=make_piece(owner), name="Paula")
    settings.SEALING_KEYS = [NEW]
    text = notice(told.pk).body
    assert "a party" in text
    assert SENTENCE not in text
    NoticeName.objects.create(notice=told, feedback=make_piece(owner), name="Bo Berg")
    assert "Bo Berg and others" in notice(told.pk).body


# --- Saving ----------------------------------------------------------------------------------------


def test_the_form_of_an_entry_says_what_it_cannot_show(client: Client, entry: LogbookEntry) -> None:
    shown = page(client, f"/logbook/{entry.pk}/edit/")
    assert shown.count(HINT) == 2
    assert {name for name in LEARNED if f'name="{name}_kept"' in shown} == {"did_well", "learnings"}
    assert "The clock.</textarea>" in shown
    assert f"{SENTENCE}</textarea>" not in shown


def test_a_form_that_was_left_empty_keeps_what_is_lost(client: Client, entry: LogbookEntry, settings) -> None:
    before = sealed(entry)
    empty = dict.fromkeys(LEARNED, "")
    saved(client, f"/logbook/{entry.pk}/edit/", typed(title="New", **empty, **LOST))
    assert sealed(entry) == before | {"challenges_sealed": None}
    settings.SEALING_KEYS = [NEW, OLD]
    stored = LogbookEntry.objects.get(pk=entry.pk)
    assert (stored.title, stored.did_well, stored.learnings) == ("New", "We listened.", "Breathe.")


def test_so_does_one_that_says_nothing_of_it(client: Client, entry: LogbookEntry) -> None:
    before = sealed(entry)
    saved(client, f"/logbook/{entry.pk}/edit/", typed(challenges="The clock."))
    kept = sealed(entry)
    assert {name for name in before if kept[name] == before[name]} == {"did_well_sealed", "learnings_sealed"}


def test_the_key_is_back_before_the_form_is_sent(client: Client, entry: LogbookEntry, settings) -> None:
    settings.SEALING_KEYS = [NEW, OLD]
    saved(client, f"/logbook/{entry.pk}/edit/", typed(did_well="", learnings="", **LOST))
    stored = LogbookEntry.objects.get(pk=entry.pk)
    assert (stored.did_well, stored.learnings, stored.challenges) == ("We listened.", "Breathe.", "")


def test_a_form_that_is_refused_still_says_it(client: Client, entry: LogbookEntry, settings) -> None:
    settings.SEALING_KEYS = [NEW, OLD]
    response = client.post(f"/logbook/{entry.pk}/edit/", typed(hours="", learnings="", **LOST))
    assert response.status_code == 200
    assert 'name="learnings_kept"' in response.text


def test_what_is_written_takes_its_place(client: Client, entry: LogbookEntry) -> None:
    saved(client, f"/logbook/{entry.pk}/edit/", typed(did_well="New words", learnings="", **LOST))
    assert LogbookEntry.objects.get(pk=entry.pk).did_well == "New words"
    assert sealed(entry)["learnings_sealed"] == bytes(entry.learnings_sealed)


def test_a_text_that_opens_can_be_emptied(client: Client, owner: User) -> None:
    entry = make_entry(owner, did_well="Enough of this.")
    assert "_kept" not in page(client, f"/logbook/{entry.pk}/edit/")
    saved(client, f"/logbook/{entry.pk}/edit/", typed(did_well=""))
    assert sealed(entry)["did_well_sealed"] is None


def test_a_cpd_entry(client: Client, cpd: CpdEntry) -> None:
    before = sealed(cpd)
    shown = page(client, f"/cpd/{cpd.pk}/edit/")
    assert shown.count(HINT) == shown.count('name="takeaways_kept"') == 1
    saved(client, f"/cpd/{cpd.pk}/edit/", typed_cpd(title="New", takeaways="", takeaways_kept="1"))
    assert CpdEntry.objects.get(pk=cpd.pk).title == "New"
    assert sealed(cpd) == before


def test_a_note(client: Client, note: FeedbackNote, settings) -> None:
    before = sealed(note)
    shown = page(client, f"/feedback/{note.pk}/")
    assert shown.count(HINT) == shown.count('name="note_kept"') == 1
    address = f"/feedback/{note.pk}/note/"
    saved(client, address, {"note": " ", "note_kept": "1"})
    settings.SEALING_KEYS = [NEW, OLD]
    saved(client, address, {"note": "", "note_kept": "1"})
    assert sealed(note) == before
    saved(client, address, {"note": ""})
    assert not FeedbackNote.objects.exists()


def test_a_note_is_written_anew(client: Client, note: FeedbackNote) -> None:
    saved(client, f"/feedback/{note.pk}/note/", {"note": "Wrote to her.", "note_kept": "1"})
    assert FeedbackNote.objects.get().note == "Wrote to her."
    assert "Wrote to her.</textarea>" in page(client, f"/feedback/{note.pk}/")


def test_the_log_names_the_field_alone(client: Client, entry: LogbookEntry, caplog) -> None:
    page(client, f"/logbook/{entry.pk}/")
    assert {record.getMessage() for record in caplog.records} == {
        "A text cannot be opened: did_well of a logbook.LogbookEntry",
        "A text cannot be opened: learnings of a logbook.LogbookEntry",
    }
