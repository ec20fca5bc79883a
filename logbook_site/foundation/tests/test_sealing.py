"""Sealing: what is sealed opens in its own row and field, with a key that is known, and nowhere else."""

import hashlib
import uuid
from base64 import urlsafe_b64decode

import pytest
from django.conf import settings
from django.db import models
from django.test import override_settings
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from logbook_site.foundation.sealing import (
    CannotUnseal,
    SealedText,
    is_key,
    is_sealed_with_newest,
    key_bytes,
    key_from,
    seal,
    unseal,
)

HERE = "logbook.entry:6f6c1c1e-58a5-4f0e-9d5c-0a6b9a3f9d11:did_well"
OLD, NEW = "o" * 43, "n" * 43
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT, st.text("abc:0123", min_size=1))
def test_what_is_sealed_opens(text: str, about: str) -> None:
    assert unseal(seal(text, about=about), about=about) == text
    assert unseal(memoryview(seal(text, about=about)), about=about) == text


def test_the_format() -> None:
    sealed = seal("Grüße", about=HERE)
    raw = urlsafe_b64decode(settings.SEALING_KEYS[0])
    assert sealed[:5] == b"\x01" + hashlib.sha256(raw).digest()[:4]
    assert len(sealed) == 1 + 4 + 12 + len("Grüße".encode()) + 16
    assert b"Gr" not in sealed


def test_the_same_text_is_never_sealed_alike() -> None:
    sealed = {seal("the same", about=HERE) for _ in range(100)}
    assert len({one[5:17] for one in sealed}) == len({one[17:] for one in sealed}) == 100


@pytest.mark.parametrize(
    "elsewhere",
    [HERE.replace("6f6c", "6f6d"), HERE.replace("did_well", "learnings"), HERE + " ", "cpd" + HERE[7:]],
)
def test_bytes_moved_to_another_row_or_field_do_not_open(elsewhere: str) -> None:
    with pytest.raises(CannotUnseal):
        unseal(seal("secret", about=HERE), about=elsewhere)


@given(st.data())
def test_changed_bytes_do_not_open(data: st.DataObject) -> None:
    sealed = bytearray(seal("secret", about=HERE))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CannotUnseal) as refused:
        unseal(bytes(sealed), about=HERE)
    assert "secret" not in str(refused.value)


@given(st.binary(max_size=80))
def test_other_bytes_do_not_open(other: bytes) -> None:
    head = seal("", about=HERE)[:5]
    for sealed in (other, head + other):
        with pytest.raises(CannotUnseal):
            unseal(sealed, about=HERE)


def test_no_row_no_seal() -> None:
    with pytest.raises(ValueError, match="row and field"):
        seal("secret", about="")


def test_keys_change_one_after_the_other() -> None:
    with override_settings(SEALING_KEYS=[OLD]):
        sealed = seal("secret", about=HERE)
        assert is_sealed_with_newest(sealed)
    with override_settings(SEALING_KEYS=[NEW, OLD]):
        assert not is_sealed_with_newest(memoryview(sealed))
        assert unseal(sealed, about=HERE) == "secret"
        sealed_again = seal("secret", about=HERE)
        assert is_sealed_with_newest(sealed_again)
    with override_settings(SEALING_KEYS=[NEW]):
        assert unseal(sealed_again, about=HERE) == "secret"
        with pytest.raises(CannotUnseal, match="key that is gone"):
            unseal(sealed, about=HERE)


@pytest.mark.parametrize(
    "wrong", ["", "short", "n" * 42, "n" * 44, "n" * 42 + "!", "n" * 43 + "!!!!", "ü" * 43]
)
def test_a_key_is_32_bytes(wrong: str) -> None:
    assert not is_key(wrong)


def test_a_key_may_be_padded_and_made_from_a_secret() -> None:
    assert is_key(key_from("any length"))
    assert key_from("one") != key_from("other")
    assert key_bytes(NEW + "=") == key_bytes(NEW)
    assert key_bytes("+/" + "n" * 41) == key_bytes("-_" + "n" * 41)  # as `openssl rand -base64 32` writes it


@pytest.fixture
def Entry():
    with isolate_apps("logbook"):

        class Entry(models.Model):  # noqa: DJ008
            id = models.UUIDField(primary_key=True, default=uuid.uuid4)
            did_well_sealed = models.BinaryField(null=True)
            learnings_sealed = models.BinaryField(null=True)
            did_well = SealedText("did_well_sealed")
            learnings = SealedText("learnings_sealed")

            class Meta:
                app_label = "logbook"

        yield Entry


def test_a_model_reads_and_writes_as_if_nothing_were_sealed(Entry) -> None:
    entry = Entry(did_well="We listened.")
    assert b"listened" not in entry.did_well_sealed
    assert unseal(entry.did_well_sealed, about=f"logbook.entry:{entry.pk}:did_well") == "We listened."
    loaded = Entry(id=entry.id, did_well_sealed=memoryview(entry.did_well_sealed))
    assert (loaded.did_well, loaded.learnings, loaded.learnings_sealed) == ("We listened.", "", None)
    assert Entry.did_well.unseal(entry.did_well_sealed, pk=entry.pk) == "We listened."
    assert Entry.did_well.unseal(None, pk=entry.pk) == ""


def test_django_may_set_it_as_it_sets_a_property(Entry) -> None:
    """`update_or_create` asks for this."""
    entry = Entry(did_well="before")
    Entry.did_well.fset(entry, "after")
    assert entry.did_well == "after"


@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_is_null(Entry, nothing: str | None) -> None:
    entry = Entry(did_well="something")
    entry.did_well = nothing
    assert entry.did_well_sealed is None
    assert entry.did_well == ""


def test_a_text_opens_in_its_own_field_of_its_own_row(Entry) -> None:
    entry = Entry(did_well="mine")
    with pytest.raises(CannotUnseal):
        _ = Entry(did_well_sealed=entry.did_well_sealed).did_well
    entry.learnings_sealed = entry.did_well_sealed
    with pytest.raises(CannotUnseal):
        _ = entry.learnings


def test_a_text_is_unsealed_once_until_its_column_changes(Entry, monkeypatch) -> None:
    sealed = Entry.did_well
    entry = Entry()
    entry.did_well_sealed = seal("first", about=sealed.about(entry.pk))
    asked = []
    real = unseal
    monkeypatch.setattr(
        "logbook_site.foundation.sealing.unseal", lambda *a, **k: asked.append(1) or real(*a, **k)
    )
    assert [entry.did_well, entry.did_well, len(asked)] == ["first", "first", 1]
    entry.did_well_sealed = seal("second", about=sealed.about(entry.pk))
    assert [entry.did_well, len(asked)] == ["second", 2]
    entry.did_well = "third"
    assert [entry.did_well, len(asked)] == ["third", 2]


def test_a_row_without_a_key_seals_nothing(Entry) -> None:
    with pytest.raises(ValueError, match="primary key"):
        Entry(id=None).did_well = "too early"


def test_a_renamed_model_opens_its_old_texts(Entry) -> None:
    entry = Entry(did_well="before")

    class Renamed:
        pk = entry.pk
        did_well_sealed = entry.did_well_sealed
        did_well = SealedText("did_well_sealed", label="logbook.entry")

    assert Renamed().did_well == "before"
