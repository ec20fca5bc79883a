"""The site as an app on a phone: what installs it, and the one page that works without a network.

Nothing private is ever kept by the worker: it fetches its page as a stranger would, and keeps no other.
"""

import hashlib
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.middleware import PARTY_ADDRESSES
from logbook.forms import EntryForm
from logbook.models import LogbookEntry
from logbook_site.context_processors import brand

PAPER = "#faf6ee"  # --paper of base.css; the pages themselves say it for light and for dark
# What the page without a network loads: its own scripts, in their order, and what every page has.
SCRIPTS = ["offline.js", "draft.js", "entry.js"]
FILES = ["base.css", "logbook.css", "page.js", "logo.svg", *SCRIPTS]


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone asks before it puts the site among its apps."""
    told = {
        "id": "/",
        "name": settings.SITE_NAME,
        "short_name": _("Logbook"),
        "description": _("A logbook for mediators: hours, learnings, professional development and feedback."),
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            {"src": static("icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("icon-512.png"), "sizes": "512x512", "type": "image/png"},
            {
                "src": static("icon-maskable-512.png"),
                "sizes": "512x512",
                "type": "image/png",
                "purpose": "maskable",
            },
        ],
        "shortcuts": [
            {"name": str(word), "url": reverse(name)}
            for word, name in [
                (_("Add Logbook Entry"), "logbook_add"),
                (_("Request Feedback"), "feedback_request"),
            ]
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json")


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It changes, and so is loaded anew, whenever its page or a file of it does."""
    context = {
        "version": _version(get_language(), **brand()),
        "page": reverse("offline"),
        "files": [static(name) for name in FILES],
        "left_alone": PARTY_ADDRESSES,
    }
    return render(request, "device/worker.js", context, content_type="text/javascript")


@login_not_required
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The same for everybody: a script on the device decides whether its form is shown, and whose draft it fills."""
    return HttpResponse(_offline_page())


@lru_cache(maxsize=32)
def _version(language: str, **brand: object) -> str:
    """Of the page, in this language and under this brand. Kept, because a browser asks for the worker very often."""
    return hashlib.sha256(_offline_page().encode()).hexdigest()[:12]


def _offline_page() -> str:
    form = EntryForm(earlier=LogbookEntry.objects.none())
    # The day is that of the device, when the page is shown.
    context = {"form": form, "scripts": SCRIPTS, "today": None, "yesterday": None}
    return render_to_string("device/offline.html", brand() | context)
