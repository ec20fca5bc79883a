"""The door of the Django admin: our sign-in for strangers, 404 for everyone else, no password of its own."""

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client

from accounts.choices import Role
from accounts.models import AuditEvent, User
from accounts.tests.doors import sign_in
from accounts.tests.factories import PASSWORD, make_admin, make_mediator, make_person, signed_in

pytestmark = pytest.mark.django_db
ADDRESSES = ["/admin/", "/admin/login/", "/admin/logout/", "/admin/password_change/", "/admin/anything/"]
ADDRESSES += ["/admin/accounts/user/", "/admin/accounts/user/add/", "/admin/jsi18n/", "/admin/autocomplete/"]
ADDRESSES += [
    "/admin/accounts/",
    "/admin/login",
    "/admin/r/1/1/",
    "/admin/accounts/auditevent/",
    "/admin/%00/",
]


def test_strangers_are_sent_to_our_sign_in_and_back(client: Client) -> None:
    assert client.get("/admin/").url == "/accounts/login/?next=/admin/"
    admin = make_admin(password=PASSWORD)
    form = {"login": admin.email, "password": PASSWORD, "next": "/admin/"}
    assert client.post("/accounts/login/", form).url == "/admin/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_strangers_see_nothing_of_the_admin(address: str, client: Client) -> None:
    for method in (client.get, client.post):
        answer = method(address, follow=True)
        assert answer.redirect_chain[-1][0].startswith("/accounts/login/?next=/admin/")
        assert b"id_username" not in answer.content


@pytest.mark.parametrize("role", [None, Role.MEDIATOR, Role.REVIEWER, Role.DIRECTORY])
def test_for_everyone_else_there_is_no_admin(role: Role | None) -> None:
    client = signed_in(make_person(*[role] if role else []))
    unknown = client.get("/unknown/").content
    for address in ADDRESSES:
        for method in (client.get, client.post, client.head):
            answer = method(address)
            assert answer.status_code == 404, (address, method)
            assert answer.content in (unknown, b"")


def test_an_admin_has_the_desk() -> None:
    client = signed_in(make_admin())
    for address in ("/admin/", "/admin/accounts/user/", "/admin/accounts/auditevent/"):
        assert client.get(address).status_code == 200
    assert client.get("/admin/anything/").status_code == 404


def test_a_closed_admin_has_not(client: Client) -> None:
    admin = make_admin(password=PASSWORD)
    sign_in(client, admin)
    User.objects.filter(pk=admin.pk).update(is_active=False)
    assert client.get("/admin/").url == "/accounts/login/?next=/admin/"


def test_the_admins_own_password_and_way_out_are_everybodys() -> None:
    client = signed_in(make_admin(password=PASSWORD))
    assert client.get("/admin/password_change/").url == "/accounts/password/change/"
    assert client.get("/admin/password_change/done/").url == "/accounts/password/change/"
    assert client.post("/admin/logout/").url == "/accounts/logout/"
    assert client.get("/admin/").status_code == 200, "no way out without the button"


def test_what_the_admin_changes_is_audited_and_more_fields_change_nothing() -> None:
    admin, amina = make_admin(), make_mediator()
    before = User.objects.filter(pk=amina.pk).values().get()
    form = {"name": "Amina K.", "time_zone": "Africa/Nairobi", "is_mediator": "on", "is_active": "on"}
    more = {"password": "x", "email": "evil@example.org", "joined_at": "2001-01-01", "last_login": ""}
    answer = signed_in(admin).post(f"/admin/accounts/user/{amina.pk}/change/", form | more)
    assert answer.status_code == 302
    after = User.objects.filter(pk=amina.pk).values().get()
    assert after == before | {"name": "Amina K.", "time_zone": "Africa/Nairobi"}
    assert AuditEvent.objects.filter(verb="person_changed_by_admin", actor_id=admin.pk).count() == 1


@pytest.mark.parametrize("key", ["4711", "x", "00000000-0000-0000-0000-000000000000", "%00", "a" * 3000])
def test_an_unknown_row_in_the_admin(key: str) -> None:
    client = signed_in(make_admin())
    for model in ("user", "appointment", "vetting", "outboxmessage", "auditevent"):
        for verb in ("change", "history", "delete"):
            assert client.get(f"/admin/accounts/{model}/{key}/{verb}/").status_code in {302, 403, 404}


@pytest.mark.parametrize(
    "query", ["q=%00", "o=-99", "o=x", "p=x", "p=99999999999", "is_admin__exact=x", "e=1", "all="]
)
@pytest.mark.parametrize("model", ["user", "appointment", "vetting", "outboxmessage", "auditevent"])
def test_odd_questions_to_the_admin(model: str, query: str) -> None:
    client = signed_in(make_admin())
    client.raise_request_exception = False
    assert client.get(f"/admin/accounts/{model}/?{query}").status_code < 500


def test_a_list_answers_what_its_filters_ask_and_no_more() -> None:
    """Django takes every lookup on a column, and fails on some: no year is 0."""
    client = signed_in(make_admin())
    client.raise_request_exception = False
    for model in admin.site._registry:
        dates = [field.name for field in model._meta.concrete_fields if isinstance(field, models.DateField)]
        for name in dates:
            page = f"/admin/{model._meta.app_label}/{model._meta.model_name}/?{name}__year=0"
            assert client.get(page).status_code in {200, 302, 400}, page
    assert client.get("/admin/feedback/feedback/?code_hash__startswith=0").status_code == 400
    assert client.get("/admin/feedback/feedback/?shared__exact=1").status_code == 200
