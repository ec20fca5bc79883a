"""The pages of ours in the admin."""

from playwright.sync_api import Page

from logbook_site.tests.hands import fill, follow, press
from logbook_site.tests.pages.state import ADMIN, AS_BEFORE, State

ADMIN_ASK = "admin/feedback/ask.html"


def open_first(page: Page) -> None:
    """The first row of a list in the admin."""
    with page.expect_navigation():
        page.locator("#result_list tbody th a").first.click()


def open_withdraw(page: Page) -> None:
    open_first(page)
    follow(page, "Withdraw this piece")


def withdraw_without_reason(page: Page) -> None:
    open_withdraw(page)
    press(page, "Withdraw")


def show_who(page: Page) -> None:
    open_first(page)
    follow(page, "Show who this is")
    fill(page, reason="A court asks.")
    press(page, "Show")


STATES = [
    State(ADMIN_ASK, "admin-withdraw", ADMIN, "/admin/feedback/feedback/", open_withdraw),
    State(ADMIN_ASK, "admin-withdraw-wrong", AS_BEFORE, "/admin/feedback/feedback/", withdraw_without_reason),
    State(ADMIN_ASK, "admin-shown", AS_BEFORE, "/admin/feedback/respondent/", show_who),
    State(ADMIN_ASK, "admin-ask-again", AS_BEFORE, "/admin/feedback/suppression/ask-again/"),
]
