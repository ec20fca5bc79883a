"""PDF from a template that extends "base_pdf.html": tagged for screen readers (PDF/UA-1), and asks nobody.

What people typed is escaped by the template. Should a tag get through all the same, nothing is fetched for
it: no picture, no stylesheet, no attachment, from no network and no disk.

A row takes about 4 ms. What would take more than some ten seconds is not begun: the web server would end its worker
after thirty, and a few such prints at once would leave none for others.
"""

import re
from functools import cache

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

# What a document may cost, in plain letters (9 µs each), as measured. Others take up to three times as long, a word
# that must be broken thirty times: one of 20,000 letters four seconds.
COST_AT_MOST = 1_000_000
COST_OF_TAG, COST_OF_LINE, COST_OF_TAB, COST_IN_LONG_WORD = 25, 100, 4, 30
# Longer than a line. In some scripts (Thai to Khmer, Korean, Chinese, Japanese) it is usual, and nothing to be broken.
LONG_WORD = re.compile(r"[^ \t\r\n<>\u0e00-\u11ff\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]{80,}")


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
    if cost_of(html) > COST_AT_MOST:
        raise PdfNotPossible(
            _("This is too much for one PDF. Show fewer rows on a page, or only one year, and print that.")
        )
    return pdf_of(html)


def cost_of(html: str) -> int:
    """How long it would take to draw, in letters."""
    letters = 2 * len(html.encode()) - len(html)
    in_long_words = sum(map(len, LONG_WORD.findall(html)))
    others = COST_OF_TAG * html.count("<") + COST_OF_LINE * html.count("\n") + COST_OF_TAB * html.count("\t")
    return letters + others + COST_IN_LONG_WORD * in_long_words


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
