"""What every template may use: the brand, the menus of the signed-in person, and what only the demo shows."""

import secrets

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info

from accounts.middleware import PARTY_ADDRESSES
from logbook_site.demo.people import PEOPLE
from logbook_site.menu import account_menu, main_menu


def brand() -> dict[str, object]:
    """Known without a request: error pages use it, too."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "OPERATOR_NAME": settings.OPERATOR_NAME,
        "SUPPORT_EMAIL": settings.SUPPORT_EMAIL,
        "PRIVACY_POLICY_URL": settings.PRIVACY_POLICY_URL,
        "DEMO": settings.DEMO,
    }


def language_choice(request: HttpRequest) -> dict[str, object]:
    """For the pages of parties: the languages to choose from, and whether somebody has checked this one."""
    if not request.path_info.startswith(PARTY_ADDRESSES):
        return {}
    return {
        "languages": [get_language_info(code) for code, _name in settings.LANGUAGES],
        "is_checked": get_language() in settings.LANGUAGES_CHECKED,
    }


def site(request: HttpRequest) -> dict[str, object]:
    return (
        brand()
        | language_choice(request)
        | {
            "main_menu": SimpleLazyObject(lambda: main_menu(request)),
            "account_menu": SimpleLazyObject(lambda: account_menu(request)),
            # A new one for each form that is shown; see FormKeyMiddleware.
            "form_key": SimpleLazyObject(lambda: secrets.token_urlsafe(12)),
            "demo_people": PEOPLE if settings.DEMO else [],
        }
    )
