"""The Feedback Digest: the Reviewer writes it, the mediator checks the facts."""

from urllib.parse import urlparse

from playwright.sync_api import Page

from logbook_site.tests.hands import fill, go, press
from logbook_site.tests.pages.state import AMINA, AS_BEFORE, BEN, CHLOE, ROSA, State, pressing, unfolding

DIGEST, MY_DIGEST = "reviewers/digest.html", "reviewers/my_digest.html"


def open_digest(page: Page) -> None:
    """Of the one mediator in the list."""
    with page.expect_navigation():
        page.locator("main .rows a").first.click()
    go(page, f"{urlparse(page.url).path}digest/")


def open_digest_with_answers(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    open_digest(page)
    page.locator(".digest-answers > summary").click()
    page.locator(".averages > summary").first.click()


def write_in_two_tabs(page: Page) -> None:
    open_digest(page)
    tab = page.context.new_page()
    tab.goto(page.url)
    fill(tab, text="Call +254 20 555 0134 or write to paula@example.org.")
    press(tab, "Save")
    tab.close()
    fill(page, text="What I typed in the other tab")
    press(page, "Save")


def send_empty_digest(page: Page) -> None:
    open_digest(page)
    fill(page, text=" ")
    press(page, "Send for a check of facts")


def send_digest(page: Page) -> None:
    open_digest(page)
    fill(page, text="Calm and clear.\n\nSome would have liked longer breaks. Write to paula@example.org.")
    press(page, "Send for a check of facts")


def finish_digest(page: Page) -> None:
    open_digest(page)
    press(page, "Make it final")


STATES = [
    State(DIGEST, "digest-draft", ROSA, "/review/?q=amina", open_digest),
    State(DIGEST, "digest-answers", AS_BEFORE, "/review/?q=amina", open_digest_with_answers),
    State(DIGEST, "digest-conflict", AS_BEFORE, "/review/?q=amina", write_in_two_tabs, status=409),
    State(DIGEST, "digest-empty", AS_BEFORE, "/review/?q=amina", send_empty_digest),
    State(DIGEST, "digest-sent", AS_BEFORE, "/review/?q=amina", send_digest),
    State(DIGEST, "digest-next", AS_BEFORE, "/review/?q=ben", open_digest),
    State("home/home.html", "home-to-check", AMINA, "/"),
    State(MY_DIGEST, "digest-check", AS_BEFORE, "/feedback/digest/"),
    State(
        MY_DIGEST,
        "digest-check-empty",
        AS_BEFORE,
        "/feedback/digest/",
        pressing("Send my comment", comment=" "),
    ),
    State(
        MY_DIGEST,
        "digest-commented",
        AS_BEFORE,
        "/feedback/digest/",
        pressing("Send my comment", comment="It was two days, not one.\n\nAll else is right."),
    ),
    State(DIGEST, "digest-with-comment", ROSA, "/review/?q=amina", open_digest),
    State(DIGEST, "digest-finished", AS_BEFORE, "/review/?q=amina", finish_digest),
    State(MY_DIGEST, "my-digest", BEN, "/feedback/digest/", unfolding("Text to copy")),
    State(MY_DIGEST, "my-digest-none", CHLOE, "/feedback/digest/"),
    State("home/home.html", "home-mediator-again", AMINA, "/"),
]
