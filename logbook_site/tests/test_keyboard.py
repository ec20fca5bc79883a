"""The five main tasks with the keyboard alone, in a real browser: no tap, no click, and always a visible focus."""

import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.services import outbox
from feedback.models import Feedback, FeedbackRequest
from feedback.services.contacts import contact_of
from feedback.tests.factories import make_request
from logbook.models import LogbookEntry
from logbook_site.demo.load import load_demo
from logbook_site.tests.hands import sign_in_with_one_click

AMINA, ROSA, DANA = "amina@example.org", "rosa@example.org", "dana@example.org"
MOST_STEPS = 80
# What has the focus: how a test names it, and whether an eye finds it (an outline, or an ancestor that draws it).
FOCUSED = """() => {
  const element = document.activeElement, labels = [...(element.labels ?? [])].map(label => label.innerText);
  const box = element.getBoundingClientRect(), around = [];
  for (let each = element; each && around.length < 4; each = each.parentElement) around.push(getComputedStyle(each));
  const outlined = around.some(style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
  const words = labels.join(" ") || element.innerText || element.value || "";
  return {
    words: (element.getAttribute("aria-label") ?? words).trim(),
    name: element.name ?? "", value: element.value ?? "", tag: element.tagName,
    // Inside a date, the browser draws the focus itself.
    seen: (outlined || element.type === "date") && box.bottom > 0 && box.top < innerHeight && box.width > 0,
  };
}"""
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser_context_args(viewport={"width": 1280, "height": 800}),
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


def tab_to(page: Page, words: str = "", *, name: str = "") -> None:
    """Presses Tab until what has these words, or this name, has the focus; every stop on the way can be seen."""
    passed = []
    for _step in range(MOST_STEPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        passed.append(focused["name"] or focused["words"])
        assert focused["seen"] or focused["tag"] == "BODY", f"nobody sees where the focus is: {focused}"
        if (words and re.fullmatch(words, focused["words"])) or (name and focused["name"] == name):
            return
    raise AssertionError(f"{words or name} is not reached: {passed}")


def enter(page: Page) -> None:
    """Enter on a link or button that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page: Page, name: str, value: str) -> None:
    """Comes to a group of choices with Tab, and to the right one with the arrows."""
    tab_to(page, name=name)
    if page.evaluate(FOCUSED)["value"] == value:
        page.keyboard.press("Space")
    for _step in range(20):
        if page.locator(f"[name={name}]:checked").evaluate_all("all => all.map(each => each.value)") == [
            value
        ]:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{value} of {name} cannot be chosen with the arrows")


def type_into(page: Page, text: str, *, name: str) -> None:
    tab_to(page, name=name)
    page.keyboard.type(text)


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def test_adding_a_mediation(page: Page) -> None:
    sign_in_with_one_click(page, AMINA)
    tab_to(page, "Add Logbook Entry")
    enter(page)
    type_into(page, "1:30", name="hours")
    choose(page, "role", "co")
    choose(page, "medium", "online")
    tab_to(page, name="title")
    page.keyboard.press("Control+A")
    page.keyboard.type("Quarry and brook")
    tab_to(page, "Save this mediation")
    enter(page)
    heading(page, "Quarry and brook")
    stored = LogbookEntry.objects.get(title="Quarry and brook")
    assert (stored.minutes, stored.role, stored.medium) == (90, "co", "online")


def test_a_mistake_is_read_first_and_leads_to_its_field(page: Page) -> None:
    sign_in_with_one_click(page, AMINA)
    page.goto(urljoin(page.url, "/logbook/add/"))
    type_into(page, "1,500", name="hours")
    enter(page)
    expect(page.locator("[data-focus]").first).to_be_focused()
    tab_to(page, "Is it 1.5 hours or 1500 hours.*")
    page.keyboard.press("Enter")
    expect(page.locator("#id_hours")).to_be_focused()


def test_finding_sorting_and_taking_away_a_list(page: Page) -> None:
    sign_in_with_one_click(page, AMINA)
    tab_to(page, "Logbook")
    enter(page)
    tab_to(page, "Filter and sort")
    page.keyboard.press("Enter")
    type_into(page, "night", name="q")
    enter(page)
    found = page.locator("main table").first.locator("tbody tr").count()
    assert 1 < found < 25
    tab_to(page, "Hours.*")
    enter(page)
    assert "sort=" in page.url
    tab_to(page, "Export")
    page.keyboard.press("Enter")
    tab_to(page, "CSV")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == found + 1


def test_asking_a_party_and_answering(page: Page) -> None:
    sign_in_with_one_click(page, AMINA)
    tab_to(page, "Request Feedback")
    enter(page)
    type_into(page, "Paula Quist", name="parties-0-name")
    type_into(page, "paula@example.org", name="parties-0-email")
    page.locator("[name=ended_on]").fill(
        "2026-01-15"
    )  # how a date is typed depends on the browser's language
    tab_to(page, name="agreed")
    page.keyboard.press("Space")
    tab_to(page, "Send.*")
    enter(page)
    assert FeedbackRequest.objects.filter(mediator__email=AMINA).exists()
    outbox.deliver_due()

    link = f"/give-feedback/{contact_of(make_request(User.objects.get(email=AMINA))).token}/"
    page.goto(urljoin(page.url, link))
    choose(page, "party_role", "party")
    choose(page, "clear", "4")
    for _part in range(3):
        tab_to(page, "Next")
        page.keyboard.press("Enter")
    choose(page, "share", "yes")
    tab_to(page, "Check my answers|Check.*")
    enter(page)
    tab_to(page, "Send.*")
    enter(page)
    assert "/thank-you/" in page.url
    assert Feedback.objects.filter(mediator__email=AMINA, shared=True, ratings__clear=4).exists()


def test_reading_as_a_reviewer(page: Page) -> None:
    sign_in_with_one_click(page, ROSA)
    tab_to(page, "Review Feedback")
    enter(page)
    tab_to(page, "Amina Okafor")
    enter(page)
    tab_to(page, "Feedback Digest")
    enter(page)
    heading(page, "Feedback Digest about Amina Okafor")
    type_into(page, "Parties felt heard.", name="text")
    tab_to(page, "Save")
    enter(page)
    expect(page.locator("#id_text")).to_have_value(re.compile("Parties felt heard"))


def test_verifying_experience(page: Page) -> None:
    sign_in_with_one_click(page, DANA)
    type_into(page, "okaf", name="q")
    enter(page)
    tab_to(page, "Amina Okafor")
    enter(page)
    heading(page, "Amina Okafor")
    tab_to(page, "Filter.*")
    page.keyboard.press("Enter")
    type_into(page, "2024", name="year_from")
    enter(page)
    assert "year_from=2024" in page.url
