"""My Details: what mediators say about themselves."""

import re

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
    """All but the general link, which has tests of its own below."""
    general = {"accepts_general", "general_code"}
    names = {field.attname for field in MediatorProfile._meta.concrete_fields} - general
    return MediatorProfile.objects.filter(person=person).values(*names).get()


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


class TestTheGeneralLink:
    def test_is_off_and_has_no_address_until_it_is_switched_on(self, amina):
        client = signed_in(amina)
        for address in (PAGE, "/feedback/request/", "/feedback/request/?kind=links"):
            assert "/give-feedback/to/" not in client.get(address).text
        client.post(PAGE, DETAILS)
        profile = MediatorProfile.objects.get(person=amina)
        assert (profile.accepts_general, profile.general_code) == (False, None)

    @pytest.mark.parametrize("tick", ["on", "1", "0", "false", "no"])
    def test_is_shown_once_it_is_on_and_any_value_is_a_tick(self, amina, tick, settings):
        client = signed_in(amina)
        page = client.post(PAGE, DETAILS | {"accepts_general": tick}, follow=True).text
        code = MediatorProfile.objects.get(person=amina).general_code
        assert len(code) == 16
        link = f"{settings.SITE_URL}/give-feedback/to/{code}/"
        assert f">{link}<" in page
        assert f">{link}<" in client.get("/feedback/request/").text
        assert "not invited" in page

    def test_goes_when_it_is_switched_off_and_is_the_same_when_it_comes_back(self, amina):
        client = signed_in(amina)
        client.post(PAGE, DETAILS | {"accepts_general": "on"})
        code = MediatorProfile.objects.get(person=amina).general_code
        page = client.post(PAGE, DETAILS, follow=True).text
        assert code not in page + client.get("/feedback/request/").text
        assert code in client.post(PAGE, DETAILS | {"accepts_general": "on"}, follow=True).text

    def test_a_refused_form_shows_the_link_as_it_is_stored(self, amina):
        client = signed_in(amina)
        client.post(PAGE, DETAILS | {"accepts_general": "on"})
        wrong = DETAILS | {"country": "XX"}
        assert "/give-feedback/to/" in client.post(PAGE, wrong).text
        client.post(PAGE, DETAILS)
        assert "/give-feedback/to/" not in client.post(PAGE, wrong | {"accepts_general": "on"}).text

    def test_belongs_to_one_mediator(self, amina):
        ben = make_mediator()
        for person in (amina, ben):
            signed_in(person).post(PAGE, DETAILS | {"accepts_general": "on"})
        codes = [MediatorProfile.objects.get(person=person).general_code for person in (amina, ben)]
        assert len(set(codes)) == 2
        assert codes[0] not in signed_in(ben).get(PAGE).text


def test_an_older_page_does_not_answer_anew_who_may_see_the_totals(amina: User) -> None:
    client = signed_in(amina)
    client.post(PAGE, DETAILS)
    shown = re.search(r'name="visibility_shown" value="(.*?)"', client.get(PAGE).text)[1]
    client.post("/my-details/visibility/", {"visibility": "private"})
    older = DETAILS | {"visibility_shown": shown, "about": "A new word."}
    assert client.post(PAGE, older).status_code == 302
    assert (row(amina)["visibility"], row(amina)["about"]) == ("private", "A new word.")
    client.post(PAGE, DETAILS | {"visibility_shown": "private"})
    assert row(amina)["visibility"] == "directories"
    # But who sees "no" chosen means it.
    client.post(PAGE, DETAILS | {"visibility": "private", "visibility_shown": "private"})
    assert row(amina)["visibility"] == "private"


@pytest.mark.parametrize("path", [PAGE, "/my-details/visibility/"])
def test_private_counts_as_a_second_press_on_the_same_page(path: str, amina: User) -> None:
    """The first answer had not come yet. What the page sends along would make the two one form."""
    client = signed_in(amina)
    hidden = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="(.*?)"', client.get(path).text))
    for answer in ("directories", "private"):
        assert client.post(path, hidden | {"visibility": answer}).status_code == 302
    assert row(amina)["visibility"] == "private"


def test_an_older_page_does_not_open_the_general_link_again(amina: User) -> None:
    client = signed_in(amina)
    client.post(PAGE, DETAILS | {"accepts_general": "on"})
    shown = re.search(r'name="accepts_general_shown" value="(.*?)"', client.get(PAGE).text)[1]
    client.post(PAGE, DETAILS)
    client.post(PAGE, DETAILS | {"accepts_general": "on", "accepts_general_shown": shown})
    assert not MediatorProfile.objects.get(person=amina).accepts_general
    client.post(PAGE, DETAILS | {"accepts_general": "on", "accepts_general_shown": ""})
    assert MediatorProfile.objects.get(person=amina).accepts_general


@pytest.mark.parametrize("path", [PAGE, "/my-details/visibility/"])
def test_switching_it_again_and_again_is_limited(path: str, amina: User) -> None:
    """Each change is kept for good. The same answer changes nothing, and is not counted; one can always close."""
    client = signed_in(amina)
    both = ["private", "private", "directories"] * 20
    codes = [client.post(path, {"visibility": visibility}).status_code for visibility in both]
    assert codes == [302, 302, 302] * 10 + [302, 302, 429] * 10
    assert AuditEvent.objects.filter(verb="visibility_changed").count() == 21
