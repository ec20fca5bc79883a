"""The two menus. They show only what exists and is finished; several roles see the union."""

from functools import lru_cache
from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role

EVERYONE = frozenset(Role)
# Word, name of the address, roles that see it; in the order of the screen.
MENUS = {
    "main": (
        (_("Home"), "home", EVERYONE),
        (_("Logbook"), "logbook", frozenset({Role.MEDIATOR})),
        (_("Learnings"), "learnings", frozenset({Role.MEDIATOR})),
        (_("Request Feedback"), "feedback_request", frozenset({Role.MEDIATOR})),
        (_("My Feedback"), "my_feedback", frozenset({Role.MEDIATOR})),
        (_("Review Feedback"), "review", frozenset({Role.REVIEWER})),
        (_("Verify Experience"), "verify_experience", frozenset({Role.DIRECTORY})),
    ),
    "account": (
        (_("My Details"), "my_details", frozenset({Role.MEDIATOR})),
        (_("Account Settings"), "account_settings", EVERYONE),
    ),
}


class MenuItem(NamedTuple):
    word: str
    address: str
    is_current: bool


def main_menu(request: HttpRequest) -> tuple[MenuItem, ...]:
    return _menu("main", request)


def account_menu(request: HttpRequest) -> tuple[MenuItem, ...]:
    return _menu("account", request)


def _menu(menu: str, request: HttpRequest) -> tuple[MenuItem, ...]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or user.is_leaving:
        return ()
    seen = _seen(menu, user.roles_today, get_language())
    around = [address for _word, address in seen if _is_at_or_under(request.path, address)]
    current = max(around, key=len, default="")
    return tuple(MenuItem(word, address, address == current) for word, address in seen)


@lru_cache
def _seen(menu: str, roles: frozenset[Role], _language: str) -> list[tuple[str, str]]:
    """Word and address of what these roles see. Kept: an address takes as long to find as a word to translate."""
    return [
        (str(word), reverse(name))
        for word, name, audience in MENUS[menu]
        if audience is EVERYONE or audience & roles
    ]


def _is_at_or_under(path: str, address: str) -> bool:
    """`/feedback/requests/` counts as under `/feedback/request/`. Nothing is under Home."""
    return path == address or (address != "/" and path.startswith(address.rstrip("/")))
