"""The words by which directories find a mediator follow every change of name, link, role and consent."""

import importlib

import pytest
from django.apps import apps
from django.db import connection

from accounts.choices import Role, Visibility
from accounts.models import NameWord, User
from accounts.services import people
from accounts.tests.factories import (
    make_admin,
    make_mediator,
    make_open_mediator,
    make_person,
    make_reviewer,
    signed_in,
)
from logbook_site.foundation.links import link_key
from logbook_site.foundation.text import name_words, search_words

pytestmark = pytest.mark.django_db
LINK = "https://imimediation.org/mediator/ann/"
KEY = "//imimediation.org/mediator/ann"


def words(person: User) -> set[str]:
    return set(NameWord.objects.filter(person=person).values_list("word", flat=True))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Chloé  MARCHETTI", {"chloe", "marchetti"}),
        ("Jean-Luc O’Brien", {"jeanluc", "obrien", "jean", "luc", "o", "brien"}),
        ("王小明", {"王小明"}),
        ("J. P. de la Cruz", {"j", "p", "de", "la", "cruz"}),
        ("—", set()),
    ],
)
def test_words_of_a_name(name: str, expected: set[str]) -> None:
    assert name_words(name) == expected


def test_words_of_a_search_and_of_the_longest_names() -> None:
    assert search_words("Jean-L o’B") == {"jeanl", "ob"}
    everything = make_open_mediator(name="\u3356" * 120)  # folds into six letters each
    assert {len(word) for word in words(everything)} == {100}
    assert {len(word) for word in name_words("x" * 120)} == {100}


@pytest.mark.parametrize(
    "address",
    [
        LINK,
        "http://imimediation.org/mediator/ann",
        "HTTPS://WWW.IMIMEDIATION.ORG/Mediator/Ann//#about",
        " imimediation.org/mediator/ann ",
    ],
)
def test_one_key_for_all_ways_to_write_a_link(address: str) -> None:
    assert link_key(address) == KEY


@pytest.mark.parametrize("address", ["", "//", "//[", "https://", "  "])
def test_no_key_for_what_is_no_link(address: str) -> None:
    assert link_key(address) == ""


def test_a_private_mediator_has_none_and_an_open_one_has() -> None:
    ann = make_mediator(name="Ann Lee")
    assert words(ann) == set()
    browser = signed_in(ann)
    for visibility, expected in [("directories", {"ann", "lee"}), ("private", set())] * 2:
        assert browser.post("/my-details/visibility/", {"visibility": visibility}).status_code == 302
        assert words(ann) == expected


def test_my_details_and_account_settings_change_them() -> None:
    ann = make_mediator(name="Ann Lee")
    browser = signed_in(ann)
    form = {"visibility": "directories", "imi_profile": LINK}
    browser.post("/my-details/", form)
    assert words(ann) == {"ann", "lee", KEY}
    browser.post("/account-settings/", {"name": "Ann Mary Lee", "time_zone": "UTC"})
    assert words(ann) == {"ann", "mary", "lee", KEY}
    assert set(NameWord.objects.values_list("name", flat=True)) == {"ann mary lee"}
    browser.post("/my-details/", form | {"imi_profile": ""})
    assert words(ann) == {"ann", "mary", "lee"}
    browser.post("/my-details/", form | {"visibility": "private"})
    assert words(ann) == set()


def test_whose_link_is_typed_is_found_and_nobody_else() -> None:
    ann, bea = make_open_mediator(name="Ann Lee"), make_open_mediator(name="Bea Lee")
    for person, link in ((ann, LINK), (bea, f"{LINK}-two")):
        signed_in(person).post("/my-details/", {"visibility": "directories", "imi_profile": link})
    for person, link in ((ann, LINK), (bea, f"{LINK}-two")):
        assert [row.person for row in NameWord.objects.found_by(link)] == [person]
    assert not NameWord.objects.found_by(f"{LINK}-three").exists()


def test_an_admin_changes_them() -> None:
    ann, admin = make_open_mediator(name="Ann Lee"), make_admin()
    desk, address = signed_in(admin), f"/admin/accounts/user/{ann.pk}/change/"
    form = {"name": "Eve Lee", "time_zone": "UTC", "is_mediator": "on", "is_active": "on"}
    desk.post(address, form)
    assert words(ann) == {"eve", "lee"}
    desk.post(address, form | {"is_active": ""})
    assert words(ann) == set()
    desk.post(address, form)
    assert words(ann) == {"eve", "lee"}
    desk.post(address, form | {"is_mediator": ""})
    assert words(ann) == set()
    desk.post(address, form)
    assert words(ann) == {"eve", "lee"}


def test_only_mediators_have_any() -> None:
    for person in (make_reviewer(), make_admin(), make_person()):
        signed_in(person).post("/account-settings/", {"name": "Ann Lee", "time_zone": "UTC"})
        assert words(person) == set()
    dual = make_reviewer(name="Rosa Lee")
    people.add_role(to=dual, role=Role.MEDIATOR, by=dual)
    assert words(dual) == set()
    people.answer_visibility(profile=dual.mediator_profile, visibility=Visibility.DIRECTORIES, by=dual)
    assert words(dual) == {"rosa", "lee"}


def test_what_did_not_change_is_not_written_again() -> None:
    ann = make_open_mediator(name="Ann Lee")
    before = set(NameWord.objects.values_list("pk", flat=True))
    signed_in(ann).post("/account-settings/", {"name": "Ann Lee", "time_zone": "Asia/Tokyo"})
    assert set(NameWord.objects.values_list("pk", flat=True)) == before


def test_the_migration_fills_in_who_is_open_already(monkeypatch) -> None:
    filling = importlib.import_module("accounts.migrations.0006_fill_name_words")
    monkeypatch.setattr(filling, "BATCH", 2)
    ann = make_open_mediator(name="Ann Lee")
    ann.mediator_profile.imi_profile = LINK
    people.save_details(profile=ann.mediator_profile, by=ann)
    for number in range(5):
        make_open_mediator(name=f"Öpen {number}")
    make_mediator(name="Private Pete")
    closed = make_open_mediator(name="Closed Clive")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    NameWord.objects.filter(person=closed).delete()
    rows = NameWord.objects.order_by("person", "word").values_list("person", "word", "name")
    before = list(rows)
    assert len(before) == 3 + 10
    with connection.schema_editor() as editor:
        filling.fill(apps, editor)
        assert list(rows.all()) == before, "may run twice"
        filling.empty(apps, editor)
        assert not rows.all().exists()
        filling.fill(apps, editor)
    assert list(rows.all()) == before


def test_beside_each_word_stands_the_name_with_all_its_words(monkeypatch) -> None:
    rewriting = importlib.import_module("accounts.migrations.0011_whole_names")
    make_open_mediator(name="Aoife Jean-Luc O’Brien")
    make_open_mediator(name="Ann Lee")
    names = NameWord.objects.order_by("pk").values_list("name", flat=True)
    before = list(names)
    assert set(before) == {"aoife jean-luc o’brien brien jean jeanluc luc o obrien", "ann lee"}
    NameWord.objects.filter(name__startswith="aoife").update(name="aoife jean-luc o’brien")
    with connection.schema_editor() as editor:
        rewriting.rewrite(apps, editor)
    assert list(names.all()) == before
