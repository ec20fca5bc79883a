"""The whole way of feedback in a browser: two parties are asked, both answer from their mail, one shares."""

import re
from urllib.parse import urljoin

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from accounts.services import outbox
from feedback.services.forgetting import forget_contacts
from feedback.services.release import release_feedback
from logbook_site.demo.load import load_demo
from logbook_site.tests.hands import choose, fill, go, press, sign_in_with_one_click

PAULA, QUENTIN, CHLOE = "paula@example.org", "quentin@example.org", "chloe@example.org"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser_context_args(**PHONE),
]


@pytest.fixture
def page(page: Page, live_server, settings, tmp_path) -> Page:
    settings.EMAIL_BACKEND = "logbook_site.foundation.mail.FolderBackend"
    settings.MAIL_DIR = tmp_path
    settings.SITE_URL = live_server.url
    cache.clear()
    load_demo()
    page.set_default_timeout(10_000)
    expect.set_options(timeout=10_000)
    page.goto(live_server.url)
    return page


def let_the_worker_run() -> None:
    """What the timetable does each minute."""
    outbox.deliver_due()
    release_feedback()
    outbox.deliver_due()
    forget_contacts()


def newest_mail(page: Page, email: str):
    go(page, "/demo/mailbox/")
    return page.locator("article", has_text=email).first


def open_survey(page: Page, email: str) -> None:
    link = newest_mail(page, email).locator("a[href*='/give-feedback/']").first.get_attribute("href")
    page.goto(urljoin(page.url, link))
    expect(page.get_by_role("heading", level=1)).to_have_text("Feedback about Chloé Marchetti’s work")


def answer(page: Page, *, share: str, helpful: str) -> str:
    """Fills in a little of each part; returns the code of the thank-you page."""
    choose(page, party_role="party", clear="4")
    for _part in range(3):
        page.locator(".part:visible").get_by_role("button", name="Next").click()
    fill(page, helpful=helpful)
    choose(page, share=share)
    press(page, "Check my answers")
    press(page, "Send my feedback")
    return page.locator(".code-large").inner_text()


def my_feedback(page: Page) -> str:
    sign_in_with_one_click(page, CHLOE)
    go(page, "/feedback/")
    return page.locator("main").inner_text()


def test_from_the_question_to_what_is_shared_and_back(page: Page, context) -> None:
    sign_in_with_one_click(page, CHLOE)
    go(page, "/feedback/request/")
    parties = {"parties-0-name": "Paula Party", "parties-0-email": PAULA}
    parties |= {"parties-1-name": "Quentin Quill", "parties-1-email": QUENTIN}
    fill(page, **parties, ended_on="2026-03-04", reference="Orchard and a well")
    page.locator("[name=agreed]").check()
    press(page, "Preview")
    press(page, "Send")
    expect(page.locator("main")).to_contain_text("Sent to 2 people.")
    let_the_worker_run()
    go(page, "/feedback/requests/")
    before = page.locator("main").inner_text()
    context.clear_cookies()

    open_survey(page, PAULA)
    expect(page.locator("main")).to_contain_text("Orchard and a well")
    code = answer(page, share="yes", helpful="She let us both finish.")
    open_survey(page, QUENTIN)
    answer(page, share="no", helpful="Between us two only.")
    assert context.cookies() == []
    let_the_worker_run()

    notice = newest_mail(page, CHLOE).inner_text()
    assert not re.search("Paula|Quentin|She let|Between us|two|2", notice.partition("Good day")[2])
    shown = my_feedback(page)
    assert "She let us both finish." in shown
    assert "Between us two only." not in shown
    go(page, "/feedback/requests/")
    assert page.locator("main").inner_text() == before
    context.clear_cookies()

    go(page, "/give-feedback/withdraw/")
    fill(page, code=code.lower())
    press(page, "Delete my feedback")
    assert "She let us both finish." not in my_feedback(page)
    context.clear_cookies()
    go(page, "/demo/mailbox/")
    used = newest_mail(page, PAULA).locator("a[href*='/give-feedback/']").first.get_attribute("href")
    page.goto(urljoin(page.url, used))
    expect(page.get_by_role("heading", level=1)).to_have_text("This link is no longer open")
