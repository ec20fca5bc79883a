"""What a person does in a browser. The journeys, the look of the pages and the screenshots share it."""

import base64
import hmac
import re
import struct
import time
from urllib.parse import urljoin

from playwright.sync_api import CDPSession, Page

CODE = re.compile(r"^ {4}(\S+)\s*$", re.MULTILINE)


def go(page: Page, path: str) -> None:
    """To a path of the site that `page` is already on."""
    page.goto(urljoin(page.url, path))


def press(page: Page, word: str) -> None:
    """Presses the first visible button with this word, which leads to the next page, and waits for it."""
    with page.expect_navigation():
        page.get_by_role("button", name=word, exact=True).first.click()


def follow(page: Page, word: str) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name=word, exact=True).first.click()


def fill(page: Page, **fields: str) -> None:
    """Types into the fields with these names."""
    for name, text in fields.items():
        page.locator(f"main [name='{name}']").first.fill(text)


def choose(page: Page, **fields: str) -> None:
    """Chooses one of several: in a list to open, or by a tap on it."""
    for name, value in fields.items():
        field = page.locator(f"main [name={name}]").first
        if field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(value)
        else:
            page.locator(f"main label:has([name={name}][value='{value}'])").click()


def unfold(page: Page, word: str) -> None:
    """Opens the first that is closed and has this word."""
    page.locator("main details:not([open]) > summary", has_text=word).first.click()


def add_mediation(page: Page, title: str, **fields: str) -> None:
    """The five fields, and those of `fields` that are below the fold. From any page of a mediator."""
    go(page, "/logbook/add/")
    fill(page, hours="3,5", title=title)
    choose(page, role="lead", medium="online")
    if fields:
        unfold(page, "More")
        fill(page, **fields)
    press(page, "Save this mediation")


def sign_in_with_one_click(page: Page, email: str) -> None:
    """The demo's own way in, from the login page. Whoever was signed in is forgotten, not logged out."""
    page.context.clear_cookies()
    go(page, "/accounts/login/")
    with page.expect_navigation():
        page.locator(f"button[value='{email}']").click()


def sign_in(page: Page, email: str, password: str) -> None:
    go(page, "/accounts/login/")
    fill(page, login=email, password=password)
    press(page, "Sign in")


def code_from_mailbox(page: Page, email: str) -> str:
    """The code in the newest mail to `email`, read in a second tab."""
    tab = page.context.new_page()
    tab.goto(urljoin(page.url, "/demo/mailbox/"))
    text = tab.locator("article", has_text=email).first.locator(".mail").text_content()
    tab.close()
    return CODE.search(text).group(1)


def code_of_app(key: str) -> str:
    """What an authenticator app shows now for this key (RFC 6238)."""
    left = 30 - time.time() % 30
    if left < 3:
        time.sleep(left)  # else it would be another one before it is typed
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.digest(base64.b32decode(key), counter, "sha1")
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def add_fingerprint_reader(page: Page) -> CDPSession:
    """A device that keeps passkeys, and a finger that is always the right one."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session
