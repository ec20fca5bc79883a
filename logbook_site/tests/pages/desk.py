"""The pages of ours in the admin."""

from playwright.sync_api import Page

from logbook_site.tests.hands import fill, follow, press
from logbook_site.tests.pages.state import ADMIN, AS_BEFORE, State, unfolding

ADMIN_ASK = "admin/feedback/ask.html"
FIND, PERSON, STEP = "desk/find.html", "desk/person.html", "desk/step.html"
AMINAS, ROSAS = "/admin/person/?q=amina%40", "/admin/person/?q=rosa%40"


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


def give_no_months(page: Page) -> None:
    follow(page, "Give access")
    fill(page, months="0")
    press(page, "Give access")


def close_two(page: Page) -> None:
    for row in (0, 1):
        page.locator("#result_list input.action-select").nth(row).check()
    page.locator("select[name=action]").select_option("deactivate")
    press(page, "Go")


STATES = [
    State("desk/desk.html", "desk", ADMIN, "/admin/"),
    State("desk/desk.html", "desk-tables", AS_BEFORE, "/admin/", unfolding("All tables")),
    State(FIND, "desk-find", AS_BEFORE, "/admin/person/"),
    State(FIND, "desk-find-many", AS_BEFORE, "/admin/person/?q=a"),
    State(FIND, "desk-find-nobody", AS_BEFORE, "/admin/person/?q=nobody+like+this"),
    State(FIND, "desk-find-nothing", AS_BEFORE, "/admin/person/?q=+"),
    State(PERSON, "desk-mediator", AS_BEFORE, AMINAS),
    State(PERSON, "desk-reviewer", AS_BEFORE, ROSAS),
    State(STEP, "desk-close", AS_BEFORE, AMINAS, lambda page: follow(page, "Close the account")),
    State(STEP, "desk-give-wrong", AS_BEFORE, AMINAS, give_no_months),
    State("desk/confirm.html", "desk-confirm", AS_BEFORE, "/admin/accounts/user/", close_two),
    State(ADMIN_ASK, "admin-withdraw", ADMIN, "/admin/feedback/feedback/", open_withdraw),
    State(ADMIN_ASK, "admin-withdraw-wrong", AS_BEFORE, "/admin/feedback/feedback/", withdraw_without_reason),
    State(ADMIN_ASK, "admin-shown", AS_BEFORE, "/admin/feedback/respondent/", show_who),
    State(ADMIN_ASK, "admin-ask-again", AS_BEFORE, "/admin/feedback/suppression/ask-again/"),
]
