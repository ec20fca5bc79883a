"""The survey in a real browser, on a small phone: few taps, part by part, nothing typed is lost, no script needed."""

import pytest
from django.core.cache import cache
from playwright.sync_api import Locator, Page, expect

from accounts.models import MediatorProfile, User
from accounts.tests.factories import make_mediator
from feedback.models import Feedback
from feedback.surveys import MEDIATOR_1
from feedback.tests.links import make_link
from logbook_site.tests.hands import choose, fill, follow, press

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
on_phone = pytest.mark.browser_context_args(**PHONE)
without_javascript = pytest.mark.browser_context_args(**PHONE, java_script_enabled=False)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEPT = "Object.keys(sessionStorage).length + Object.keys(localStorage).length"


@pytest.fixture
def amina() -> User:
    cache.clear()
    return make_mediator(name="Amina Okafor")


@pytest.fixture
def link(amina: User) -> str:
    return make_link(amina, reference="Spring orchard")


@pytest.fixture
def page(page: Page, live_server, link: str) -> Page:
    page.set_default_timeout(10_000)
    expect.set_options(timeout=10_000)
    page.goto(live_server.url + link)
    return page


def see_heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def see_part(page: Page, number: int) -> None:
    expect(page.locator(".part:visible")).to_have_count(1)  # waits for the script
    expect(page.locator(".part:visible > legend")).to_contain_text(f"Part {number} of 4")
    expect(page.get_by_text("Who reads this?")).to_be_visible(visible=number == 1)


def step(page: Page, word: str = "Next") -> None:
    page.get_by_role("button", name=word, exact=True).locator("visible=true").click()


def answer_of(page: Page, name: str, value: str) -> Locator:
    return page.locator(f"main label:has([name={name}][value='{value}'])")


@on_phone
def test_every_rating_in_twenty_five_taps(page: Page) -> None:
    taps = 0

    def tap(target: Locator) -> None:
        nonlocal taps
        target.tap()
        taps += 1

    for number, part in enumerate(MEDIATOR_1.parts, 1):
        see_part(page, number)
        for question in part.questions:
            tap(answer_of(page, question.key, "4"))
        if number == 3:
            tap(answer_of(page, "outcome_satisfied", "4"))
        tap(page.get_by_role("button", name="Next").locator("visible=true"))
        expect(page.locator(".part:visible > legend")).to_be_focused()
        expect(page.locator(".part:visible > legend")).to_be_in_viewport()
    see_part(page, 4)
    expect(page.get_by_role("button", name="Next").locator("visible=true")).to_have_count(0)
    tap(answer_of(page, "share", "yes"))
    with page.expect_navigation():
        tap(page.get_by_role("button", name="Check my answers"))
    see_heading(page, "Is this right?")
    with page.expect_navigation():
        tap(page.get_by_role("button", name="Send my feedback"))
    see_heading(page, "Thank you")
    expect(page.locator(".code-large")).to_be_visible()
    assert taps <= 25
    assert Feedback.objects.get().ratings == {question.key: 4 for question in MEDIATOR_1.questions}


@on_phone
def test_what_was_typed_stays_in_the_tab_until_it_is_sent(page: Page, context) -> None:
    choose(page, clear="5")
    for _part in range(3):
        step(page)
    fill(page, helpful="The calm room.")
    step(page, "Back")
    see_part(page, 3)
    assert page.evaluate("localStorage.length") == 0
    page.reload()
    see_part(page, 3)
    expect(page.locator("[name=clear][value='5']")).to_be_checked()
    expect(page.locator("[name=helpful]")).to_have_value("The calm room.")
    other = context.new_page()
    other.goto(page.url)
    expect(other.locator("[name=helpful]")).to_have_value("")
    other.close()
    step(page)
    choose(page, share="no")
    press(page, "Check my answers")
    press(page, "Change something")
    see_part(page, 1)
    for _part in range(3):
        step(page)
    fill(page, helpful="The calm room and the tea.")
    press(page, "Check my answers")
    expect(page.locator(".said")).to_contain_text("The calm room and the tea.")
    press(page, "Send my feedback")
    see_heading(page, "Thank you")
    assert page.evaluate(KEPT) == 0
    assert Feedback.objects.get().helpful == "The calm room and the tea."


@on_phone
def test_a_refused_form_opens_at_what_is_wrong(page: Page) -> None:
    for _part in range(3):
        step(page)
    fill(page, helpful="The calm room.", respondent_email="paula@")
    choose(page, share="yes")
    page.get_by_role("button", name="Check my answers").click()
    expect(page.locator(".error-summary")).to_be_focused()
    see_part(page, 4)
    expect(page.locator("[name=helpful]")).to_have_value("The calm room.")
    expect(page.locator("[name=respondent_email]")).to_have_attribute("aria-invalid", "true")
    fill(page, respondent_email="", helpful="")
    press(page, "Check my answers")
    see_part(page, 1)  # one answer is needed
    step(page)
    page.locator(".error-summary a").click()
    see_part(page, 1)


@on_phone
def test_declining_leaves_nothing_behind(page: Page) -> None:
    choose(page, clear="5")
    page.get_by_text("I do not want to answer").click()
    expect(page.get_by_text("Then this link ends.")).to_be_visible()
    press(page, "End the link")
    see_heading(page, "The link has ended")
    assert page.evaluate(KEPT) == 0
    assert not Feedback.objects.exists()


@on_phone
def test_enter_does_not_skip_parts(page: Page, amina: User, live_server) -> None:
    MediatorProfile.objects.filter(pk=amina.pk).update(accepts_general=True, general_code="orchard")
    page.goto(f"{live_server.url}/give-feedback/to/orchard/")
    fill(page, year="2024")
    page.locator("[name=year]").press("Enter")
    see_part(page, 2)


@without_javascript
def test_without_javascript(page: Page) -> None:
    expect(page.locator(".part:visible")).to_have_count(4)
    expect(page.get_by_text("Who reads this?")).to_be_visible()
    expect(page.get_by_role("button", name="Next").locator("visible=true")).to_have_count(0)
    choose(page, clear="5", share="no")
    fill(page, helpful="The calm room.")
    press(page, "Check my answers")
    see_heading(page, "Is this right?")
    press(page, "Change something")
    fill(page, helpful="The calm room and the tea.")
    press(page, "Check my answers")
    press(page, "Send my feedback")
    see_heading(page, "Thank you")
    assert Feedback.objects.get().helpful == "The calm room and the tea."
    code = page.locator(".code-large").inner_text()
    follow(page, "Take back or stop sharing")
    fill(page, code=code)
    press(page, "Delete my feedback")
    see_heading(page, "Your feedback is deleted")
    assert not Feedback.objects.exists()
