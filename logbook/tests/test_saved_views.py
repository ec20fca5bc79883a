"""Saved views of the Logbook, CPD and Learnings pages: a name for filters, order and page size."""

import re
from html import unescape
from urllib.parse import parse_qsl

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import make_mediator, signed_in
from cpd.tests.factories import make_cpd
from logbook.tests.factories import make_entry

pytestmark = pytest.mark.django_db
PAGES = ["/logbook/", "/cpd/", "/learnings/"]
LINKS = re.compile(r'<a href="([^"]*)"([^>]*)><bdi>(.*?)</bdi></a>')


@pytest.fixture
def owner() -> User:
    owner = make_mediator()
    make_entry(owner, title="Orchard", role="co", medium="online", did_well="I waited.")
    make_entry(owner, title="Well", role="lead", medium="online", did_well="I listened.")
    make_cpd(owner, title="Course", takeaways="Breathe.")
    return owner


@pytest.fixture
def client(owner: User) -> Client:
    return signed_in(owner)


def save(client: Client, address: str, name: str):
    return client.post(address, {"view_name": name}, follow=True)


def views(client: Client, page: str) -> dict[str, str]:
    """The names of the saved views on the page, and where each leads."""
    text = client.get(page).text
    found = re.search(r'<ul class="chips views".*?</ul>', text, re.S)
    return (
        {unescape(name): unescape(href) for href, _current, name in LINKS.findall(found[0])} if found else {}
    )


def view_ids(client: Client, page: str) -> dict[str, str]:
    text = client.get(page).text
    pattern = r'name="delete_view" value="(\w+)">Delete<span class="visually-hidden"> (.*?)</span>'
    return {unescape(name): view for view, name in re.findall(pattern, text)}


@pytest.mark.parametrize(
    ("page", "query", "kept"),
    [
        (
            "/logbook/",
            "role=co&role=lead&q=orch&sort=-hours&per_page=50",
            [("role", "co"), ("role", "lead"), ("q", "orch"), ("sort", "-hours"), ("per_page", "50")],
        ),
        ("/logbook/", "", [("sort", "-ended_on"), ("per_page", "25")]),
        (
            "/cpd/",
            "kind=training&date_from=2026-01-01",
            [
                ("kind", "training"),
                ("date_from", "2026-01-01"),
                ("sort", "-completed_on"),
                ("per_page", "25"),
            ],
        ),
        (
            "/learnings/",
            "kind=did_well&year=2026&sort=title",
            [("kind", "did_well"), ("year", "2026"), ("sort", "title"), ("per_page", "25")],
        ),
    ],
)
def test_a_view_keeps_filters_order_and_page_size(client: Client, page: str, query: str, kept: list) -> None:
    answer = save(client, f"{page}?{query}", "My view")
    assert answer.redirect_chain == [(f"{page}?{query}", 302)]
    assert "This view is saved." in answer.text
    address = views(client, page)["My view"]
    assert sorted(parse_qsl(address.removeprefix("?"))) == sorted(kept)
    shown = client.get(f"{page}{address}").text
    assert 'aria-current="true"><bdi>My view</bdi>' in shown
    assert client.get(f"{page}{address}&page=1").status_code == 200
    assert 'aria-current="true"><bdi>My view</bdi>' not in client.get(f"{page}?q=other").text


def test_only_what_the_list_understands_is_kept_and_the_rest_is_named(client: Client) -> None:
    odd = "role=co&role=zz&sort=salary&per_page=7&page=3&next=//evil.example.net&cpd-kind=training&name=x"
    answer = save(client, f"/logbook/?{odd}", "Odd")
    for value in ["zz", "salary", "7"]:
        assert f"We did not understand “{value}”" in answer.text
    kept = views(client, "/logbook/")["Odd"]
    assert sorted(parse_qsl(kept.removeprefix("?"))) == [
        ("per_page", "25"),
        ("role", "co"),
        ("sort", "-ended_on"),
    ]


def test_each_list_has_its_own_and_the_second_list_of_the_logbook_shows_those_of_cpd(client: Client) -> None:
    save(client, "/logbook/?role=co", "Together")
    save(client, "/cpd/?kind=training&sort=title", "Courses")
    save(client, "/learnings/?q=waited", "Waiting")
    assert {page: set(views(client, page)) for page in ["/cpd/", "/learnings/"]} == {
        "/cpd/": {"Courses"},
        "/learnings/": {"Waiting"},
    }
    first, second = re.findall(
        r'<ul class="chips views".*?</ul>', client.get("/logbook/?role=lead").text, re.S
    )
    assert [name for _href, _current, name in LINKS.findall(first)] == ["Together"]
    ((href, _current, name),) = LINKS.findall(second)
    assert name == "Courses"
    assert unescape(href) == "?role=lead&cpd-kind=training&cpd-sort=title&cpd-per_page=25#cpd"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Enter a name"),
        (" \n\t ", "Enter a name"),
        ("x" * 61, "at most 60"),
        ("together", "You have a view with this name."),
    ],
)
@pytest.mark.parametrize("page", PAGES)
def test_a_refused_name_is_said_beside_the_field(client: Client, page: str, name: str, said: str) -> None:
    save(client, page, "Together")
    before = views(client, page)
    answer = client.post(f"{page}?q=x", {"view_name": name})
    assert answer.status_code == 200
    assert '<details class="fold save-view" open>' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "<title>Error: " in answer.text
    assert said in answer.text
    assert views(client, page) == before


@pytest.mark.parametrize("page", PAGES)
def test_saving_is_offered_where_the_list_is_not_as_it_comes(client: Client, page: str) -> None:
    offered = {
        query: "Save this view" in client.get(page + query).text
        for query in ("", "?page=1", "?sort=title", "?q=x", "?sort=zzz")
    }
    assert offered == {"": False, "?page=1": False, "?sort=title": True, "?q=x": True, "?sort=zzz": False}
    assert "Save this view" in client.get(page + "?per_page=10").text
    save(client, page + "?q=x", "Together")
    assert "Save or delete views" in client.get(page).text


def test_at_most_twenty_and_not_without_end(client: Client) -> None:
    for number in range(20):
        save(client, "/logbook/", f"View {number}")
    assert "You have 20 views." in client.post("/logbook/", {"view_name": "One more"}).text
    assert len(views(client, "/logbook/")) == 20
    long = "&".join(f"q=word{number}" for number in range(300))
    assert "too many filters" in client.post(f"/cpd/?{long}", {"view_name": "Long"}).text
    assert views(client, "/cpd/") == {}


@pytest.mark.parametrize("page", PAGES)
def test_what_was_deleted_comes_back_with_one_button(client: Client, page: str) -> None:
    save(client, f"{page}?year=2026", "This year")
    save(client, f"{page}?year=2025", "Last year")
    before = views(client, page)
    answer = client.post(page, {"delete_view": view_ids(client, page)["This year"]}, follow=True)
    assert "The view is deleted." in answer.text
    assert 'form="restore-view">Bring it back</button>' in answer.text
    assert set(views(client, page)) == {"Last year"}
    (view,) = re.findall(r'name="restore_view" value="(\w+)"', answer.text)
    assert "The view is back." in client.post(page, {"restore_view": view}, follow=True).text
    assert views(client, page) == before
    assert 'id="restore-view"' not in client.get(page).text


def test_a_name_that_is_taken_again_keeps_the_deleted_view_away(client: Client) -> None:
    save(client, "/logbook/?year=2026", "This year")
    view = view_ids(client, "/logbook/")["This year"]
    client.post("/logbook/", {"delete_view": view})
    save(client, "/logbook/?year=2027", "This year")
    assert (
        "You have a view with this name."
        in client.post("/logbook/", {"restore_view": view}, follow=True).text
    )
    assert views(client, "/logbook/") == {"This year": "?year=2027&sort=-ended_on&per_page=25"}


@pytest.mark.parametrize("post", [{"delete_view": "nothing"}, {"restore_view": "\0"}, {"delete_view": ""}])
def test_an_unknown_view_changes_nothing(client: Client, post: dict) -> None:
    save(client, "/logbook/", "Mine")
    assert client.post("/logbook/", post).status_code == 302
    assert set(views(client, "/logbook/")) == {"Mine"}


@pytest.mark.parametrize("page", PAGES)
def test_a_post_about_no_view_is_refused(client: Client, page: str) -> None:
    assert client.post(page).status_code == 405
    assert client.post(page, {"title": "x", "form_key": "k"}).status_code == 405


def test_a_form_sent_twice_saves_one(client: Client) -> None:
    for _time in range(2):
        assert client.post("/logbook/", {"view_name": "Once", "form_key": "k"}).status_code == 302
    assert len(views(client, "/logbook/")) == 1


def test_nobody_sees_or_deletes_anothers(client: Client, owner: User) -> None:
    for page in PAGES:
        save(client, page, "Secret harbour")
    other = make_mediator()
    make_entry(other, did_well="x")
    make_cpd(other)
    stranger = signed_in(other)
    ids = [view for page in PAGES for view in view_ids(client, page).values()]
    assert len(ids) == 3
    client.post("/logbook/", {"delete_view": ids[0]})  # this one could come back
    before = bytes(User.objects.get(pk=owner.pk).saved_views_sealed)
    for page in PAGES:
        assert "Secret harbour" not in stranger.get(page).text
        for view in ids:
            for verb in ["delete_view", "restore_view"]:
                stranger.post(page, {verb: view})
                assert bytes(User.objects.get(pk=owner.pk).saved_views_sealed) == before
        save(stranger, page, "Mine")
    assert bytes(User.objects.get(pk=owner.pk).saved_views_sealed) == before
    assert {page: set(views(stranger, page)) for page in PAGES[1:]} == {page: {"Mine"} for page in PAGES[1:]}


def test_words_of_a_view_lie_sealed(client: Client, owner: User) -> None:
    save(client, "/learnings/?q=quietcanary", "Harbour canary")
    assert "Harbour canary" in views(client, "/learnings/")
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_user::text FROM accounts_user WHERE id = %s", [owner.pk])
        row = cursor.fetchone()[0]
        cursor.execute("SELECT saved_views_sealed FROM accounts_user WHERE id = %s", [owner.pk])
        sealed = bytes(cursor.fetchone()[0])
    assert "canary" not in row
    assert b"canary" not in sealed


def test_where_the_key_is_lost_the_list_opens_and_the_bytes_stay(
    client: Client, owner: User, settings
) -> None:
    save(client, "/logbook/", "Mine")
    sealed = bytes(User.objects.get(pk=owner.pk).saved_views_sealed)
    known = settings.SEALING_KEYS
    settings.SEALING_KEYS = ["A" * 43]
    assert client.get("/logbook/").status_code == 200
    assert views(client, "/logbook/") == {}
    assert "their key is missing" in client.post("/logbook/", {"view_name": "New"}).text
    settings.SEALING_KEYS = known
    assert bytes(User.objects.get(pk=owner.pk).saved_views_sealed) == sealed
    assert set(views(client, "/logbook/")) == {"Mine"}


def test_views_cost_no_question_to_the_database(client: Client) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/logbook/")
        return len(asked)

    before = questions()
    for number in range(3):
        save(client, "/logbook/", f"View {number}")
        save(client, "/cpd/", f"View {number}")
    assert questions() == before == 6
