"""The CPD table at the bottom of the Logbook page: two lists that do not disturb each other."""

import html
import re
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest

from accounts.tests.factories import make_mediator, signed_in
from cpd.tests.factories import make_cpd
from logbook.tests.factories import make_entry
from logbook.tests.reading import complaints_of, pdf_text, plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    """Twelve of each."""
    owner = make_mediator()
    for number in range(12):
        day = date(2024 + number % 2, 1, 1 + number)
        make_entry(
            owner, title=f"Matter-{number:02}", ended_on=day, role=["lead", "co"][number % 2], country="KE"
        )
        make_cpd(owner, title=f"Course-{number:02}", completed_on=day, kind=["training", "other"][number % 2])
    make_cpd(owner, title="Course-gone", deleted=True)
    make_cpd(title="Course-foreign")
    return owner


@pytest.fixture
def client(owner):
    return signed_in(owner)


def parts(page: str) -> tuple[str, str]:
    """The page above the second list, and the second list."""
    above, _start, below = page.partition('id="cpd"')
    return above, below


def rows(page: str) -> tuple[list[str], list[str]]:
    above, below = parts(page)
    return re.findall(r'"auto">(Matter-\w+)', above), re.findall(r'"auto">(Course-\w+)', below)


def links(part: str, words: str) -> list[str]:
    """Where the links with these words lead."""
    found = re.findall(r'<a[^>]*href="([^"]*)"[^>]*>(.*?)</a>', part, re.S)
    return [html.unescape(address) for address, text in found if plain(text) == words]


def asked(address: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(address).query)


def hidden(part: str) -> list[tuple[str, str]]:
    form = re.search(r'<details class="filters.*?</form>', part, re.S)[0]
    return re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form)


def test_each_list_has_its_own_order_filter_and_page(client) -> None:
    every = [f"{number:02}" for number in range(12)]
    newest = sorted(every, key=lambda text: (int(text) % 2, text), reverse=True)
    matters, courses = rows(client.get("/logbook/").text)
    assert matters == [f"Matter-{one}" for one in newest]
    assert courses == [f"Course-{one}" for one in newest]
    query = "sort=title&per_page=10&page=2&role=lead&role=co&cpd-sort=-title&cpd-kind=other&cpd-per_page=10"
    matters, courses = rows(client.get(f"/logbook/?{query}").text)
    assert matters == ["Matter-10", "Matter-11"]
    assert courses == [f"Course-{one}" for one in ("11", "09", "07", "05", "03", "01")]
    assert rows(client.get("/logbook/?cpd-q=course-03&q=matter-04").text) == (["Matter-04"], ["Course-03"])
    assert (
        rows(client.get("/logbook/?cpd-year=2024&cpd-page=9").text)[0]
        == [f"Matter-{one}" for one in newest][:10]
    )


def test_the_plain_names_are_not_those_of_the_second_list(client) -> None:
    page = client.get("/logbook/?sort=title&kind=training").text
    assert len(rows(page)[1]) == 12
    assert complaints_of(page) == []


STATE = "role=lead&sort=title&per_page=10&cpd-kind=training&cpd-kind=other&cpd-sort=-hours&cpd-per_page=10"
OF_ENTRIES = [("role", "lead"), ("sort", "title"), ("per_page", "10")]
OF_CPD = [("cpd-kind", "training"), ("cpd-kind", "other"), ("cpd-sort", "-hours"), ("cpd-per_page", "10")]


def test_links_and_forms_of_one_list_keep_the_other_as_it_was(client) -> None:
    above, below = parts(client.get(f"/logbook/?{STATE}").text)
    for words in ("Date", "Reference", "Hours"):
        (address,) = links(above, words)
        assert set(OF_CPD) <= set(asked(address)) and not urlsplit(address).fragment
    for words in ("Title", "Points", "Next", "50"):
        (address,) = links(below, words)
        assert set(OF_ENTRIES) <= set(asked(address)), words
        assert urlsplit(address).fragment == "cpd", words
    (address,) = links(below, "Title")
    assert dict(asked(address))["cpd-sort"] == "title"
    assert ("cpd-page", "2") in asked(links(below, "Next")[0])
    (address,) = links(below, "Remove Kind: Other ×")
    assert set(asked(address)) == {*OF_ENTRIES, *OF_CPD} - {("cpd-kind", "other")}
    (address,) = links(above, "Remove Role: Lead mediator ×")
    assert set(asked(address)) == {*OF_ENTRIES, *OF_CPD} - {("role", "lead")}
    assert {frozenset(asked(address)) for address in links(above, "Clear all")} == {frozenset(OF_CPD)}
    assert {frozenset(asked(address)) for address in links(below, "Clear all")} == {frozenset(OF_ENTRIES)}


def test_the_filter_form_of_each_carries_the_other_along(client) -> None:
    above, below = parts(client.get(f"/logbook/?{STATE}").text)
    assert hidden(above) == OF_CPD
    assert hidden(below) == OF_ENTRIES
    assert '<form method="get" action="/logbook/#cpd">' in below
    assert re.search(r'name="cpd-kind" value="training"[^>]*checked', below)
    assert re.search(r'<option value="-hours" selected>', below)
    ids = re.findall(r'\sid="([^"]*)"', above + below)
    assert len(ids) == len(set(ids))


def test_the_download_of_each_asks_its_own_address_with_plain_names(client) -> None:
    above, below = parts(client.get(f"/logbook/?{STATE}").text)

    def form(part: str, address: str) -> list[tuple[str, str]]:
        inside = re.search(rf'action="{address}">(.*?)</form>', part, re.S)[1]
        return re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', inside)

    assert form(above, "/logbook/export/") == OF_ENTRIES
    assert form(below, "/cpd/export/") == [(name.removeprefix("cpd-"), value) for name, value in OF_CPD]


def test_what_is_not_understood_of_either_is_in_no_link_and_refused_by_print(client) -> None:
    page = client.get("/logbook/?cpd-kind=zz&cpd-sort=x&role=judge").text
    assert complaints_of(page) == [
        "We did not understand “judge” for Role, and left it out.",
        "We did not understand “zz” for Kind, and left it out.",
        "We did not understand “x” for the order, and left it out.",
    ]
    (address,) = links(page, "Print")
    assert client.get(address).status_code == 200
    assert client.get("/logbook/print/?cpd-kind=zz").status_code == 400
    assert client.get("/logbook/print/?cpd-sort=x").status_code == 400


def test_print_shows_both_lists_as_the_page_does(client) -> None:
    text = pdf_text(client.get("/logbook/print/?per_page=10&page=2&cpd-kind=other&cpd-sort=title&sort=title"))
    assert re.findall(r"Matter-\w+", text) == ["Matter-10", "Matter-11"]
    assert re.findall(r"Course-\w+", text) == [
        f"Course-{one}" for one in ("01", "03", "05", "07", "09", "11")
    ]
    assert "6 CPD entries, 18 h (18.00 h)" in text
    assert "Only: Kind: Other" in text


def test_each_page_size_is_remembered_for_its_list(client, owner) -> None:
    client.get("/logbook/?cpd-per_page=10")
    owner.refresh_from_db()
    assert owner.page_sizes == {"cpd": 10}
    assert [len(one) for one in rows(client.get("/logbook/").text)] == [12, 10]
    client.get("/logbook/?per_page=10&cpd-per_page=50")
    owner.refresh_from_db()
    assert owner.page_sizes == {"cpd": 50, "logbook": 10}


def test_who_has_only_one_of_both_sees_it() -> None:
    owner = make_mediator()
    page = signed_in(owner).get("/logbook/").text
    assert "Start with your last mediation" in page
    assert 'href="/cpd/add/"' in parts(page)[1] and "Nothing yet. Courses" in page
    make_cpd(owner, title="Course-one")
    page = signed_in(owner).get("/logbook/").text
    assert rows(page) == ([], ["Course-one"])
    assert "Start with your last mediation" in page
    page = signed_in(owner).get("/logbook/?cpd-q=zz").text
    assert "Nothing matches these filters." in parts(page)[1]
