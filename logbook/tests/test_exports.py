"""A download holds every row of the view, in its order, and nothing that a spreadsheet would run."""

import inspect
import re
from datetime import date, datetime

import pytest
from django.http import StreamingHttpResponse

from accounts.tests.factories import make_mediator, signed_in
from logbook import exports
from logbook.models import LogbookEntry
from logbook.tests.factories import LEARNED, make_entry
from logbook.tests.reading import csv_rows, plain, table_of, xlsx_rows

pytestmark = pytest.mark.django_db
HEADINGS = [
    "Start date", "End date", "Reference", "Role", "Medium", "Hours", "Preparation hours", "Subject", "Country",
    "Language", "Parties", "Outcome", "Provider", "Setting", "Paid or pro bono", "Full scale",
]  # fmt: skip
WITH_LEARNED = [*HEADINGS, "Did well", "Challenges", "Learnings"]
FULL = {
    "title": "Roof, “and” rain", "started_on": date(2026, 3, 1), "minutes": 200, "preparation_minutes": 45,
    "role": "co", "medium": "face_to_face", "subject": "Noise; dust", "country": "NZ", "language": "fr",
    "parties": 3, "outcome": "not_settled", "provider": "Łódź", "setting": "simulated", "paid": "pro_bono",
    "full_scale": "yes",
}  # fmt: skip
FULL_ROW = [
    "2026-03-01", "2026-03-04", "Roof, “and” rain", "Co-mediator", "Face to face", "3.33", "0.75", "Noise; dust",
    "New Zealand", "French", "3", "Not settled", "Łódź", "Simulated", "Pro bono", "Yes",
]  # fmt: skip


@pytest.fixture
def owner():
    return make_mediator()


@pytest.fixture
def client(owner):
    return signed_in(owner)


def test_every_field_has_its_column(owner, client) -> None:
    make_entry(owner, **FULL, did_well="One")
    answer = client.get("/logbook/export/?format=csv")
    [row] = csv_rows(answer)
    assert list(row) == HEADINGS
    assert list(row.values()) == FULL_ROW
    stored = {field.name for field in LogbookEntry._meta.fields}
    inner = {
        "id", "owner", "folded", "folded_subject", "totals_group", "created_at", "changed_at", "deleted_at",
        "imported_in",
    }  # fmt: skip
    assert len(stored - inner) == len(WITH_LEARNED)


def test_what_is_empty_stays_empty_and_hours_have_two_decimals(owner, client) -> None:
    make_entry(owner, title="Bare", minutes=180)
    [row] = csv_rows(client.get("/logbook/export/"))
    filled = {name: value for name, value in row.items() if value}
    assert filled == {
        "End date": "2026-03-04", "Reference": "Bare", "Role": "Lead mediator", "Medium": "Online",
        "Hours": "3.00", "Setting": "Real",
    }  # fmt: skip


def test_the_spreadsheet_keeps_dates_and_numbers(owner, client) -> None:
    make_entry(owner, **FULL)
    answer = client.get("/logbook/export/?format=xlsx")
    head, row = xlsx_rows(answer)
    assert list(head) == HEADINGS
    assert row[:2] == (datetime(2026, 3, 1), datetime(2026, 3, 4))
    assert row[5:7] == (3.33, 0.75)
    assert [str(cell) for cell in row[2:5]] == FULL_ROW[2:5]
    assert [str(cell) for cell in row[7:]] == FULL_ROW[7:]


def test_it_is_a_streamed_file_with_a_byte_order_mark(owner, client) -> None:
    make_entry(owner)
    answer = client.get("/logbook/export/")
    assert isinstance(answer, StreamingHttpResponse)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="logbook.csv"'
    chunks = iter(answer.streaming_content)
    assert next(chunks).startswith(b"\xef\xbb\xbfStart date,End date,Reference")
    xlsx = client.get("/logbook/export/?format=xlsx")
    assert xlsx.headers["Content-Disposition"] == 'attachment; filename="logbook.xlsx"'


def test_rows_come_one_after_the_other(owner, django_assert_num_queries) -> None:
    """Nothing is read before the first row is wanted, and never all at once."""
    make_entry(owner)
    rows = exports.rows(LogbookEntry.objects.all(), with_learnings=False)
    assert inspect.isgenerator(rows)
    with django_assert_num_queries(1):
        assert len(list(rows)) == 1


@pytest.mark.parametrize(
    "query", ["", "sort=title", "sort=-hours&role=co", "year=2025&page=2&per_page=10", "q=roof"]
)
def test_its_rows_are_those_of_all_pages_in_their_order(owner, client, query: str) -> None:
    for number in range(24):
        make_entry(
            owner,
            title=f"{['roof', 'Rain', 'wall'][number % 3]} {number:02}",
            ended_on=date(2024 + number % 2, 1 + number % 12, 5),
            role=["lead", "co"][number % 2],
            minutes=60 + 30 * (number % 5),
            country=["", "FR"][number % 2],
        )
    make_entry(owner, title="roof gone", deleted=True)
    make_entry(title="roof of a colleague")
    seen = []
    for number in (1, 2, 3):
        page = client.get(f"/logbook/?{query}&per_page=10&page={number}".replace("page=2&per", "per", 1))
        rows = table_of(page.text)
        seen += [row for row in rows if row not in seen]
    seen = [row for row in seen if len(row) > 1]
    downloaded = csv_rows(client.get(f"/logbook/export/?{query}"))
    assert [row["Reference"] for row in downloaded] == [row[1] for row in seen]
    assert [(row["Role"], row["Medium"], row["Country"]) for row in downloaded] == [
        (row[2], row[3], row[4]) for row in seen
    ]
    sheet = xlsx_rows(client.get(f"/logbook/export/?format=xlsx&{query}"))
    assert [row[2] for row in sheet[1:]] == [row[1] for row in seen]
    assert len(seen) in {24, 12, 8}


def test_more_rows_than_a_chunk(owner, client, monkeypatch) -> None:
    monkeypatch.setattr("logbook_site.foundation.exports.CHUNK", 3)
    titles = {make_entry(owner).title for _number in range(8)}
    for query in ("", "learnings=1"):
        rows = csv_rows(client.get(f"/logbook/export/?{query}"))
        assert len(rows) == 8
        assert {row["Reference"] for row in rows} == titles


def test_an_empty_view_is_headings_only(client) -> None:
    assert csv_rows(client.get("/logbook/export/")) == []
    assert xlsx_rows(client.get("/logbook/export/?format=xlsx")) == [tuple(HEADINGS)]


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "\u200f=1+1", '=HYPERLINK("http://x","y")', "﹣2+3"]


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_no_cell_is_a_formula(owner, client, format_: str) -> None:
    texts = ["title", "subject", "provider", *LEARNED]
    for formula in FORMULAS:
        make_entry(owner, **dict.fromkeys(texts, formula))
    make_entry(owner, **dict.fromkeys(texts, "\t=1+1\r\n\0"[:-1]))
    answer = client.get(f"/logbook/export/?format={format_}&learnings=1")
    rows = (
        [list(row.values()) for row in csv_rows(answer)]
        if format_ == "csv"
        else [list(row) for row in xlsx_rows(answer)[1:]]
    )
    cells = [row[number] for row in rows for number in (2, 7, 12, 16, 17, 18)]
    assert len(cells) == 6 * 9
    assert all(cell.startswith("'") for cell in cells)
    assert set(cells[0::6]) >= {f"'{formula}" for formula in FORMULAS}


def test_learnings_only_where_they_are_asked_for(owner, client) -> None:
    make_entry(owner, did_well="Canary one", challenges="Canary\ntwo", learnings="Canary three")
    make_entry(owner, title="Nothing learned", ended_on=date(2020, 1, 1))
    for format_ in ("csv", "xlsx"):
        plain_answer = client.get(f"/logbook/export/?format={format_}")
        rows = csv_rows(plain_answer) if format_ == "csv" else xlsx_rows(plain_answer)
        assert "Canary" not in str(rows)
        assert "Learnings" not in str(rows)
    first, second = csv_rows(client.get("/logbook/export/?learnings=1"))
    assert list(first) == WITH_LEARNED
    assert list(first.values())[-3:] == ["Canary one", "Canary\ntwo", "Canary three"]
    assert list(second.values())[-3:] == ["", "", ""]
    head, first, second = xlsx_rows(client.get("/logbook/export/?format=xlsx&learnings=1"))
    assert list(head) == WITH_LEARNED
    assert first[-3:] == ("Canary one", "Canary\ntwo", "Canary three")


@pytest.mark.parametrize("wanted", ["pdf", "CSV", "", "csv\0", "../csv"])
def test_another_format_is_refused(owner, client, wanted: str) -> None:
    make_entry(owner)
    answer = client.get("/logbook/export/", {"format": wanted})
    assert answer.status_code == 400
    assert "A download is “csv” or “xlsx”." in plain(answer.text)


def test_the_page_offers_the_download_of_this_view(owner, client) -> None:
    make_entry(owner)
    page = client.get("/logbook/?role=lead&q=matter&sort=-hours&page=1").text
    form = re.search(r'<form[^>]* method="get" action="/logbook/export/">(.*?)</form>', page, re.S)[1]
    kept = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)
    assert kept == [("role", "lead"), ("q", "matter"), ("sort", "-hours")]
    assert re.findall(r'<button[^>]* name="format" value="(\w+)"', form) == ["xlsx", "csv"]
    assert re.search(r'<input type="checkbox" name="learnings" value="1"[^>]*>', form)
