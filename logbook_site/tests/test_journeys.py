"""What people do from end to end, in a real browser: few and long, as they would do it."""

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from accounts.choices import Role, Visibility
from accounts.models import MediatorProfile, User
from logbook_site.demo.load import load_demo
from logbook_site.demo.people import PASSWORD, PEOPLE
from logbook_site.tests.hands import (
    add_fingerprint_reader,
    code_from_mailbox,
    code_of_app,
    fill,
    follow,
    go,
    press,
    sign_in,
    sign_in_with_one_click,
)

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
on_phone = pytest.mark.browser_context_args(**PHONE)
on_desktop = pytest.mark.browser_context_args(**DESKTOP)
without_javascript = pytest.mark.browser_context_args(**PHONE, java_script_enabled=False)
on_both = pytest.mark.parametrize(
    "where", [pytest.param("phone", marks=on_phone), pytest.param("desktop", marks=on_desktop)]
)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AMINA, BEN, ROSA = "amina@example.org", "ben@example.org", "rosa@example.org"
MIRA, NAME = "mira@example.org", "Mira Sato"
FIRST_PASSWORD, NEXT_PASSWORD = "seven lamps above the harbour", "quiet river under nine stones"


@pytest.fixture(autouse=True)
def demo(settings, tmp_path) -> None:
    """The demo people, an empty mailbox, and no tries counted from other tests."""
    settings.EMAIL_BACKEND = "logbook_site.foundation.mail.FolderBackend"
    settings.MAIL_DIR = tmp_path
    cache.clear()
    load_demo()


@pytest.fixture
def page(page: Page, live_server) -> Page:
    page.set_default_timeout(10_000)
    expect.set_options(timeout=10_000)
    page.goto(live_server.url)
    return page


def see_heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def see_message(page: Page, text: str) -> None:
    expect(page.locator(".messages")).to_contain_text(text)


def menu_words(page: Page) -> set[str]:
    """The words of both menus, folded or not."""
    open_menu(page)
    return set(page.locator("header nav").locator("a:visible, button:visible").all_inner_texts())


def open_menu(page: Page) -> None:
    summary = page.locator("details:not([open]) > summary", has_text="Menu")
    if summary.is_visible():
        summary.click()


def log_out(page: Page) -> None:
    open_menu(page)
    page.locator("header").get_by_role("button", name="Log out").locator("visible=true").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


def choose_in_menu(page: Page, word: str) -> None:
    open_menu(page)
    with page.expect_navigation():
        page.locator("header").get_by_role("link", name=word, exact=True).locator("visible=true").click()


def show_that_it_is_me(page: Page, password: str = PASSWORD) -> None:
    see_heading(page, "Is it you?")
    fill(page, password=password)
    press(page, "Continue")


def enter_code_mailed_to(page: Page, email: str) -> None:
    see_heading(page, "Enter the code")
    fill(page, code=code_from_mailbox(page, email))
    press(page, "Continue")


def sign_up(page: Page) -> None:
    follow(page, "Start your logbook")
    see_heading(page, "Sign up")
    fill(page, name=NAME, email=MIRA, password1=FIRST_PASSWORD, password2=FIRST_PASSWORD)
    press(page, "Sign up")
    enter_code_mailed_to(page, MIRA)
    see_heading(page, f"Welcome, {NAME}")


@on_both
def test_a_mediator_arrives_and_comes_back(page: Page, where: str) -> None:
    sign_up(page)

    expect(page.get_by_role("heading", name="One question first")).to_be_visible()
    expect(page.locator("main input:checked")).to_have_count(0)
    page.get_by_label("Yes, directories may see them").check()
    press(page, "Save my answer")
    see_message(page, "Directories can see your totals.")
    expect(page.get_by_role("heading", name="One question first")).to_have_count(0)
    assert MediatorProfile.objects.get(person__email=MIRA).visibility == Visibility.DIRECTORIES

    log_out(page)
    sign_in(page, MIRA, FIRST_PASSWORD)
    see_heading(page, f"Welcome, {NAME}")

    log_out(page)
    follow(page, "Sign in")
    follow(page, "E-mail me a code instead")
    fill(page, email=MIRA)
    press(page, "Send the code")
    enter_code_mailed_to(page, MIRA)
    see_heading(page, f"Welcome, {NAME}")

    log_out(page)
    follow(page, "Sign in")
    follow(page, "Forgot your password?")
    fill(page, email=MIRA)
    press(page, "Send the code")
    enter_code_mailed_to(page, MIRA)
    see_heading(page, "Choose a new password")
    fill(page, password1=NEXT_PASSWORD, password2=NEXT_PASSWORD)
    press(page, "Save the new password")
    see_heading(page, "Your new password is saved")
    sign_in(page, MIRA, FIRST_PASSWORD)
    expect(page.get_by_role("alert").first).to_contain_text(
        "The e-mail address or the password is not right."
    )
    sign_in(page, MIRA, NEXT_PASSWORD)
    see_heading(page, f"Welcome, {NAME}")


@on_phone
def test_passkey_app_and_recovery_code(page: Page) -> None:
    add_fingerprint_reader(page)
    follow(page, "Sign in")
    page.get_by_role("button", name="Use a passkey").click()  # there is none yet
    expect(page.get_by_text("That did not work, or it was stopped.")).to_be_visible()

    sign_in_with_one_click(page, BEN)
    follow(page, "Add a passkey")
    follow(page, "Add a passkey")
    show_that_it_is_me(page)
    fill(page, name="My phone")
    press(page, "Add a passkey")
    see_message(page, "Your passkey is added.")
    see_heading(page, "Recovery codes")
    recovery_codes = page.locator(".codes li").all_inner_texts()
    assert len(recovery_codes) == len(set(recovery_codes)) == 10

    log_out(page)
    follow(page, "Sign in")
    press(page, "Use a passkey")
    see_heading(page, "Welcome, Ben Aldous")

    choose_in_menu(page, "Account Settings")
    follow(page, "Change a second factor or passkey")
    follow(page, "Switch on")
    see_heading(page, "Is it you?")
    follow(page, "Use a passkey")
    press(page, "Use a passkey")
    key = page.locator("#authenticator_secret").inner_text()
    fill(page, code=code_of_app(key))
    press(page, "Switch on")
    see_message(page, "Your authenticator app is on.")

    log_out(page)
    sign_in(page, BEN, PASSWORD)
    see_heading(page, "Second step")
    fill(page, code="000000")
    press(page, "Sign in")
    expect(page.get_by_role("alert").first).to_contain_text("This code is not right.")
    fill(page, code=code_of_app(key))
    press(page, "Sign in")
    see_heading(page, "Welcome, Ben Aldous")

    log_out(page)
    sign_in(page, BEN, PASSWORD)
    fill(page, code=recovery_codes[0])
    press(page, "Sign in")
    see_heading(page, "Welcome, Ben Aldous")

    log_out(page)
    sign_in(page, BEN, PASSWORD)
    fill(page, code=recovery_codes[0])  # each works once
    press(page, "Sign in")
    see_heading(page, "Second step")


@on_phone
def test_another_address_another_password_and_no_other_sign_ins(page: Page, new_context, live_server) -> None:
    elsewhere = new_context().new_page()
    elsewhere.goto(live_server.url)
    sign_in_with_one_click(elsewhere, AMINA)
    sign_in_with_one_click(page, AMINA)

    choose_in_menu(page, "Account Settings")
    follow(page, "Look where you are signed in")
    expect(page.locator("tbody tr")).to_have_count(2)
    press(page, "End all others")
    expect(page.locator("tbody tr")).to_have_count(1)
    elsewhere.reload()
    expect(elsewhere.get_by_role("link", name="Sign in").first).to_be_visible()
    elsewhere.close()

    follow(page, "Back to Account Settings")
    follow(page, "Change your e-mail address")
    fill(page, email="amina.okafor@example.org")
    press(page, "Send the code")
    show_that_it_is_me(page)
    assert User.objects.filter(email=AMINA).exists()  # until the code is entered
    enter_code_mailed_to(page, "amina.okafor@example.org")
    choose_in_menu(page, "Account Settings")
    expect(page.get_by_text("amina.okafor@example.org")).to_be_visible()

    follow(page, "Change your password")
    fill(page, oldpassword=PASSWORD, password1=NEXT_PASSWORD, password2=NEXT_PASSWORD)
    press(page, "Save the new password")
    see_message(page, "Your new password is saved.")
    log_out(page)
    page.goto(f"{live_server.url}/accounts/login/")
    fill(page, login="amina.okafor@example.org", password=NEXT_PASSWORD)
    press(page, "Sign in")
    see_heading(page, "Welcome, Amina Okafor")


MENUS = {
    Role.MEDIATOR: {
        "Home",
        "Logbook",
        "Learnings",
        "Request Feedback",
        "My Feedback",
        "My Details",
        "Account Settings",
        "Log out",
    },  # fmt: skip
    Role.REVIEWER: {"Home", "Review Feedback", "Account Settings", "Log out"},
    Role.DIRECTORY: {"Home", "Verify Experience", "Account Settings", "Log out"},
    Role.ADMIN: {"Home", "Account Settings", "Log out"},  # the desk is a button on Home
}


@on_both
def test_each_demo_person_signs_in_with_one_click_and_sees_their_menus(page: Page, where: str) -> None:
    for person in PEOPLE:
        sign_in_with_one_click(page, person.email)
        see_heading(page, f"Welcome, {person.name}")
        (role,) = User.objects.get(email=person.email).roles
        assert menu_words(page) == MENUS[role], person.name


@on_phone
def test_a_reviewer_becomes_a_mediator_too(page: Page) -> None:
    sign_in_with_one_click(page, ROSA)
    choose_in_menu(page, "Account Settings")
    press(page, "Add the role of mediator")
    see_message(page, "You are now a mediator here, too.")
    expect(page.get_by_role("heading", name="One question first")).to_be_visible()
    expect(page.get_by_role("heading", name="Mediators who named you")).to_be_visible()
    assert menu_words(page) == MENUS[Role.MEDIATOR] | MENUS[Role.REVIEWER]
    choose_in_menu(page, "Account Settings")
    expect(page.get_by_role("button", name="Add the role of mediator")).to_have_count(0)


def tab_to(page: Page, selector: str) -> None:
    """Presses Tab until the element has the focus, which must then be seen."""
    for _press in range(40):
        page.keyboard.press("Tab")
        focused = page.locator(f"{selector}:focus-visible")
        if focused.count():
            expect(focused).to_be_in_viewport()
            assert focused.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
            return
    raise AssertionError(f"Tab does not reach {selector}.")


@on_phone
def test_with_the_keyboard_only(page: Page) -> None:
    go(page, "/accounts/login/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    tab_to(page, "input[name=login]")
    page.keyboard.type(AMINA)
    tab_to(page, "input[name=password]")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    see_heading(page, "Welcome, Amina Okafor")

    tab_to(page, "summary")
    page.keyboard.press("Enter")
    expect(page.locator("details.menu")).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator("details.menu")).not_to_have_attribute("open", "")
    expect(page.locator("details.menu summary")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, ".menu-panel button")
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("^Keep a logbook"))


@without_javascript
def test_without_javascript(page: Page) -> None:
    sign_up(page)
    open_menu(page)
    press(page, "Log out")
    sign_in(page, MIRA, FIRST_PASSWORD)
    see_heading(page, f"Welcome, {NAME}")
