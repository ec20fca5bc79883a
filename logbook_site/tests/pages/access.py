"""Where access is paid for: what is shown to whoever has it, had it, or never had it."""

from django.conf import settings
from playwright.sync_api import Page

from logbook_site.demo.access import load_access
from logbook_site.tests.hands import choose, fill, press
from logbook_site.tests.pages.state import AMINA, AS_BEFORE, BEN, CHLOE, STRANGER, State, pressing

ACCESS, LAPSED = "accounts/access.html", "accounts/lapsed.html"
ADDRESS = "/account-settings/access/"


def pay() -> None:
    """From here on; the test of the look puts it back at its end."""
    settings.ACCESS_MODE, settings.SHOP_URL = "paid", "https://shop.example.org/logbook"
    settings.SUPPORT_EMAIL = "desk@example.org"
    load_access()


def pay_no_more() -> None:
    settings.ACCESS_MODE, settings.SHOP_URL, settings.SUPPORT_EMAIL = "open", "", ""


def lapse_while_typing(page: Page) -> None:
    """Access ends between the form and its post."""
    settings.ACCESS_MODE = "open"
    page.goto(page.url)
    fill(page, hours="3,5", title="Orchard and a well")
    choose(page, role="lead", medium="online")
    settings.ACCESS_MODE = "paid"
    press(page, "Save this mediation")


STATES = [
    State("account/login.html", "login-paid", STRANGER, "/accounts/login/", in_database=pay),
    State("accounts/account_settings.html", "settings-access", AMINA, "/account-settings/", in_database=pay),
    State(ACCESS, "access", AS_BEFORE, ADDRESS, in_database=pay),
    State(ACCESS, "access-wrong", AS_BEFORE, ADDRESS, pressing("Use this code", code="ABCD-EFGH-JKLM"), pay),
    State("home/home.html", "home-lapsed", BEN, "/", in_database=pay),
    State("logbook/logbook.html", "logbook-lapsed", AS_BEFORE, "/logbook/?per_page=10", in_database=pay),
    State("cpd/cpd.html", "cpd-lapsed", AS_BEFORE, "/cpd/?per_page=10", in_database=pay),
    State(ACCESS, "access-lapsed", AS_BEFORE, ADDRESS, in_database=pay),
    State(LAPSED, "lapsed", AS_BEFORE, "/logbook/add/", in_database=pay, status=403),
    State(LAPSED, "lapsed-typed", AS_BEFORE, "/logbook/add/", lapse_while_typing, pay, status=403),
    State("home/home.html", "home-never-paid", CHLOE, "/", in_database=pay),
    State(LAPSED, "lapsed-never", AS_BEFORE, "/feedback/request/", in_database=pay, status=403),
    State(ACCESS, "access-never", AS_BEFORE, ADDRESS, in_database=pay),
    State("home/landing.html", "landing-again", STRANGER, "/", in_database=pay_no_more),
]
