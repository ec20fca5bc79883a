"""Request Feedback in a browser: with a script and without, by keyboard, and on paper."""

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from feedback.models import FeedbackRequest
from feedback.services.contacts import contact_of
from logbook_site.demo.load import load_demo
from logbook_site.foundation import clock
from logbook_site.tests.hands import fill, follow, go, press, sign_in_with_one_click

PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
on_phone = pytest.mark.browser_context_args(**PHONE)
without_javascript = pytest.mark.browser_context_args(**PHONE, java_script_enabled=False)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def demo(settings, tmp_path) -> None:
    settings.EMAIL_BACKEND = "logbook_site.foundation.mail.FolderBackend"
    settings.MAIL_DIR = tmp_path
    cache.clear()
    load_demo()


@pytest.fixture
def page(page: Page, live_server) -> Page:
    page.set_default_timeout(10_000)
    expect.set_options(timeout=10_000)
    page.goto(live_server.url)
    sign_in_with_one_click(page, "chloe@example.org")
    go(page, "/feedback/request/")
    return page


def name_party(page: Page, row: int, name: str) -> None:
    fill(page, **{f"parties-{row}-name": name, f"parties-{row}-email": f"{name.lower()}@example.org"})


def names() -> list[str]:
    return [
        contact_of(row).name
        for row in FeedbackRequest.objects.filter(mediator__email="chloe@example.org").order_by("created_at")
    ]


@on_phone
def test_the_script_adds_rows_up_to_twenty(page: Page) -> None:
    add = page.get_by_role("button", name="Add another person")
    for number in range(4, 21):
        add.click()
        expect(page.locator(f"[name=parties-{number - 1}-name]")).to_be_focused()
    expect(add).to_be_hidden()
    expect(page.get_by_role("group", name="Person 20")).to_be_visible()
    for row, name in ((0, "Paula"), (19, "Quentin")):
        name_party(page, row, name)
    fill(page, ended_on=f"{clock.today()}")
    page.get_by_label("All of them agreed").check()
    press(page, "Send now")
    expect(page.locator(".messages")).to_contain_text("Sent to 2 people.")
    assert names() == ["Paula", "Quentin"]


@without_javascript
def test_all_of_it_works_without_a_script(page: Page) -> None:
    for row, name in enumerate(["Paula", "Quentin", "Rafael"]):
        name_party(page, row, name)
    press(page, "Add another person")
    name_party(page, 5, "Sofia")
    fill(page, ended_on=f"{clock.today()}", reference="Roof")
    press(page, "Send now")
    expect(page.locator(".error-summary")).to_contain_text("Ask the parties first.")
    page.get_by_label("All of them agreed").check()
    press(page, "Preview")
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this right?")
    expect(page.locator(".mail-preview")).to_contain_text("Dear Paula,")
    press(page, "Change")
    fill(page, **{"parties-0-name": "Paulina"})
    press(page, "Preview")
    press(page, "Send")
    expect(page.locator(".messages")).to_contain_text("Sent to 4 people.")
    assert names() == ["Paulina", "Quentin", "Rafael", "Sofia"]
    with page.expect_navigation():
        page.get_by_role("link", name="Cancel Paulina").click()
    press(page, "Cancel the request")
    expect(page.locator(".sending-cancelled")).to_have_count(1)


def test_enter_shows_the_preview_and_sends_nothing(page: Page) -> None:
    name_party(page, 0, "Paula")
    fill(page, ended_on=f"{clock.today()}")
    page.get_by_label("All of them agreed").check()
    page.locator("[name=reference]").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this right?")
    assert names() == []


def test_what_is_wrong_is_read_first_and_leads_to_its_field(page: Page) -> None:
    name_party(page, 1, "Paula")
    fill(page, **{"parties-1-email": "chloe@example.org"})
    press(page, "Send now")
    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_role("link", name="Person 2: This is your own address.").click()
    expect(page.locator("[name=parties-1-email]")).to_be_focused()


def test_links_are_copied_and_printed_one_card_each(page: Page, context) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    follow_links(page)
    fill(page, count="3", ended_on=f"{clock.today()}")
    press(page, "Make the links")
    copy = page.get_by_role("button", name="Copy link 2")
    copy.click()
    expect(copy).to_have_count(0)  # it says "Copied" now
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#link-2").inner_text()
    expect(page.get_by_role("button", name="Print the cards")).to_be_visible()
    page.emulate_media(media="print")
    for hidden in ("header", ".message", "[data-copy]", "[data-print]"):
        expect(page.locator(hidden).first).to_be_hidden()
    cards = page.locator(".link-cards > li")
    expect(cards).to_have_count(3)
    expect(cards.locator("svg")).to_have_count(3)
    expect(cards.nth(2)).to_contain_text("reads it only if you choose so.")
    assert cards.first.evaluate("card => getComputedStyle(card).breakInside") == "avoid"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_codes_are_black_on_white_in_both_themes(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    follow_links(page)
    fill(page, count="1", ended_on=f"{clock.today()}")
    press(page, "Make the links")
    paints = page.locator(".link-cards svg path").evaluate_all(
        "paths => paths.map(path => getComputedStyle(path).fill)"
    )
    assert paints == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    expect(page.get_by_role("img", name="QR code of link 1")).to_be_visible()


@without_javascript
def test_without_a_script_no_button_is_offered_that_needs_one(page: Page) -> None:
    follow_links(page)
    fill(page, count="1", ended_on=f"{clock.today()}")
    press(page, "Make the links")
    expect(page.locator("[data-print], [data-copy], [data-share]").locator("visible=true")).to_have_count(0)
    expect(page.locator("#link-1")).to_contain_text("/give-feedback/")
    assert page.locator("#link-1").evaluate("link => getComputedStyle(link).userSelect") != "none"


def has_share_sheet(page: Page) -> None:
    """Gives this browser the share sheet that a phone has; it notes what it gets, as an app would."""
    page.context.add_init_script(
        "window.shared = []; navigator.share = async (what) => { window.shared.push(what); };"
    )


@on_phone
def test_a_phone_shares_a_link(page: Page) -> None:
    has_share_sheet(page)
    follow_links(page)
    fill(page, count="2", ended_on=f"{clock.today()}")
    press(page, "Make the links")
    share = page.get_by_role("button", name="Share link 2")
    assert share.bounding_box()["height"] >= 44
    share.tap()
    assert page.evaluate("window.shared") == [{"url": page.locator("#link-2").inner_text()}]
    page.emulate_media(media="print")
    expect(page.locator("[data-share]").first).to_be_hidden()


@on_phone
def test_a_phone_shares_the_general_link(page: Page) -> None:
    has_share_sheet(page)
    go(page, "/my-details/")
    page.locator("label", has_text="Anybody may leave feedback").tap()
    press(page, "Save my details")
    share = page.get_by_role("button", name="Share the link")
    share.tap()
    assert page.evaluate("window.shared") == [{"url": page.locator("#general-link").inner_text()}]
    expect(page.get_by_role("button", name="Copy the link")).to_be_visible()


def test_where_there_is_no_share_sheet_the_link_is_copied(page: Page) -> None:
    assert page.evaluate("navigator.share === undefined")
    follow_links(page)
    fill(page, count="1", ended_on=f"{clock.today()}")
    press(page, "Make the links")
    expect(page.get_by_role("button", name="Copy link 1")).to_be_visible()
    expect(page.locator("[data-share]")).to_be_hidden()


def follow_links(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name="Links to hand over").click()


def test_the_list_is_one_step_away(page: Page) -> None:
    follow(page, "What you sent")
    expect(page.get_by_role("heading", name="You have not asked anybody yet")).to_be_visible()
