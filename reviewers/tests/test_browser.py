"""From the invitation to everything by year, as a new Reviewer does it."""

import re
from urllib.parse import urljoin

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from accounts.services import outbox
from logbook_site.demo.load import load_demo
from logbook_site.demo.people import PASSWORD
from logbook_site.tests.hands import (
    code_from_mailbox,
    fill,
    follow,
    go,
    press,
    sign_in,
    sign_in_with_one_click,
    unfold,
)

BEN, ROSA, ADMIN = "ben@example.org", "rosa@example.org", "admin@example.org"
JUDITH = "judith@example.org"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
on_both = pytest.mark.parametrize(
    "where",
    [
        pytest.param("phone", marks=pytest.mark.browser_context_args(**PHONE)),
        pytest.param("desktop", marks=pytest.mark.browser_context_args(**DESKTOP)),
        pytest.param(
            "without JavaScript", marks=pytest.mark.browser_context_args(**PHONE, java_script_enabled=False)
        ),
    ],
)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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


def follow_mail(page: Page, email: str) -> None:
    """The worker sends what is due; the newest mail to `email` is opened, and its link."""
    outbox.deliver_due()
    go(page, "/demo/mailbox/")
    link = (
        page.locator("article", has_text=email)
        .first.locator(".mail a[href^=http]")
        .first.get_attribute("href")
    )
    page.goto(urljoin(page.url, link))


def see_heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def pieces_of_each_year(page: Page) -> list[int]:
    counts = page.locator(".year > summary .quiet").all_text_contents()
    return [int(re.search(r"\d+", count)[0]) for count in counts]


def to_review(page: Page) -> None:
    go(page, "/")
    page.locator("main").get_by_role("link", name="Review Feedback").click()
    see_heading(page, "Review Feedback")


@on_both
def test_a_new_reviewer_is_invited_signs_up_accepts_is_checked_and_reads(page: Page, where: str) -> None:
    sign_in_with_one_click(page, BEN)
    go(page, "/my-details/")
    page.locator("main").get_by_role("link", name="Change your Reviewer").click()
    see_heading(page, "Your Reviewer")
    fill(page, invite_email=JUDITH)
    press(page, "Send the invitation")
    expect(page.get_by_role("heading", name=f"You invited {JUDITH}")).to_be_visible()
    expect(page.get_by_role("heading", name="Rosa Lindqvist is your Reviewer")).to_be_visible()

    page.context.clear_cookies()
    follow_mail(page, JUDITH)
    see_heading(page, "Ben Aldous asks you to be their Reviewer")
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name="Sign up").click()
    fill(page, name="Judith Amsel", email=JUDITH, password1=PASSWORD, password2=PASSWORD)
    expect(page.locator("[name=kind][value=reviewer]")).to_be_checked()
    press(page, "Sign up")
    fill(page, code=code_from_mailbox(page, JUDITH))
    press(page, "Continue")
    see_heading(page, "Ben Aldous asks you to be their Reviewer")
    for name in ("not_family", "not_subordinate", "not_reciprocal"):
        page.locator(f"[name={name}]").check()
    press(page, "Accept")
    expect(page.locator(".messages")).to_contain_text("You are now their Reviewer")

    to_review(page)
    expect(page.get_by_role("heading", name="IMI checks you")).to_be_visible()
    follow(page, "Ben Aldous")
    assert sum(pieces_of_each_year(page)) == 5
    expect(page.locator("article", has_text="Not shared with the mediator")).to_have_count(0)

    sign_in_with_one_click(page, ADMIN)
    follow_mail(page, ADMIN)
    see_heading(page, "Check Judith Amsel")
    press(page, "Yes, checked")
    expect(page.locator(".messages")).to_contain_text("Stored.")

    page.context.clear_cookies()
    sign_in(page, JUDITH, PASSWORD)
    to_review(page)
    expect(page.get_by_role("heading", name="IMI checks you")).to_have_count(0)
    follow(page, "Ben Aldous")
    counts = pieces_of_each_year(page)
    assert sum(counts) == 9
    years = page.locator(".year > summary h3").all_text_contents()
    assert years == sorted(years, reverse=True)
    assert len(years) > 1
    assert page.locator(".year[open]").count() == 1
    unfold(page, years[1])
    expect(page.locator(".year[open]")).to_have_count(2)
    assert page.locator(".comment", has_text="Not shared with the mediator").count() > 0
    page.locator(".comment a:visible").first.click()
    see_heading(page, "One piece of feedback")

    sign_in_with_one_click(page, ROSA)
    to_review(page)
    expect(page.locator("main").get_by_role("link", name="Amina Okafor")).to_be_visible()
    expect(page.get_by_text("Ben Aldous")).to_have_count(0)


@pytest.mark.browser_context_args(**DESKTOP)
def test_stopping_takes_two_presses(page: Page) -> None:
    sign_in_with_one_click(page, ROSA)
    to_review(page)
    follow(page, "Ben Aldous")
    expect(page.get_by_role("button", name="Stop reviewing this mediator")).to_be_hidden()
    unfold(page, "Stop reviewing")
    press(page, "Stop reviewing this mediator")
    see_heading(page, "Review Feedback")
    expect(page.locator(".messages")).to_contain_text("You no longer review Ben Aldous")
    follow_mail(page, BEN)
    expect(page).to_have_url(re.compile("/accounts/login/|/my-details/reviewer/|/$"))
