"""Learnings: one reading list over the logbook and CPD, and nobody but its owner ever reads a word of it."""

import io
import re
import uuid
from datetime import date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from accounts.choices import Role
from accounts.models import User
from accounts.tests.factories import (
    make_appointment,
    make_mediator,
    make_person,
    make_reviewer,
    signed_in,
)
from cpd.models import CpdEntry
from cpd.tests.factories import make_cpd
from logbook.models import LogbookEntry
from logbook.tests.factories import make_entry
from logbook.tests.reading import complaints_of, csv_rows, pdf_text, plain, xlsx_rows
from logbook_site.benchmarks.counted import python_calls
from logbook_site.foundation.pdf import COST_AT_MOST, breakable, cost_of
from logbook_site.tests.test_addresses import METHODS

pytestmark = pytest.mark.django_db
PAGE = 5  # session, person, years, count and rows
LOST = "This text cannot be opened any more: its key is missing."
ADDRESSES = ["/learnings/", "/learnings/export/", "/learnings/export/?format=xlsx", "/learnings/print/"]
HEADINGS = ["Date", "Source", "Title", "Did well", "Challenges", "Learnings", "Takeaways"]


@pytest.fixture
def owner() -> User:
    """Two of each, one entry of each without a text, and deleted ones; a colleague has the same words."""
    owner = make_mediator(name="Amina <Haddad>")
    make_entry(
        owner, title="Alpha roof", ended_on=date(2024, 12, 31), did_well="Calm Été", challenges="Noise"
    )
    make_entry(owner, title="gamma", ended_on=date(2025, 12, 31), role="co", learnings="Ask for breaks")
    make_cpd(owner, title="beta course", completed_on=date(2025, 1, 1), takeaways="Calm and breaks")
    make_cpd(owner, title="Delta", completed_on=date(2026, 1, 1), kind="workshop", takeaways="Roof, été")
    make_entry(owner, title="Wordless")
    make_cpd(owner, title="Wordless course")
    make_entry(owner, title="Gone", learnings="Calm breaks", deleted=True)
    make_cpd(owner, title="Gone course", takeaways="Calm breaks", deleted=True)
    make_entry(title="Foreign", did_well="Calm", learnings="Breaks")
    make_cpd(title="Foreign course", takeaways="Calm breaks")
    return owner


def cards(page: str) -> list[list[str]]:
    """Of each card: title, date, source, then each label and its text, as they stand there."""
    bodies = re.findall(r'<article class="card piece learning".*?>(.*?)</article>', page, re.S)
    return [
        [plain(one) for one in re.findall(r"<(?:h3|h4|p)\b[^>]*>(.*?)</(?:h3|h4|p)>", body, re.S)]
        for body in bodies
    ]


def titles(page: str) -> list[str]:
    return [card[0].split()[0] for card in cards(page)]


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
        if answer.streaming:
            b"".join(answer.streaming_content)
    assert answer.status_code == 200
    return len(asked)


def test_one_card_a_source_newest_first(owner) -> None:
    page = signed_in(owner).get("/learnings/").text
    assert cards(page) == [
        ["Delta", "1 January 2026", "CPD: Workshop", "What I take away", "Roof, été"],
        ["gamma", "31 December 2025", "Mediation: Co-mediator", "What I will try next time", "Ask for breaks"],
        ["beta course", "1 January 2025", "CPD: Training course", "What I take away", "Calm and breaks"],
        [
            "Alpha roof", "31 December 2024", "Mediation: Lead mediator", "What I did well", "Calm Été",
            "What I found challenging", "Noise",
        ],
    ]  # fmt: skip
    assert "Learnings from 4 entries" in plain(page)
    assert "Only you can ever read this." in plain(page)


def test_each_title_leads_to_its_entry(owner) -> None:
    client = signed_in(owner)
    found = re.findall(r'<h3 id="of-[^"]*"><a href="([^"]*)"', client.get("/learnings/").text)
    assert [client.get(address).status_code for address in found] == [200] * 4
    entries = LogbookEntry.objects.filter(title__in=["Alpha roof", "gamma"])
    courses = CpdEntry.objects.filter(title__in=["beta course", "Delta"])
    assert set(found) == {
        *(f"/logbook/{entry.pk}/" for entry in entries),
        *(f"/cpd/{entry.pk}/" for entry in courses),
    }


def test_texts_are_shown_as_they_were_typed() -> None:
    owner = make_mediator()
    make_entry(owner, title="<b>T</b>", did_well="One\n\n  <script>two</script>", learnings="وساطة")
    page = signed_in(owner).get("/learnings/").text
    for text in ("One\n\n  &lt;script&gt;two&lt;/script&gt;", "وساطة"):
        assert f'<p class="long-text text" dir="auto">{text}</p>' in page
    assert "<bdi>&lt;b&gt;T&lt;/b&gt;</bdi>" in page


ALL = ["Delta", "gamma", "beta", "Alpha"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ALL),
        ("kind=did_well", ["Alpha"]),
        ("kind=challenges", ["Alpha"]),
        ("kind=learnings", ["gamma"]),
        ("kind=takeaways", ["Delta", "beta"]),
        ("kind=takeaways&kind=challenges", ["Delta", "beta", "Alpha"]),
        ("kind=did_well&kind=challenges&kind=learnings&kind=takeaways", ALL),
        ("year=2025", ["gamma", "beta"]),
        ("year=2024&year=2026", ["Delta", "Alpha"]),
        ("year=1999", []),
        ("year=2024&kind=takeaways", []),
        ("q=CALM", ["beta", "Alpha"]),
        ("q=ete", ["Delta", "Alpha"]),
        ("q=calm+breaks", ["beta"]),
        ("q=calm&q=ask", ["gamma", "beta", "Alpha"]),
        ("q=roof", ["Delta", "Alpha"]),
        ("q=roof+noise", ["Alpha"]),
        ("q=roof&kind=challenges", ["Alpha"]),
        ("q=calm&kind=challenges", []),
        ("q=calm&year=2025", ["beta"]),
        ("q=%25", []),
        ("q=foreign", []),
        ("q=gone", []),
        ("q=+", ALL),
        ("sort=date", ALL[::-1]),
        ("sort=-date", ALL),
        ("sort=title", ["Alpha", "beta", "Delta", "gamma"]),
        ("sort=-title", ["gamma", "Delta", "beta", "Alpha"]),
        ("sort=title&kind=takeaways", ["beta", "Delta"]),
        ("sort=title&q=breaks", ["beta", "gamma"]),
        ("kind=&year=&q=&sort=&page=&per_page=", ALL),
        ("page=99", ALL),
    ],
)
def test_what_is_found_and_in_which_order(owner, query: str, expected: list[str]) -> None:
    client = signed_in(owner)
    page = client.get(f"/learnings/?{query}").text
    assert titles(page) == expected
    assert complaints_of(page) == []
    assert [
        row["Title"].split()[0] for row in csv_rows(client.get(f"/learnings/export/?{query}"))
    ] == expected


def test_with_a_kind_only_its_texts_are_there(owner) -> None:
    client = signed_in(owner)
    query = "kind=challenges&kind=takeaways"
    page = client.get(f"/learnings/?{query}").text
    assert cards(page)[-1] == [
        "Alpha roof", "31 December 2024", "Mediation: Lead mediator", "What I found challenging", "Noise",
    ]  # fmt: skip
    assert "Calm Été" not in page
    assert [list(row.values())[3:] for row in csv_rows(client.get(f"/learnings/export/?{query}"))] == [
        ["", "", "", "Roof, été"],
        ["", "", "", "Calm and breaks"],
        ["", "Noise", "", ""],
    ]
    assert "Calm Été" not in pdf_text(client.get(f"/learnings/print/?{query}"))


def test_ties_go_by_date_then_id_across_both_tables() -> None:
    owner, day = make_mediator(), date(2025, 5, 5)
    ids = [make(owner, title="Same", **fields).pk for make, fields in [
        (make_entry, {"ended_on": day, "did_well": "x"}), (make_cpd, {"completed_on": day, "takeaways": "x"}),
    ] * 4]  # fmt: skip
    client = signed_in(owner)
    for query, expected in [
        ("", sorted(ids, reverse=True)),
        ("sort=date", sorted(ids)),
        ("sort=title", sorted(ids, reverse=True)),
    ]:
        found = re.findall(r'<h3 id="of-([^"]*)"', client.get(f"/learnings/?{query}").text)
        assert found == [str(each) for each in expected], query


NOT_UNDERSTOOD = [
    ("kind=role", "We did not understand “role” for What I wrote, and left it out."),
    ("kind=did_well_sealed", "We did not understand “did_well_sealed” for What I wrote, and left it out."),
    ("year=20", "We did not understand “20” for Year, and left it out."),
    ("q=a\0b", "We did not understand “a b” for Words, and left it out."),
    ("q=\u0301", "We did not understand “\u0301” for Words, and left it out."),
    (f"q={'x' * 201}", f"We did not understand “{'x' * 40}…” for Words, and left it out."),
    ("sort=learnings", "We did not understand “learnings” for the order, and left it out."),
    ("sort=owner__password", "We did not understand “owner__password” for the order, and left it out."),
    ("sort=lower_title", "We did not understand “lower_title” for the order, and left it out."),
    ("per_page=26", "We did not understand “26” for page size, and left it out."),
    ("page=0", "We did not understand “0” for page, and left it out."),
]


@pytest.mark.parametrize(("query", "sentence"), NOT_UNDERSTOOD)
def test_what_is_not_understood_is_named_or_refused(owner, query: str, sentence: str) -> None:
    client = signed_in(owner)
    name, _equals, value = query.partition("=")
    page = client.get("/learnings/", {name: value}).text
    assert complaints_of(page) == [sentence]
    assert titles(page) == ALL
    for address in ADDRESSES[1:]:
        answer = client.get(address.partition("?")[0], {name: value})
        assert answer.status_code == 400, address
        assert plain(sentence) in plain(answer.text)


def test_pages_and_their_remembered_size() -> None:
    owner = make_mediator()
    for number in range(13):
        make_entry(owner, title=f"Matter-{number:02}", ended_on=date(2025, 1, 1 + number), did_well="x")
        make_cpd(owner, title=f"Course-{number:02}", completed_on=date(2025, 1, 1 + number), takeaways="x")
    client = signed_in(owner)
    seen = [titles(client.get(f"/learnings/?per_page=10&page={number}").text) for number in (1, 2, 3)]
    assert [len(page) for page in seen] == [10, 10, 6]
    assert len({title for page in seen for title in page}) == 26
    assert titles(client.get("/learnings/?page=99").text) == seen[2]
    owner.refresh_from_db()
    assert owner.page_sizes == {"learnings": 10}
    searched = [titles(client.get(f"/learnings/?q=x&page={number}").text) for number in (1, 2, 3)]
    assert searched == seen


class TestStates:
    def test_who_wrote_nothing_is_told_how_to_begin(self):
        owner = make_mediator()
        make_entry(owner)
        page = signed_in(owner).get("/learnings/").text
        assert "Start with one sentence" in page
        assert {"/logbook/add/", "/cpd/add/"} <= set(re.findall(r'href="([^"]*)"', page))
        assert "Only you can ever read this." in page

    def test_no_match_says_so_and_leads_back(self, owner):
        page = signed_in(owner).get("/learnings/?q=zebra").text
        assert "Nothing matches these filters." in page
        assert "Show all learnings" in page

    def test_the_filter_offers_years_with_texts_only(self, owner):
        make_entry(owner, ended_on=date(2011, 1, 1))
        page = signed_in(owner).get("/learnings/").text
        assert re.findall(r'name="year" value="(\d+)"', page) == ["2026", "2025", "2024"]


# --- Who reads it ----------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_else_comes_in(owner, address: str) -> None:
    reviewer = make_reviewer(vetted=True)
    make_appointment(owner, reviewer)
    others = [make_person(role) for role in Role if role != Role.MEDIATOR] + [make_person(), reviewer]
    for person in others:
        client = signed_in(person)
        for method in METHODS:
            assert getattr(client, method)(address).status_code == 404, (person.roles, method)
    stranger = Client().get(address)
    assert (stranger.status_code, stranger.url.partition("?")[0]) == (302, "/accounts/login/")
    client = signed_in(owner)
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 405
    User.objects.filter(pk=owner.pk).update(is_mediator=False)
    assert client.get(address).status_code == 404


QUERIES = ["", "q=calm", "kind=takeaways", "year=2025", "sort=title", "per_page=10&page=2"]


def snapshot(client: Client) -> list[object]:
    pages = [client.get(f"/learnings/?{query}").text for query in QUERIES]
    pages = [re.sub(r'name="(?:csrfmiddlewaretoken|form_key)" value="[^"]*"', "", page) for page in pages]
    rows = [csv_rows(client.get(f"/learnings/export/?{query}")) for query in QUERIES]
    sheet = xlsx_rows(client.get("/learnings/export/?format=xlsx"))
    return [*pages, *rows, sheet, pdf_text(client.get("/learnings/print/"))]


@pytest.mark.long
def test_nothing_changes_with_what_a_colleague_writes(owner) -> None:
    client = signed_in(owner)
    client.get("/learnings/?per_page=10")
    before = snapshot(client)
    colleague = make_mediator()
    texts = dict.fromkeys(["did_well", "challenges", "learnings"], "Canarybird calm")
    for day in (date(2025, 6, 6), date(1999, 1, 1)):
        make_entry(colleague, title="Canarybird", ended_on=day, **texts)
        make_cpd(colleague, title="Canarybird", completed_on=day, takeaways="Canarybird calm")
    assert snapshot(client) == before
    assert "Canarybird" not in str(before)
    assert "Canarybird" in str(snapshot(signed_in(colleague)))


def test_what_is_deleted_leaves_and_comes_back(owner) -> None:
    client = signed_in(owner)
    # The size of a page is remembered, and is no view to save afterwards.
    client.get("/learnings/?per_page=10")
    before = snapshot(client)
    assert "Gone" not in str(before)
    gamma, delta = LogbookEntry.objects.get(title="gamma"), CpdEntry.objects.get(title="Delta")
    client.post(f"/logbook/{gamma.pk}/delete/")
    client.post(f"/cpd/{delta.pk}/delete/")
    assert titles(client.get("/learnings/").text) == ["beta", "Alpha"]
    assert {row["Title"] for row in csv_rows(client.get("/learnings/export/"))} == {
        "beta course",
        "Alpha roof",
    }
    client.post(f"/logbook/{gamma.pk}/restore/")
    client.post(f"/cpd/{delta.pk}/restore/")
    client.get("/")  # the messages were read
    assert snapshot(client) == before


# --- Download and print ----------------------------------------------------------------------------


def test_a_download_holds_every_row_of_the_view(owner) -> None:
    client = signed_in(owner)
    answer = client.get("/learnings/export/?sort=date&page=9")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="learnings.csv"'
    rows = csv_rows(answer)
    assert list(rows[0]) == HEADINGS
    assert [list(row.values()) for row in rows[:2]] == [
        ["2024-12-31", "Mediation: Lead mediator", "Alpha roof", "Calm Été", "Noise", "", ""],
        ["2025-01-01", "CPD: Training course", "beta course", "", "", "", "Calm and breaks"],
    ]
    sheet = xlsx_rows(client.get("/learnings/export/?format=xlsx&q=noise"))
    assert sheet == [
        tuple(HEADINGS),
        (datetime(2024, 12, 31), "Mediation: Lead mediator", "Alpha roof", "Calm Été", "Noise", None, None),
    ]
    assert client.get("/learnings/export/?format=pdf").status_code == 400


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_no_cell_is_a_formula(format_: str) -> None:
    owner = make_mediator()
    formulas = dict.fromkeys(["title", "did_well", "challenges", "learnings"], "=1+1")
    make_entry(owner, **formulas)
    make_cpd(owner, title="@SUM(A1)", takeaways="＋1")
    answer = signed_in(owner).get(f"/learnings/export/?format={format_}")
    rows = [list(row.values()) for row in csv_rows(answer)] if format_ == "csv" else xlsx_rows(answer)[1:]
    cells = sorted(cell for row in rows for cell in row[2:] if cell)
    assert cells == ["'=1+1"] * 4 + ["'@SUM(A1)", "'＋1"]


def test_the_print_holds_what_the_page_shows(owner) -> None:
    client = signed_in(owner)
    query = "year=2025&q=breaks&sort=title"
    answer = client.get(f"/learnings/print/?{query}")
    text = pdf_text(answer)
    assert "Learnings of Amina <Haddad>" in text
    assert "Learnings from 2 entries" in text
    assert "Only: Words: breaks; Year: 2025" in text
    for card in cards(client.get(f"/learnings/?{query}").text):
        title, day, source, *texts = card
        assert " ".join([title, f"{day} · {source}", *texts]) in text
    assert not {"Alpha", "Delta", "Gone", "Foreign", "Wordless"} & set(text.split())
    document = PdfReader(io.BytesIO(answer.content))
    assert document.metadata.title.startswith("Learnings")
    assert document.root_object["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in document.root_object


# --- Sealed texts, and how much is asked -----------------------------------------------------------


def make_many(owner: User, number: int) -> None:
    for one in range(number):
        make_entry(owner, ended_on=date(2025, 1, 1 + one % 28), did_well="Calm", challenges="Noise")
        make_cpd(owner, completed_on=date(2024, 1, 1 + one % 28), takeaways="Calm")


@pytest.mark.parametrize("rows", [1, 25, 100])
def test_the_number_of_queries_does_not_grow(rows: int) -> None:
    owner = make_mediator(page_sizes={"learnings": 100})
    make_many(owner, rows)
    client = signed_in(owner)
    found = [
        queries_of(client, f"/learnings/{address}")
        for address in ("", "?sort=title&year=2025&year=2024", "?kind=takeaways", "?q=calm", "export/")
    ]
    assert found == [PAGE, PAGE, PAGE, PAGE + 2, PAGE - 1]


def test_the_database_orders_and_cuts() -> None:
    owner = make_mediator(page_sizes={"learnings": 10})
    make_many(owner, 15)
    with CaptureQueriesContext(connection) as asked:
        signed_in(owner).get("/learnings/?page=2")
    of_texts = [one["sql"] for one in asked if "takeaways_sealed" in one["sql"]]
    assert len([sql for sql in of_texts if "UNION ALL" in sql and "LIMIT 10 OFFSET 10" in sql]) == 1


def damage(entry: LogbookEntry | CpdEntry, column: str) -> None:
    type(entry).objects.filter(pk=entry.pk).update(**{column: b"\x01 sealed with a key that is gone"})


def test_a_text_that_cannot_be_opened_says_so_and_all_others_are_there(owner) -> None:
    damage(LogbookEntry.objects.get(title="Alpha roof"), "did_well_sealed")
    damage(CpdEntry.objects.get(title="Delta"), "takeaways_sealed")
    client = signed_in(owner)
    page = client.get("/learnings/").text
    assert titles(page) == ALL
    assert cards(page)[0][-1] == LOST
    assert cards(page)[-1][3:] == ["What I did well", LOST, "What I found challenging", "Noise"]
    assert pdf_text(client.get("/learnings/print/")).count(LOST) == 2
    rows = csv_rows(client.get("/learnings/export/"))
    assert [rows[0]["Takeaways"], rows[3]["Did well"], rows[3]["Challenges"]] == [LOST, LOST, "Noise"]
    assert titles(client.get("/learnings/?q=noise").text) == ["Alpha"]
    assert titles(client.get("/learnings/?q=opened").text) == []


def test_a_text_moved_from_another_row_does_not_open(owner) -> None:
    foreign = LogbookEntry.objects.get(title="Foreign")
    LogbookEntry.objects.filter(title="gamma").update(learnings_sealed=foreign.learnings_sealed)
    page = signed_in(owner).get("/learnings/?kind=learnings").text
    assert cards(page)[0][-1] == LOST
    assert "Breaks" not in page


def test_a_page_unseals_only_its_own_rows(monkeypatch) -> None:
    owner = make_mediator(page_sizes={"learnings": 10})
    make_many(owner, 15)
    opened: list[uuid.UUID] = []
    for descriptor in (LogbookEntry.did_well, LogbookEntry.challenges, CpdEntry.takeaways):
        real = descriptor.unseal
        monkeypatch.setattr(
            descriptor, "unseal", lambda sealed, *, pk, real=real: opened.append(pk) or real(sealed, pk=pk)
        )
    client = signed_in(owner)
    page = client.get("/learnings/").text
    assert {str(pk) for pk in opened} == set(re.findall(r'<h3 id="of-([^"]*)"', page))
    assert len(opened) == 20  # two texts of each of ten entries
    opened.clear()
    client.get("/learnings/?kind=challenges")
    assert len(opened) == 10
    opened.clear()
    client.get("/learnings/?q=calm&year=2025")
    assert len(opened) == 30 + 20  # searched, then shown; CPD of another year is not


def test_letters_that_unfold_are_searched_like_others() -> None:
    """Each of them was looked at in Python, and U+FDFA unfolds to eighteen. What was typed stays as it is."""

    def calls_with(text: str) -> int:
        entry = make_entry(make_mediator(), title="Roof", did_well=text, learnings="Waited")
        client = signed_in(entry.owner)
        assert titles(client.get("/learnings/?q=waited").text) == ["Roof"]
        assert LogbookEntry.objects.get(pk=entry.pk).did_well == text
        return python_calls(lambda: client.get("/learnings/?q=zebra"))

    plain_text = calls_with("word " * 4000)
    for text in ("\ufdfa" * 20_000, "é" * 20_000, "e\u0301" * 10_000, "a" + "\u0300\u0316" * 9999):
        assert calls_with(text) < plain_text + 1000


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("word " * 4000, 5),
        ("a\n" * 1300, 1),
        ("a\u2028" * 1300, 1),
        ("\t" * 16_000, 1),
        ("a" * 20_000, 3),
        ("aאกअ" * 5000, 1),
        ("a😀" * 10_000, 1),
        ("<" * 18_000, 2),
    ],
    ids=["long", "lines", "other lines", "tabs", "word", "scripts", "symbols", "signs"],
)
def test_what_would_hold_up_the_web_server_is_not_printed(text: str, entries: int) -> None:
    """It would take from half a minute to some minutes, and the web server ends its worker after half of one."""
    owner = make_mediator()
    for number in range(entries):
        make_entry(owner, title=f"Roof {number}", did_well=text, challenges=text, learnings=text)
    client = signed_in(owner)
    answer = client.get("/learnings/print/?per_page=100", follow=True)
    assert answer.redirect_chain == [("/learnings/", 302)]
    assert "This is too much for one PDF." in answer.text


def test_a_word_that_is_too_long_and_odd_ends_of_lines_are_parted_before_they_are_drawn() -> None:
    """To search a word for places to break takes the square of its length: 20,000 letters of four scripts, minutes."""
    owner = make_mediator()
    make_entry(owner, title="Roof", did_well="x" * 170, learnings="one\u2028two\x85three\u2029four")
    pages = PdfReader(io.BytesIO(signed_in(owner).get("/learnings/print/").content)).pages
    lines = "\n".join(page.extract_text() for page in pages).splitlines()
    assert [len(line) for line in lines if set(line) == {"x"}] == [60, 60, 50]
    assert [line for line in lines if line in {"one", "two", "three", "four"}] == [
        "one",
        "two",
        "three",
        "four",
    ]


def test_what_people_write_is_printed() -> None:
    """A hundred rows of half a page each, in scripts with and without spaces."""
    for text in (
        "Both sides had stopped listening. " * 60,
        "双方都不再倾听。" * 60,
        "ทั้งสองฝ่ายหยุดฟังกันแล้ว" * 25,
    ):
        html = "".join(f'<div><h2>Roof</h2><p class="text">{text}</p></div>\n' for _row in range(100))
        assert cost_of(breakable(html)) < COST_AT_MOST
