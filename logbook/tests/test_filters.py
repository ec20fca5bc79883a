"""What the address can ask: each filter against the rows it should give, and everything that is not understood."""

import re
from datetime import date
from urllib.parse import urlencode

import pytest

from accounts.tests.factories import make_mediator, signed_in
from logbook.tests.factories import make_entry
from logbook.tests.reading import complaints_of, count_line, csv_rows, plain, table_of, titles_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    """Four entries whose titles say what they are."""
    owner = make_mediator()
    make_entry(owner, title="Alpha roof", ended_on=date(2024, 12, 31), country="FR", outcome="settled")
    make_entry(owner, title="Beta roof", ended_on=date(2025, 1, 1), role="co", medium="hybrid", subject="Été")
    make_entry(
        owner, title="gamma", ended_on=date(2025, 12, 31), role="co", country="NZ", provider="Roof & Co 100%"
    )
    make_entry(
        owner, title="Delta", ended_on=date(2026, 1, 1), role="observer", outcome="partly", subject="Eté, mer"
    )
    return owner


def found(owner, query: str) -> set[str]:
    response = signed_in(owner).get(f"/logbook/?{query}")
    assert response.status_code == 200
    assert complaints_of(response.text) == []
    return {title.split()[0] for title in titles_of(response.text) if title}


ALL = {"Alpha", "Beta", "gamma", "Delta"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ALL),
        ("role=co", {"Beta", "gamma"}),
        ("role=co&role=lead", {"Alpha", "Beta", "gamma"}),
        ("role=co&medium=hybrid", {"Beta"}),
        ("medium=face_to_face", set()),
        ("year=2025", {"Beta", "gamma"}),
        ("year=2024&year=2026", {"Alpha", "Delta"}),
        ("year=2024&year=2024", {"Alpha"}),
        ("year=1999", set()),
        ("date_from=2025-12-31", {"gamma", "Delta"}),
        ("date_to=2025-01-01", {"Alpha", "Beta"}),
        ("date_from=2025-01-01&date_to=2025-12-31", {"Beta", "gamma"}),
        ("date_from=2026-01-01&date_from=2025-12-31", {"gamma", "Delta"}),
        ("date_to=2025-01-01&date_to=2024-12-31", {"Alpha", "Beta"}),
        ("date_from=2026-01-01&date_to=2024-01-01", set()),
        ("date_from=1+January+2026", {"Delta"}),
        ("country=FR", {"Alpha"}),
        ("country=FR&country=NZ", {"Alpha", "gamma"}),
        ("country=DE", set()),
        ("subject=ETE", {"Beta", "Delta"}),
        ("subject=mer+%C3%A9t%C3%A9", {"Delta"}),
        ("subject=roof", set()),
        ("outcome=settled&outcome=partly", {"Alpha", "Delta"}),
        ("q=ROOF", {"Alpha", "Beta", "gamma"}),
        ("q=roof+beta", {"Beta"}),
        ("q=roof&q=delta", ALL),
        ("q=ro%CC%88of", {"Alpha", "Beta", "gamma"}),
        ("q=%E2%80%8Fde%C2%ADlta", {"Delta"}),
        ("q=100%25", {"gamma"}),
        ("q=%25", {"gamma"}),
        ("q=_", set()),
        ("q=%5C", set()),
        ("q=%27+OR+1%3D1--", set()),
        ("q=+++", ALL),
        ("role=&year=&q=&page=&per_page=&sort=", ALL),
        ("rolex=co", ALL),
    ],
)
def test_what_is_found(owner, query: str, expected: set[str]) -> None:
    assert found(owner, query) == expected


LONG = "9" * 5000
# The address, what a page says of it, and the rest of the address that its links keep.
NOT_UNDERSTOOD = [
    ("role=judge", "We did not understand “judge” for Role, and left it out."),
    ("role=LEAD", "We did not understand “LEAD” for Role, and left it out."),
    ("medium=<b>", "We did not understand “<b>” for Medium, and left it out."),
    ("year=20", "We did not understand “20” for Year, and left it out."),
    ("year=٢٠٢٥", "We did not understand “٢٠٢٥” for Year, and left it out."),
    ("year=0202400", "We did not understand “0202400” for Year, and left it out."),
    (f"year={LONG}", f"We did not understand “{LONG[:40]}…” for Year, and left it out."),
    ("date_from=2025-02-30", "We did not understand “2025-02-30” for From, and left it out."),
    ("date_to=03/04/2025", "We did not understand “03/04/2025” for To, and left it out."),
    ("country=fr", "We did not understand “fr” for Country, and left it out."),
    ("country=FRA", "We did not understand “FRA” for Country, and left it out."),
    ("country=XX", "We did not understand “XX” for Country, and left it out."),
    ("outcome=won", "We did not understand “won” for Outcome, and left it out."),
    ("q=a\0b", "We did not understand “a b” for Words, and left it out."),
    ("q=\u0301", "We did not understand “\u0301” for Words, and left it out."),
    ("q=\u200f", "We did not understand “\u200f” for Words, and left it out."),
    (f"q={'x' * 201}", f"We did not understand “{'x' * 40}…” for Words, and left it out."),
    ("sort=owner__password", "We did not understand “owner__password” for the order, and left it out."),
    ("sort=learnings", "We did not understand “learnings” for the order, and left it out."),
    ("sort=did_well_sealed", "We did not understand “did_well_sealed” for the order, and left it out."),
    ("sort=minutes", "We did not understand “minutes” for the order, and left it out."),
    ("sort=--title", "We did not understand “--title” for the order, and left it out."),
    ("sort=-", "We did not understand “-” for the order, and left it out."),
    ("sort=?", "We did not understand “?” for the order, and left it out."),
    ("sort=title,role", "We did not understand “title,role” for the order, and left it out."),
    ("sort=\u202etitle", "We did not understand “title” for the order, and left it out."),
    ("per_page=0", "We did not understand “0” for page size, and left it out."),
    ("per_page=26", "We did not understand “26” for page size, and left it out."),
    ("per_page=-25", "We did not understand “-25” for page size, and left it out."),
    ("per_page=1e2", "We did not understand “1e2” for page size, and left it out."),
    ("page=0", "We did not understand “0” for page, and left it out."),
    ("page=-1", "We did not understand “-1” for page, and left it out."),
    ("page=two", "We did not understand “two” for page, and left it out."),
    ("page=²", "We did not understand “²” for page, and left it out."),
]


def as_address(query: str) -> str:
    name, _sign, value = query.partition("=")
    return urlencode({name: value})


@pytest.mark.parametrize(("query", "sentence"), NOT_UNDERSTOOD)
def test_what_is_not_understood_is_named_and_left_out(owner, query: str, sentence: str) -> None:
    """On the page a sentence, on export and print the same one as a refusal; with a filter that is understood."""
    client, address = signed_in(owner), f"role=co&{as_address(query)}"
    page = client.get(f"/logbook/?{address}")
    assert page.status_code == 200
    assert complaints_of(page.text) == [sentence]
    assert set(titles_of(page.text)) == {"Beta roof", "gamma"}
    for refusing in ("export", "print"):
        refused = client.get(f"/logbook/{refusing}/?{address}")
        assert refused.status_code == 400, refusing
        assert sentence in plain(refused.text)
        assert "Beta" not in refused.text


def test_links_of_the_page_leave_out_what_was_not_understood(owner) -> None:
    client = signed_in(owner)
    page = client.get("/logbook/?role=co&role=judge&sort=rank&page=x&per_page=7&year=20&colour=red").text
    address = re.search(r'href="(/logbook/print/[^"]*)"', page)[1].replace("&amp;", "&")
    assert address == "/logbook/print/?role=co&colour=red"
    kept = re.findall(
        r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.partition("/logbook/export/")[2]
    )
    assert kept == [("role", "co")]  # what no list knows is of no use to a download
    for link in (address, "/logbook/export/?role=co&colour=red"):
        assert client.get(link).status_code == 200


def test_what_is_understood_among_doubled_values_counts(owner) -> None:
    page = (
        signed_in(owner).get("/logbook/?role=judge&role=co&role=king&sort=rank&sort=title&sort=-hours").text
    )
    assert complaints_of(page) == [
        "We did not understand “judge” for Role, and left it out.",
        "We did not understand “king” for Role, and left it out.",
        "We did not understand “rank” for the order, and left it out.",
    ]
    assert set(titles_of(page)) == {"Beta roof", "gamma"}
    assert 'aria-sort="descending"><a' in re.sub(r">\s+<", "><", page)


def test_a_hostile_value_is_only_text(owner) -> None:
    page = (
        signed_in(owner)
        .get("/logbook/?" + urlencode({"q": "<script>alert(1)</script>", "role": "<img>"}))
        .text
    )
    assert "<script>alert" not in page
    assert "<img>" not in page


def test_nine_hundred_values_are_no_trouble(owner) -> None:
    query = "&".join(
        [f"q=word{number}" for number in range(300)] + [f"year={year}" for year in range(1900, 2200)]
    )
    assert found(owner, f"{query}&{'role=co&' * 300}") == set()


def test_chips_say_the_filters_in_words_and_take_them_away(owner) -> None:
    query = "role=co&role=lead&year=2025&date_from=2025-01-01&country=DE&q=Roof&sort=title&page=2"
    page = signed_in(owner).get(f"/logbook/?{query}").text
    chips = re.findall(
        r'<li><a href="([^"]*)"><span class="visually-hidden">Remove </span><bdi>(.*?)</bdi>', page
    )
    assert [words for _address, words in chips] == [
        "Words: Roof", "From: 1 January 2025", "Year: 2025", "Role: Co-mediator", "Role: Lead mediator",
        "Country: Germany",
    ]  # fmt: skip
    address = chips[3][0].replace("&amp;", "&")
    assert address == "?role=lead&year=2025&date_from=2025-01-01&country=DE&q=Roof&sort=title"


def test_what_was_asked_for_stays_chosen_in_the_form(owner) -> None:
    page = signed_in(owner).get("/logbook/?year=1999&country=DE&role=co").text
    for name, value in [("year", "1999"), ("country", "DE"), ("role", "co")]:
        assert re.search(rf'<input type="checkbox" name="{name}" value="{value}"[^>]* checked', page)


def test_years_and_countries_are_those_of_this_logbook(owner) -> None:
    make_entry(owner, ended_on=date(2011, 1, 1), country="JP", deleted=True)
    make_entry(ended_on=date(2012, 1, 1), country="CL")
    page = signed_in(owner).get("/logbook/").text
    assert re.findall(r'name="year" value="(\d+)"', page) == ["2026", "2025", "2024"]
    assert re.findall(r'name="country" value="(\w+)"', page) == ["FR", "NZ"]


# --- Order ----------------------------------------------------------------------------------------

SORTS = ["ended_on", "title", "role", "medium", "country", "hours"]


@pytest.fixture
def many():
    """Thirty entries with many equal values in each column, in an order that means nothing."""
    owner = make_mediator()
    for number in range(30):
        make_entry(
            owner,
            title=["apple", "Zebra", "Äpfel", "beta"][number % 4] + f" {number % 6:02}",
            ended_on=date(2026, 1, 1 + number * 7 % 5),
            role=["lead", "co", "other"][number * 5 % 3],
            medium=["online", "hybrid"][number % 2],
            country=["", "FR", "DE"][number * 7 % 3],
            minutes=60 + number * 11 % 4,
        )
    return owner


def in_order(owner, sort: str) -> list[tuple[str, str]]:
    """(id, title), as the rule says: the column, then the newest date, then the id."""
    from logbook.models import LogbookEntry

    name = sort.removeprefix("-")
    keys = {"title": lambda entry: entry.title.lower(), "hours": lambda entry: entry.minutes}
    key = keys.get(name, lambda entry: str(getattr(entry, name)))
    entries = sorted(LogbookEntry.objects.filter(owner=owner), key=lambda entry: entry.pk, reverse=True)
    if sort == "ended_on":
        entries.reverse()
    if name != "ended_on":
        entries.sort(key=lambda entry: entry.ended_on, reverse=True)
    if name == "title":  # how letters follow each other is the database's business
        ranks = list(dict.fromkeys(
            LogbookEntry.objects.filter(owner=owner).order_by("title__lower").values_list("title__lower", flat=True)
        ))  # fmt: skip
        return sorted(entries, key=lambda entry: ranks.index(key(entry)), reverse=sort.startswith("-"))
    return sorted(entries, key=key, reverse=sort.startswith("-"))


def ids_of(page: str) -> list[str]:
    return re.findall(r'href="/logbook/([0-9a-f-]{36})/"', page)


@pytest.fixture
def lower():
    from django.db.models import CharField
    from django.db.models.functions import Lower

    with_lower = CharField.register_lookup(Lower)
    yield with_lower
    CharField._unregister_lookup(Lower)


@pytest.mark.parametrize("sort", [sign + name for name in SORTS for sign in ("", "-")])
def test_each_heading_sorts_both_ways_over_all_pages(many, lower, sort: str) -> None:
    client = signed_in(many)
    expected = [str(entry.pk) for entry in in_order(many, sort)]
    pages = [client.get(f"/logbook/?sort={sort}&per_page=10&page={number}").text for number in (1, 2, 3)]
    assert [id_ for page in pages for id_ in ids_of(page)] == expected
    heading = "descending" if sort.startswith("-") else "ascending"
    assert [re.findall(r'aria-sort="(\w+)"', page) for page in pages] == [[heading]] * 3
    downloaded = csv_rows(client.get(f"/logbook/export/?sort={sort}"))
    assert [row["Reference"] for row in downloaded] == [entry.title for entry in in_order(many, sort)]


def test_the_newest_come_first_by_themselves(many, lower) -> None:
    page = signed_in(many).get("/logbook/").text
    assert ids_of(page) == [str(entry.pk) for entry in in_order(many, "-ended_on")][:25]


def test_every_heading_is_a_link_that_sorts_and_then_turns(many) -> None:
    client = signed_in(many)
    page = client.get("/logbook/?role=co").text
    head = page.partition("<thead")[2].partition("</thead>")[0].replace("&amp;", "&")
    assert re.findall(r'<a href="\?role=co&sort=([^"]*)">', head) == ["ended_on", *SORTS[1:]]
    head = client.get("/logbook/?sort=title").text.partition("<thead")[2].partition("</thead>")[0]
    assert 'href="?sort=-title"' in head


# --- Pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["3", "4", "99999", "99999999", LONG])
def test_past_the_end_is_the_last_page(many, number: str) -> None:
    client = signed_in(many)
    page = client.get(f"/logbook/?per_page=10&page={number}").text
    assert "Page 3 of 3" in plain(page)
    assert ids_of(page) == ids_of(client.get("/logbook/?per_page=100").text)[20:]


def test_pages_hold_every_row_once(many) -> None:
    client = signed_in(many)
    for size in (10, 25, 50, 100):
        pages = [
            client.get(f"/logbook/?per_page={size}&page={number}").text for number in range(1, 30 // size + 2)
        ]
        shown = [id_ for page in dict.fromkeys(pages) for id_ in dict.fromkeys(ids_of(page))]
        assert len(set(shown)) == 30
        assert len(ids_of(pages[0])) == min(size, 30)


def test_totals_are_of_the_whole_view_not_of_the_page(many) -> None:
    client = signed_in(many)
    lines = {count_line(client.get(f"/logbook/?per_page=10&page={number}").text) for number in (1, 2, 3)}
    assert lines == {"30 mediations, 30 h 45 min (30.75 h)"}
    assert count_line(client.get("/logbook/?role=co&per_page=10").text).startswith("10 mediations, ")


def test_the_page_size_is_remembered_for_each_person_and_list(many) -> None:
    client, colleague = signed_in(many), make_mediator()
    for _number in range(12):
        make_entry(colleague)
    client.get("/logbook/?per_page=10")
    assert len(table_of(client.get("/logbook/").text)) == 10
    assert len(table_of(client.get("/logbook/?page=2").text)) == 10
    assert len(table_of(signed_in(colleague).get("/logbook/").text)) == 12
    client.get("/logbook/?per_page=100")
    assert len(table_of(client.get("/logbook/").text)) == 30
    client.get("/logbook/?per_page=0")
    assert len(table_of(client.get("/logbook/").text)) == 30
    many.refresh_from_db()
    assert many.page_sizes == {"logbook": 100}
    assert "page_sizes" not in str(colleague.page_sizes)
