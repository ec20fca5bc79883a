"""Every page of the site in each of its states, in an order in which one browser can visit them.

`test_look.py` visits them all, and fails when a template has no state here. `screenshots.py` takes their
pictures.
"""

import re
import secrets
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urljoin

from django.test import RequestFactory
from playwright.sync_api import Page

from accounts.limits import is_over
from accounts.models import Organisation, StaffPlace, User
from accounts.services import organisations
from accounts.services.invitations import token_of
from logbook_site.demo.people import PASSWORD
from logbook_site.errors import error_page
from logbook_site.tests.hands import (
    add_fingerprint_reader,
    add_mediation,
    choose,
    code_from_mailbox,
    code_of_app,
    fill,
    follow,
    go,
    press,
    sign_in,
    sign_in_with_one_click,
    unfold,
)

STRANGER = ""
AS_BEFORE = "as before"
AMINA, BEN, CHLOE = "amina@example.org", "ben@example.org", "chloe@example.org"
ROSA, DANA, ADMIN = "rosa@example.org", "dana@example.org", "admin@example.org"
# Signs up on the way. Another address each time: a demo that keeps running keeps her, too.
INES = f"ines-{secrets.token_hex(3)}@example.org"


class State(NamedTuple):
    template: str
    name: str
    who: str  # STRANGER, AS_BEFORE, or the address of a demo person
    path: str
    steps: Callable[[Page], None] | None = None  # from `path` to the state
    in_database: Callable[[], None] | None = None  # done first; only tests can
    status: int = 200


def visit(page: Page, site: str, state: State) -> None:
    """Brings `page` to the state. Where the site asks for the password once more, it gets it."""
    if state.who == STRANGER:
        page.context.clear_cookies()
    elif state.who != AS_BEFORE:
        sign_in_with_one_click(page, state.who)
    page.goto(urljoin(site, state.path))
    if "/reauthenticate/" in page.url and "/reauthenticate/" not in state.path:
        fill(page, password=PASSWORD)
        press(page, "Continue")
    if state.steps:
        state.steps(page)


def pressing(word: str, **fields: str) -> Callable[[Page], None]:
    def steps(page: Page) -> None:
        fill(page, **fields)
        press(page, word)

    return steps


def failing_with(status: int) -> Callable[[Page], None]:
    """Some errors cannot be had on demand: their page is put in place of an answer."""

    def steps(page: Page) -> None:
        address = urljoin(page.url, f"/error-{status}/")
        body = error_page(None, status).content
        page.route(address, lambda route: route.fulfill(status=status, content_type="text/html", body=body))
        page.goto(address)

    return steps


def sign_up(page: Page) -> None:
    fill(page, name="Inés Duarte", email=INES, password1=PASSWORD, password2=PASSWORD)
    press(page, "Sign up")


def enter_mailed_code(page: Page) -> None:
    fill(page, code=code_from_mailbox(page, INES))
    press(page, "Continue")


def forget_password(page: Page) -> None:
    pressing("Send the code", email=INES)(page)
    enter_mailed_code(page)


def forge(page: Page) -> None:
    """A form whose page was open too long: its cookie is gone."""
    page.context.clear_cookies()
    press(page, "Sign in")


def add_passkey(page: Page) -> None:
    add_fingerprint_reader(page)
    fill(page, name="My phone")
    press(page, "Add a passkey")


def switch_app_on(page: Page) -> None:
    fill(page, code=code_of_app(page.locator("#authenticator_secret").inner_text()))
    press(page, "Switch on")


def wait_for_second_step(page: Page) -> None:
    page.context.clear_cookies()
    sign_in(page, INES, PASSWORD)


def open_menu(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.locator("summary", has_text="Menu").click()


def unfolding(word: str) -> Callable[[Page], None]:
    return lambda page: unfold(page, word)


def unfold_second(page: Page) -> None:
    page.locator("#cpd details.filters > summary").click()


def leave_a_draft(page: Page) -> None:
    fill(page, hours="2:15", title="Orchard and a well", challenges="They came late.")
    page.reload()


def add_minimal(page: Page) -> None:
    add_mediation(page, "Orchard and a well")


def add_full(page: Page) -> None:
    learned = "I let both speak first.\n\nThen I wrote the points on one page."
    add_mediation(
        page,
        "Two shops, one yard: the third meeting, with the new owner and her brother",
        preparation_hours="45 min",
        subject="Trade",
        parties="3",
        provider="Chamber of Trade",
        did_well=learned,
        challenges="The second hour was loud.",
        learnings="Ask for a break earlier.",
    )


def ask_twice(page: Page) -> None:
    """More than a day has hours, and the same reference again: two questions."""
    fill(page, hours="30", title="Orchard and a well")
    choose(page, role="lead", medium="online")
    press(page, "Save this mediation")


def follow_first(word: str) -> Callable[[Page], None]:
    def steps(page: Page) -> None:
        with page.expect_navigation():
            page.get_by_role("link", name=re.compile(f"^{word}")).first.click()

    return steps


def open_like(page: Page) -> None:
    follow_first("View")(page)
    follow(page, "Add another like this")


def edit_wrongly(page: Page) -> None:
    follow_first("Edit")(page)
    fill(page, ended_on="2999-01-01", hours="1,500", title=" ")
    press(page, "Save this mediation")


def delete_first(page: Page) -> None:
    follow_first("Edit")(page)
    go(page, page.url.replace("/edit/", "/delete/"))


def delete_and_look(page: Page) -> None:
    delete_first(page)
    press(page, "Delete")
    follow(page, "Deleted items")


def add_cpd(page: Page) -> None:
    fill(
        page,
        completed_on="2026-03-04",
        title="Evening lecture",
        points="1,5",
        takeaways="Ask the quiet one first.",
    )
    choose(page, kind="other")
    press(page, "Save this entry")


def add_cpd_wrongly(page: Page) -> None:
    """Neither hours nor points; and the page of a website with the name of a PDF."""
    fill(page, title="Evening lecture", completed_on="2999-01-01")
    page.locator("[name=evidence]").set_input_files(
        {"name": "certificate.pdf", "mimeType": "application/pdf", "buffer": b"<!doctype html>"}
    )
    press(page, "Save this entry")


def take_password_from_dana() -> None:
    dana = User.objects.get(email=DANA)
    dana.set_unusable_password()
    dana.save(update_fields=["password"])


def look_at_amina(page: Page) -> None:
    follow(page, "Amina Okafor")


def ask_for_lead_years(page: Page) -> None:
    look_at_amina(page)
    unfold(page, "Filter")
    page.locator("main label:has([name=role][value=lead])").click()
    fill(page, year_from="2019", year_to="2023")
    press(page, "Show these")


def unfold_export(page: Page) -> None:
    look_at_amina(page)
    unfold(page, "Export")


def invite_rosa() -> None:
    """To the staff of Dana's organisation; once."""
    admin, organisation = User.objects.get(email=ADMIN), Organisation.objects.get()
    if not StaffPlace.objects.open().exists():
        organisations.invite_staff(organisation=organisation, email=ROSA, by=admin)


def open_place(page: Page) -> None:
    go(page, f"/invitation/place-{token_of(StaffPlace.objects.open().get().pk)}/")


def answer_place_oddly(page: Page) -> None:
    open_place(page)
    page.locator("button[value=accept]").evaluate("button => { button.value = 'x'; }")
    press(page, "Accept")


def search_all_day() -> None:
    request = RequestFactory().get("/")
    request.user = User.objects.get(email=DANA)
    while not is_over("directory_search", request):
        pass


def end_access() -> None:
    Organisation.objects.update(is_active=False)


CODE_SIGN_UP = "account/confirm_email_verification_code.html"
ERROR = "errors/error.html"
SEARCH, MEDIATOR = "directory/search.html", "directory/mediator.html"
PLACE = "accounts/place_invitation.html"
LOGBOOK, ENTRY, ENTRY_FORM = "logbook/logbook.html", "logbook/entry.html", "logbook/entry_form.html"
CPD, CPD_ENTRY, CPD_FORM = "cpd/cpd.html", "cpd/entry.html", "cpd/entry_form.html"
ADD = "/logbook/add/"
# Two filters that are understood; a role, an order and a page size that are not.
ODD = "/logbook/?role=lead&role=zz&year=2024&sort=learnings&per_page=0&page=99999"
LOGIN, SIGN_UP = "account/login.html", "account/signup.html"
FACTORS = "/accounts/2fa/"
NO_PASSWORD = {"login": AMINA, "password": "not my password"}
SHORT = {"name": " ", "email": "ines@", "password1": "short", "password2": "shorter"}

STATES = [
    State("demo/mailbox.html", "mailbox-empty", STRANGER, "/demo/mailbox/"),
    State("home/landing.html", "landing", STRANGER, "/"),
    State(LOGIN, "login", STRANGER, "/accounts/login/"),
    State(LOGIN, "login-empty", STRANGER, "/accounts/login/", pressing("Sign in")),
    State(LOGIN, "login-wrong", STRANGER, "/accounts/login/", pressing("Sign in", **NO_PASSWORD)),
    State("account/account_inactive.html", "inactive", STRANGER, "/accounts/inactive/"),
    State(ERROR, "error-403", STRANGER, "/accounts/login/", forge, status=403),
    State(ERROR, "error-405", STRANGER, "/demo/sign-in/", status=405),
    *[
        State(ERROR, f"error-{status}", STRANGER, "/accounts/login/", failing_with(status), status=status)
        for status in (400, 410, 413, 429, 500, 503)
    ],
    # Somebody new
    State(SIGN_UP, "sign-up", STRANGER, "/accounts/signup/"),
    State(SIGN_UP, "sign-up-wrong", STRANGER, "/accounts/signup/", pressing("Sign up", **SHORT)),
    State(CODE_SIGN_UP, "code-sign-up", STRANGER, "/accounts/signup/", sign_up),
    State(
        CODE_SIGN_UP, "code-wrong", AS_BEFORE, "/accounts/confirm-email/", pressing("Continue", code="ABCD")
    ),
    State("home/home.html", "home-first-visit", AS_BEFORE, "/accounts/confirm-email/", enter_mailed_code),
    # The logbook of somebody new
    State(LOGBOOK, "logbook-empty", AS_BEFORE, "/logbook/"),
    State(LOGBOOK, "logbook-empty-odd", AS_BEFORE, ODD),
    State("logbook/deleted.html", "deleted-empty", AS_BEFORE, "/logbook/deleted/"),
    State(ENTRY_FORM, "add", AS_BEFORE, ADD),
    State(ENTRY_FORM, "add-more", AS_BEFORE, ADD, unfolding("More")),
    State(ENTRY_FORM, "add-empty", AS_BEFORE, ADD, pressing("Save this mediation")),
    State(ENTRY_FORM, "add-draft", AS_BEFORE, ADD, leave_a_draft),
    State(ENTRY, "entry-minimal", AS_BEFORE, "/", add_minimal),
    State(LOGBOOK, "logbook-one", AS_BEFORE, "/logbook/"),
    State(ENTRY_FORM, "add-questions", AS_BEFORE, ADD, ask_twice),
    State(ENTRY, "entry-full", AS_BEFORE, "/", add_full),
    State(ENTRY_FORM, "add-like", AS_BEFORE, "/logbook/?sort=-title", open_like),
    State(ENTRY_FORM, "edit", AS_BEFORE, "/logbook/?sort=-title", follow_first("Edit")),
    State(ENTRY_FORM, "edit-wrong", AS_BEFORE, "/logbook/?sort=-title", edit_wrongly),
    State("logbook/delete.html", "delete", AS_BEFORE, "/logbook/", delete_first),
    State("logbook/deleted.html", "deleted", AS_BEFORE, "/logbook/", delete_and_look),
    State("account/request_login_code.html", "code-ask", STRANGER, "/accounts/login/code/"),
    State(
        "account/confirm_login_code.html",
        "code-login",
        STRANGER,
        "/accounts/login/code/",
        pressing("Send the code", email=INES),
    ),
    State("account/password_reset.html", "forgot", STRANGER, "/accounts/password/reset/"),
    State(
        "account/confirm_password_reset_code.html",
        "forgot-code",
        STRANGER,
        "/accounts/password/reset/",
        pressing("Send the code", email=AMINA),
    ),
    State(
        "account/password_reset_from_key.html",
        "forgot-new-password",
        STRANGER,
        "/accounts/password/reset/",
        forget_password,
    ),
    State(
        "account/password_reset_from_key_done.html",
        "forgot-done",
        STRANGER,
        "/accounts/password/reset/done/",
    ),
    State("demo/mailbox.html", "mailbox", STRANGER, "/demo/mailbox/"),
    # Home of each role
    State("home/home.html", "home-new", CHLOE, "/"),
    State("accounts/visibility.html", "visibility", AS_BEFORE, "/my-details/visibility/"),
    State(
        "accounts/visibility.html",
        "visibility-empty",
        AS_BEFORE,
        "/my-details/visibility/",
        pressing("Save my answer"),
    ),
    State("home/home.html", "home-reviewer", ROSA, "/"),
    State("accounts/account_settings.html", "settings-reviewer", AS_BEFORE, "/account-settings/"),
    State("home/home.html", "home-directory", DANA, "/"),
    State("home/home.html", "home-admin", ADMIN, "/"),
    State("home/home.html", "home-mediator", AMINA, "/"),
    State("home/home.html", "menu-open", AS_BEFORE, "/", open_menu),
    # A logbook of many years
    State(LOGBOOK, "logbook-many", AMINA, "/logbook/?per_page=25&page=3"),
    State(
        LOGBOOK, "logbook-filtered", AS_BEFORE, "/logbook/?role=lead&role=co&medium=online&q=e&per_page=10"
    ),
    State(LOGBOOK, "logbook-odd", AS_BEFORE, ODD),
    State(LOGBOOK, "logbook-filter", AS_BEFORE, "/logbook/?role=lead&sort=-role", unfolding("Filter")),
    State(LOGBOOK, "logbook-export", AS_BEFORE, "/logbook/", unfolding("Export")),
    State(LOGBOOK, "logbook-nothing", AS_BEFORE, "/logbook/?q=nothing+like+this"),
    State(ENTRY_FORM, "add-offered", AS_BEFORE, ADD),
    State(ERROR, "error-404", AS_BEFORE, "/nothing-here/", status=404),
    # CPD
    State(CPD, "cpd-empty", CHLOE, "/cpd/"),
    State(CPD_FORM, "cpd-add", AS_BEFORE, "/cpd/add/"),
    State(CPD_FORM, "cpd-add-more", AS_BEFORE, "/cpd/add/", unfolding("More")),
    State(CPD_FORM, "cpd-add-wrong", AS_BEFORE, "/cpd/add/", add_cpd_wrongly),
    State(CPD_ENTRY, "cpd-entry-points", AS_BEFORE, "/cpd/add/", add_cpd),
    State(CPD_FORM, "cpd-add-question", AS_BEFORE, "/cpd/add/", add_cpd),
    State("cpd/delete.html", "cpd-delete", AS_BEFORE, "/cpd/", delete_first),
    State("cpd/deleted.html", "cpd-deleted", AS_BEFORE, "/cpd/", delete_and_look),
    State(CPD, "cpd-many", AMINA, "/cpd/"),
    State(CPD, "cpd-filtered", AS_BEFORE, "/cpd/?kind=training&kind=workshop&q=e&per_page=10&sort=-points"),
    State(CPD, "cpd-odd", AS_BEFORE, "/cpd/?kind=zz&year=2024&sort=takeaways&per_page=0&page=99999"),
    State(CPD, "cpd-export", AS_BEFORE, "/cpd/", unfolding("Export")),
    State(CPD, "cpd-nothing", AS_BEFORE, "/cpd/?q=nothing+like+this"),
    State(
        LOGBOOK,
        "logbook-second-list",
        AS_BEFORE,
        "/logbook/?role=lead&per_page=10&cpd-kind=training&cpd-kind=zz",
    ),
    State(LOGBOOK, "logbook-second-filter", AS_BEFORE, "/logbook/?per_page=10&cpd-q=zzzz", unfold_second),
    State(CPD_ENTRY, "cpd-entry", AS_BEFORE, "/cpd/", follow_first("View")),
    State(
        CPD_FORM,
        "cpd-edit-evidence",
        AS_BEFORE,
        "/cpd/?kind=training&sort=-completed_on",
        follow_first("Edit"),
    ),
    # Feedback: asking for it
    # Feedback: reading it
    # Feedback: the pages of a party
    # Directories
    State(SEARCH, "search", DANA, "/verify-experience/"),
    State(SEARCH, "search-found", AS_BEFORE, "/verify-experience/?q=AM+ok"),
    State(SEARCH, "search-nobody", AS_BEFORE, "/verify-experience/?q=ben&sort=odd"),
    State(SEARCH, "search-short", AS_BEFORE, "/verify-experience/?q=b"),
    State(MEDIATOR, "experience", AS_BEFORE, "/verify-experience/?q=amina", look_at_amina),
    State(MEDIATOR, "experience-answer", AS_BEFORE, "/verify-experience/?q=amina", ask_for_lead_years),
    State(MEDIATOR, "experience-export", AS_BEFORE, "/verify-experience/?q=amina", unfold_export),
    State("directory/looks.html", "looks", AMINA, "/my-details/looks/?sort=odd"),
    State(MEDIATOR, "what-they-see", AS_BEFORE, "/my-details/what-they-see/"),
    State("directory/looks.html", "looks-none", BEN, "/my-details/looks/"),
    State(MEDIATOR, "what-they-see-private", AS_BEFORE, "/my-details/what-they-see/?role=lead&role=zz"),
    State(MEDIATOR, "what-they-see-empty", CHLOE, "/my-details/what-they-see/"),
    State(PLACE, "place-stranger", STRANGER, "/", open_place, in_database=invite_rosa),
    State(PLACE, "place-other", CHLOE, "/", open_place, in_database=invite_rosa),
    State(PLACE, "place", ROSA, "/", open_place, in_database=invite_rosa),
    State(PLACE, "place-neither", ROSA, "/", answer_place_oddly, in_database=invite_rosa),
    State(SEARCH, "search-enough", DANA, "/verify-experience/?q=am", in_database=search_all_day, status=429),
    State("home/home.html", "home-no-access", DANA, "/", in_database=end_access),
    # Details and settings
    State("accounts/my_details.html", "details", AMINA, "/my-details/"),
    State(
        "accounts/my_details.html",
        "details-wrong",
        AS_BEFORE,
        "/my-details/",
        pressing("Save my details", imi_profile="https://elsewhere.example/me"),
    ),
    State(
        "accounts/my_details.html",
        "details-saved",
        AS_BEFORE,
        "/my-details/",
        pressing("Save my details"),
    ),
    State("accounts/account_settings.html", "settings", AS_BEFORE, "/account-settings/"),
    State(
        "accounts/account_settings.html",
        "settings-wrong",
        AS_BEFORE,
        "/account-settings/",
        pressing("Save", name=" "),
    ),
    State("account/reauthenticate.html", "is-it-you", AS_BEFORE, "/accounts/reauthenticate/"),
    State(
        "account/reauthenticate.html",
        "is-it-you-wrong",
        AS_BEFORE,
        "/accounts/reauthenticate/",
        pressing("Continue", password="not my password"),
    ),
    State("account/password_change.html", "password", AS_BEFORE, "/accounts/password/change/"),
    State(
        "account/password_change.html",
        "password-wrong",
        AS_BEFORE,
        "/accounts/password/change/",
        pressing("Save the new password", oldpassword="not my password", password1="123", password2="1234"),
    ),
    State("account/email_change.html", "email", AS_BEFORE, "/accounts/email/"),
    State(
        "account/email_change.html",
        "email-wrong",
        AS_BEFORE,
        "/accounts/email/",
        pressing("Send the code", email=AMINA),
    ),
    State("usersessions/usersession_list.html", "sessions-one", AS_BEFORE, "/accounts/sessions/"),
    State("account/logout.html", "log-out", AS_BEFORE, "/accounts/logout/"),
    State(
        "account/password_set.html",
        "password-set",
        DANA,
        "/accounts/password/set/",
        in_database=take_password_from_dana,
    ),
    # Second factor
    State("home/home.html", "home-signed-in", STRANGER, "/accounts/login/", wait_for_second_step),
    State("mfa/index.html", "factors-none", AS_BEFORE, FACTORS),
    State("mfa/webauthn/authenticator_list.html", "passkeys-none", AS_BEFORE, f"{FACTORS}webauthn/"),
    State("mfa/webauthn/add_form.html", "passkey-add", AS_BEFORE, f"{FACTORS}webauthn/add/"),
    State(
        "mfa/recovery_codes/index.html",
        "recovery-codes",
        AS_BEFORE,
        f"{FACTORS}webauthn/add/",
        add_passkey,
    ),
    State("mfa/webauthn/authenticator_list.html", "passkeys", AS_BEFORE, f"{FACTORS}webauthn/"),
    State(
        "mfa/webauthn/edit_form.html",
        "passkey-rename",
        AS_BEFORE,
        f"{FACTORS}webauthn/",
        lambda page: follow(page, "Rename My phone"),
    ),
    State(
        "mfa/webauthn/authenticator_confirm_delete.html",
        "passkey-remove",
        AS_BEFORE,
        f"{FACTORS}webauthn/",
        lambda page: follow(page, "Remove My phone"),
    ),
    State("mfa/totp/activate_form.html", "app", AS_BEFORE, f"{FACTORS}totp/activate/"),
    State(
        "mfa/totp/activate_form.html",
        "app-wrong",
        AS_BEFORE,
        f"{FACTORS}totp/activate/",
        pressing("Switch on", code="000000"),
    ),
    State("mfa/index.html", "factors", AS_BEFORE, f"{FACTORS}totp/activate/", switch_app_on),
    State("mfa/totp/deactivate_form.html", "app-off", AS_BEFORE, f"{FACTORS}totp/deactivate/"),
    State(
        "mfa/recovery_codes/generate.html",
        "recovery-codes-new",
        AS_BEFORE,
        f"{FACTORS}recovery-codes/generate/",
    ),
    State("mfa/reauthenticate.html", "is-it-you-app", AS_BEFORE, f"{FACTORS}reauthenticate/"),
    State(
        "mfa/webauthn/reauthenticate.html",
        "is-it-you-passkey",
        AS_BEFORE,
        f"{FACTORS}webauthn/reauthenticate/",
    ),
    State("usersessions/usersession_list.html", "sessions", AS_BEFORE, "/accounts/sessions/"),
    State(
        "account/confirm_email_verification_code.html",
        "email-code",
        AS_BEFORE,
        "/accounts/email/",
        pressing("Send the code", email=f"new-{INES}"),
    ),
    State("mfa/authenticate.html", "second-step", STRANGER, "/accounts/login/", wait_for_second_step),
    State(
        "mfa/authenticate.html",
        "second-step-wrong",
        AS_BEFORE,
        f"{FACTORS}authenticate/",
        pressing("Sign in", code="000000"),
    ),
]
