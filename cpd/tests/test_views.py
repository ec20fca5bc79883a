"""The pages of professional development, its downloads and its print, as a browser meets them."""

import io
import re
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.contrib.sessions.models import Session
from pypdf import PdfReader

from accounts.tests.doors import assert_refused
from accounts.tests.factories import make_mediator, signed_in
from cpd.models import CpdEntry
from cpd.tests.factories import a_pdf, make_cpd, typed
from logbook.tests.reading import complaints_of, count_line, csv_rows, pdf_text, plain, xlsx_rows
from logbook_site.foundation.clock import local_today

ADD = "/cpd/add/"
HEADINGS = ["Date", "Title", "Kind", "Provider", "Hours", "Points", "Country", "Evidence"]


@pytest.fixture
def owner(db):
    return make_mediator(name="Amina <Haddad>")


@pytest.fixture
def client(owner):
    return signed_in(owner)


@pytest.fixture
def several(owner):
    """Four entries whose titles say what they are."""
    make_cpd(owner, title="Alpha roof", completed_on=date(2024, 12, 31), country="FR", minutes=90)
    make_cpd(
        owner, title="Beta", completed_on=date(2025, 1, 1), kind="workshop", provider="Été & Co", points=3
    )
    make_cpd(
        owner,
        title="gamma",
        completed_on=date(2025, 12, 31),
        minutes=600,
        points=Decimal("1.5"),
        country="NZ",
    )
    make_cpd(
        owner, title="Delta", completed_on=date(2026, 1, 1), kind="other", minutes=30, provider="roof school"
    )
    make_cpd(owner, title="Gone", minutes=7777, deleted=True)
    make_cpd(title="Foreign", minutes=5555)


def words(response) -> str:
    return plain(response.text.partition("<main")[2])


def titles(page: str) -> list[str]:
    return [plain(one) for one in re.findall(r'<td class="col-title"[^>]*>(.*?)</td>', page, re.S)]


class TestList:
    def test_an_empty_list_says_how_to_start(self, client):
        page = client.get("/cpd/").text
        assert "Start with the last course you took" in page
        assert "<table" not in page

    def test_a_row_says_what_the_heading_promises(self, client, owner):
        entry = make_cpd(owner, title="<b> & rain", provider="Harbour", minutes=95, points=Decimal("1.50"))
        page = client.get("/cpd/").text
        cells = [plain(one) for one in re.findall(r'<td class="col-\w+"[^>]*>(.*?)</td>', page, re.S)]
        assert cells[:6] == [
            "4 March 2026",
            "<b> & rain",
            "Training course",
            "Harbour",
            "1 h 35 min",
            "1.5 points",
        ]
        assert f'href="/cpd/{entry.pk}/"' in page and f'href="/cpd/{entry.pk}/edit/"' in page

    def test_title_and_provider_run_in_the_direction_of_their_own_text(self, client, owner):
        make_cpd(owner, title="دورة", provider="معهد")
        make_cpd(owner, title="Course", provider="")
        page = client.get("/cpd/").text
        for column, texts in {"title": {"دورة", "Course"}, "provider": {"معهد", ""}}.items():
            shown = re.findall(rf'<td class="col-{column}"[^>]*><span dir="auto">(.*?)</span></td>', page)
            assert set(shown) == texts  # an empty one has no room on a phone: nothing stands in its span

    def test_totals_and_bars_are_of_the_whole_view(self, client, several):
        page = client.get("/cpd/?per_page=10").text
        assert count_line(page) == "4 CPD entries, 12 h (12.00 h), 4.5 points"
        assert re.findall(r"<desc>(.*?)</desc>", page) == [
            "Training course: 11 h 30 min; Other: 30 min",
            "2026: 30 min; 2025: 10 h; 2024: 1 h 30 min",
            "Training course: 1.5 points; Workshop: 3 points",
            "2025: 4.5 points",
        ]
        assert count_line(client.get("/cpd/?q=beta").text) == "1 CPD entry, 3 points"
        assert count_line(client.get("/cpd/?q=delta").text) == "1 CPD entry, 30 min (0.50 h)"
        assert count_line(client.get("/cpd/?q=zz").text) == "0 CPD entries"

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", "Delta gamma Beta Alpha"), ("kind=training", "gamma Alpha"),
            ("kind=training&kind=other", "Delta gamma Alpha"), ("year=2025", "gamma Beta"),
            ("year=2024&year=2026", "Delta Alpha"), ("date_from=2025-12-31", "Delta gamma"),
            ("date_to=2025-01-01", "Beta Alpha"), ("country=FR&country=NZ", "gamma Alpha"), ("q=ROOF", "Delta Alpha"),
            ("q=ete", "Beta"), ("q=roof+school", "Delta"), ("q=roof&q=beta", "Delta Beta Alpha"), ("country=DE", ""),
            ("sort=title", "Alpha Beta Delta gamma"), ("sort=hours", "Beta Delta Alpha gamma"),
            ("sort=-hours", "gamma Alpha Delta Beta"), ("sort=-points", "Beta gamma Delta Alpha"),
            ("sort=kind", "Delta gamma Alpha Beta"), ("sort=completed_on", "Alpha Beta gamma Delta"),
            ("sort=country", "Delta Beta Alpha gamma"), ("sort=provider", "gamma Alpha Delta Beta"),
        ],
    )  # fmt: skip
    def test_what_is_found_in_which_order(self, client, several, query: str, expected: str):
        page = client.get(f"/cpd/?{query}").text
        assert complaints_of(page) == []
        assert [title.split()[0] for title in titles(page)] == expected.split()
        assert [
            row["Title"].split()[0] for row in csv_rows(client.get(f"/cpd/export/?{query}"))
        ] == expected.split()

    @pytest.mark.parametrize(
        "query",
        ["kind=holiday", "year=20", "date_from=soon", "country=XX", "q=%00", "sort=takeaways", "sort=owner", "page=0",
         "per_page=7", "sort=--title"],
    )  # fmt: skip
    def test_what_is_not_understood_is_named_on_the_page_and_refused_elsewhere(
        self, client, several, query: str
    ):
        page = client.get(f"/cpd/?{query}")
        assert page.status_code == 200
        (sentence,) = complaints_of(page.text)
        assert len(titles(page.text)) == 4
        for name in ("export", "print"):
            answer = client.get(f"/cpd/{name}/?{query}")
            assert answer.status_code == 400
            assert sentence in plain(answer.text)

    def test_the_page_size_is_remembered(self, client, owner):
        for _number in range(11):
            make_cpd(owner)
        assert len(titles(client.get("/cpd/?per_page=10").text)) == 10
        assert len(titles(client.get("/cpd/").text)) == 10
        assert len(titles(client.get("/cpd/?page=99").text)) == 1
        owner.refresh_from_db()
        assert owner.page_sizes == {"cpd": 10}


class TestAddAndEdit:
    def test_an_entry_is_saved_and_shown(self, client, owner):
        answer = client.post(
            ADD, typed(points="1,5", takeaways="Ask more.", provider="<Harbour>", country="NZ"), follow=True
        )
        entry = CpdEntry.objects.get()
        assert answer.redirect_chain == [(f"/cpd/{entry.pk}/", 302)]
        assert f'data-saved="{owner.pk}:cpd-add"' in answer.text
        shown = words(answer)
        for part in [
            "Saved: Advanced course, 3 h 30 min, 1.5 points.", "Date 4 March 2026", "Hours 3 h 30 min",
            "Kind Training course", "Points 1.5", "Provider <Harbour>", "Country New Zealand", "Ask more.",
        ]:  # fmt: skip
            assert part in shown
        assert "Evidence" not in shown

    def test_the_form_offers_today_and_what_was_used_last(self, client, owner):
        page = client.get(ADD).text
        assert f'value="{local_today().isoformat()}"' in page
        make_cpd(owner, kind="supervision", country="NZ", title="Old one")
        make_cpd(kind="conference")
        page = client.get(ADD).text
        assert re.search(r'name="kind" value="supervision"[^>]*checked', page)
        assert re.search(r'value="NZ" selected', page)
        assert "Old one" not in page
        assert f'data-draft="{owner.pk}:cpd-add"' in page

    def test_a_refused_form_keeps_what_was_typed(self, client):
        answer = client.post(ADD, typed(hours="", takeaways="Do not lose me", provider="Nor <me>"))
        page = assert_refused(answer, "hours")
        assert "Do not lose me" in page and "Nor &lt;me&gt;" in page
        assert '<details class="fold card" open>' in page
        assert not CpdEntry.objects.exists()

    def test_a_possible_duplicate_is_asked_about(self, client, owner):
        make_cpd(owner, title="Advanced course")
        asked = client.post(ADD, typed())
        assert "Advanced course , 4 March 2026, 3 h" in words(asked)
        assert client.post(ADD, typed(duplicate_ok="1")).status_code == 302

    def test_a_double_click_saves_once(self, client):
        answers = [client.post(ADD, typed(form_key="one", title=title)) for title in ("First", "Second")]
        entry = CpdEntry.objects.get()
        assert [answer.url for answer in answers] == [f"/cpd/{entry.pk}/"] * 2

    def test_a_form_sent_back_as_it_came_changes_nothing(self, client, owner):
        entry = make_cpd(
            owner, minutes=95, points=Decimal("1.50"), country="NZ", takeaways="A\n\nB", evidence=a_pdf()
        )
        before = CpdEntry.objects.values().get()
        sent = typed(title=entry.title, hours="1:35", points="1.5", country="NZ", takeaways="A\r\n\r\nB")
        assert client.post(f"/cpd/{entry.pk}/edit/", sent).status_code == 302
        after = CpdEntry.objects.values().get()
        assert {name for name in before if before[name] != after[name]} == {"changed_at", "takeaways_sealed"}
        assert CpdEntry.objects.get().takeaways == "A\n\nB"

    def test_an_ended_session_changes_nothing(self, client, owner):
        entry = make_cpd(owner)
        Session.objects.all().delete()
        for address in (ADD, f"/cpd/{entry.pk}/edit/", f"/cpd/{entry.pk}/delete/"):
            assert client.post(address, typed(title="New")).url == f"/accounts/login/?next={address}"
        assert CpdEntry.objects.get().title == entry.title


class TestDeleteAndRestore:
    def test_delete_and_undo(self, client, owner):
        entry = make_cpd(owner, title="Roof", takeaways="We paused.", points=2, minutes=60)
        asked = words(client.get(f"/cpd/{entry.pk}/delete/"))
        assert "Roof , 4 March 2026, 1 h, 2 points" in asked and "For 30 days you can bring it back" in asked
        gone = client.post(f"/cpd/{entry.pk}/delete/", follow=True)
        assert gone.redirect_chain == [("/cpd/", 302)]
        assert titles(gone.text) == []
        for tail in ("", "edit/", "delete/"):
            assert client.get(f"/cpd/{entry.pk}/{tail}").status_code == 404
        assert "Roof 4 March 2026, 1 h, 2 points" in words(client.get("/cpd/deleted/"))
        assert "Roof" not in client.get("/logbook/deleted/").text
        back = client.post(f"/cpd/{entry.pk}/restore/", follow=True)
        assert "Back in your CPD list: Roof." in words(back) and "We paused." in back.text
        assert "Nothing was deleted." in words(client.get("/cpd/deleted/"))

    def test_a_look_does_not_delete_or_restore(self, client, owner):
        live, gone = make_cpd(owner), make_cpd(owner, deleted=True)
        for method in (client.get, client.head):
            assert method(f"/cpd/{live.pk}/delete/").status_code == 200
            assert method(f"/cpd/{gone.pk}/restore/").status_code == 405
        assert set(CpdEntry.objects.live()) == {live}


class TestExport:
    def test_every_field_has_its_column(self, client, owner):
        make_cpd(owner, title="Full, “and” more", minutes=200, points=Decimal("1.50"), provider="Łódź", country="NZ",
                 kind="self_study", takeaways="Canary", evidence=a_pdf())  # fmt: skip
        [row] = csv_rows(client.get("/cpd/export/?format=csv"))
        assert list(row) == HEADINGS
        assert list(row.values()) == [
            "2026-03-04", "Full, “and” more", "Self-study", "Łódź", "3.33", "1.50", "New Zealand", "PDF",
        ]  # fmt: skip
        stored = {field.name for field in CpdEntry._meta.fields}
        inner = {"id", "owner", "folded", "created_at", "changed_at", "deleted_at", "imported_in"}
        assert len(stored - inner) == len(HEADINGS) + 1  # and the takeaways
        head, line = xlsx_rows(client.get("/cpd/export/?format=xlsx"))
        assert (list(head), line[0], line[4:6]) == (HEADINGS, datetime(2026, 3, 4), (3.33, 1.5))

    def test_what_is_empty_stays_empty(self, client, owner):
        make_cpd(owner, title="Bare", points=3)
        [row] = csv_rows(client.get("/cpd/export/"))
        filled = {name: value for name, value in row.items() if value}
        assert filled == {"Date": "2026-03-04", "Title": "Bare", "Kind": "Training course", "Points": "3.00"}

    def test_takeaways_only_where_they_are_asked_for(self, client, owner):
        make_cpd(owner, takeaways="=Canary\none")
        for format_, read in (("csv", csv_rows), ("xlsx", xlsx_rows)):
            assert "Canary" not in str(read(client.get(f"/cpd/export/?format={format_}")))
            asked = str(read(client.get(f"/cpd/export/?format={format_}&learnings=1")))
            assert "'=Canary" in asked and "Takeaways" in asked

    @pytest.mark.parametrize("format_", ["pdf", "CSV", "", "../csv"])
    def test_another_format_is_refused(self, client, format_: str):
        assert client.get("/cpd/export/", {"format": format_}).status_code == 400

    def test_its_name(self, client):
        answer = client.get("/cpd/export/?format=xlsx")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="cpd.xlsx"'


class TestPrint:
    def test_it_holds_what_the_page_shows_and_is_tagged(self, client, several):
        answer = client.get("/cpd/print/?kind=training&kind=workshop&sort=title")
        text = pdf_text(answer)
        assert "Professional development (CPD) of Amina <Haddad>" in text
        assert "3 CPD entries, 11 h 30 min (11.50 h), 4.5 points" in text
        assert "Only: Kind: Training course; Kind: Workshop" in text
        assert [word for word in text.split() if word in {"Alpha", "Beta", "gamma", "Delta", "Gone", "Foreign"}] == [
            "Alpha", "Beta", "gamma",
        ]  # fmt: skip
        for bar in ("Training course 11 h 30 min", "2025 10 h", "Workshop 3 points"):
            assert bar in text
        document = PdfReader(io.BytesIO(answer.content))
        assert document.root_object["/Lang"] == "en" and document.root_object["/MarkInfo"]["/Marked"]
        assert "/StructTreeRoot" in document.root_object
        assert document.metadata.title.startswith("Professional development")

    def test_pages_are_those_of_the_page(self, client, owner):
        for number in range(12):
            make_cpd(owner, title=f"Course-{number:02}", completed_on=date(2025, 1, 1 + number))
        text = pdf_text(client.get("/cpd/print/?per_page=10&page=2"))
        assert re.findall(r"Course-\d\d", text) == ["Course-01", "Course-00"]
        assert "Page 2 of 2 of this view" in text
