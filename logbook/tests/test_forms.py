"""Add Logbook Entry: what is refused says why beside its field, and keeps what was typed."""

import html
import re
from datetime import UTC, date, datetime

import pytest

from accounts.tests.factories import make_mediator
from logbook.forms import EntryForm
from logbook.models import LogbookEntry
from logbook.tests.factories import LEARNED, make_entry, typed
from logbook_site.foundation import clock

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
RIGHT_TO_LEFT = "\u202e"


@pytest.fixture
def owner():
    return make_mediator()


@pytest.fixture(autouse=True)
def now(monkeypatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def filled(owner, /, instance: LogbookEntry | None = None, **fields) -> EntryForm:
    earlier = LogbookEntry.objects.visible_to(owner).live()
    return EntryForm(typed(**fields), instance=instance or LogbookEntry(owner=owner), earlier=earlier)


def control(form: EntryForm, name: str) -> str:
    """The field as its reader gets it."""
    return html.unescape(form[name].as_field_group())


def refuses(form: EntryForm, name: str, sentence: str) -> None:
    assert not form.is_valid()
    assert not form.may_be_saved
    assert list(form.errors) == [name]
    assert sentence in " ".join(form.errors[name])
    shown = control(form, name)
    assert 'aria-invalid="true"' in shown
    assert sentence in shown
    for one, value in form.data.items():
        kept = control(form, one)
        marked = re.search(rf'value="{re.escape(str(value))}"[^>]*(?:checked|selected)', kept)
        assert marked or str(value) in kept, one


def test_errors_are_told_in_the_order_of_the_page(owner) -> None:
    form = filled(owner)
    on_page = [field.name for fields in form.groups().values() for field in fields]
    assert [field.name for field in form.visible_fields()] == on_page


def test_five_fields_are_enough(owner) -> None:
    form = filled(owner)
    assert form.may_be_saved, form.errors
    entry = form.save()
    assert (entry.ended_on, entry.title, entry.role) == (date(2026, 3, 4), "Roof and rain", "lead")
    assert (entry.medium, entry.minutes, entry.preparation_minutes) == ("online", 210, 0)
    assert (entry.setting, entry.parties, entry.started_on) == ("real", None, None)
    assert [getattr(entry, name) for name in LEARNED] == ["", "", ""]


EVERYTHING = {
    "started_on": "2026-03-02", "preparation_hours": "0:45", "subject": "Building", "country": "NZ",
    "language": "fr", "parties": "3", "outcome": "partly", "provider": "Harbour Centre", "setting": "simulated",
    "paid": "pro_bono", "full_scale": "no", "did_well": "One\r\n\r\nTwo", "challenges": "Three", "learnings": "4",
}  # fmt: skip


def test_every_field_is_kept(owner) -> None:
    form = filled(owner, **EVERYTHING)
    assert form.may_be_saved, form.errors
    entry = LogbookEntry.objects.get(pk=form.save().pk)
    assert (entry.started_on, entry.preparation_minutes, entry.subject) == (date(2026, 3, 2), 45, "Building")
    assert (entry.country.code, entry.language, entry.parties) == ("NZ", "fr", 3)
    assert (entry.outcome, entry.provider, entry.setting) == ("partly", "Harbour Centre", "simulated")
    assert (entry.paid, entry.full_scale) == ("pro_bono", "no")
    assert [getattr(entry, name) for name in LEARNED] == ["One\n\nTwo", "Three", "4"]


def test_a_stored_entry_is_shown_as_it_was_typed(owner) -> None:
    entry = make_entry(owner, minutes=605, preparation_minutes=45, did_well="We paused.")
    form = EntryForm(instance=entry, earlier=LogbookEntry.objects.none())
    assert 'value="10:05"' in control(form, "hours")
    assert 'value="0:45"' in control(form, "preparation_hours")
    assert "We paused." in control(form, "did_well")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("ended_on", "Enter the day on which it ended."),
        ("title", "Enter a reference, for example: building dispute, spring."),
        ("role", "Choose your role."),
        ("medium", "Choose how you met."),
        ("hours", "Enter how long it took, for example 3:30 or 3.5."),
    ],
)
def test_what_is_missing_is_named(owner, name: str, sentence: str) -> None:
    refuses(filled(owner, **{name: ""}), name, sentence)
    if name in {"title", "hours"}:
        refuses(filled(owner, **{name: "   "}), name, sentence)


def test_an_empty_form_names_all_five(owner) -> None:
    form = EntryForm({"setting": ""}, instance=LogbookEntry(owner=owner), earlier=LogbookEntry.objects.none())
    assert set(form.errors) == {"ended_on", "title", "role", "medium", "hours"}


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-03-06", "This day has not come yet."),
        ("9999-12-31", "This day has not come yet."),
        ("1899-12-31", "all four digits"),
        ("0026-03-04", "all four digits"),
        ("03/04/2026", "Enter a date, for example 2026-03-04."),
        ("04.03.2026", "Enter a date, for example 2026-03-04."),
        ("2026-02-30", "Enter a date, for example 2026-03-04."),
        ("0000-00-00", "Enter a date, for example 2026-03-04."),
        ("yesterday", "Enter a date, for example 2026-03-04."),
        ("2026-03-04\0", "Enter a date, for example 2026-03-04."),
    ],
)
def test_a_day_that_cannot_be(owner, day: str, sentence: str) -> None:
    refuses(filled(owner, ended_on=day), "ended_on", sentence)


@pytest.mark.parametrize("day", ["2026-03-05", "1900-01-01", "4 March 2026", "04 Mar 2026"])
def test_a_day_that_can_be(owner, day: str) -> None:
    """The fifth is Auckland's today at this moment: tomorrow in UTC."""
    assert filled(owner, ended_on=day).may_be_saved


def test_the_start_is_not_after_the_end(owner) -> None:
    refuses(filled(owner, started_on="2026-03-05"), "started_on", "The start must not be after the end.")
    refuses(filled(owner, started_on="0026-03-05"), "started_on", "all four digits")
    assert filled(owner, started_on="2026-03-04").may_be_saved


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1,500", "Is it 1.5 hours or 1500 hours?"),
        ("1.500", "Is it 1.5 hours or 1500 hours?"),
        ("0", "no time at all"),
        ("0:00", "no time at all"),
        ("10001", "more than 10,000 hours"),
        ("3:75", "60 minutes"),
        ("-3", "for example 3:30 or 3.5"),
        ("three", "for example 3:30 or 3.5"),
        ("3½", "for example 3:30 or 3.5"),
        ("1e3", "for example 3:30 or 3.5"),
        ("=3", "for example 3:30 or 3.5"),
        ("3 30", "for example 3:30 or 3.5"),
        ("9" * 500, "for example 3:30 or 3.5"),
    ],
)
def test_hours_that_are_refused(owner, text: str, sentence: str) -> None:
    refuses(filled(owner, hours=text), "hours", sentence)
    if not text.startswith("0"):
        refuses(filled(owner, preparation_hours=text), "preparation_hours", sentence)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("3.5", 210), ("3,5", 210), ("3:30", 210), ("3h30", 210), ("3 h 30 min", 210), ("45 min", 45),
        (":45", 45), ("٣٫٥", 210), ("۳٫۵", 210), ("3", 180),
    ],
)  # fmt: skip
def test_hours_as_people_write_them(owner, text: str, minutes: int) -> None:
    form = filled(owner, hours=text, preparation_hours=text)
    assert form.may_be_saved
    assert (form.instance.minutes, form.instance.preparation_minutes) == (minutes, minutes)


@pytest.mark.parametrize("text", ["", "0", "0:00"])
def test_no_preparation_is_fine(owner, text: str) -> None:
    assert filled(owner, preparation_hours=text).save().preparation_minutes == 0


class TestUnusualHours:
    def test_more_than_a_day_for_each_day_is_asked(self, owner) -> None:
        form = filled(owner, hours="24:01")
        assert form.is_valid()
        assert not form.may_be_saved
        [(name, question)] = form.questions
        assert (name, form.answers) == ("hours_checked", ["hours_checked"])
        assert "24 h 1 min is more than 24 hours for each day" in question

    def test_a_whole_day_is_not(self, owner) -> None:
        assert filled(owner, hours="24").may_be_saved
        assert filled(owner, hours="72", started_on="2026-03-02").may_be_saved

    def test_days_are_counted_with_both_ends(self, owner) -> None:
        assert not filled(owner, hours="72:01", started_on="2026-03-02").may_be_saved

    def test_yes_saves_it(self, owner) -> None:
        form = filled(owner, hours="30", hours_checked="1")
        assert form.may_be_saved
        assert form.save().minutes == 1800

    def test_the_limit_cannot_be_answered_away(self, owner) -> None:
        refuses(filled(owner, hours="10001", hours_checked="1"), "hours", "more than 10,000 hours")


class TestPossibleDuplicates:
    def test_the_same_day_and_reference_is_asked(self, owner) -> None:
        first = make_entry(owner, title="Roof and RAIN")
        form = filled(owner)
        assert form.is_valid()
        assert not form.may_be_saved
        assert form.duplicates == [first]
        assert form.answers == ["duplicate_ok"]
        assert filled(owner, duplicate_ok="1").may_be_saved

    def test_both_questions_are_asked_at_once_and_answers_are_carried_on(self, owner) -> None:
        make_entry(owner, title="Roof and rain")
        for sent in ({}, {"duplicate_ok": "1"}, {"hours_checked": "1"}):
            form = filled(owner, hours="25", **sent)
            assert not form.may_be_saved
            assert form.answers == ["hours_checked", "duplicate_ok"]
        assert filled(owner, hours="25", duplicate_ok="1", hours_checked="1").may_be_saved

    def test_another_day_another_reference_and_deleted_ones_are_no_duplicates(self, owner) -> None:
        make_entry(owner, title="Roof and rain", ended_on=date(2026, 3, 3))
        make_entry(owner, title="Roof and rai_")
        make_entry(owner, title="Roof and rain", deleted=True)
        assert filled(owner).may_be_saved

    def test_another_mediators_entry_is_never_asked_about(self, owner) -> None:
        make_entry(title="Roof and rain")
        assert filled(owner).questions == []

    def test_a_pattern_is_no_pattern(self, owner) -> None:
        make_entry(owner, title="Roof and rain")
        assert filled(owner, title="Roof%").may_be_saved

    def test_an_entry_is_not_its_own_duplicate(self, owner) -> None:
        entry = make_entry(owner, title="Roof and rain")
        assert filled(owner, instance=entry).may_be_saved


SHORT = ["title", "subject", "provider"]


@pytest.mark.parametrize("name", SHORT)
def test_short_texts_have_room_for_120(owner, name: str) -> None:
    assert filled(owner, **{name: "é" * 120}).may_be_saved
    refuses(filled(owner, **{name: "x" * 121}), name, "at most 120 characters")


@pytest.mark.parametrize("name", SHORT)
def test_a_text_that_grows_in_its_normal_form_is_refused_too(owner, name: str) -> None:
    refuses(filled(owner, **{name: "\u0958" * 120}), name, "at most 120 characters")


@pytest.mark.parametrize("name", LEARNED)
def test_long_texts_have_room_for_20000(owner, name: str) -> None:
    assert filled(owner, **{name: "ü\r\n" * 10_000}).may_be_saved  # browsers count a new line as one
    refuses(filled(owner, **{name: "x" * 20_001}), name, "at most 20000 characters")
    assert 'maxlength="20000"' in control(filled(owner), name)


@pytest.mark.parametrize("name", [*SHORT, *LEARNED])
def test_a_zero_byte_is_refused(owner, name: str) -> None:
    form = filled(owner, **{name: "a\0b"})
    assert list(form.errors) == [name]


CHOICES = ["role", "medium", "country", "language", "outcome", "setting", "paid", "full_scale"]


@pytest.mark.parametrize("name", CHOICES)
@pytest.mark.parametrize("value", ["judge", "<b>", "lead\0", "XX", "=1", f"{RIGHT_TO_LEFT}lead", "LEAD"])
def test_an_unknown_choice_is_refused(owner, name: str, value: str) -> None:
    form = filled(owner, **{name: value})
    assert list(form.errors) == [name]
    assert "aria-invalid" in control(form, name)


@pytest.mark.parametrize("value", ["-1", "32768", "two", "1.5", "=2", "1\0", "9" * 5000])
def test_parties_are_a_number(owner, value: str) -> None:
    form = filled(owner, parties=value)
    assert list(form.errors) == ["parties"]
    assert "aria-invalid" in control(form, "parties")


HOSTILE = '<script>alert(1)</script>"\'><img src=x onerror=alert(2)>=1+1{{ 7|add:1 }}%s{% now "Y" %}'


@pytest.mark.parametrize("name", [*SHORT, *LEARNED])
def test_hostile_text_is_only_text(owner, name: str) -> None:
    form = filled(owner, **{name: HOSTILE})
    assert form.may_be_saved
    assert getattr(form.save(), name) == HOSTILE
    assert "<script>" not in form[name].as_field_group()
    assert HOSTILE in control(form, name)


@pytest.mark.parametrize("name", SHORT)
def test_marks_that_turn_the_direction_are_taken_out_of_short_texts(owner, name: str) -> None:
    entry = filled(owner, **{name: f"{RIGHT_TO_LEFT}roof\r\n\t and\x07 rain\u2028"}).save()
    assert getattr(entry, name) == "roof and rain"


@pytest.mark.parametrize("title", [RIGHT_TO_LEFT, "\x07", "\u2028 \t"])
def test_a_reference_of_unseen_marks_is_no_reference(owner, title: str) -> None:
    form = filled(owner, title=title)
    assert form.errors["title"] == ["Enter a reference, for example: building dispute, spring."]


def test_other_fields_cannot_be_sent_along(owner) -> None:
    other = make_mediator()
    sent = {
        "owner": str(other.pk), "id": str(make_entry(other).pk), "minutes": "7", "deleted_at": "2026-01-01",
        "created_at": "1999-01-01", "folded": "x", "did_well_sealed": "x",
    }  # fmt: skip
    entry = filled(owner, **sent).save()
    assert (entry.owner, entry.minutes, entry.deleted_at) == (owner, 210, None)
    assert str(entry.pk) != sent["id"]
    assert entry.created_at.year != 1999
    assert LogbookEntry.objects.count() == 2
