"""Pages for everything that goes wrong: what happened, in one sentence, and what to do next."""

import errno
import sys
from collections.abc import Callable

import psycopg2
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from logbook_site.context_processors import brand, language_choice

TITLES = {
    400: _("We did not understand that"),
    403: _("This is not possible"),
    404: _("This page does not exist"),
    405: _("This is not possible here"),
    410: _("This link is no longer open"),
    413: _("That was too large"),
    429: _("Too many tries"),
    500: _("Something went wrong on our side"),
    503: _("We are away for a moment"),
}
SENTENCES = {
    400: _("Something in the address or the form was not readable. Go back and try again."),
    403: _(
        "You may not do this, or the page was open for too long. Go back, load it again and try once more."
    ),
    404: _(
        "The address may be mistyped, or what was here is gone. You may also be signed in with another account."
    ),
    405: _("This address does not take that kind of request. Go back and use the buttons of the page."),
    410: _(
        "If you have already sent your answers with this link, they arrived. If not, the time of this link is over, "
        "or its address is not complete. Open it from the message once more, or ask whoever sent it to you for a new "
        "one."
    ),
    413: _("A form can hold 1 MB of text, and a file can have 5 MB. Make it smaller and send it again."),
    429: _("For safety we allow only a few tries in a short time. Wait some minutes and try again."),
    500: _("We have noted it. What you typed was not saved. Go back and try again in a moment."),
    503: _("Wait a minute and try again. What you typed is still in your browser when you go back."),
}
# A view says these with a status alone; the page for it is ours.
BARE = {400, 405, 410, 429}
DISK_IS_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def error_page(request: HttpRequest, status: int, sentences: list[str] | None = None) -> HttpResponse:
    """One calm page for `status`, with `sentences` in place of the usual one.

    It asks neither the database nor the session, so it works when they do not.
    """
    said = sentences or [SENTENCES[status]]
    context = brand() | language_choice(request)
    context |= {"status": status, "title": TITLES[status], "sentences": said}
    response = HttpResponse(render_to_string("errors/error.html", context), status=status)
    if status == 503:
        response.headers["Retry-After"] = "60"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_away(exception):
        return error_page(request, 503)
    return error_page(
        request, 413 if isinstance(exception, TOO_LARGE) else 400, getattr(exception, "sentences", None)
    )


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """A database that is away, or a full disk, is a 503: it will be mended."""
    return error_page(request, 503 if _is_away(sys.exc_info()[1]) else 500)


def _is_away(error: BaseException | None) -> bool:
    """Also behind another error: a session that the database did not save is a bad request to Django."""
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError):
            return True
        if (
            type(error) is psycopg2.DatabaseError
        ):  # of no kind: the connection broke in the middle of an answer
            return True
        if isinstance(error, OSError) and error.errno in DISK_IS_FULL:
            return True
        error = error.__cause__ or error.__context__
    return False


def too_many_requests(request: HttpRequest) -> HttpResponse:
    return error_page(request, 429)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(request, 403)


class ErrorPagesMiddleware:
    """Refuses what is too large and drops cookies that nobody made, before anything reads them; gives bare
    refusals a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdecimal()):
            return error_page(request, 400)
        if len(length) > 15 or int(length) > settings.REQUEST_BYTES_MAX:
            self._read_away(request)
            return error_page(request, 413)
        # A quoted cookie may hold any character; PostgreSQL fails on a session key with a zero byte.
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if value.isprintable()}
        response = self.get_response(request)
        if response.status_code in BARE and not response.content and request.method != "HEAD":
            return self._page_for(request, response)
        return response

    @staticmethod
    def _page_for(request: HttpRequest, bare: HttpResponse) -> HttpResponse:
        page = error_page(request, bare.status_code)
        for name in ("Allow", "Vary"):
            if name in bare.headers:
                page.headers[name] = bare.headers[name]
        page._has_been_logged = getattr(bare, "_has_been_logged", False)
        return page

    @staticmethod
    def _read_away(request: HttpRequest) -> None:
        """A browser shows no answer while it is still sending: take what it sends, within reason, and drop it."""
        left = 8 * settings.REQUEST_BYTES_MAX
        while left > 0:
            try:
                piece = request.META["wsgi.input"].read(65536)
            except Exception:  # what servers raise when the sender hangs up differs; the answer does not
                return
            if not piece:
                return
            left -= len(piece)
