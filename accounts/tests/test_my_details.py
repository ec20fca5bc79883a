"""My Details: what mediators say about themselves."""

import pytest
from django.test import Client

from accounts.choices import Role
from accounts.models import AuditEvent, MediatorProfile, User
from accounts.tests.doors import assert_refused
from accounts.tests.factories import make_mediator, make_person, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/my-details/"
DETAILS = {
    "visibility": "directories",
    "imi_profile": "https://imimediation.org/mediator/amina/",
    "country": "KE",
    "languages": ["en", "sw"],
    "about": "I listen first.",
}


@pytest.fixture
def amina() -> User:
    return make_mediator()


def row(person: User) -> dict:
    return MediatorProfile.objects.filter(person=person).values().get()


def test_details_are_saved_and_shown_again(amina: User) -> None:
    client = signed_in(amina)
    answer = client.post(PAGE, DETAILS, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert row(amina) == {"person_id": amina.pk} | DETAILS
    page = answer.content.decode()
    assert "Your details are saved." in page
    assert "I listen first.</textarea>" in page
    assert 'value="KE" selected' in page
    assert AuditEvent.objects.filter(verb="visibility_changed", reason="directories").count() == 1


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("visibility", "public"),
        ("visibility", "directories\0"),
        ("visibility", "Private"),
        ("imi_profile", "https://imimediation.org.evil.example/"),
        ("imi_profile", "https://evil.example/imimediation.org"),
        ("imi_profile", "https://imimediation.org@evil.example/"),
        ("imi_profile", "https://evil.example\\@imimediation.org/"),
        ("imi_profile", "https://evil.example\\.imimediation.org/"),
        ("imi_profile", "https://evil.example@www.imimediation.org/"),
        ("imi_profile", "javascript:alert(1)//imimediation.org"),
        ("imi_profile", "ftp://imimediation.org/"),
        ("imi_profile", "http://[::1"),
        ("imi_profile", "https://imimediation.org/" + "x" * 300),
        ("country", "XX"),
        ("country", "ke"),
        ("country", "KE\0"),
        ("languages", "tlh"),
        ("languages", "xx"),
        ("languages", "e\0"),
        ("about", "x" * 20_001),
        ("about", "a zero \0 byte"),
    ],
)
def test_what_is_refused_is_named_and_nothing_is_lost(field: str, typed: str, amina: User) -> None:
    before = row(amina)
    page = assert_refused(signed_in(amina).post(PAGE, DETAILS | {field: typed}), field)
    if field != "about":
        assert "I listen first.</textarea>" in page
    if field != "imi_profile":
        assert DETAILS["imi_profile"] in page
    assert row(amina) == before


def test_text_is_shown_as_text(amina: User) -> None:
    client = signed_in(amina)
    client.post(PAGE, DETAILS | {"about": "</textarea><script>alert(1)</script>"})
    assert "<script>alert" not in client.get(PAGE).content.decode()


def test_everything_may_be_left_empty(amina: User) -> None:
    client = signed_in(amina)
    client.post(PAGE, DETAILS)
    empty = {"imi_profile": "", "country": "", "languages": [], "about": ""}
    assert client.post(PAGE, empty).status_code == 302
    assert row(amina) == {"person_id": amina.pk, "visibility": "directories"} | empty


def test_a_person_cannot_be_chosen(amina: User) -> None:
    ben = make_mediator()
    before = row(amina), User.objects.filter(pk=amina.pk).values().get()
    more = {"person": str(amina.pk), "person_id": str(amina.pk), "id": str(amina.pk), "pk": str(amina.pk)}
    client = signed_in(ben)
    client.post(PAGE, DETAILS | more | {"is_admin": "1", "add": "admin"})
    client.post(f"{PAGE}?person={amina.pk}", DETAILS | more)
    assert (row(amina), User.objects.filter(pk=amina.pk).values().get()) == before
    ben.refresh_from_db()
    assert ben.roles == {Role.MEDIATOR}
    assert row(ben)["country"] == "KE"


@pytest.mark.parametrize("address", [PAGE, "/my-details/visibility/"])
def test_only_mediators_have_details(address: str) -> None:
    assert Client().get(address).url == f"/accounts/login/?next={address}"
    for role in [None, *set(Role) - {Role.MEDIATOR}]:
        client = signed_in(make_person(*[role] if role else []))
        for method in ("get", "head", "post", "put", "delete"):
            assert getattr(client, method)(address).status_code == 404, (role, method)
    client = signed_in(make_person(Role.REVIEWER, Role.MEDIATOR))
    assert client.get(address).status_code == 200
    assert client.delete(address).status_code == 405


def test_a_role_that_was_taken_back_closes_the_page_and_keeps_the_row(amina: User) -> None:
    client = signed_in(amina)
    client.post(PAGE, DETAILS)
    before = row(amina)
    User.objects.filter(pk=amina.pk).update(is_mediator=False)
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, DETAILS | {"about": "changed"}).status_code == 404
    assert row(amina) == before
