"""Bars: in proportion, inside the picture, readable without seeing it, and the same on paper."""

import io
import re
import unicodedata
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page
from pypdf import PdfReader

from logbook_site.foundation.charts import BAR_HEIGHT, LONGEST_BAR, WIDTH, bars, chart
from logbook_site.foundation.hours import show_hours
from logbook_site.foundation.pdf import pdf_of

LONG = "Mediation advocate for one of several parties in a long and difficult commercial mediation abroad"
ROWS = [
    ("Lead mediator", 12_725, "212 h 5 min"),
    ("Co-mediator", 6_000, "100 h"),
    (LONG, 1, "1 min"),
    ("Other", 0, "0 min"),
]
SVG = "{http://www.w3.org/2000/svg}"


def drawn(rows: list[tuple[str, int, str]], title: str = "Hours by role", **more: bool) -> str:
    context = {"chart": chart(rows), "title": title, "label_heading": "Role", **more}
    return render_to_string("partials/_bars.html", context)


def picture(html: str) -> ElementTree.Element:
    svg = re.search(r"<svg.*</svg>", html, re.S)[0]
    return ElementTree.fromstring(svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1))


def test_bars_are_in_proportion() -> None:
    assert [bar.width for bar in bars(ROWS)] == [LONGEST_BAR, round(LONGEST_BAR * 6000 / 12725), 2, 0]


def test_no_row_no_picture() -> None:
    assert not chart([]).bars and not bars([])
    assert "<" not in drawn([])


def test_nothing_but_zeros_can_be_drawn() -> None:
    assert [bar.width for bar in bars([("a", 0, "0 min"), ("b", 0, "0 min")])] == [0, 0]


@pytest.mark.long
@given(st.lists(st.tuples(st.text(max_size=150), st.integers(0, 600_000)), max_size=8))
def test_everything_is_inside_and_nothing_lies_on_another(rows: list[tuple[str, int]]) -> None:
    picture = chart([(label, minutes, show_hours(minutes)) for label, minutes in rows])
    end = 0
    for bar, (_label, minutes) in zip(picture.bars, rows, strict=True):
        assert [line.y for line in bar.lines] == sorted(line.y for line in bar.lines)
        assert all(end + 12 <= line.y < bar.y for line in bar.lines)
        assert len(bar.lines) <= 2
        assert bar.y >= end
        assert (bar.width > 0) == (minutes > 0)
        end = bar.y + BAR_HEIGHT
        assert bar.number_x + 9 * len("10000 h 59 min") <= WIDTH + 10
        assert {type(number) for number in (bar.x, bar.y, bar.width, bar.number_x, bar.number_y)} == {int}
    assert end <= picture.height


@pytest.mark.parametrize("label", [LONG, "x" * 200, "调解" * 60, "وساطة " * 40, "two\nlines"])
def test_a_long_label_is_two_lines_and_whole_in_the_table(label: str) -> None:
    (bar,) = bars([(label, 60, "1 h")])
    wide = unicodedata.east_asian_width(label[0]) == "W"
    assert all(len(line.text) <= (17 if wide else 34) for line in bar.lines)
    assert len(bar.lines) <= 2
    assert bar.lines[-1].text.endswith("…") == (len(label) > 68)
    assert f'<th scope="row">{label}</th>' in drawn([(label, 60, "1 h")])


def test_a_picture_that_can_be_heard() -> None:
    svg = picture(drawn(ROWS))
    assert svg.get("role") == "img"
    told = {child.tag: child.text for child in svg if child.tag in {f"{SVG}title", f"{SVG}desc"}}
    heard = f"Lead mediator: 212 h 5 min; Co-mediator: 100 h; {LONG}: 1 min; Other: 0 min"
    assert told == {f"{SVG}title": "Hours by role", f"{SVG}desc": heard}
    assert svg[0].tag == f"{SVG}title"  # PDF/UA takes the text of the picture from there


def test_a_picture_that_scales_and_has_its_colours_with_it() -> None:
    svg = picture(drawn(ROWS))
    assert svg.get("viewBox") == f"0 0 320 {chart(ROWS).height}"
    assert not {"width", "height", "style"} & set(svg.attrib)
    painted = [child for child in svg if child.tag in {f"{SVG}text", f"{SVG}rect"}]
    assert all(child.get("fill", "").startswith("#") for child in painted)
    assert all(child.get("class", "").startswith("picture-") for child in painted)
    assert [child.text for child in painted if child.text in {row[2] for row in ROWS}] == [
        row[2] for row in ROWS
    ]


def test_the_same_numbers_as_a_table() -> None:
    html = drawn(ROWS)
    table = html[html.index("<details>") : html.index("</details>")]
    assert re.findall(r'<th scope="row">(.*?)</th><td class="number">(.*?)</td>', table) == [
        (label, shown) for label, _minutes, shown in ROWS
    ]
    assert "Show as a table" in table


def test_what_people_typed_is_escaped() -> None:
    html = drawn([("<script>", 1, "1 <b>")], title='"><img src=x>')
    assert "<script" not in html
    assert "<b>" not in html
    assert "<img" not in html


@pytest.mark.parametrize("language", ["de", "ar"])
def test_numbers_of_the_picture_are_the_same_in_every_language(language: str) -> None:
    with translation.override(language):
        assert f'viewBox="0 0 320 {chart(ROWS).height}"' in drawn(ROWS)


def test_on_paper_each_bar_lies_in_its_row() -> None:
    html = drawn(ROWS, print=True)
    assert "<details" not in html
    rows = re.findall(
        r'<th scope="row">(.*?)</th><td>.*?<rect .*?width="(\d+)".*?<td class="number">(.*?)</td>', html
    )
    assert rows == [(bar.label, str(bar.width), bar.shown) for bar in bars(ROWS)]
    assert set(re.findall(r'viewBox="(.*?)"', html)) == {f"0 0 {LONGEST_BAR} {BAR_HEIGHT}"}


def test_a_pdf_keeps_the_colour_of_the_bars_and_the_letters_of_every_script() -> None:
    html = drawn([("وسيط", 60, "1 h")], print=True)
    page = PdfReader(io.BytesIO(pdf_of(f"<html lang=en><title>t</title>{html}"))).pages[0]
    colours = re.findall(rb"(0\.\d+) (0\.\d+) (0\.\d+) rg", page.get_contents().get_data())
    assert (0x1F, 0x5C, 0x54) in {tuple(round(float(part) * 255) for part in colour) for colour in colours}
    text = page.extract_text()
    assert "1 h" in text
    assert set("وسيط") <= set(text)


def test_on_paper_from_right_to_left_each_bar_ends_where_its_row_begins() -> None:
    with translation.override("ar"):
        ends = [
            int(x) + int(width)
            for x, width in re.findall(r'x="(\d+)" width="(\d+)"', drawn(ROWS, print=True))
        ]
    assert ends == [LONGEST_BAR] * len(ROWS)


@pytest.mark.browser
def test_on_a_page_from_right_to_left_bars_grow_from_the_right_and_words_stay_readable(page: Page) -> None:
    css = (settings.BASE_DIR / "static" / "logbook.css").read_text()
    page.set_content(f'<html dir="rtl"><style>{css}</style>{drawn(ROWS)}</html>')

    def box(selector: str) -> dict[str, float]:
        return page.locator(selector).nth(1).bounding_box()

    svg = page.locator("svg").bounding_box()
    bar, label, number = (
        box(".bars rect"),
        box(".bars text:nth-of-type(2n+1)"),
        box(".bars text:nth-of-type(2n)"),
    )
    assert bar["x"] + bar["width"] == pytest.approx(svg["x"] + svg["width"], abs=1)
    assert label["x"] + label["width"] == pytest.approx(svg["x"] + svg["width"], abs=2)
    assert number["x"] + number["width"] < bar["x"]
    turned = "text => new DOMMatrix(getComputedStyle(text).transform).a"
    assert page.locator(".bars text").first.evaluate(turned) == -1  # inside a picture that is turned, too
