"""The editor in a browser: it saves on its own, two windows do not overwrite each other; and without script."""

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.tests.factories import PASSWORD, make_mediator, make_reviewer
from feedback.tests.factories import make_piece
from logbook_site.tests.hands import fill, go, press, sign_in
from reviewers.models import Digest
from reviewers.tests.factories import make_draft, make_final

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def open_editor(page: Page, site: str) -> Digest:
    rosa = make_reviewer(vetted=True, password=PASSWORD)
    draft = make_draft(rosa, text="To begin with.")
    make_piece(draft.mediator, helpful="A long walk helped us")
    page.goto(site)
    sign_in(page, rosa.email, PASSWORD)
    go(page, f"/review/{draft.mediator_id}/digest/")
    return draft


def test_it_is_saved_while_it_is_written(live_server, page: Page) -> None:
    draft = open_editor(page, live_server.url)
    for text in ("First words", "First words, and more"):
        fill(page, text=text)
        expect(page.locator("main [name=version]")).not_to_have_value(str(draft.version), timeout=10_000)
        draft.refresh_from_db()
        assert draft.text == text
    expect(page.locator("#saved")).to_contain_text("Saved at ")
    # A button in the middle of typing goes with the text of that moment.
    fill(page, text="The last words")
    press(page, "Save")
    draft.refresh_from_db()
    assert (draft.text, draft.state) == ("The last words", "draft")


def test_a_second_window_stops_and_says_so(live_server, page: Page) -> None:
    draft = open_editor(page, live_server.url)
    other = page.context.new_page()
    other.goto(page.url)
    fill(other, text="From the other window")
    expect(other.locator("#saved")).to_contain_text("Saved at ", timeout=10_000)
    fill(page, text="From this window")
    expect(page.locator("#saved")).to_contain_text("changed elsewhere", timeout=10_000)
    press(page, "Save")
    assert page.locator("#stored").input_value() == "From the other window"
    assert page.locator("[name=text]").input_value() == "From this window"
    draft.refresh_from_db()
    assert draft.text == "From the other window"


def test_without_script_everything_is_there(live_server, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800}).new_page()
    draft = open_editor(page, live_server.url)
    answer = page.get_by_text("A long walk helped us")
    expect(answer).to_be_hidden()
    page.locator(".digest-answers > summary").click()
    expect(answer).to_be_visible()
    fill(page, text="By hand")
    press(page, "Save")
    draft.refresh_from_db()
    assert draft.text == "By hand"
    page.set_viewport_size({"width": 1280, "height": 800})
    page.reload()
    expect(page.get_by_text("A long walk helped us")).to_be_visible()


def test_a_finished_text_is_copied(live_server, browser: Browser) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    amina = make_mediator(password=PASSWORD)
    final = make_final(mediator=amina, text="Calm and clear.")
    page.goto(live_server.url)
    sign_in(page, amina.email, PASSWORD)
    go(page, "/feedback/digest/")
    page.locator("details.copy > summary").click()
    page.get_by_role("button", name="Copy the text").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Calm and clear.")
    assert final.reviewer.name in copied
