"""PDF: readable for everybody, and it asks nobody whatever somebody typed."""

import io
import logging
import re
import socketserver
import sys
import threading
import unicodedata
from collections.abc import Iterator
from html import unescape

import pytest
from django.conf import settings
from django.template import engines
from pypdf import PdfReader

from logbook_site.foundation import pdf
from logbook_site.foundation.pdf import PdfNotPossible, breakable, pdf_of, pdf_response

PAGE = """{% extends "base_pdf.html" %}{% block title %}Logbook{% endblock %}{% block content %}
<h1>Logbook</h1><table><caption>Entries</caption><thead><tr><th scope="col">Title</th></tr></thead>
<tbody>{% for text in texts %}<tr><td>{{ text }}</td></tr>{% endfor %}</tbody></table>{% endblock %}"""


def bytes_with(texts: list[str]) -> bytes:
    html = engines["django"].from_string(PAGE).render({"SITE_NAME": "Logbook Hub", "texts": texts})
    return pdf_of(html)


def read(document: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(document))


def text_of(document: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(document).pages)


def letters(text: str) -> list[str]:
    """Sorted: a PDF keeps the letters of a script from right to left in the order in which they are drawn."""
    return sorted(re.sub(r"\W", "", text))


def tags_in(element) -> list[str]:
    element = element.get_object()
    if isinstance(element, list):
        return [tag for child in element for tag in tags_in(child)]
    if not isinstance(element, dict):
        return []
    return [element.get("/S", ""), *(tags_in(element["/K"]) if "/K" in element else [])]


SCRIPTS = [
    "Grüße, naïve, Łódź",
    "وساطة بين جارين",
    "Медиация соседей",
    "Μεσολάβηση",
    "调解 邻居",
    "✓ – “quoted” …",
]


@pytest.mark.parametrize("text", SCRIPTS)
def test_every_script_is_drawn_and_can_be_read_again(text: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="weasyprint"):
        document = bytes_with([text])
    warnings = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert warnings == []
    inside = letters(text_of(document))
    assert all(inside.count(letter) >= letters(text).count(letter) for letter in letters(text))


def test_a_missing_glyph_would_be_seen(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="weasyprint"):
        bytes_with(["\U0001313f"])
    assert any(record.levelno >= logging.WARNING for record in caplog.records)


def test_it_is_tagged_and_says_its_language_and_title() -> None:
    reader = read(bytes_with(["one"]))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Logbook · Logbook Hub"
    assert not reader.metadata.author
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    tags = set(tags_in(root["/StructTreeRoot"]["/K"]))
    assert {"/H1", "/Table", "/Caption", "/THead", "/TR", "/TH", "/TD"} <= tags


def test_pages_are_numbered_and_headings_come_again() -> None:
    pages = [page.extract_text() for page in read(bytes_with([f"row {n}" for n in range(120)])).pages]
    assert len(pages) > 2
    for number, text in enumerate(pages, start=1):
        assert f"{number} / {len(pages)}" in text
        assert "Title" in text
        assert "Logbook Hub" in text


@pytest.mark.long
def test_a_word_without_end_stays_on_the_paper() -> None:
    document = bytes_with(["x" * 5000])
    assert text_of(document).count("x") == 5000
    assert max(len(line) for line in text_of(document).splitlines() if set(line) == {"x"}) < 110


WORDS = [
    "x",
    "aאกअ",
    "双",
    "ทั้",
    "e\u0301",
    "😀",
    "\u00a0",
    "&amp;",
    "&#x27;",
    "—",
    "\u0301",
    "\u2028",
    "\u200d",
]


@pytest.mark.parametrize("word", WORDS, ids=ascii)
def test_no_word_is_left_long_and_none_is_changed(word: str) -> None:
    """Nor is a mark parted from its letter, nor anything between tags."""
    head = f"<style>{'x' * 100}</style><p data-of='{'x' * 100}'>"
    whole = breakable(f"{head}{word * 100}<b>b</b>")
    assert whole.startswith(head) and whole.endswith("<b>b</b>")
    inside = whole.removeprefix(head).removesuffix("<b>b</b>")
    assert inside.replace("\u200b", "") == word.replace("\u2028", "\n") * 100
    parts = re.split("[\u200b\n]", inside)
    assert max(len(unescape(part)) for part in parts) <= 90
    assert not [part for part in parts[1:] if part and unicodedata.combining(part[0]) and word != "\u0301"]
    assert "".join(map(unescape, parts)) == unescape("".join(parts))  # no "&amp;" was parted


def test_what_was_parted_is_read_as_one() -> None:
    address = f"https://example.org/{'abc/' * 30}"
    html = f"<title>t</title><p style='width: 100em; font-size: 4px'>{address}</p>"
    assert address in text_of(pdf_of(breakable(html)))


def test_the_download(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SITE_NAME = "Hub & Co"
    monkeypatch.setattr(
        pdf, "render_to_string", lambda template, context: f"<title>{template}</title>{context}"
    )
    response = pdf_response("Logbook 2026.pdf", "logbook/print.html", {"rows": [1]})
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'attachment; filename="Logbook 2026.pdf"'
    assert response.content.startswith(b"%PDF-1.7")
    assert "{'SITE_NAME': 'Hub & Co', 'rows': [1]}" in text_of(response.content)


def test_the_styles_are_small_and_ask_nobody() -> None:
    page = (settings.BASE_DIR / "templates/base_pdf.html").read_text()
    styles = re.search(r"<style>(.*)</style>", page, re.S)
    assert len(styles[1]) < 3000
    assert "table-layout: fixed" in styles[1]
    assert not re.search(r"url\(|@import|http", styles[1])


@pytest.mark.parametrize("how", [ImportError, OSError])
def test_without_pango_there_is_a_sentence(how: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    class Missing:
        @staticmethod
        def find_spec(name: str, *rest: object) -> None:
            if name.partition(".")[0] == "weasyprint":
                raise how("cannot load library 'libpango-1.0-0'")

    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Missing, *sys.meta_path])
    with pytest.raises(PdfNotPossible) as missing:
        pdf_of("<p>text")
    assert "Pango" in missing.value.sentence


# --- Nothing is fetched -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """An address on this machine, and what was sent to it."""
    hits: list[bytes] = []

    class Notes(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            hits.append(self.request.recv(1000))

    with socketserver.TCPServer(("127.0.0.1", 0), Notes) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", hits
        server.shutdown()


HOSTILE = [
    '<img src="{u}/1">', '<img srcset="{u}/2 2x">', '<img src="{f}">', '<img src="ftp://{h}/3">',
    '<link rel="stylesheet" href="{u}/4">', '<link rel="attachment" href="{u}/5">',
    '<link rel="attachment" href="{f}">', '<a rel="attachment" href="{u}/6">a</a>',
    '<a rel="attachment" href="{f}">a</a>', '<style>@import "{u}/7";</style>',
    "<style>@import url({u}/8);</style>",
    "<style>body {{ background: url({u}/9) }}</style>", '<p style="background-image: url({u}/10)">p</p>',
    '<p style="list-style: url({u}/11); display: list-item">p</p>', '<p style="content: url({u}/12)">p</p>',
    '<style>@font-face {{ font-family: "DejaVu Sans"; src: url({u}/13) }}</style>',
    "<style>@page {{ @top-left {{ content: url({u}/14) }} }}</style>",
    '<svg width="9" height="9"><image href="{u}/15" width="9" height="9"/></svg>',
    '<svg width="9" height="9"><use href="{u}/16#a"/></svg>',
    '<svg width="9" height="9"><style>@import "{u}/17";</style></svg>',
    '<svg width="9" height="9"><rect fill="url({u}/18#a)" width="9" height="9"/></svg>',
    '<object data="{u}/19" type="image/png">o</object>', '<embed src="{u}/20" type="image/png">',
    '<iframe src="{u}/21"></iframe>', '<base href="{u}/"><img src="22">',
    '"><script src="{u}/23"></script>', '<meta http-equiv="refresh" content="0;url={u}/24">',
    '<img src="//{h}/25">', '<img src="data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22></svg>">',
]  # fmt: skip


@pytest.fixture
def snippets(listener, tmp_path) -> list[str]:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret of the disk")
    address = listener[0]
    return [
        hostile.format(u=address, h=address.removeprefix("http://"), f=secret.as_uri()) for hostile in HOSTILE
    ]


def test_what_people_typed_is_text(listener, snippets: list[str]) -> None:
    document = bytes_with(snippets)
    assert listener[1] == []
    inside = re.sub(r"\s", "", text_of(document))
    assert [one for one in snippets if re.sub(r"\s", "", one) not in inside] == []
    assert list(read(document).attachments) == []


def test_even_tags_that_got_through_ask_nobody(listener, snippets: list[str]) -> None:
    for snippet in snippets:
        document = pdf_of(f"<title>t</title><p>before</p>{snippet}<p>after</p>")
        assert listener[1] == [], snippet
        assert list(read(document).attachments) == [], snippet
        assert "the secret of the disk" not in text_of(document)


def test_the_listener_would_hear_it(listener) -> None:
    """WeasyPrint's own fetcher would ask: else the two tests above would prove nothing."""
    from weasyprint import HTML

    heard = len(listener[1])
    HTML(string=f'<img src="{listener[0]}/heard">').write_pdf()
    assert b"GET /heard" in listener[1][heard]
    del listener[1][heard:]


@pytest.mark.parametrize("lines_before", range(29, 37))
def test_a_heading_stands_on_the_page_of_what_it_is_about(lines_before: int) -> None:
    """Also when a quiet line comes between: the day of an entry, the question that was answered."""
    page = (
        '{% extends "base_pdf.html" %}{% block content %}'
        + "<p>Before.</p>" * lines_before
        + '<h2>Entry</h2><p class="quiet">4 March</p><h3>Helped</h3><p class="quiet">Why?</p><p class="text">Tea.</p>'
        + "{% endblock %}"
    )
    html = engines["django"].from_string(page).render({"SITE_NAME": "Site"})
    texts = [page.extract_text() for page in PdfReader(io.BytesIO(pdf_of(html))).pages]
    (with_heading,) = [text for text in texts if "Entry" in text]
    assert "Tea." in with_heading
