"""Rules about one row, kept by the database itself, and the index that carries the list."""

from datetime import date

import pytest
from django.contrib import admin
from django.db import IntegrityError, connection, transaction

from accounts.tests.factories import make_mediator
from logbook.models import LogbookEntry
from logbook.tests.factories import LEARNED, make_entry

pytestmark = pytest.mark.django_db

# Each constraint, and changes that break it.
REFUSED = {
    "entry_minutes_in_range": [{"minutes": 0}, {"minutes": 600_001}],
    "entry_preparation_in_range": [{"preparation_minutes": 600_001}],
    "entry_starts_before_it_ends": [{"started_on": date(2026, 3, 5)}],
    "entry_has_title": [{"title": ""}],
    "entry_role_known": [{"role": "judge"}, {"role": ""}],
    "entry_medium_known": [{"medium": "telepathy"}, {"medium": ""}],
    "entry_setting_known": [{"setting": "dreamt"}, {"setting": ""}],
}


def test_each_named_constraint_has_its_row_here() -> None:
    assert {constraint.name for constraint in LogbookEntry._meta.constraints} == set(REFUSED)


@pytest.mark.parametrize(
    ("name", "change"), [(name, change) for name, changes in REFUSED.items() for change in changes]
)
def test_the_database_refuses(name: str, change: dict) -> None:
    entry = make_entry()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        LogbookEntry.objects.filter(pk=entry.pk).update(**change)


@pytest.mark.parametrize(
    "change",
    [
        {"minutes": 1}, {"minutes": 600_000}, {"preparation_minutes": 600_000}, {"started_on": None},
        {"started_on": date(2026, 3, 4)}, {"setting": "simulated"},
    ],
)  # fmt: skip
def test_the_database_takes_what_lies_on_the_edge(change: dict) -> None:
    assert LogbookEntry.objects.filter(pk=make_entry().pk).update(**change) == 1


def definition_of(index: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [index])
        return cursor.fetchone()[0]


def test_the_index_of_the_list_carries_its_totals_and_live_entries_only() -> None:
    assert definition_of("entry_live_by_date").partition(" USING ")[2] == (
        "btree (owner_id, ended_on DESC, id DESC) "
        "INCLUDE (totals_group, country, minutes, preparation_minutes, role, medium) WHERE (deleted_at IS NULL)"
    )


def test_the_index_of_totals_is_in_the_order_of_their_groups() -> None:
    assert definition_of("entry_live_by_group").partition(" USING ")[2] == (
        "btree (owner_id, totals_group, country, minutes, preparation_minutes) WHERE (deleted_at IS NULL)"
    )


def test_the_index_of_the_deleted_entries() -> None:
    told = definition_of("entry_deleted").partition(" USING ")[2]
    assert told == "btree (owner_id, deleted_at) WHERE (deleted_at IS NOT NULL)"


def test_the_table_is_vacuumed_early() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = 'logbook_logbookentry'")
        assert cursor.fetchone()[0] == ["autovacuum_vacuum_scale_factor=0.01"]


@pytest.mark.parametrize("name", LEARNED)
def test_what_was_learned_opens_only_in_its_row_and_field(name: str) -> None:
    from logbook_site.foundation.sealing import CannotUnseal

    entry, other = make_entry(**{name: "A silence helped."}), make_entry()
    stored = LogbookEntry.objects.get(pk=entry.pk)
    assert getattr(stored, name) == "A silence helped."
    sealed = bytes(getattr(stored, f"{name}_sealed"))
    assert b"silence" not in sealed
    LogbookEntry.objects.filter(pk=other.pk).update(**{f"{name}_sealed": sealed})
    with pytest.raises(CannotUnseal):
        getattr(LogbookEntry.objects.get(pk=other.pk), name)


def test_entries_are_not_in_the_admin() -> None:
    assert not [model for model in admin.site._registry if model._meta.app_label == "logbook"]


def test_an_entry_is_called_by_its_id() -> None:
    entry = make_entry(title="A secret name")
    assert (str(entry), repr(entry)) == (str(entry.pk), f"<LogbookEntry: {entry.pk}>")


def test_entries_go_with_their_owner() -> None:
    owner, colleague = make_mediator(), make_mediator()
    make_entry(owner)
    kept = make_entry(colleague)
    owner.delete()
    assert list(LogbookEntry.objects.all()) == [kept]
