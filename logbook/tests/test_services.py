"""What happens when an entry is saved, deleted, restored and forgotten."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.tests.factories import make_mediator
from logbook import services
from logbook.models import LogbookEntry
from logbook.tasks import forget_deleted_entries
from logbook.tests.factories import make_entry
from logbook_site.celery import app
from logbook_site.foundation import clock

pytestmark = pytest.mark.django_db


def test_saving_makes_the_words_findable() -> None:
    entry = make_entry(title="Ålesund", subject="ÉTÉ, Straße", provider="Łódź Centre")
    stored = LogbookEntry.objects.get(pk=entry.pk)
    assert stored.folded == "alesund ete, strasse łodz centre"
    assert stored.folded_subject == "ete, strasse"


def test_marks_that_nobody_sees_do_not_hide_a_word() -> None:
    stored = make_entry(title="buil\u00adding\u200f dis\u200bpute")
    assert stored.folded.strip() == "building dispute"


def test_letters_that_unfold_to_many_are_cut_and_saved() -> None:
    stored = make_entry(title="\u33c2" * 120, subject="\u33c2" * 120)
    assert (len(stored.folded), len(stored.folded_subject)) == (800, 260)


def test_a_change_is_dated_and_found_by_its_new_words(settings) -> None:
    entry = make_entry(title="Roof")
    settings.CLOCK_OFFSET_HOURS = 5
    entry.title = "Cellar"
    services.save_entry(entry=entry, by=entry.owner)
    stored = LogbookEntry.objects.get(pk=entry.pk)
    assert stored.folded.split() == ["cellar"]
    assert stored.changed_at - stored.created_at >= timedelta(hours=4.9)


@pytest.mark.parametrize("act", [services.save_entry, services.delete_entry, services.restore_entry])
@pytest.mark.parametrize("deleted", [False, True])
def test_nobody_touches_an_entry_of_another(act, deleted: bool) -> None:
    entry = make_entry(title="Untouched", deleted=deleted)
    before = LogbookEntry.objects.values().get(pk=entry.pk)
    entry.title = "Touched"
    with pytest.raises(PermissionDenied):
        act(entry=entry, by=make_mediator())
    assert LogbookEntry.objects.values().get(pk=entry.pk) == before


def test_deleted_and_restored_as_it_was() -> None:
    entry = make_entry(did_well="We paused.", preparation_minutes=30)
    before = LogbookEntry.objects.values().get(pk=entry.pk)
    services.delete_entry(entry=entry, by=entry.owner)
    assert LogbookEntry.objects.deleted().get(pk=entry.pk).did_well == "We paused."
    services.restore_entry(entry=entry, by=entry.owner)
    assert LogbookEntry.objects.values().get(pk=entry.pk) == before


def test_a_second_delete_does_not_give_it_more_time(settings) -> None:
    entry = make_entry(deleted=True)
    settings.CLOCK_OFFSET_HOURS = 100
    services.delete_entry(entry=entry, by=entry.owner)
    assert LogbookEntry.objects.get(pk=entry.pk).deleted_at == entry.deleted_at


def test_deleted_entries_are_forgotten_when_their_time_is_over(settings) -> None:
    settings.UNDO_HOURS = 2
    live, first = make_entry(), make_entry(deleted=True)
    settings.CLOCK_OFFSET_HOURS = 1.5
    second = make_entry(deleted=True)
    settings.CLOCK_OFFSET_HOURS = 1.9
    forget_deleted_entries()
    assert set(LogbookEntry.objects.all()) == {live, first, second}
    settings.CLOCK_OFFSET_HOURS = 2.1
    assert services.forget_deleted_entries() == 1
    assert services.forget_deleted_entries() == 0  # a task may run twice
    assert set(LogbookEntry.objects.all()) == {live, second}
    settings.CLOCK_OFFSET_HOURS = 3.6
    forget_deleted_entries()
    assert set(LogbookEntry.objects.all()) == {live}


def test_the_timetable_knows_the_task() -> None:
    assert forget_deleted_entries.name in {entry["task"] for entry in app.conf.beat_schedule.values()}


def test_today_is_the_readers_and_tomorrow_in_utc_may_be_logged(monkeypatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 4, 12, 30, tzinfo=UTC))
    with timezone.override("Pacific/Auckland"):
        assert clock.local_today() == date(2026, 3, 5)
    with timezone.override("America/Lima"):
        assert clock.local_today() == date(2026, 3, 4)
    assert clock.last_day_to_log() == date(2026, 3, 5)


def test_a_change_does_not_bring_back_what_was_deleted_meanwhile() -> None:
    entry = make_entry(title="Roof")
    in_another_tab = LogbookEntry.objects.get(pk=entry.pk)
    services.delete_entry(entry=entry, by=entry.owner)
    in_another_tab.title = "Cellar"
    in_another_tab.did_well = "I waited."
    services.save_entry(entry=in_another_tab, by=entry.owner)
    stored = LogbookEntry.objects.deleted().get(pk=entry.pk)
    assert (stored.title, stored.did_well) == ("Cellar", "I waited.")
