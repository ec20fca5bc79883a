"""The PDF says exactly what the page shows: its rows, its totals, its charts, its filters in words."""

import io
import re
from datetime import date

import pytest
from pypdf import PdfReader

from accounts.tests.factories import make_mediator, signed_in
from logbook.tests.factories import make_entry
from logbook.tests.reading import count_line, pdf_text, plain, table_of
from logbook_site.foundation import pdf
from logbook_site.foundation.pdf import PdfNotPossible

pytestmark = pytest.mark.django_db
NUMBER = re.compile(r"\d+ h(?: \d+ min)?|\d+ min")


@pytest.fixture
def owner():
    """Twenty-three entries: three pages of ten."""
    owner = make_mediator(name="Amina <Haddad>")
    for number in range(23):
        make_entry(
            owner,
            title=f"Matter-{number:02}",
            ended_on=date(2024 + number % 3, 1 + number % 12, 1 + number),
            role=["lead", "co", "advocate"][number % 3],
            medium=["online", "hybrid"][number % 2],
            country=["NZ", ""][number % 2],
            minutes=61 + number,
            preparation_minutes=number,
            setting="simulated" if number == 7 else "real",
        )
    make_entry(owner, title="Matter-gone", deleted=True)
    make_entry(title="Matter-foreign")
    return owner


def described(page: str) -> list[str]:
    """The numbers of the bars: "Lead mediator: 3 h", and so on."""
    return [bar for one in re.findall(r"<desc>(.*?)</desc>", page) for bar in plain(one).split("; ")]


@pytest.mark.parametrize(
    "query",
    ["per_page=10", "per_page=10&page=2", "per_page=10&page=3", "sort=title", "role=co&sort=-hours", "q=zzz"],
)
def test_it_holds_the_rows_of_the_page_and_no_other(owner, query: str) -> None:
    client = signed_in(owner)
    page = client.get(f"/logbook/?{query}").text
    rows = [row for row in table_of(page) if len(row) > 1]
    text = pdf_text(client.get(f"/logbook/print/?{query}"))
    assert re.findall(r"Matter-\w+", text) == [row[1] for row in rows]
    for row in rows:
        assert " ".join(cell for cell in row if cell) in text
    assert count_line(page) in text
    bars = described(page)
    for bar in bars:
        assert bar.replace(": ", " ") in text
    shown = [row[5] for row in rows] + [bar.partition(": ")[2] for bar in bars]
    apart = (
        NUMBER.findall(plain(re.search(r'<p class="quiet">(Preparation.*?)</p>', page, re.S)[1]))
        if rows
        else []
    )
    assert sorted(NUMBER.findall(text)) == sorted([*shown, *NUMBER.findall(count_line(page)), *apart])


def test_the_filters_stand_there_in_words(owner) -> None:
    query = "role=co&role=lead&year=2025&country=NZ&date_to=2026-03-04&q=matter&sort=title"
    text = pdf_text(signed_in(owner).get(f"/logbook/print/?{query}"))
    assert (
        "Only: Words: matter; To: 4 March 2026; Year: 2025; Role: Co-mediator; Role: Lead mediator; "
        "Country: New Zealand"
    ) in text
    assert "Only:" not in pdf_text(signed_in(owner).get("/logbook/print/"))


def test_it_says_whose_it_is_and_which_page(owner) -> None:
    text = pdf_text(signed_in(owner).get("/logbook/print/?per_page=10&page=99999"))
    assert "Logbook of Amina <Haddad>" in text
    assert "Page 3 of 3 of this view" in text
    assert "of this view" not in pdf_text(signed_in(owner).get("/logbook/print/?per_page=25"))


def test_it_is_a_tagged_file_with_title_and_language(owner) -> None:
    answer = signed_in(owner).get("/logbook/print/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="logbook.pdf"'
    document = PdfReader(io.BytesIO(answer.content))
    assert document.metadata.title.startswith("Logbook")
    assert document.root_object["/Lang"] == "en"
    assert document.root_object["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in document.root_object
    assert "1 / " in pdf_text(answer)


def test_the_remembered_page_size_counts_here_too_and_is_not_changed(owner) -> None:
    client = signed_in(owner)
    client.get("/logbook/?per_page=10")
    assert len(re.findall(r"Matter-\w+", pdf_text(client.get("/logbook/print/")))) == 10
    client.get("/logbook/print/?per_page=25")
    owner.refresh_from_db()
    assert owner.page_sizes == {"logbook": 10}


def test_hostile_text_is_only_text_and_nothing_is_fetched() -> None:
    owner = make_mediator(name="<img src=x>")
    hostile = '<script>1</script><img src="http://127.0.0.1:1/x"> = ☺'
    make_entry(owner, title=hostile, country="NZ")
    make_entry(owner, title="وساطة بين جارين")
    text = pdf_text(signed_in(owner).get("/logbook/print/?q=%3Cimg"))
    assert "<img src=x>" in text
    assert hostile.replace(" ", "") in text.replace(" ", "")
    assert "Only: Words: <img" in text


def test_without_the_program_the_page_says_so(owner, monkeypatch) -> None:
    def not_possible(*args: object) -> None:
        raise PdfNotPossible("Print does not work here.")

    monkeypatch.setattr(pdf, "pdf_of", not_possible)
    answer = signed_in(owner).get("/logbook/print/", follow=True)
    assert answer.redirect_chain == [("/logbook/", 302)]
    assert "Print does not work here." in answer.text
