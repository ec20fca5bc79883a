"""PDF from a template that extends "base_pdf.html": tagged for screen readers (PDF/UA-1), and asks nobody.

What people typed is escaped by the template. Should a tag get through all the same, nothing is fetched for
it: no picture, no stylesheet, no attachment, from no network and no disk.

A row takes about 4 ms. What would take more than some four seconds is not begun: the web server would end its worker
after thirty, and a few such prints at once would leave none for others.
"""

import re
import unicodedata
from functools import cache
from zlib import crc32

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

# What a document may cost, in plain letters (10 µs each), as measured.
COST_AT_MOST = 300_000
COST_OF_TAG, COST_OF_LINE, COST_OF_TAB, COST_OF_SCRIPT = 25, 100, 6, 6
# All that ends a line somewhere, in HTML or in Pango.
LINE_END = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
TAG = re.compile(r"(<style\b.*?</style>|<[^>]*>)", re.DOTALL)
# Sixty letters without a space, and the marks and signs that belong to the last of them.
UNPARTED = re.compile(r"(?:&#?\w{1,8};|[^ \t\n&]){60}[^\w \t\n&]{0,30}(?=[^ \t\n])")
LONG_WORD = re.compile(r"[^ \t\n<>]{30,}")  # longer than a column: each of its letters counts twice
RUN = re.compile(r"(.)\1*", re.DOTALL)


class PdfNotPossible(Exception):
    """A program that PDF needs is not installed here, or it would be too much. `sentence` is for who asked."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def pdf_response(filename: str, template: str, context: dict[str, object]) -> HttpResponse:
    """`template` as a file to download. Raises PdfNotPossible."""
    return HttpResponse(
        pdf_from(template, context),
        content_type="application/pdf",
        # To keep, not to look at: some browsers do not show a PDF inside the tab under our strict policy.
        headers={"Content-Disposition": content_disposition_header(as_attachment=True, filename=filename)},
    )


def pdf_from(template: str, context: dict[str, object]) -> bytes:
    """The bytes of the document, without a request: there are no context processors, only SITE_NAME.

    Raises PdfNotPossible.
    """
    html = render_to_string(template, {"SITE_NAME": settings.SITE_NAME, **context})
    if len(html) > COST_AT_MOST or cost_of(html := breakable(html)) > COST_AT_MOST:
        raise PdfNotPossible(
            _("This is too much for one PDF. Show fewer rows on a page, or only one year, and print that.")
        )
    return pdf_of(html)


def breakable(html: str) -> str:
    """`html` with a place to break in each word that is too long: to search for one takes the square of its length."""
    pieces = TAG.split(LINE_END.sub("\n", html))
    pieces[::2] = (UNPARTED.sub("\\g<0>\u200b", piece) for piece in pieces[::2])
    return "".join(pieces)


class Scripts(dict):
    """A table for `str.translate`: each letter becomes a sign for its script; what is used in all of them goes.

    Symbols (from arrows on) and private letters come from fonts of their own, as scripts do.
    """

    def __missing__(self, number: int) -> str | None:
        letter = chr(number)
        kind = unicodedata.category(letter)
        if kind[0] == "L":
            kind = unicodedata.name(letter, "").partition(" ")[0]
        elif not (kind == "Co" or (kind[0] == "S" and number >= 0x2190)):
            kind = ""
        self[number] = kind and chr(crc32(kind.encode()) % 0xD000 + 1)
        return self[number]


def cost_of(html: str) -> int:
    """How long it would take to draw, in letters."""
    tags, lines, tabs = (
        COST_OF_TAG * html.count("<"),
        COST_OF_LINE * html.count("\n"),
        COST_OF_TAB * html.count("\t"),
    )
    changes = 0 if html.isascii() else sum(1 for _run in RUN.finditer(html.translate(Scripts())))
    in_long_words = sum(map(len, LONG_WORD.findall(html)))
    return len(html.encode()) + in_long_words + tags + lines + tabs + COST_OF_SCRIPT * changes


def pdf_of(html: str) -> bytes:
    """`html` (a whole page, with its own <style>) as PDF/UA-1. Whatever it points to is left out."""
    try:
        # Inside, because it loads Pango: without it the site starts, and only Print explains itself.
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as error:
        raise PdfNotPossible(
            _("Print does not work here, because a program for it is missing (Pango). Please tell support.")
        ) from error

    class FetchesNothing(URLFetcher):
        def fetch(self, url: str, headers: object = None):
            raise ValueError("a PDF asks nobody")

    return HTML(string=html, url_fetcher=FetchesNothing()).write_pdf(
        pdf_variant="pdf/ua-1", font_config=_fonts()
    )


@cache
def _fonts():
    """The fonts of this machine. One for the life of a process: Pango never gives back what another one takes."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()
