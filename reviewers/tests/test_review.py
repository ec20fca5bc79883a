"""Review Feedback, through the pages: the list of mediators, the years, one piece, downloads, print, resigning."""

import io
import re
from datetime import UTC, date, datetime

import pytest
from django.core import mail
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.choices import Role
from accounts.models import Appointment, MediatorProfile
from accounts.services import outbox
from accounts.tests.factories import (
    make_appointment,
    make_mediator,
    make_pending,
    make_person,
    make_reviewer,
    signed_in,
)
from feedback.surveys import ADVOCATE_1, OTHER_QUESTIONS
from feedback.tests.factories import make_piece
from logbook.tests.reading import complaints_of, csv_rows, pdf_text, plain, xlsx_rows
from reviewers.models import Digest
from reviewers.summaries import due_after, reviewed
from reviewers.tests.factories import make_final_digest

pytestmark = pytest.mark.django_db
HELPFUL = str(OTHER_QUESTIONS["helpful"])


@pytest.fixture
def rosa():
    return make_reviewer(vetted=True, name="Rosa Lindqvist", email="rosa@example.org")


@pytest.fixture
def amina(rosa):
    amina = make_mediator(name="Amina Okafor", email="amina@example.org")
    make_appointment(amina, rosa)
    return amina


def page_of(person, mediator, query: str = "", tail: str = ""):
    return signed_in(person).get(f"/review/{mediator.pk}/{tail}{query}")


def pieces_on(page: str) -> list[str]:
    """The ids of the pieces on the page, in its order."""
    return re.findall(r'href="/review/[0-9a-f-]{36}/([0-9a-f-]{36})/"', page)


def row_of(page: str, name: str) -> str:
    rows = [plain(row) for row in re.findall(r"<li><div.*?</li>", page, re.S)]
    (row,) = [row for row in rows if name in row]
    return row


class TestMediators:
    def test_nobody_has_named_them(self, rosa) -> None:
        page = signed_in(rosa).get("/review/").text
        assert "No mediator has named you yet" in page

    def test_one_and_many_by_name(self, rosa, amina) -> None:
        assert "Amina Okafor" in signed_in(rosa).get("/review/").text
        for number in range(30):
            make_appointment(make_mediator(name=f"mediator {number:02}"), rosa)
        make_appointment(make_mediator(name="Somebody else's"))
        pages = [signed_in(rosa).get(f"/review/?page={number}") for number in (1, 2)]
        names = [each.mediator.name for page in pages for each in page.context["page"].object_list]
        assert names == ["Amina Okafor", *(f"mediator {number:02}" for number in range(30))]

    def test_what_is_new_is_what_the_last_final_digest_does_not_rest_on(self, rosa, amina) -> None:
        old, older = make_piece(amina), make_piece(amina, shared=False)
        assert "2 new" in row_of(signed_in(rosa).get("/review/").text, "Amina Okafor")
        make_final_digest(amina, based_on=[old], final_at=datetime(2020, 2, 29, tzinfo=UTC))
        make_final_digest(amina, based_on=[old, older], final_at=datetime(2024, 3, 1, 8, tzinfo=UTC))
        Digest.objects.create(mediator=amina, reviewer=rosa, text="Draft")
        row = row_of(signed_in(rosa).get("/review/").text, "Amina Okafor")
        assert "Nothing new 2 pieces" in row
        assert "Last Feedback Digest: 1 March 2024. The next one is due on 1 March 2026." in row
        make_piece(amina)
        assert "1 new 3 pieces" in row_of(signed_in(rosa).get("/review/").text, "Amina Okafor")
        assert "1 new" in signed_in(rosa).get("/").text

    def test_numbers_of_several_mediators_do_not_mix(self, rosa, amina) -> None:
        ben = make_mediator(name="Ben Aldous")
        make_appointment(ben, rosa)
        theirs = [make_piece(amina) for _each in range(3)]
        make_piece(ben)
        make_piece(make_mediator())
        make_final_digest(amina, based_on=theirs[:1])
        found = {each.mediator: (each.number, each.new) for each in reviewed([amina, ben], by=rosa)}
        assert found == {amina: (3, 2), ben: (1, 1)}

    @pytest.mark.parametrize(
        ("day", "due"),
        [
            (date(2024, 2, 29), date(2026, 2, 28)),
            (date(2024, 12, 31), date(2026, 12, 31)),
            (date(2023, 1, 1), date(2025, 1, 1)),
        ],
    )
    def test_due_after_two_years(self, day: date, due: date) -> None:
        assert due_after(day) == due

    def test_search_by_name_folds_and_keeps_what_was_asked(self, rosa, amina) -> None:
        for name in ("Chloé Marchetti", "Ben Aldous"):
            make_appointment(make_mediator(name=name), rosa)

        def found(query: str) -> list[str]:
            page = signed_in(rosa).get(f"/review/?{query}")
            assert page.status_code == 200
            return [each.mediator.name for each in page.context["page"].object_list]

        assert found("q=CHLOE") == ["Chloé Marchetti"]
        assert found("q=marchetti+chloé") == ["Chloé Marchetti"]
        assert found("q=amina&q=ben") == ["Amina Okafor", "Ben Aldous"]
        assert found("q=%25") == []
        assert found("q='+or+1=1--") == []
        assert found("sort=-name") == ["Chloé Marchetti", "Ben Aldous", "Amina Okafor"]
        page = signed_in(rosa).get("/review/?q=nobody").text
        assert "No mediator of yours has this name." in page

    def test_junk_is_named_and_left_out(self, rosa, amina) -> None:
        page = signed_in(rosa).get("/review/?sort=email&page=zz&per_page=7&q=%CC%81").text
        assert len(complaints_of(page)) == 4
        assert "Amina Okafor" in page

    def test_proposals_stand_on_top(self, rosa) -> None:
        pending = make_pending(make_mediator(name="Ben Aldous"), rosa)
        page = signed_in(rosa).get("/review/").text
        assert re.search(r'href="/invitation/[^"]+/"', page)
        assert "Ben Aldous" in page
        assert str(pending.mediator_id) not in page

    def test_the_state_of_the_check_in_words(self) -> None:
        reviewer = make_reviewer()
        make_appointment(make_mediator(name="Amina Okafor"), reviewer)
        page = plain(signed_in(reviewer).get("/review/").text)
        assert "IMI checks you" in page
        assert "Until then you read only what is shared, without the years." in page
        assert "IMI checks you; until then you read only what is shared." in plain(
            signed_in(reviewer).get("/").text
        )


class TestYears:
    def test_by_year_newest_first_and_inside_by_id_alone(self, rosa, amina) -> None:
        pieces = [
            make_piece(amina, year=year, helpful=f"Words {year}") for year in [2024, 2026, 2025] for _each in range(8)
        ]  # fmt: skip
        expected = sorted(pieces, key=lambda piece: (-piece.year, str(piece.pk)))
        page = page_of(rosa, amina).text
        assert pieces_on(page) == [str(piece.pk) for piece in expected]
        assert re.findall(r'id="y(\d+)"( open)?', page) == [("2026", " open"), ("2025", ""), ("2024", "")]
        turned = page_of(rosa, amina, "?sort=year").text
        assert re.findall(r'id="y(\d+)"', turned) == ["2024", "2025", "2026"]

    def test_number_average_and_distribution_of_each_year(self, rosa, amina) -> None:
        for rating in (5, 4, 4, "na"):
            make_piece(amina, year=2025, ratings={"clear": rating, "pressed": 5}, use_again="yes")
        make_piece(amina, year=2024, ratings={"clear": 1})
        make_piece(amina, year=2025, survey=ADVOCATE_1.name, ratings={"process": 2})
        page = page_of(rosa, amina).text
        newest, _open, older = page.partition('id="y2024"')
        rows = [plain(row) for row in re.findall(r'<tr role="row">.*?</tr>', newest, re.S)]
        assert "The process was clear to me. 4.3 1 2 0 0 0 1" in rows
        assert (
            "The mediator pressed me towards a result that I did not want. turned round 1.0 4 0 0 0 0 0"
            in rows
        )
        assert "The advocate understood how mediation works. 2.0 0 0 0 1 0 0" in rows
        assert "As mediator: 4 pieces" in plain(newest)
        assert "As mediation advocate: 1 piece" in plain(newest)
        assert "Yes: 4 · Not sure: 0 · No: 0" in plain(newest)
        assert "The process was clear to me. 1.0 0 0 0 0 1 0" in plain(older)

    def test_what_may_be_done_with_a_comment_stands_there_in_words(self, rosa, amina) -> None:
        make_piece(amina, helpful="Tea.", quote="Calm.", may_quote="yes")
        page = plain(page_of(rosa, amina).text)
        assert "Calm. May be quoted" in page
        for words in ("Not shared with the mediator", "Not invited", "Not to be quoted"):
            assert words not in page.partition("Clear all")[2]
        make_piece(amina, quote="Harsh.", may_quote="no", shared=False, invited=False)
        page = plain(page_of(rosa, amina).text)
        for words in ("Not shared with the mediator", "Not invited", "Harsh. Not to be quoted"):
            assert words in page.partition("Clear all")[2]

    def test_pieces_without_words_are_counted_and_linked(self, rosa, amina) -> None:
        bare = {str(make_piece(amina).pk) for _each in range(2)}
        spoken = str(make_piece(amina, better="Shorter.").pk)
        page = page_of(rosa, amina).text
        assert "2 pieces without words:" in page
        assert pieces_on(page)[0] == spoken
        assert set(pieces_on(page)) == {spoken, *bare}

    def test_texts_are_text_and_say_their_language(self, rosa, amina) -> None:
        make_piece(amina, language="ar", helpful="<script>alert(1)</script> شكرا")
        page = page_of(rosa, amina).text
        assert "<script>alert" not in page
        assert re.search(r'lang="ar" dir="auto">&lt;script&gt;', page)

    def test_the_profile_leads_to_imi(self, rosa, amina) -> None:
        MediatorProfile.objects.filter(person=amina).update(
            imi_profile="https://imimediation.org/mediator/amina/", country="KE"
        )
        page = page_of(rosa, amina).text
        assert re.search(r'<a href="https://imimediation.org/mediator/amina/" rel="noopener[^"]*"', page)
        assert "Kenya" in page

    def test_nothing_yet(self, rosa, amina) -> None:
        page = page_of(rosa, amina)
        assert page.status_code == 200
        assert "Nothing to read here yet" in page.text


class TestFilters:
    @pytest.fixture
    def pieces(self, amina) -> dict[str, str]:
        made = {
            "plain": make_piece(amina, year=2026, helpful="Great tea."),
            "kept": make_piece(amina, year=2026, better="Élan manqué", shared=False),
            "walked in": make_piece(amina, year=2025, quote="tea, ELAN", invited=False),
            "both": make_piece(amina, year=2024, helpful="x", shared=False, invited=False),
        }
        return {str(piece.pk): name for name, piece in made.items()}

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", {"plain", "kept", "walked in", "both"}),
            ("year=2026", {"plain", "kept"}),
            ("year=2025&year=2024", {"walked in", "both"}),
            ("share=yes", {"plain", "walked in"}),
            ("share=no", {"kept", "both"}),
            ("share=no&share=yes", {"plain", "kept", "walked in", "both"}),
            ("invited=no", {"walked in", "both"}),
            ("invited=no&share=no", {"both"}),
            ("q=elan", {"kept", "walked in"}),
            ("q=TEA+élan", {"walked in"}),
            ("q=great&q=manque", {"plain", "kept"}),
            ("q=%25", set()),
            ("q=_", set()),
            ("q='+or+'1'='1", set()),
            ("year=2001", set()),
        ],
    )
    def test_page_and_download_hold_the_same(self, rosa, amina, pieces, query, expected) -> None:
        page = page_of(rosa, amina, f"?{query}").text
        found = pieces_on(page)
        assert {pieces[key] for key in found} == expected
        assert len(found) == len(expected)
        rows = csv_rows(page_of(rosa, amina, f"?{query}", "export/"))
        assert len(rows) == len(expected)
        sheet = xlsx_rows(page_of(rosa, amina, f"?format=xlsx&{query}", "export/"))
        assert len(sheet) == 1 + len(expected)

    @pytest.mark.long
    @pytest.mark.parametrize("query", ["", "share=no", "q=TEA+élan&year=2025"])
    def test_the_print_holds_the_same(self, rosa, amina, pieces, query) -> None:
        page = plain(page_of(rosa, amina, f"?{query}").text).partition("Clear all")[2]
        text = pdf_text(page_of(rosa, amina, f"?{query}", "print/"))
        for words in ("Great tea.", "Élan manqué", "tea, ELAN"):
            assert (words in text) == (words in page)

    @pytest.mark.parametrize(
        "query",
        [
            "sort=release_on", "sort=id", "page=-1", "page=99x", "per_page=1000", "year=20x6", "year=1", "share=1",
            "share=maybe", "invited=ja", "q=%CC%81", "year=٢٠٢٦", "sort=-year;drop table", f"q={'x' * 201}",
        ],
    )  # fmt: skip
    def test_junk_is_named_on_the_page_and_refused_elsewhere(self, rosa, amina, pieces, query) -> None:
        page = page_of(rosa, amina, f"?{query}")
        assert page.status_code == 200
        (complaint,) = complaints_of(page.text)
        assert len(pieces_on(page.text)) == 4
        for tail in ("export/", "print/"):
            refused = page_of(rosa, amina, f"?{query}", tail)
            assert refused.status_code == 400
            assert complaint in plain(refused.text)

    @pytest.mark.parametrize(
        "query", ["q=%00", "year=%00", "page=99999999999999999999", "foo=bar", "q=%F0%9F%99%82"]
    )
    def test_odd_bytes_are_never_an_error(self, rosa, amina, pieces, query) -> None:
        assert page_of(rosa, amina, f"?{query}").status_code == 200
        assert page_of(rosa, amina, f"?{query}", "export/").status_code in {200, 400}

    def test_an_unknown_download_is_refused(self, rosa, amina, pieces) -> None:
        assert page_of(rosa, amina, "?format=exe", "export/").status_code == 400


class TestOnePiece:
    def test_all_answers_and_every_text(self, rosa, amina) -> None:
        piece = make_piece(
            amina, ratings={"clear": 4, "safe": "na"}, helpful="The tea.", party_role="adviser", shared=False,
            outcome="partial", outcome_satisfied="2", use_again="unsure", language="fr", year=2025,
        )  # fmt: skip
        text = plain(page_of(rosa, amina, tail=f"{piece.pk}/").text)
        for words in (
            "Amina Okafor, 2025", "An adviser or expert", "French", "Not shared with the mediator", "The tea.",
            "The process was clear to me. Agree (4)", "I felt safe to speak. Cannot say", "Not sure",
            "We agreed on some points", "Not satisfied (2)",
        ):  # fmt: skip
            assert words in text


class TestDownloads:
    def test_headings_rows_and_order(self, rosa, amina) -> None:
        make_piece(amina, year=2024, helpful="Older", shared=False)
        make_piece(amina, year=2026, helpful="Newer", invited=False, ratings={"clear": 5})
        rows = csv_rows(page_of(rosa, amina, tail="export/"))
        assert [row["Year"] for row in rows] == ["2026", "2024"]
        assert [row["Shared with the mediator"] for row in rows] == ["Yes", "No"]
        assert [row["Invited by the mediator"] for row in rows] == ["No", "Yes"]
        assert rows[0]["The process was clear to me."] == "5"
        assert [row[HELPFUL] for row in rows] == ["Newer", "Older"]

    def test_formulas_are_defused(self, rosa, amina) -> None:
        make_piece(amina, helpful="=HYPERLINK(1)", better="+1", quote="\t@SUM(A1)")
        row = csv_rows(page_of(rosa, amina, tail="export/"))[0]
        sheet = load_workbook(io.BytesIO(page_of(rosa, amina, "?format=xlsx", "export/").content)).active
        texts = [value for value in row.values() if value and value[0] in "=+-@\t"]
        assert texts == []
        assert row[HELPFUL] == "'=HYPERLINK(1)"
        assert all(cell.data_type != "f" for cells in sheet.iter_rows() for cell in cells)

    def test_the_names_of_files_tell_mediators_apart(self, rosa, amina) -> None:
        for tail, ending in (("export/", "csv"), ("export/?format=xlsx", "xlsx"), ("print/", "pdf")):
            answer = page_of(rosa, amina, tail=tail)
            assert f'filename="feedback-amina-okafor.{ending}"' in answer.headers["Content-Disposition"]

    def test_the_print_is_a_tagged_file_and_says_what_the_page_says(self, rosa, amina) -> None:
        make_piece(amina, year=2025, helpful="The tea.", quote="Calm.", may_quote="no", shared=False)
        make_piece(amina, year=2025, ratings={"clear": 2})
        answer = page_of(rosa, amina, "?year=2025", "print/")
        document = PdfReader(io.BytesIO(answer.content))
        assert document.metadata.title.startswith("Feedback about Amina Okafor")
        assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
        assert document.trailer["/Root"]["/Lang"]
        text = pdf_text(answer)
        for words in (
            "2 pieces", "Only: Year: 2025", "The process was clear to me. 3.0 0 1 0 1 0 0", "The tea.",
            "Not shared with the mediator", "Not to be quoted", "1 piece without words",
        ):  # fmt: skip
            assert words in text

    def test_too_much_for_one_print_leads_back_with_a_sentence(self, rosa, amina, monkeypatch) -> None:
        monkeypatch.setattr("reviewers.views.reviewing.PIECES_IN_A_PRINT", 1)
        for _each in range(2):
            make_piece(amina)
        browser = signed_in(rosa)
        answer = browser.get(f"/review/{amina.pk}/print/?share=yes", follow=True)
        assert answer.redirect_chain == [(f"/review/{amina.pk}/?share=yes", 302)]
        assert "at most 1 pieces" in plain(answer.text)


class TestResigning:
    @pytest.mark.django_db(transaction=True)
    def test_they_read_nothing_from_then_on_and_the_mediator_is_told(self, rosa, amina, settings) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        piece = make_piece(amina, helpful="The tea.")
        browser = signed_in(rosa)
        assert f'action="/review/{amina.pk}/resign/"' in browser.get(f"/review/{amina.pk}/").text
        answer = browser.post(f"/review/{amina.pk}/resign/", follow=True)
        assert answer.redirect_chain == [("/review/", 302)]
        assert "You no longer review Amina Okafor" in plain(answer.text)
        assert Appointment.objects.get().state == "resigned"
        for tail in ("", "export/", "print/", f"{piece.pk}/"):
            assert browser.get(f"/review/{amina.pk}/{tail}").status_code == 404
        assert browser.post(f"/review/{amina.pk}/resign/").status_code == 404
        outbox.deliver_due()
        (told,) = mail.outbox
        assert told.to == ["amina@example.org"]
        assert "Rosa Lindqvist" in told.body

    def test_looking_ends_nothing(self, rosa, amina) -> None:
        for method in ("get", "head", "put", "delete", "patch", "options"):
            assert getattr(signed_in(rosa), method)(f"/review/{amina.pk}/resign/").status_code == 405
        assert Appointment.objects.get().state == "accepted"


def test_who_reviews_and_mediates_has_both_menus() -> None:
    page = signed_in(make_person(Role.MEDIATOR, Role.REVIEWER)).get("/").text
    assert 'href="/review/"' in page
    assert 'href="/feedback/"' in page
    assert 'href="/review/"' not in signed_in(make_mediator()).get("/").text
