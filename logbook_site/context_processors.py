"""What every template may use: the brand, the menus of the signed-in person, and whether this is a demo."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from logbook_site.menu import account_menu, main_menu


def site(request: HttpRequest) -> dict[str, object]:
    return {
        "SITE_NAME": settings.SITE_NAME,
        "OPERATOR_NAME": settings.OPERATOR_NAME,
        "SUPPORT_EMAIL": settings.SUPPORT_EMAIL,
        "PRIVACY_POLICY_URL": settings.PRIVACY_POLICY_URL,
        "DEMO": settings.DEMO,
        "main_menu": SimpleLazyObject(lambda: main_menu(request)),
        "account_menu": SimpleLazyObject(lambda: account_menu(request)),
    }
