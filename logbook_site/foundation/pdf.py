"""PDF from a template that extends "base_pdf.html": tagged for screen readers (PDF/UA-1), and asks nobody.

What people typed is escaped by the template. Should a tag get through all the same, nothing is fetched for
it: no picture, no stylesheet, no attachment, from no network and no disk. A row takes about 4 ms: up to some
200 rows in the request, more of them in a task (`pdf_from`).
"""

from functools import cache

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _


class PdfNotPossible(Exception):
    """A program that PDF needs is not installed here. `sentence` is for the person who asked."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def pdf_response(filename: str, template: str, context: dict[str, object]) -> HttpResponse:
    """`template` as a file to download. Raises PdfNotPossible where Pango is missing."""
    return HttpResponse(
        pdf_from(template, context),
        content_type="application/pdf",
        # To keep, not to look at: some browsers do not show a PDF inside the tab under our strict policy.
        headers={"Content-Disposition": content_disposition_header(as_attachment=True, filename=filename)},
    )


def pdf_from(template: str, context: dict[str, object]) -> bytes:
    """The bytes of the document, without a request: there are no context processors, only SITE_NAME."""
    return pdf_of(render_to_string(template, {"SITE_NAME": settings.SITE_NAME, **context}))


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
