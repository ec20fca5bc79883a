"""Asking for feedback: by e-mail, with links to hand over, with the general link."""

from playwright.sync_api import Page

from logbook_site.tests.hands import fill, press
from logbook_site.tests.pages.state import AMINA, AS_BEFORE, CHLOE, State, follow_first, pressing

ASK, SENT = "feedback/request.html", "feedback/requests.html"


def name_parties(page: Page) -> None:
    page.get_by_role("button", name="Add another person").click()
    names = {
        "Paula Party": "paula@example.org",
        "Bartholomew von Hohenlohe-Langenburg": f"{'b' * 60}@example.org",
    }
    for row, (name, address) in enumerate(names.items()):
        fill(page, **{f"parties-{row}-name": name, f"parties-{row}-email": address})
    fill(page, ended_on="2026-03-04", reference="Building dispute, spring")
    page.locator("[name=agreed]").check()
    page.locator("[name=remind]").check()


def ask_wrongly(page: Page) -> None:
    name_parties(page)
    fill(page, **{"parties-1-name": "www.shop.example", "parties-1-email": AMINA}, ended_on="2999-01-01")
    press(page, "Send now")


def preview_request(page: Page) -> None:
    name_parties(page)
    press(page, "Preview")


def send_request(page: Page) -> None:
    preview_request(page)
    press(page, "Send")


def make_links(page: Page) -> None:
    fill(page, count="3", ended_on="2026-03-04")
    press(page, "Make the links")


def switch_general_link_on(page: Page) -> None:
    page.locator("[name=accepts_general]").check()
    press(page, "Save my details")


STATES = [
    State(SENT, "requests-empty", CHLOE, "/feedback/requests/"),
    State(ASK, "ask-without-reviewer", AS_BEFORE, "/feedback/request/"),
    State(ASK, "ask", AMINA, "/feedback/request/"),
    State(ASK, "ask-empty", AS_BEFORE, "/feedback/request/", pressing("Send now")),
    State(ASK, "ask-wrong", AS_BEFORE, "/feedback/request/", ask_wrongly),
    State("feedback/request_preview.html", "ask-preview", AS_BEFORE, "/feedback/request/", preview_request),
    State(SENT, "requests", AS_BEFORE, "/feedback/request/", send_request),
    State("feedback/request_cancel.html", "cancel", AS_BEFORE, "/feedback/requests/", follow_first("Cancel")),
    State(ASK, "ask-links", AS_BEFORE, "/feedback/request/?kind=links"),
    State(
        ASK,
        "ask-links-empty",
        AS_BEFORE,
        "/feedback/request/?kind=links",
        pressing("Make the links"),
    ),
    State("feedback/request_links.html", "links", AS_BEFORE, "/feedback/request/?kind=links", make_links),
    State("feedback/request_links.html", "links-over", AS_BEFORE, "/feedback/request/?links=x", status=410),
    State(
        "accounts/my_details.html", "details-general-link", AS_BEFORE, "/my-details/", switch_general_link_on
    ),
    State(ASK, "ask-general-link", AS_BEFORE, "/feedback/request/"),
]
