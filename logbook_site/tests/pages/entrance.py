"""The pages in front of the door: signing up, signing in, codes, and what is said when something fails."""

from collections.abc import Callable
from urllib.parse import urljoin

from django.test import RequestFactory
from playwright.sync_api import Page

from logbook_site.demo.people import PASSWORD
from logbook_site.errors import error_page
from logbook_site.tests.hands import code_from_mailbox, fill, press
from logbook_site.tests.pages.state import AMINA, AS_BEFORE, INES, STRANGER, State, pressing

CODE_SIGN_UP = "account/confirm_email_verification_code.html"
ERROR = "errors/error.html"
LOGIN, SIGN_UP = "account/login.html", "account/signup.html"
NO_PASSWORD = {"login": AMINA, "password": "not my password"}
SHORT = {"name": " ", "email": "ines@", "password1": "short", "password2": "shorter"}


def failing_with(status: int) -> Callable[[Page], None]:
    """Some errors cannot be had on demand: their page is put in place of an answer."""

    def steps(page: Page) -> None:
        address = urljoin(page.url, f"/error-{status}/")
        body = error_page(RequestFactory().get(address), status).content
        page.route(address, lambda route: route.fulfill(status=status, content_type="text/html", body=body))
        page.goto(address)

    return steps


def sign_up(page: Page) -> None:
    fill(page, name="Inés Duarte", email=INES, password1=PASSWORD, password2=PASSWORD)
    press(page, "Sign up")


def enter_mailed_code(page: Page) -> None:
    fill(page, code=code_from_mailbox(page, INES))
    press(page, "Continue")


def forget_password(page: Page) -> None:
    pressing("Send the code", email=INES)(page)
    enter_mailed_code(page)


def forge(page: Page) -> None:
    """A form whose page was open too long: its cookie is gone."""
    page.context.clear_cookies()
    press(page, "Sign in")


ARRIVING = [
    State("demo/mailbox.html", "mailbox-empty", STRANGER, "/demo/mailbox/"),
    State("home/landing.html", "landing", STRANGER, "/"),
    State(LOGIN, "login", STRANGER, "/accounts/login/"),
    State(LOGIN, "login-empty", STRANGER, "/accounts/login/", pressing("Sign in")),
    State(LOGIN, "login-wrong", STRANGER, "/accounts/login/", pressing("Sign in", **NO_PASSWORD)),
    State("account/account_inactive.html", "inactive", STRANGER, "/accounts/inactive/"),
    State(ERROR, "error-403", STRANGER, "/accounts/login/", forge, status=403),
    State(ERROR, "error-405", STRANGER, "/demo/sign-in/", status=405),
    *[
        State(ERROR, f"error-{status}", STRANGER, "/accounts/login/", failing_with(status), status=status)
        for status in (400, 410, 413, 429, 500, 503)
    ],
    # Somebody new
    State(SIGN_UP, "sign-up", STRANGER, "/accounts/signup/"),
    State(SIGN_UP, "sign-up-wrong", STRANGER, "/accounts/signup/", pressing("Sign up", **SHORT)),
    State(CODE_SIGN_UP, "code-sign-up", STRANGER, "/accounts/signup/", sign_up),
    State(
        CODE_SIGN_UP, "code-wrong", AS_BEFORE, "/accounts/confirm-email/", pressing("Continue", code="ABCD")
    ),
    State("home/home.html", "home-first-visit", AS_BEFORE, "/accounts/confirm-email/", enter_mailed_code),
]


COMING_BACK = [
    State("account/request_login_code.html", "code-ask", STRANGER, "/accounts/login/code/"),
    State(
        "account/confirm_login_code.html",
        "code-login",
        STRANGER,
        "/accounts/login/code/",
        pressing("Send the code", email=INES),
    ),
    State("account/password_reset.html", "forgot", STRANGER, "/accounts/password/reset/"),
    State(
        "account/confirm_password_reset_code.html",
        "forgot-code",
        STRANGER,
        "/accounts/password/reset/",
        pressing("Send the code", email=AMINA),
    ),
    State(
        "account/password_reset_from_key.html",
        "forgot-new-password",
        STRANGER,
        "/accounts/password/reset/",
        forget_password,
    ),
    State(
        "account/password_reset_from_key_done.html",
        "forgot-done",
        STRANGER,
        "/accounts/password/reset/done/",
    ),
    State("demo/mailbox.html", "mailbox", STRANGER, "/demo/mailbox/"),
]
