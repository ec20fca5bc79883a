"""The desk's search: everybody by any of their addresses, confirmed or not, by name, or by id."""

import pytest
from django.apps import apps

from accounts.models import User
from accounts.tests.factories import make_address, make_admin, make_mediator, make_person, signed_in
from logbook_site.desk.search import MOST_FOUND

pytestmark = pytest.mark.django_db
FIND = "/admin/person/"


@pytest.fixture
def zoe() -> User:
    """Signs in with one address, once had another, and began to add a third."""
    person = make_mediator(name="Zoé Lefèvre-Ångström", email="zoe@example.org")
    make_address(person, "old-zoe@example.com")
    make_address(person, "Unproven@Example.net", verified=False)
    return person


@pytest.mark.parametrize(
    "typed",
    [
        "zoe@example.org", " ZOE@example.ORG ", "old-zoe@example.com", "unproven@example.net", "unproven",
        "zoe", "ZOÉ", "lefevre", "ångström", "angs zo", "Lefèvre-Ångström",
    ],
)  # fmt: skip
def test_one_match_opens_the_page_at_once(zoe, typed) -> None:
    make_mediator(name="Jean Dupont", email="jean@example.org")
    answer = signed_in(make_admin()).get(FIND, {"q": typed})
    assert (answer.status_code, answer.url) == (302, f"/admin/person/{zoe.pk}/")


def test_the_id_of_the_audit_trail_finds_its_person(zoe) -> None:
    assert signed_in(make_admin()).get(FIND, {"q": str(zoe.pk)}).url == f"/admin/person/{zoe.pk}/"


def test_somebody_who_never_confirmed_an_address_is_found() -> None:
    lost = User.objects.create_user("typo@exmaple.org", name="Ina")
    assert signed_in(make_admin()).get(FIND, {"q": "exmaple"}).url == f"/admin/person/{lost.pk}/"


def test_several_are_listed_by_name_and_closed_ones_too(zoe) -> None:
    other = make_person(name="Zoe Adams", is_active=False)
    page = signed_in(make_admin()).get(FIND, {"q": "zoe"})
    assert [person.pk for person in page.context["found"]] == [other.pk, zoe.pk]
    assert "Closed" in page.text


def test_nobody_too_many_and_nothing_typed() -> None:
    desk = signed_in(make_admin())
    assert "Nobody." in desk.get(FIND, {"q": "xyz"}).text
    empty = desk.get(FIND, {"q": "  "})
    assert empty.status_code == 200
    assert 'aria-invalid="true"' in empty.text
    assert "Found" not in desk.get(FIND).text
    for number in range(MOST_FOUND + 1):
        User.objects.create(email=f"many{number}@example.org", name="Many")
    page = desk.get(FIND, {"q": "many"})
    assert len(page.context["found"]) == MOST_FOUND
    assert "There are more." in page.text


@pytest.mark.parametrize("typed", ["%", "_", "'", "a" * 300, "@", "-", "’"])
def test_odd_words(typed) -> None:
    assert signed_in(make_admin()).get(FIND, {"q": typed}).status_code in {200, 302}


def test_what_was_searched_for_is_kept_nowhere(zoe, caplog) -> None:
    """Neither here nor in a list of Django's: not in a table, a session, or a log."""
    desk = signed_in(make_admin())
    with caplog.at_level(0):
        for address in (FIND, "/admin/accounts/user/", "/admin/accounts/auditevent/", "/admin/unknown/"):
            desk.get(address, {"q": "canaryword", "desk": "canaryword"})
    assert "canaryword" not in " ".join(record.getMessage() for record in caplog.records if not _sql(record))
    for model in apps.get_models():
        for row in model.objects.values():
            assert "canaryword" not in str(row), model


def _sql(record) -> bool:
    return record.name.startswith(("django.db", "django.request"))  # the log's own form drops the path
