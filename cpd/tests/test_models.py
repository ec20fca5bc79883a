"""Rules about one row, kept by the database itself, and the index that carries the list."""

import pytest
from django.contrib import admin
from django.db import IntegrityError, connection, transaction

from accounts.tests.factories import make_mediator
from cpd.models import CpdEntry
from cpd.tests.factories import make_cpd
from logbook_site.foundation.sealing import CannotUnseal

pytestmark = pytest.mark.django_db

# Each constraint, and changes that break it.
REFUSED = {
    "cpd_has_hours_or_points": [{"minutes": None, "points": None}],
    "cpd_minutes_in_range": [{"minutes": 0}, {"minutes": 600_001}],
    "cpd_points_in_range": [{"points": 0}, {"points": -1}, {"points": "10000.01"}],
    "cpd_has_title": [{"title": ""}],
    "cpd_kind_known": [{"kind": "holiday"}, {"kind": ""}],
    "cpd_evidence_of_one_entry": [{"evidence_file": "same.pdf"}],
}


def test_each_named_constraint_has_its_row_here() -> None:
    assert {constraint.name for constraint in CpdEntry._meta.constraints} == set(REFUSED)


@pytest.mark.parametrize(
    ("name", "change"), [(name, change) for name, changes in REFUSED.items() for change in changes]
)
def test_the_database_refuses(name: str, change: dict) -> None:
    entries = [make_cpd(), make_cpd()]
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        CpdEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(**change)


@pytest.mark.parametrize(
    "change",
    [{"minutes": 1}, {"minutes": 600_000}, {"points": "0.01"}, {"points": 10_000}, {"minutes": None, "points": 1},
     {"evidence_file": ""}],
)  # fmt: skip
def test_the_database_takes_what_lies_on_the_edge(change: dict) -> None:
    entries = [make_cpd(), make_cpd()]
    assert CpdEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(**change) == 2


def definition_of(index: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [index])
        return cursor.fetchone()[0].partition(" USING ")[2]


def test_the_index_of_the_list_carries_its_totals_and_live_entries_only() -> None:
    assert definition_of("cpd_live_by_date") == (
        "btree (owner_id, completed_on DESC, id DESC) "
        "INCLUDE (kind, country, minutes, points) WHERE (deleted_at IS NULL)"
    )


def test_the_index_of_the_deleted_entries() -> None:
    assert definition_of("cpd_deleted") == "btree (owner_id, deleted_at) WHERE (deleted_at IS NOT NULL)"


def test_the_table_is_vacuumed_early() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = 'cpd_cpdentry'")
        assert cursor.fetchone()[0] == ["autovacuum_vacuum_scale_factor=0.01"]


def test_takeaways_open_only_in_their_row() -> None:
    entry, other = make_cpd(takeaways="A silence helped."), make_cpd()
    stored = CpdEntry.objects.get(pk=entry.pk)
    assert stored.takeaways == "A silence helped."
    sealed = bytes(stored.takeaways_sealed)
    assert b"silence" not in sealed
    CpdEntry.objects.filter(pk=other.pk).update(takeaways_sealed=sealed)
    with pytest.raises(CannotUnseal):
        _ = CpdEntry.objects.get(pk=other.pk).takeaways


def test_entries_are_not_in_the_admin() -> None:
    assert not [model for model in admin.site._registry if model._meta.app_label == "cpd"]


def test_an_entry_is_called_by_its_id() -> None:
    entry = make_cpd(title="A secret name")
    assert (str(entry), repr(entry)) == (str(entry.pk), f"<CpdEntry: {entry.pk}>")


def test_entries_go_with_their_owner() -> None:
    owner, colleague = make_mediator(), make_mediator()
    make_cpd(owner)
    kept = make_cpd(colleague)
    owner.delete()
    assert list(CpdEntry.objects.all()) == [kept]
