"""Home of each role, and the first question to a mediator."""

from playwright.sync_api import Page

from logbook_site.tests.pages.state import ADMIN, AMINA, AS_BEFORE, CHLOE, DANA, ROSA, State, pressing


def open_menu(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.locator("summary", has_text="Menu").click()


STATES = [
    State("home/home.html", "home-new", CHLOE, "/"),
    State("accounts/visibility.html", "visibility", AS_BEFORE, "/my-details/visibility/"),
    State(
        "accounts/visibility.html",
        "visibility-empty",
        AS_BEFORE,
        "/my-details/visibility/",
        pressing("Save my answer"),
    ),
    State("home/home.html", "home-reviewer", ROSA, "/"),
    State("accounts/account_settings.html", "settings-reviewer", AS_BEFORE, "/account-settings/"),
    State("home/home.html", "home-directory", DANA, "/"),
    State("home/home.html", "home-admin", ADMIN, "/"),
    State("home/home.html", "home-mediator", AMINA, "/"),
    State("home/home.html", "menu-open", AS_BEFORE, "/", open_menu),
]
