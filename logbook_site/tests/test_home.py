"""The first page: a landing page for strangers, a Home for each role."""

from datetime import date

import pytest
from django.test import Client

from accounts.choices import Role
from accounts.tests.factories import make_appointment, make_mediator, make_person, make_reviewer, signed_in
from logbook.models import LogbookEntry
from logbook.services import delete_entry, save_entry
from logbook_site.foundation.clock import local_today

pytestmark = pytest.mark.django_db
MENUS = {
    Role.MEDIATOR: [
        "/",
        "/logbook/",
        "/learnings/",
        "/feedback/request/",
        "/feedback/",
        "/my-details/",
        "/account-settings/",
    ],  # fmt: skip
    Role.REVIEWER: ["/", "/account-settings/"],
    Role.DIRECTORY: ["/", "/account-settings/"],  # without a place, no more: see test_organisations.py
    Role.ADMIN: ["/", "/account-settings/"],
}


def menu_of(client: Client) -> list[str]:
    context = client.get("/").context
    return [item.address for item in [*context["main_menu"](), *context["account_menu"]()]]


def test_a_stranger_sees_the_landing_page(client: Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert "/accounts/signup/" in answer.content.decode()
    assert menu_of(client) == []
    assert "sessionid" not in answer.cookies
    assert client.head("/").status_code == 200


@pytest.mark.parametrize("role", Role)
def test_each_role_has_a_home_and_a_menu_of_its_own(role: Role) -> None:
    client = signed_in(make_person(role))
    assert client.get("/").status_code == 200
    assert set(menu_of(client)) >= set(MENUS[role])
    assert ("/my-details/" in menu_of(client)) == (role == Role.MEDIATOR)


def test_a_mediator_reads_the_main_menu_in_this_order() -> None:
    menu = signed_in(make_mediator()).get("/").context["main_menu"]()
    assert [item.word for item in menu] == ["Home", "Logbook", "Learnings", "Request Feedback", "My Feedback"]


def test_several_roles_see_the_union() -> None:
    client = signed_in(make_person(*Role))
    assert set(menu_of(client)) >= {address for menu in MENUS.values() for address in menu}


def test_every_menu_item_opens() -> None:
    for role in Role:
        client = signed_in(make_person(role))
        for address in menu_of(client):
            assert client.get(address).status_code == 200, (role, address)


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", "/"),
        ("/logbook/add/", "/logbook/"),
        ("/feedback/request/", "/feedback/request/"),
        ("/feedback/requests/", "/feedback/request/"),
    ],
)
def test_one_item_of_the_menu_is_where_one_is(path: str, current: str) -> None:
    menu = signed_in(make_mediator()).get(path).context["main_menu"]()
    assert [item.address for item in menu if item.is_current] == [current]


def test_who_has_no_role_yet_has_a_home_too() -> None:
    assert signed_in(make_person()).get("/").status_code == 200


def test_a_reviewer_sees_the_mediators_who_named_them_and_no_others() -> None:
    rosa = make_person(Role.REVIEWER, Role.MEDIATOR, name="Rosa Lindqvist")
    other = make_reviewer(vetted=True)
    make_appointment(rosa, other)
    amina = make_mediator(name="Amina Okafor")
    make_appointment(amina, rosa)
    make_appointment(make_mediator(name="Ben Aldous"), other)
    answer = signed_in(rosa).get("/")
    assert [each.mediator for each in answer.context["reviewed"]] == [amina]
    assert "Amina Okafor" in answer.content.decode()


def test_a_name_is_shown_as_text() -> None:
    page = signed_in(make_mediator(name="<script>alert(1)</script>")).get("/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_mediator_first_sees_the_button_then_the_own_numbers() -> None:
    amina, ben = make_mediator(), make_mediator()
    today = local_today()
    fast = {"title": "Orchard", "minutes": 210}
    for owner, year, role, medium, setting in [
        (amina, today.year, "lead", "online", "real"),
        (amina, today.year - 5, "co", "online", "real"),
        (amina, today.year - 5, "lead", "hybrid", "real"),
        (amina, today.year, "lead", "online", "simulated"),
        (ben, today.year, "lead", "online", "real"),
    ]:
        kinds = {"role": role, "medium": medium, "setting": setting}
        save_entry(entry=LogbookEntry(owner=owner, ended_on=date(year, 1, 1), **kinds, **fast), by=owner)
    gone = save_entry(
        entry=LogbookEntry(owner=amina, ended_on=today, role="lead", medium="online", **fast), by=amina
    )
    delete_entry(entry=gone, by=amina)

    answer = signed_in(amina).get("/")
    page = answer.content.decode()
    assert page.index("Add Logbook Entry") < page.index("Add CPD Entry") < page.index("Your mediations")
    assert not {"/cpd/"} & set(menu_of(signed_in(amina)))  # the menu has no word for it
    numbers = answer.context["numbers"]
    assert [(number.shown, number.detail) for number in numbers] == [
        ("3 h 30 min", "1 mediation"),
        ("10 h 30 min", "3 mediations"),
        ("7 h", "2 mediations"),
        ("1", "mediation"),
    ]
    for number in numbers:
        assert signed_in(amina).get(number.address).context["asked"].complaints == []


def test_an_empty_logbook_has_no_numbers_but_says_how_to_start() -> None:
    answer = signed_in(make_mediator()).get("/")
    assert answer.context["numbers"] == []
    assert "Start with your last mediation" in answer.content.decode()
    for word in ("Add Logbook Entry", "Add CPD Entry"):
        assert word not in signed_in(make_reviewer()).get("/").content.decode()


def test_home_is_only_read() -> None:
    client = signed_in(make_mediator())
    for method in ("post", "put", "delete", "patch"):
        answer = getattr(client, method)("/")
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
