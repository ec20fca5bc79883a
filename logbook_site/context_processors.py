"""What every template may use: the brand, the menus of the signed-in person, and what only the demo shows."""

import secrets
from functools import cache, partial
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info

from accounts.middleware import PARTY_ADDRESSES
from accounts.permissions import has_access
from accounts.services.codes import spelled
from logbook_site.demo.people import CODE, PEOPLE
from logbook_site.help.own_pages import own_page
from logbook_site.menu import account_menu, main_menu


def brand() -> dict[str, object]:
    """Known without a request: error pages use it, too."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "OPERATOR_NAME": settings.OPERATOR_NAME,
        "SUPPORT_EMAIL": settings.SUPPORT_EMAIL,
        "PRIVACY_POLICY_URL": settings.PRIVACY_POLICY_URL,
        "SHOP_URL": settings.SHOP_URL,
        "DEMO": settings.DEMO,
    }


@cache
def _languages() -> tuple[tuple[str, str], ...]:
    """(code, the language in its own words)."""
    return tuple(
        (code, capfirst(get_language_info(code)["name_local"])) for code, _name in settings.LANGUAGES
    )


def language_choice(request: HttpRequest) -> dict[str, object]:
    """For the pages of parties: the languages to choose from, and whether somebody has checked this one."""
    if not request.path_info.startswith(PARTY_ADDRESSES):
        return {}
    return {
        "party_languages": _languages(),
        "language_address": "?lang=",
        "is_checked": get_language() in settings.LANGUAGES_CHECKED,
    }


def _same_page(request: HttpRequest) -> str:
    """The address of this page in another language, up to its code. Error pages cannot: they may not read it."""
    others = request.GET.copy()
    others.pop("lang", None)
    return f"?{others.urlencode()}{'&' if others else ''}lang="


def site(request: HttpRequest) -> dict[str, object]:
    of_request = {
        # Called by the template, where there is a menu: nobody's session is read for a page without one.
        "main_menu": cache(partial(main_menu, request)),
        "account_menu": cache(partial(account_menu, request)),
        # Shows the buttons that add; a mediator's pages ask.
        "may_add": SimpleLazyObject(lambda: has_access(request.user)),
        # For the link to the contact form; of a page that a token opens, without the token.
        "about_this_page": SimpleLazyObject(lambda: f"?{urlencode({'page': own_page(request.path)})}"),
        # A new one for each form that is shown; see FormKeyMiddleware.
        "form_key": SimpleLazyObject(lambda: secrets.token_urlsafe(12)),
        "demo_people": PEOPLE if settings.DEMO else [],
        "demo_code": spelled(CODE) if settings.DEMO and settings.ACCESS_MODE == "paid" else "",
    }
    choice = language_choice(request)
    if choice:
        choice["language_address"] = _same_page(request)
    return brand() | choice | of_request
