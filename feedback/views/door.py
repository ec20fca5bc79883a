"""What all pages of a party share: the link is the authority, and nobody is signed in here.

No session, no cookie, no message and no stored form key; see `PARTY_ADDRESSES` in accounts/middleware.py.
"""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.limits import is_over
from feedback.services.answers import Thanks
from feedback.services.secrets import seal_receipt
from logbook_site.foundation.languages import asked_language

READ = ["GET", "HEAD"]
READ_AND_SEND = [*READ, "POST"]
RECEIPT = "thanks"


def party_page(methods: list[str]) -> Callable:
    """A view for whoever has the link."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        return csrf_exempt(login_not_required(require_http_methods(methods)(view)))

    return decorate


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent with the form. A post without any field was sent, too: it is refused like others."""
    return request.POST if request.method == "POST" else None


def is_from_elsewhere(request: HttpRequest, *, surely: bool = False) -> bool:
    """A page of another site made this browser post here. Browsers say so, old ones in another header.

    `surely`: not only an old browser that hides where the form came from.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in {"cross-site", "same-site"}
    origin = request.headers.get("Origin")
    if origin is None or (surely and origin == "null"):
        return False
    return origin.partition("://")[2] != request.get_host()


def filled_in_here(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What a page of another site filled in, or sends, through a party's browser does not count: the form is empty.

    Else a mediator could lead parties to a form in which every answer, and who may read it, is chosen already.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method == "POST" and is_from_elsewhere(request, surely=True):
            return HttpResponseRedirect(request.get_full_path())
        return view(request, *args, **kwargs)

    return guarded


def lead_to(request: HttpRequest, name: str, **asked: str) -> HttpResponseRedirect:
    """To another page of the party, in the same language."""
    language = asked_language(request)
    query = asked | ({"lang": language} if language else {})
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode(query)}")


def thank(request: HttpRequest, thanks: Thanks) -> HttpResponseRedirect:
    """To the one page that shows the code; its address holds it sealed, for a short time."""
    receipt = seal_receipt(RECEIPT, settings.CODE_SHOWN_HOURS, **thanks._asdict())
    return lead_to(request, "thank_you", receipt=receipt)


def unknown_link(request: HttpRequest) -> HttpResponse:
    """The same answer for what was used, has ended, was cancelled or never was. Guesses are counted."""
    return HttpResponse(status=429 if is_over("unknown_link", request) else 410)
