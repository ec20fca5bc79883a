"""What a state of a page is, how a browser comes to it, who is there, and the steps that several rooms share."""

import re
import secrets
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urljoin

from playwright.sync_api import Page

from logbook_site.demo.people import PASSWORD
from logbook_site.tests.hands import fill, follow, go, press, sign_in_with_one_click, unfold

STRANGER = ""
AS_BEFORE = "as before"
AMINA, BEN, CHLOE = "amina@example.org", "ben@example.org", "chloe@example.org"
ROSA, DANA, ADMIN = "rosa@example.org", "dana@example.org", "admin@example.org"
# Signs up on the way. Another address each time: a demo that keeps running keeps her, too.
INES = f"ines-{secrets.token_hex(3)}@example.org"


class State(NamedTuple):
    template: str
    name: str
    who: str  # STRANGER, AS_BEFORE, or the address of a demo person
    path: str
    steps: Callable[[Page], None] | None = None  # from `path` to the state
    in_database: Callable[[], None] | None = None  # done first; only tests can
    status: int = 200


def visit(page: Page, site: str, state: State) -> None:
    """Brings `page` to the state. Where the site asks for the password once more, it gets it."""
    if state.who == STRANGER:
        page.context.clear_cookies()
    elif state.who != AS_BEFORE:
        sign_in_with_one_click(page, state.who)
    page.goto(urljoin(site, state.path))
    if "/reauthenticate/" in page.url and "/reauthenticate/" not in state.path:
        fill(page, password=PASSWORD)
        press(page, "Continue")
    if state.steps:
        state.steps(page)


def pressing(word: str, **fields: str) -> Callable[[Page], None]:
    def steps(page: Page) -> None:
        fill(page, **fields)
        press(page, word)

    return steps


def unfolding(word: str) -> Callable[[Page], None]:
    return lambda page: unfold(page, word)


def follow_first(word: str) -> Callable[[Page], None]:
    def steps(page: Page) -> None:
        with page.expect_navigation():
            page.get_by_role("link", name=re.compile(f"^{word}")).first.click()

    return steps


def delete_first(page: Page) -> None:
    follow_first("Edit")(page)
    go(page, page.url.replace("/edit/", "/delete/"))


def delete_and_look(page: Page) -> None:
    delete_first(page)
    press(page, "Delete")
    follow(page, "Deleted items")
