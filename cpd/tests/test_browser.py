"""Professional development by hand, in a real browser: drafts beside a file, the second list, no script."""

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.tests.factories import make_mediator
from cpd.models import CpdEntry
from cpd.tests.factories import a_pdf, make_cpd
from logbook.tests.factories import make_entry
from logbook_site.tests.hands import choose, fill, follow, go, press, sign_in, unfold

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "quiet-harbour-lamp-7"
CERTIFICATE = {"name": "certificate.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}


@pytest.fixture
def mediator() -> User:
    cache.clear()
    return make_mediator(email="mira@example.org", name="Mira Sato", password=PASSWORD)


@pytest.fixture
def page(page: Page, live_server, mediator: User) -> Page:
    page.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    page.goto(live_server.url)
    sign_in(page, mediator.email, PASSWORD)
    return page


def begin(page: Page) -> None:
    fill(page, title="Evening lecture", points="1,5", takeaways="Ask the quiet one first.")
    choose(page, kind="other")
    page.locator("[name=evidence]").set_input_files(CERTIFICATE)


@pytest.mark.browser_context_args(**PHONE)
def test_a_draft_keeps_the_words_not_the_file(page: Page, mediator: User) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    follow(page, "Add CPD Entry")
    begin(page)
    go(page, "/")
    follow(page, "Continue the CPD entry you began")
    expect(page.get_by_text("What you typed last time is here again.")).to_be_visible()
    expect(page.locator("[name=title]")).to_have_value("Evening lecture")
    expect(page.locator("[name=takeaways]")).to_have_value("Ask the quiet one first.")
    assert page.locator("[name=evidence]").evaluate("field => field.files.length") == 0
    begin(page)
    press(page, "Save this entry")
    expect(page.locator(".messages")).to_contain_text("Saved: Evening lecture, 1.5 points.")
    assert page.evaluate("Object.keys(localStorage)") == ["signed-in"]
    assert errors == []
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download the PDF file").click()
    assert re.fullmatch(r"cpd-evidence-\d{4}-\d\d-\d\d\.pdf", coming.value.suggested_filename)
    assert coming.value.path().read_bytes() == CERTIFICATE["buffer"]


@pytest.mark.browser_context_args(**PHONE, java_script_enabled=False)
def test_without_javascript(page: Page, mediator: User) -> None:
    follow(page, "Add CPD Entry")
    begin(page)
    press(page, "Save this entry")
    expect(page.locator(".messages")).to_contain_text("Saved: Evening lecture, 1.5 points.")
    assert CpdEntry.objects.get(owner=mediator).evidence_file


def test_the_two_lists_of_the_page(page: Page, mediator: User) -> None:
    for number in range(3):
        make_entry(mediator, title=f"Case {number}", role=["lead", "co"][number % 2])
        make_cpd(mediator, title=f"Course {number}", kind=["training", "other"][number % 2])
    go(page, "/logbook/")
    second = page.locator("#cpd")

    def titles() -> tuple[list[str], list[str]]:
        every = page.locator("tbody .col-title").all_inner_texts()
        return [one for one in every if "Case" in one], [one for one in every if "Course" in one]

    unfold(page, "Filter and sort")  # the first one
    choose(page, role="lead", sort="title")
    press(page, "Show these")
    second.locator("details.filters > summary").click()
    second.locator("label:has([name=cpd-kind][value=training])").click()
    second.locator("[name=cpd-sort]").select_option("title")
    with page.expect_navigation():
        second.get_by_role("button", name="Show these").click()
    assert titles() == (["Case 0", "Case 2"], ["Course 0", "Course 2"])
    assert page.url.endswith("#cpd")
    with page.expect_navigation():
        second.get_by_role("link", name="Title", exact=True).click()
    assert titles() == (["Case 0", "Case 2"], ["Course 2", "Course 0"])
    page.locator(".chips a", has_text="Role").click()
    expect(page.locator("tbody .col-title", has_text="Case")).to_have_count(3)
    assert titles()[1] == ["Course 2", "Course 0"]
