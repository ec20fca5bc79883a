"""Add CPD Entry: what is refused says why beside its field, and keeps what was typed."""

import html
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts.tests.factories import make_mediator
from cpd.forms import CpdForm
from cpd.models import CpdEntry
from cpd.tests.factories import make_cpd, typed
from logbook_site.foundation import clock

pytestmark = pytest.mark.django_db
RIGHT_TO_LEFT = "\u202e"


@pytest.fixture
def owner():
    return make_mediator()


@pytest.fixture(autouse=True)
def now(monkeypatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 4, 12, 30, tzinfo=UTC))


def filled(owner, /, instance: CpdEntry | None = None, **fields) -> CpdForm:
    earlier = CpdEntry.objects.visible_to(owner).live()
    return CpdForm(typed(**fields), instance=instance or CpdEntry(owner=owner), earlier=earlier)


def control(form: CpdForm, name: str) -> str:
    return html.unescape(form[name].as_field_group())


def refuses(form: CpdForm, name: str, sentence: str) -> None:
    assert not form.may_be_saved
    assert list(form.errors) == [name]
    assert sentence in " ".join(form.errors[name])
    assert 'aria-invalid="true"' in control(form, name)
    for one, value in form.data.items():
        kept = control(form, one)
        marked = re.search(rf'value="{re.escape(str(value))}"[^>]*(?:checked|selected)', kept)
        assert marked or str(value) in kept, one


@pytest.mark.parametrize(
    ("fields", "minutes", "points"),
    [
        ({"hours": "3,5"}, 210, None),
        ({"hours": "", "points": "1,5"}, None, Decimal("1.5")),
        ({"hours": ":45", "points": "10000"}, 45, Decimal(10_000)),
    ],
)
def test_hours_points_or_both_are_enough_and_none_becomes_the_other(owner, fields, minutes, points) -> None:
    form = filled(owner, **fields)
    assert form.may_be_saved, form.errors
    entry = CpdEntry.objects.get(pk=form.save().pk)
    assert (entry.minutes, entry.points, entry.kind) == (minutes, points, "training")
    assert (entry.provider, entry.country.code or "", entry.takeaways) == ("", "", "")


def test_every_field_is_kept(owner) -> None:
    form = filled(owner, points="2", provider="Harbour", country="NZ", takeaways="One\r\n\r\nTwo")
    assert form.may_be_saved, form.errors
    entry = CpdEntry.objects.get(pk=form.save().pk)
    assert (entry.completed_on, entry.title) == (date(2026, 3, 4), "Advanced course")
    assert (entry.provider, entry.country.code, entry.takeaways) == ("Harbour", "NZ", "One\n\nTwo")


def test_a_stored_entry_is_shown_as_it_was_typed(owner) -> None:
    entry = make_cpd(owner, minutes=605, points=Decimal("1.50"), takeaways="We paused.")
    form = CpdForm(instance=entry, earlier=CpdEntry.objects.none())
    assert 'value="10:05"' in control(form, "hours")
    assert 'value="1.5"' in control(form, "points")
    assert "We paused." in control(form, "takeaways")


@pytest.mark.parametrize("empty", ["", "   "])
def test_neither_hours_nor_points(owner, empty: str) -> None:
    refuses(filled(owner, hours=empty, points=empty), "hours", "Enter hours or points, at least one of them.")


def test_a_wrong_number_is_named_alone(owner) -> None:
    refuses(filled(owner, hours="", points="six"), "points", "Enter the points as a number")
    refuses(filled(owner, hours="1,500"), "hours", "Is it 1.5 hours or 1500 hours?")
    refuses(filled(owner, hours="0"), "hours", "That is no time at all.")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("completed_on", "", "Enter the day on which it ended."),
        ("completed_on", "2026-03-06", "This day has not come yet."),
        ("completed_on", "1899-12-31", "all four digits"),
        ("completed_on", "03/04/2026", "Enter a date, for example 2026-03-04."),
        ("title", "", "Enter what it was"),
        ("title", RIGHT_TO_LEFT, "Enter what it was"),
        ("title", "x" * 201, "200"),
        ("provider", "x" * 121, "120"),
        ("kind", "", "Choose what kind it was."),
        ("kind", "holiday", "not one of the available choices"),
        ("country", "XX", "not one of the available choices"),
        ("takeaways", "x" * 20_001, "20000"),
    ],
)
def test_what_is_refused(owner, name: str, value: str, sentence: str) -> None:
    form = filled(owner, **{name: value})
    assert not form.may_be_saved
    assert list(form.errors) == [name]
    assert sentence in " ".join(form.errors[name])


def test_tomorrow_may_be_logged_and_names_become_one_line(owner) -> None:
    form = filled(
        owner, completed_on="2026-03-05", title=f" A {RIGHT_TO_LEFT}\tcourse ", takeaways="x" * 20_000
    )
    assert form.may_be_saved, form.errors
    assert form.save(commit=False).title == "A course"


def test_a_duplicate_is_asked_about_once(owner) -> None:
    twin = make_cpd(owner, title="ADVANCED course")
    make_cpd(title="Advanced course")  # a colleague's
    make_cpd(owner, title="Advanced course", deleted=True)
    make_cpd(owner, title="Advanced course", completed_on=date(2026, 3, 3))
    form = filled(owner)
    assert form.is_valid() and not form.may_be_saved
    assert (form.answers, form.duplicates) == (["duplicate_ok"], [twin])
    assert filled(owner, duplicate_ok="x").may_be_saved
    assert filled(owner, instance=twin, title="ADVANCED course").may_be_saved  # not its own twin
