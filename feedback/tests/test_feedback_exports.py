"""Downloads and print: one row a piece, readable, harmless, and without anything that tells who or when."""

import io
import zipfile

import pytest
from pypdf import PdfReader

from accounts.tests.factories import make_mediator, signed_in
from feedback.surveys import ADVOCATE_1, MEDIATOR_1
from feedback.tests.factories import make_piece
from feedback.tests.reading import csv_rows, pdf_text, xlsx_rows
from logbook_site.foundation import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return signed_in(make_mediator(name="Amina Okafor", email="amina@example.org"))


@pytest.fixture
def amina(client):
    return client.get("/").wsgi_request.user


def one_row(client, **options) -> dict[str, str]:
    headings, row = csv_rows(client.get("/feedback/export/", {"format": "csv"} | options))
    return dict(zip(headings, row, strict=True))


def test_a_row_is_readable(client, amina) -> None:
    make_piece(
        amina, ratings={"clear": 5, "pressed": 2, "safe": "na"}, party_role="adviser", language="es",
        use_again="unsure", outcome="partial", outcome_satisfied="4", helpful="Té", better="a\nb", quote="=1+1",
        may_quote="no",
    )  # fmt: skip
    assert one_row(client) == {question.text: "" for question in MEDIATOR_1.questions} | {
        "Survey": "As mediator",
        "Role of the party": "An adviser or expert",
        "The process was clear to me.": "5",
        "The mediator pressed me towards a result that I did not want.": "2",
        "I felt safe to speak.": "Cannot say",
        "Would work with you again": "Not sure",
        "What was the result?": "We agreed on some points",
        "How satisfied are you with the result?": "4",
        "What helped?": "Té",
        "What could have been better?": "a\nb",
        "Words for the Feedback Digest": "'=1+1",
        "May be quoted": "No",
    }


def test_excel_has_numbers_as_numbers(client, amina) -> None:
    make_piece(amina, ratings={"clear": 5}, outcome_satisfied="na")
    headings, row = xlsx_rows(client.get("/feedback/export/?format=xlsx"))
    found = dict(zip(headings, row, strict=True))
    assert found["The process was clear to me."] == 5
    assert found["How satisfied are you with the result?"] == "Cannot say"


def test_both_surveys_stand_side_by_side(client, amina) -> None:
    make_piece(amina, ratings={"respect": 5})
    make_piece(amina, ratings={"respect": 1}, survey="advocate-1")
    headings, *rows = csv_rows(client.get("/feedback/export/"))
    asked = [str(question.text) for survey in (MEDIATOR_1, ADVOCATE_1) for question in survey.questions]
    assert headings[2 : 2 + len(asked)] == asked
    assert len(headings) == len(set(headings))
    by_survey = {row[0]: dict(zip(headings, row, strict=True)) for row in rows}
    assert by_survey["As mediator"]["The mediator treated me with respect."] == "5"
    assert by_survey["As mediator"]["The advocate treated everybody with respect."] == ""
    assert by_survey["As mediation advocate"]["The advocate treated everybody with respect."] == "1"
    assert by_survey["As mediation advocate"]["The mediator treated me with respect."] == ""


def test_only_what_is_shared_and_released_in_the_order_of_the_list(client, amina) -> None:
    for number in range(12):
        make_piece(amina, helpful=f"piece {number}")
    make_piece(amina, helpful="hidden", shared=False)
    make_piece(amina, helpful="waiting", release_on=clock.today())
    make_piece(make_mediator(), helpful="foreign")
    shown = [card.piece.helpful for card in client.get("/feedback/?per_page=25").context["page"]]
    for form, read in (("csv", csv_rows), ("xlsx", xlsx_rows)):
        rows = read(client.get(f"/feedback/export/?format={form}&per_page=10&page=2"))[1:]
        assert [row[-4] for row in rows] == shown
    backwards = csv_rows(client.get("/feedback/export/?sort=-id"))[1:]
    assert [row[-4] for row in backwards] == shown[::-1]
    assert [row[-4] for row in csv_rows(client.get("/feedback/export/?q=piece+7"))[1:]] == ["piece 7"]


def test_an_empty_download_has_headings(client) -> None:
    for form, read in (("csv", csv_rows), ("xlsx", xlsx_rows)):
        (headings,) = read(client.get(f"/feedback/export/?format={form}"))
        assert len(headings) == 9 + len(MEDIATOR_1.questions)


@pytest.mark.parametrize("wanted", ["pdf", "", "CSV", "xlsx "])
def test_another_format_is_refused(client, wanted: str) -> None:
    assert client.get("/feedback/export/", {"format": wanted}).status_code == 400


def test_names_of_files_tell_nothing(client, amina) -> None:
    make_piece(amina, year=2019)
    names = {}
    for address in ("export/?format=csv", "export/?format=xlsx", "print/"):
        response = client.get(f"/feedback/{address}")
        names[address] = response.headers["Content-Disposition"]
        assert "no-store" in response.headers["Cache-Control"]
        assert "Last-Modified" not in response.headers
    assert list(names.values()) == [
        'attachment; filename="my-feedback.csv"',
        'attachment; filename="my-feedback.xlsx"',
        'attachment; filename="my-feedback.pdf"',
    ]
    book = zipfile.ZipFile(io.BytesIO(client.get("/feedback/export/?format=xlsx").content))
    parts = b"".join(book.read(name) for name in book.namelist())
    assert b"2019" not in parts
    assert b"Amina" not in parts
    facts = PdfReader(io.BytesIO(client.get("/feedback/print/").content)).metadata
    assert "/CreationDate" not in facts
    assert "/Author" not in facts


def test_print_holds_the_summary_and_the_pieces_of_the_page(client, amina) -> None:
    for number in range(12):
        make_piece(
            amina,
            helpful=f"Piece-{number:02}",
            ratings={"clear": 4, "pressed": 1},
            quote="Calm",
            may_quote="yes",
        )
    make_piece(amina, helpful="Piece-hidden", shared=False)
    page = client.get("/feedback/?per_page=10&page=2")
    shown = [card.piece.helpful for card in page.context["page"]]
    response = client.get("/feedback/print/?per_page=10&page=2")
    text = pdf_text(response)
    assert [word for word in text.split() if word.startswith("Piece-")] == shown
    for words in (
        "Feedback shared with Amina Okafor",
        "As mediator: 12 pieces",
        "How many gave each answer Average 5 4 3 2 1 Cannot say",
        "The process was clear to me. 4.0 0 12 0 0 0 0",
        "turned round 5.0 0 0 0 0 12 0",
        "Page 2 of 2 of this view",
        "May the Reviewer quote these words there, without your name? Yes",
        "Yes: 0 · Not sure: 0 · No: 0",
    ):
        assert words in text, words
    reader = PdfReader(io.BytesIO(response.content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"]
    assert "Only: Words: piece-03" in pdf_text(client.get("/feedback/print/?q=piece-03"))


def test_print_of_nothing_is_a_page_too(client) -> None:
    assert "0 pieces" in pdf_text(client.get("/feedback/print/"))


def test_what_people_typed_is_text_in_the_pdf(client, amina) -> None:
    make_piece(amina, helpful="<img src=http://x.example/a.png> <b>bold</b> مرحبا 你好", language="ar")
    text = pdf_text(client.get("/feedback/print/"))
    assert "<img src=http://x.example/a.png> <b>bold</b>" in text


def test_what_is_written_from_right_to_left_begins_at_the_right(client, amina) -> None:
    make_piece(amina, helpful="هدوء وصبر.", language="ar")
    make_piece(amina, helpful="Calm.", language="ar")
    begins = {}
    for page in PdfReader(io.BytesIO(client.get("/feedback/print/").content)).pages:
        page.extract_text(visitor_text=lambda text, _cm, tm, *_font: begins.setdefault(text.strip(), tm[4]))
    (right,) = [place for text, place in begins.items() if "ص" in text or "ﺻ" in text]
    assert right > 300  # of 595 points
    assert begins["Calm."] < 100
