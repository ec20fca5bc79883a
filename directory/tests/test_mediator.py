"""One mediator's page, download and print: exact, by year, and the same numbers everywhere."""

import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from pypdf import PdfReader

from accounts.tests.factories import make_directory, signed_in
from cpd.tests.factories import make_cpd
from directory.tests.factories import LINK, make_career, make_listed
from logbook.tests.factories import make_entry
from logbook.tests.reading import complaints_of, csv_rows, pdf_text, plain, table_of, xlsx_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann():
    ann = make_listed("Ann <Lee>", imi_profile=LINK)
    make_career(ann)
    return ann


@pytest.fixture
def browser():
    cache.clear()
    return signed_in(make_directory())


def address(mediator, tail: str = "") -> str:
    return f"/verify-experience/{mediator.pk}/{tail}"


def sentences(page: str) -> list[str]:
    return [plain(one) for one in re.findall(r'<p class="sentence">(.*?)</p>', page)]


def year_lines(page: str) -> list[list[str]]:
    body = re.search(r'<table class="as-cards years".*?<tbody[^>]*>(.*?)</tbody>', page, re.S)[1]
    return [
        [plain(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]
        for row in body.split("</tr>")
        if "<td" in row
    ]


def bars(page: str) -> list[str]:
    return [plain(one) for one in re.findall(r"<desc>(.*?)</desc>", page)]


def test_it_says_who_and_how_much(ann, browser):
    page = browser.get(address(ann)).text
    assert sentences(page) == [
        "As lead mediator, 2019–2021: 3 mediations, 16 h 30 min; self-declared",
        "As co-mediator, 2019: 1 mediation, 2 h; self-declared",
    ]
    assert "4 mediations, 18 h 30 min" in page
    assert bars(page) == [
        "2021: 6 h 30 min; 2019: 12 h",
        "Lead mediator: 16 h 30 min; Co-mediator: 2 h",
        "Face to face: 1 h; Online: 15 h 30 min; Hybrid: 2 h",
    ]
    assert year_lines(page) == [
        ["2021", "2", "6 h 30 min", "6 h 30 min", "–"],
        ["2019", "2", "12 h", "10 h", "2 h"],
    ]
    text = plain(page)
    for fact in (
        "Ann <Lee>",
        "New Zealand",
        "English, Māori",
        LINK,
        "I mediate on farms.",
        "Data as of",
        "self-declared",
    ):
        assert fact in text
    assert "<Lee>" not in page


def test_hours_are_grouped_as_people_write_them(browser):
    ann = make_listed()
    for year in (2019, 2026):
        make_entry(ann, ended_on=f"{year}-05-05", minutes=(1384 * 60 + 45) if year == 2026 else 15)
    assert sentences(browser.get(address(ann)).text) == [
        "As lead mediator, 2019–2026: 2 mediations, 1,385 h; self-declared"
    ]


@pytest.mark.parametrize(
    ("query", "total", "expected"),
    [
        ("role=lead", "3 mediations, 16 h 30 min", ["As lead mediator, 2019–2021: 3 mediations, 16 h 30 min"]),
        ("role=co&role=observer", "1 mediation, 2 h", ["As co-mediator, 2019: 1 mediation, 2 h"]),
        ("medium=online", "2 mediations, 15 h 30 min", ["As lead mediator, 2019–2021: 2 mediations, 15 h 30 min"]),
        (
            "medium=hybrid&medium=face_to_face",
            "2 mediations, 3 h",
            ["As lead mediator, 2021: 1 mediation, 1 h", "As co-mediator, 2019: 1 mediation, 2 h"],
        ),
        ("year_from=2020", "2 mediations, 6 h 30 min", ["As lead mediator, 2020–2021: 2 mediations, 6 h 30 min"]),
        (
            "year_to=2020",
            "2 mediations, 12 h",
            ["As lead mediator, 2019–2020: 1 mediation, 10 h", "As co-mediator, 2019–2020: 1 mediation, 2 h"],
        ),
        (
            "role=lead&year_from=2019&year_to=2023",
            "3 mediations, 16 h 30 min",
            ["As lead mediator, 2019–2023: 3 mediations, 16 h 30 min"],
        ),
        ("year_from=2021&year_from=2019&year_to=2019", "2 mediations, 12 h", None),
        ("role=lead&medium=hybrid", "0 mediations", []),
        ("year_from=2022&year_to=2018", "0 mediations", []),
    ],
)  # fmt: skip
def test_filters_and_the_same_numbers_on_page_download_and_paper(ann, browser, query, total, expected):
    page = browser.get(address(ann, f"?{query}")).text
    assert complaints_of(page) == []
    assert total in page
    if expected is not None:
        assert sentences(page) == [f"{one}; self-declared" for one in expected]
    rows = csv_rows(browser.get(address(ann, f"export/?{query}")))
    number = sum(int(row["Mediations"]) for row in rows)
    hours = sum(Decimal(row["Hours"]) for row in rows)
    assert total.startswith(f"{number} mediation")
    minutes = int(hours * 60)
    assert not rows or total.endswith(
        f" {minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")
    )
    text = pdf_text(browser.get(address(ann, f"print/?{query}")))
    assert total in text
    for sentence in sentences(page):
        assert sentence in text


def test_at_least_200_hours_as_lead_2019_to_2023_is_answered_on_one_page(browser):
    """And from the sign-in to the figure in four clicks: Home is the search."""
    ann = make_listed("Ann Lee")
    for year in range(2017, 2026):
        make_entry(ann, ended_on=f"{year}-06-01", minutes=50 * 60)
    assert 'name="q"' in browser.get("/").text  # 1: signed in; 2: search
    page = browser.get("/verify-experience/?q=ann").text
    page = browser.get(re.search(r'href="(/verify-experience/[^"]+/)"', page)[1]).text  # 3: the name
    form = re.search(r'<form method="get" action="(/verify-experience/[^"]+)">(.*?)</form>', page, re.S)
    assert set(re.findall(r'name="(\w+)"', form[2])) == {"role", "medium", "year_from", "year_to"}
    page = browser.get(f"{form[1]}?role=lead&year_from=2019&year_to=2023").text  # 4: "Show these"
    assert "5 mediations, 250 h" in page
    assert sentences(page) == ["As lead mediator, 2019–2023: 5 mediations, 250 h; self-declared"]


ODD = {"role": "zz", "medium": "lead", "year_from": "19", "year_to": "20x9", "sort": "title", "page": "0"}


class TestOddQuestions:
    def test_are_named_and_left_out(self, ann, browser):
        answer = browser.get(address(ann), ODD | {"role": ["zz", "co"]})
        assert answer.status_code == 200
        said = " ".join(complaints_of(answer.text))
        assert all(f"“{value}”" in said for value in ODD.values())
        assert "1 mediation, 2 h" in answer.text
        assert "zz" not in re.search(r'href="([^"]*print/[^"]*)"', answer.text)[1]

    @pytest.mark.parametrize("tail", ["export/", "export/?format=xlsx", "print/"])
    @pytest.mark.parametrize("name", list(ODD))
    def test_are_refused_by_export_and_print(self, ann, browser, tail, name):
        answer = browser.get(address(ann, tail) + ("&" if "?" in tail else "?") + f"{name}={ODD[name]}")
        assert answer.status_code == 400
        assert f"“{ODD[name]}”" in answer.text

    def test_an_unknown_format_is_refused(self, ann, browser):
        assert browser.get(address(ann, "export/?format=pdf")).status_code == 400

    @pytest.mark.parametrize(
        "value",
        ["' OR 1=1 --", "lead'); DROP TABLE x; --", "\0", "1e9", "٢٠١٩", "-1", "9" * 5000, "2019 OR 1", "{{ 7*7 }}",
         "<script>alert(1)</script>"],
    )  # fmt: skip
    def test_no_value_breaks_out_of_its_place(self, ann, browser, value):
        filters = ("role", "medium", "year_from", "year_to")
        others = ("owner", "owner__email__startswith", "q", "cpd-sort")
        for name in filters:
            assert browser.get(address(ann, "print/"), {name: value}).status_code in {200, 400}, name
        assert browser.get(address(ann, "print/"), dict.fromkeys(others, value)).status_code in {200, 400}
        for name in (*filters, *others):
            assert browser.get(address(ann, "export/"), {name: value}).status_code in {200, 400}, name
            assert browser.get(address(ann), {name: value}).status_code == 200, name
            page = browser.get(address(ann), {name: value}).text
            assert "4 mediations, 18 h 30 min" in page, name
            assert "<script>alert" not in page


class TestDownloads:
    def test_one_row_a_year_role_and_medium(self, ann, browser):
        answer = browser.get(address(ann, "export/?format=csv"))
        assert answer.headers["Content-Disposition"] == 'attachment; filename="experience.csv"'
        rows = csv_rows(answer)
        assert list(rows[0]) == [
            "Mediator",
            "Year",
            "Role",
            "Medium",
            "Mediations",
            "Hours",
            "Data as of",
            "Source",
        ]
        assert [list(row.values())[1:6] for row in rows] == [
            ["2021", "Lead mediator", "Face to face", "1", "1.00"],
            ["2021", "Lead mediator", "Online", "1", "5.50"],
            ["2019", "Lead mediator", "Online", "1", "10.00"],
            ["2019", "Co-mediator", "Hybrid", "1", "2.00"],
        ]
        assert {row["Source"] for row in rows} == {"Self-declared"}
        assert {row["Mediator"] for row in rows} == {"Ann <Lee>"}
        sheet = xlsx_rows(browser.get(address(ann, "export/?format=xlsx")))
        assert [list(map(str, row[:4])) for row in sheet[1:]] == [list(row.values())[:4] for row in rows]

    def test_a_name_is_no_formula(self, browser):
        ann = make_listed("=cmd|' /C calc'!A0")
        make_career(ann)
        assert {row["Mediator"][0] for row in csv_rows(browser.get(address(ann, "export/")))} == {"'"}

    def test_the_pdf_is_tagged(self, ann, browser):
        pdf = PdfReader(io.BytesIO(browser.get(address(ann, "print/")).content))
        assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
        assert pdf.trailer["/Root"]["/StructTreeRoot"]["/K"]
        assert pdf.metadata.title.startswith("Ann <Lee>")


def test_an_empty_logbook_says_so(browser):
    page = browser.get(address(make_listed())).text
    assert "No mediation is logged yet" in page
    assert ">0 mediations<" in page
    assert csv_rows(browser.get(address(make_listed("Bo Ree"), "export/"))) == []


class TestCpd:
    @pytest.fixture
    def ann(self):
        ann = make_listed("Ann Lee")
        for number in range(30):
            make_cpd(ann, title=f"Course {number:02}", completed_on=date(2000 + number, 1, 2), minutes=60)
        make_cpd(ann, title="Points only", completed_on=date(1999, 1, 2), points="6", provider="Academy")
        make_cpd(title="Foreign")
        return ann

    def test_shows_title_kind_provider_date_and_hours(self, ann, browser):
        page = browser.get(address(ann, "?cpd-page=2")).text
        assert "31 CPD entries, 30 h" in page
        assert table_of(page)[-1] == ["2 January 1999", "Points only", "Training course", "Academy", ""]
        assert table_of(page)[-2] == ["2 January 2000", "Course 00", "Training course", "", "1 h"]
        assert len(table_of(page)) == 6

    def test_has_its_own_order_and_pages_and_follows_the_years(self, ann, browser):
        page = browser.get(address(ann, "?cpd-sort=title&cpd-per_page=10")).text
        assert [row[1] for row in table_of(page)] == [f"Course {number:02}" for number in range(10)]
        page = browser.get(address(ann, "?year_from=2001&year_to=2003&role=lead")).text
        assert "3 CPD entries, 3 h" in page
        text = pdf_text(browser.get(address(ann, "print/?year_from=2001&year_to=2003")))
        assert re.findall(r"Course \d+", text) == ["Course 03", "Course 02", "Course 01"]

    def test_is_downloaded_as_a_list_of_its_own(self, ann, browser):
        page = browser.get(address(ann, "?year_to=2001&cpd-sort=title")).text
        link = re.search(r'href="([^"]*list=cpd)"', page)[1].replace("&amp;", "&")
        rows = csv_rows(browser.get(link))
        assert list(rows[0])[1:6] == ["Date", "Title", "Kind", "Provider", "Hours"]
        assert [(row["Title"], row["Hours"]) for row in rows] == [
            ("Course 00", "1.00"),
            ("Course 01", "1.00"),
            ("Points only", ""),
        ]

    @pytest.mark.parametrize(
        "query", ["cpd-sort=points", "cpd-sort=takeaways", "cpd-page=x", "cpd-per_page=7"]
    )
    def test_odd_questions(self, ann, browser, query):
        value = query.partition("=")[2]
        assert f"We did not understand “{value}”" in browser.get(address(ann, f"?{query}")).text
        for tail in ("export/", "export/?list=cpd&", "print/"):
            joint = "" if "?" in tail else "?"
            assert browser.get(address(ann, f"{tail}{joint}{query}")).status_code == 400
        assert browser.get(address(ann, "export/?list=entries")).status_code == 400
