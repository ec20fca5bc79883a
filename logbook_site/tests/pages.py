"""Every page of the site in each of its states, in an order in which one browser can visit them.

`test_look.py` visits them all, and fails when a template has no state here. `screenshots.py` takes their
pictures.
"""

import re
import secrets
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urljoin, urlparse

from django.test import RequestFactory
from django.urls import reverse
from playwright.sync_api import Page

from accounts.choices import Role
from accounts.limits import is_over
from accounts.models import MediatorProfile, Organisation, StaffPlace, User
from accounts.services import organisations
from accounts.services.invitations import token_of
from accounts.services.people import add_role
from feedback.choices import ActedAs
from feedback.models import Feedback, PendingFeedback
from feedback.services.answers import Answers, keep_until_confirmed, read_pending
from feedback.services.contacts import contact_of
from feedback.services.secrets import sign_address
from feedback.tests.factories import make_request
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
from reviewers.services import appointing
from reviewers.tests.factories import make_final_digest

STRANGER = ""
AS_BEFORE = "as before"
ARABIC = "العربيّة"
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
        body = error_page(RequestFactory().get(address), status).content
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


def write_a_note(page: Page) -> None:
    follow_first("Read all")(page)
    fill(page, note="Longer breaks.\n\nAsk before noon.")
    press(page, "Save the note")


def report_wrongly(page: Page) -> None:
    follow_first("Read all")(page)
    press(page, "Report this piece")


def open_first(page: Page) -> None:
    """The first row of a list in the admin."""
    with page.expect_navigation():
        page.locator("#result_list tbody th a").first.click()


def open_withdraw(page: Page) -> None:
    open_first(page)
    follow(page, "Withdraw this piece")


def withdraw_without_reason(page: Page) -> None:
    open_withdraw(page)
    press(page, "Withdraw")


def show_who(page: Page) -> None:
    open_first(page)
    follow(page, "Show who this is")
    fill(page, reason="A court asks.")
    press(page, "Show")


# What a party gets by mail or by hand, newest last. Tests make it in the database: nobody reads their mail there.
PARTY_LINKS: list[str] = []


def ask_a_party() -> None:
    amina = User.objects.get(email=AMINA)
    request = make_request(amina, reference="Orchard and a well, spring")
    PARTY_LINKS.append(f"/give-feedback/{contact_of(request).token}/")


def accept_anybody() -> None:
    MediatorProfile.objects.filter(person__email=AMINA).update(accepts_general=True, general_code="orchard")


def answer_unasked() -> None:
    accept_anybody()
    answers = Answers(shared=True, ratings={"clear": 4}, respondent_email="greta@example.org")
    amina = User.objects.get(email=AMINA)
    keep_until_confirmed(
        mediator=amina, acted_as=ActedAs.MEDIATOR, year=2024, answers=answers, language="en", form_key=""
    )
    pending = PendingFeedback.objects.filter(mediator=amina).latest("unreadable_at")
    PARTY_LINKS.append(f"/give-feedback/confirm/{read_pending(pending)['token']}/")


def at_link(*steps: Callable[[Page], None]) -> Callable[[Page], None]:
    """Opens the newest link of a party, then does `steps`."""

    def walk(page: Page) -> None:
        go(page, PARTY_LINKS[-1])
        for step in steps:
            step(page)

    return walk


def open_digest(page: Page) -> None:
    """Of the one mediator in the list."""
    with page.expect_navigation():
        page.locator("main .rows a").first.click()
    go(page, f"{urlparse(page.url).path}digest/")


def open_digest_with_answers(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    open_digest(page)
    page.locator(".digest-answers > summary").click()
    page.locator(".averages > summary").first.click()


def write_in_two_tabs(page: Page) -> None:
    open_digest(page)
    tab = page.context.new_page()
    tab.goto(page.url)
    fill(tab, text="Call +254 20 555 0134 or write to paula@example.org.")
    press(tab, "Save")
    tab.close()
    fill(page, text="What I typed in the other tab")
    press(page, "Save")


def send_empty_digest(page: Page) -> None:
    open_digest(page)
    fill(page, text=" ")
    press(page, "Send for a check of facts")


def send_digest(page: Page) -> None:
    open_digest(page)
    fill(page, text="Calm and clear.\n\nSome would have liked longer breaks. Write to paula@example.org.")
    press(page, "Send for a check of facts")


def finish_digest(page: Page) -> None:
    open_digest(page)
    press(page, "Make it final")


# Links that a Reviewer or an admin gets by mail, newest last. Tests make them in the database.
MAILED_LINKS: list[str] = []


def chloe_invites_a_judge() -> None:
    chloe = User.objects.get(email=CHLOE)
    proposal = appointing.invite_reviewer(mediator=chloe, email="judge@example.org", by=chloe)
    MAILED_LINKS.append(reverse("invitation", args=[token_of(proposal.pk)]))


def chloe_asks_rosa() -> None:
    chloe, rosa = (User.objects.get(email=email) for email in (CHLOE, ROSA))
    proposal = appointing.choose_reviewer(mediator=chloe, reviewer=rosa, by=chloe)
    MAILED_LINKS.append(reverse("invitation", args=[token_of(proposal.pk)]))


def dana_becomes_a_reviewer() -> None:
    dana = User.objects.get(email=DANA)
    add_role(to=dana, role=Role.REVIEWER, by=None)
    MAILED_LINKS.append(reverse("vetting", args=[dana.pk]))


def a_digest_about_amina() -> None:
    amina = User.objects.get(email=AMINA)
    make_final_digest(amina, based_on=list(Feedback.objects.filter(mediator=amina).order_by("id")[:30]))


def at_mailed_link(*steps: Callable[[Page], None]) -> Callable[[Page], None]:
    """Opens the newest link, then does `steps`."""

    def walk(page: Page) -> None:
        go(page, MAILED_LINKS[-1])
        for step in steps:
            step(page)

    return walk


def to_last_part(page: Page) -> None:
    for _part in range(3):
        page.locator(".part:visible").get_by_role("button", name="Next").click()


def answer_badly_treated(page: Page) -> None:
    """Who did not feel safe gets a kind word."""
    choose(page, party_role="party", clear="4")
    page.locator(".part:visible").get_by_role("button", name="Next").click()
    choose(page, safe="1", pressed="5")
    for _part in range(2):
        page.locator(".part:visible").get_by_role("button", name="Next").click()
    fill(page, helpful="The calm room.\n\nThe tea.", better="A break in time. <b>Really.</b>")
    choose(page, share="no")
    press(page, "Check my answers")


def end_the_link(page: Page) -> None:
    page.get_by_text("I do not want to answer").click()
    press(page, "End the link")


def copy_code_and_use_it(page: Page) -> None:
    code = page.locator(".code-large").inner_text()
    follow(page, "Take back or stop sharing")
    fill(page, code=code)
    press(page, "Stop sharing")


def in_language(name: str) -> Callable[[Page], None]:
    """By a link or a button of a party's page: the language that is called so."""

    def steps(page: Page) -> None:
        with page.expect_navigation():
            page.locator(".languages").get_by_text(name, exact=True).click()

    return steps


def stop_page(page: Page) -> None:
    go(page, f"/stop/{sign_address('paula@example.org')}/")


def at_mediator(name: str, *steps: Callable[[Page], None]) -> Callable[[Page], None]:
    """From the list of a Reviewer to one of their mediators."""

    def walk(page: Page) -> None:
        follow(page, name)
        for step in steps:
            step(page)

    return walk


def asking(query: str) -> Callable[[Page], None]:
    return lambda page: go(page, f"?{query}")


def accept_all(page: Page) -> None:
    for name in ("not_family", "not_subordinate", "not_reciprocal"):
        page.locator(f"[name={name}]").check()
    press(page, "Accept")
    go(page, "/review/")
    follow(page, "Chloé Marchetti")


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


SURVEY, CHECK, THANKS = (f"feedback/party/{name}.html" for name in ("survey", "check", "thank_you"))
WITHDRAW, STOP = "feedback/party/withdraw.html", "feedback/party/stop.html"
SEARCH, CONFIRM = "feedback/party/search.html", "feedback/party/confirm.html"
TAKE_BACK = "/give-feedback/withdraw/"
MY_REVIEWER, INVITATION = "reviewers/my_reviewer.html", "reviewers/invitation.html"
REVIEW, MEDIATOR, VETTING = "reviewers/review.html", "reviewers/mediator.html", "reviewers/vetting.html"
NAMING = "/my-details/reviewer/"
# One filter that is understood; a share, an order and a page that are not.
ODD_REVIEW = "year=2024&share=perhaps&sort=release_on&page=0"
CODE_SIGN_UP = "account/confirm_email_verification_code.html"
ERROR = "errors/error.html"
ASK, SENT = "feedback/request.html", "feedback/requests.html"
DIRECTORY_SEARCH, EXPERIENCE = "directory/search.html", "directory/mediator.html"
PLACE = "accounts/place_invitation.html"
LOGBOOK, ENTRY, ENTRY_FORM = "logbook/logbook.html", "logbook/entry.html", "logbook/entry_form.html"
CPD, CPD_ENTRY, CPD_FORM = "cpd/cpd.html", "cpd/entry.html", "cpd/entry_form.html"
ADD = "/logbook/add/"
DIGEST, MY_DIGEST = "reviewers/digest.html", "reviewers/my_digest.html"
# Two filters that are understood; a role, an order and a page size that are not.
ODD = "/logbook/?role=lead&role=zz&year=2024&sort=learnings&per_page=0&page=99999"
LEARNINGS = "logbook/learnings.html"
MY_FEEDBACK, PIECE = "feedback/my_feedback.html", "feedback/piece.html"
ADMIN_ASK = "admin/feedback/ask.html"
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
    # Digest
    State(DIGEST, "digest-draft", ROSA, "/review/?q=amina", open_digest),
    State(DIGEST, "digest-answers", AS_BEFORE, "/review/?q=amina", open_digest_with_answers),
    State(DIGEST, "digest-conflict", AS_BEFORE, "/review/?q=amina", write_in_two_tabs, status=409),
    State(DIGEST, "digest-empty", AS_BEFORE, "/review/?q=amina", send_empty_digest),
    State(DIGEST, "digest-sent", AS_BEFORE, "/review/?q=amina", send_digest),
    State(DIGEST, "digest-next", AS_BEFORE, "/review/?q=ben", open_digest),
    State("home/home.html", "home-to-check", AMINA, "/"),
    State(MY_DIGEST, "digest-check", AS_BEFORE, "/feedback/digest/"),
    State(
        MY_DIGEST,
        "digest-check-empty",
        AS_BEFORE,
        "/feedback/digest/",
        pressing("Send my comment", comment=" "),
    ),
    State(
        MY_DIGEST,
        "digest-commented",
        AS_BEFORE,
        "/feedback/digest/",
        pressing("Send my comment", comment="It was two days, not one.\n\nAll else is right."),
    ),
    State(DIGEST, "digest-with-comment", ROSA, "/review/?q=amina", open_digest),
    State(DIGEST, "digest-finished", AS_BEFORE, "/review/?q=amina", finish_digest),
    State(MY_DIGEST, "my-digest", BEN, "/feedback/digest/", unfolding("Text to copy")),
    State(MY_DIGEST, "my-digest-none", CHLOE, "/feedback/digest/"),
    State("home/home.html", "home-mediator-again", AMINA, "/"),
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
    # Learnings
    State(LEARNINGS, "learnings-empty", CHLOE, "/learnings/"),
    State(LEARNINGS, "learnings-many", AMINA, "/learnings/?per_page=10&page=2"),
    State(LEARNINGS, "learnings-filter", AS_BEFORE, "/learnings/?kind=takeaways", unfolding("Filter")),
    State(LEARNINGS, "learnings-export", AS_BEFORE, "/learnings/", unfolding("Export")),
    State(
        LEARNINGS,
        "learnings-found",
        AS_BEFORE,
        "/learnings/?kind=challenges&kind=did_well&q=silence&sort=title",
    ),
    State(LEARNINGS, "learnings-nothing", AS_BEFORE, "/learnings/?q=nothing+like+this"),
    State(LEARNINGS, "learnings-odd", AS_BEFORE, "/learnings/?kind=zz&sort=hours&page=99"),
    # Feedback: asking for it
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
    # Feedback: reading it
    State(MY_FEEDBACK, "feedback-empty", CHLOE, "/feedback/"),
    State(MY_FEEDBACK, "feedback-many", AMINA, "/feedback/?per_page=10&page=2"),
    State(MY_FEEDBACK, "feedback-rating", AS_BEFORE, "/feedback/", unfolding("pressed me")),
    State(MY_FEEDBACK, "feedback-export", AS_BEFORE, "/feedback/", unfolding("Export")),
    State(MY_FEEDBACK, "feedback-found", AS_BEFORE, "/feedback/?q=room"),
    State(MY_FEEDBACK, "feedback-nothing", AS_BEFORE, "/feedback/?q=nothing+like+this"),
    State(MY_FEEDBACK, "feedback-odd", AS_BEFORE, "/feedback/?sort=year&page=99&q=room"),
    State(PIECE, "piece", AS_BEFORE, "/feedback/?q=neighbour", follow_first("Read all")),
    State(PIECE, "piece-other-language", AS_BEFORE, "/feedback/?q=mediatrice", follow_first("Read all")),
    State(PIECE, "piece-noted", AS_BEFORE, "/feedback/?q=neighbour", write_a_note),
    State(PIECE, "piece-report-wrong", AS_BEFORE, "/feedback/?q=neighbour", report_wrongly),
    State(PIECE, "piece-reported", AS_BEFORE, "/feedback/?q=mombasa", follow_first("Read all")),
    State("home/home.html", "home-feedback", AS_BEFORE, "/"),
    State(ADMIN_ASK, "admin-withdraw", ADMIN, "/admin/feedback/feedback/", open_withdraw),
    State(ADMIN_ASK, "admin-withdraw-wrong", AS_BEFORE, "/admin/feedback/feedback/", withdraw_without_reason),
    State(ADMIN_ASK, "admin-shown", AS_BEFORE, "/admin/feedback/respondent/", show_who),
    State(ADMIN_ASK, "admin-ask-again", AS_BEFORE, "/admin/feedback/suppression/ask-again/"),
    # Feedback: the pages of a party
    State(SURVEY, "survey", STRANGER, "/", at_link(), in_database=ask_a_party),
    State(SURVEY, "survey-part-4", AS_BEFORE, "/", at_link(to_last_part), in_database=ask_a_party),
    State(
        SURVEY,
        "survey-wrong",
        AS_BEFORE,
        "/",
        at_link(to_last_part, pressing("Check my answers", respondent_email="paula@")),
        in_database=ask_a_party,
    ),
    State(CHECK, "survey-check", AS_BEFORE, "/", at_link(answer_badly_treated), in_database=ask_a_party),
    State(
        THANKS,
        "thanks",
        AS_BEFORE,
        "/",
        at_link(answer_badly_treated, pressing("Send my feedback")),
        in_database=ask_a_party,
    ),
    State(
        WITHDRAW,
        "withdraw-done",
        AS_BEFORE,
        "/",
        at_link(answer_badly_treated, pressing("Send my feedback"), copy_code_and_use_it),
        in_database=ask_a_party,
    ),
    State(THANKS, "thanks-declined", AS_BEFORE, "/", at_link(end_the_link), in_database=ask_a_party),
    State(THANKS, "thanks-later", AS_BEFORE, "/give-feedback/thank-you/"),
    State(THANKS, "thanks-confirm", AS_BEFORE, "/give-feedback/thank-you/?confirm=1"),
    State(WITHDRAW, "withdraw", AS_BEFORE, TAKE_BACK),
    State(WITHDRAW, "withdraw-wrong", AS_BEFORE, TAKE_BACK, pressing("Delete my feedback", code="ABCD")),
    State(STOP, "stop", AS_BEFORE, "/", stop_page),
    State(
        STOP, "stop-done", AS_BEFORE, "/", lambda page: (stop_page(page), press(page, "Do not ask me again"))
    ),
    State(SEARCH, "search", AS_BEFORE, "/give-feedback/"),
    State(SEARCH, "search-short", AS_BEFORE, "/give-feedback/?q=a"),
    State(SEARCH, "search-nothing", AS_BEFORE, "/give-feedback/?q=nobody"),
    State(SEARCH, "search-found", AS_BEFORE, "/give-feedback/?q=okafor", in_database=accept_anybody),
    State(SURVEY, "general", AS_BEFORE, "/give-feedback/to/orchard/", in_database=accept_anybody),
    State(CONFIRM, "confirm", AS_BEFORE, "/", at_link(), in_database=answer_unasked),
    # The same from right to left, and in a language of long words
    State(SURVEY, "survey-arabic", AS_BEFORE, "/", at_link(in_language(ARABIC)), in_database=ask_a_party),
    State(
        CHECK,
        "survey-check-arabic",
        AS_BEFORE,
        "/",
        at_link(answer_badly_treated, in_language(ARABIC)),
        in_database=ask_a_party,
    ),
    State(
        THANKS,
        "thanks-arabic",
        AS_BEFORE,
        "/",
        at_link(answer_badly_treated, pressing("Send my feedback"), in_language(ARABIC)),
        in_database=ask_a_party,
    ),
    State(ERROR, "closed-arabic", AS_BEFORE, "/give-feedback/never/?lang=ar", status=410),
    State(
        SURVEY,
        "survey-wrong-german",
        AS_BEFORE,
        "/",
        at_link(
            to_last_part, pressing("Check my answers", respondent_email="paula@"), in_language("Deutsch")
        ),
        in_database=ask_a_party,
    ),
    State(WITHDRAW, "withdraw-german", AS_BEFORE, f"{TAKE_BACK}?lang=de"),
    State(SEARCH, "search-german", AS_BEFORE, "/give-feedback/?lang=de&q=nobody"),
    # Directories
    State(DIRECTORY_SEARCH, "verify", DANA, "/verify-experience/"),
    State(DIRECTORY_SEARCH, "verify-found", AS_BEFORE, "/verify-experience/?q=AM+ok"),
    State(DIRECTORY_SEARCH, "verify-nobody", AS_BEFORE, "/verify-experience/?q=ben&sort=odd"),
    State(DIRECTORY_SEARCH, "verify-short", AS_BEFORE, "/verify-experience/?q=b"),
    State(EXPERIENCE, "experience", AS_BEFORE, "/verify-experience/?q=amina", look_at_amina),
    State(EXPERIENCE, "experience-answer", AS_BEFORE, "/verify-experience/?q=amina", ask_for_lead_years),
    State(EXPERIENCE, "experience-export", AS_BEFORE, "/verify-experience/?q=amina", unfold_export),
    State("directory/looks.html", "looks", AMINA, "/my-details/looks/?sort=odd"),
    State(EXPERIENCE, "what-they-see", AS_BEFORE, "/my-details/what-they-see/"),
    State("directory/looks.html", "looks-none", BEN, "/my-details/looks/"),
    State(EXPERIENCE, "what-they-see-private", AS_BEFORE, "/my-details/what-they-see/?role=lead&role=zz"),
    State(EXPERIENCE, "what-they-see-empty", CHLOE, "/my-details/what-they-see/"),
    State(PLACE, "place-stranger", STRANGER, "/", open_place, in_database=invite_rosa),
    State(PLACE, "place-other", CHLOE, "/", open_place, in_database=invite_rosa),
    State(PLACE, "place", ROSA, "/", open_place, in_database=invite_rosa),
    State(PLACE, "place-neither", ROSA, "/", answer_place_oddly, in_database=invite_rosa),
    State(
        DIRECTORY_SEARCH,
        "verify-enough",
        DANA,
        "/verify-experience/?q=am",
        in_database=search_all_day,
        status=429,
    ),
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
    # Reviewers
    State(MY_REVIEWER, "naming-empty", CHLOE, NAMING),
    State(MY_REVIEWER, "naming-wrong", AS_BEFORE, NAMING, pressing("Look for this Reviewer", reviewer="ro")),
    State(
        MY_REVIEWER, "naming-found", AS_BEFORE, NAMING, pressing("Look for this Reviewer", reviewer="rosa")
    ),
    State(
        MY_REVIEWER,
        "inviting-wrong",
        AS_BEFORE,
        NAMING,
        pressing("Send the invitation", invite_email="judge@"),
    ),
    State(MY_REVIEWER, "naming-pending", AS_BEFORE, NAMING, in_database=chloe_invites_a_judge),
    State(INVITATION, "invitation-stranger", STRANGER, "/", at_mailed_link(), chloe_invites_a_judge),
    State(INVITATION, "invitation-other", BEN, "/", at_mailed_link(), chloe_invites_a_judge),
    State(MY_REVIEWER, "naming-accepted", AS_BEFORE, NAMING, unfolding("End this")),
    State("home/home.html", "home-proposal", ROSA, "/", in_database=chloe_asks_rosa),
    State(REVIEW, "review-proposal", AS_BEFORE, "/review/"),
    State(INVITATION, "invitation", AS_BEFORE, "/", at_mailed_link(), chloe_asks_rosa),
    State(
        INVITATION, "invitation-refused", AS_BEFORE, "/", at_mailed_link(lambda page: press(page, "Accept"))
    ),
    State(MEDIATOR, "mediator-nothing-yet", AS_BEFORE, "/", at_mailed_link(accept_all)),
    State(REVIEW, "review-many", AS_BEFORE, "/review/", in_database=a_digest_about_amina),
    State(REVIEW, "review-nobody-found", AS_BEFORE, "/review/?q=nobody&sort=email"),
    State(MEDIATOR, "mediator", AS_BEFORE, "/review/", at_mediator("Amina Okafor")),
    State(
        MEDIATOR,
        "mediator-filter",
        AS_BEFORE,
        "/review/",
        at_mediator("Amina Okafor", asking("share=no&q=the"), unfolding("Filter")),
    ),
    State(
        MEDIATOR,
        "mediator-export",
        AS_BEFORE,
        "/review/",
        at_mediator("Amina Okafor", unfolding("Export")),
    ),
    State(MEDIATOR, "mediator-odd", AS_BEFORE, "/review/", at_mediator("Amina Okafor", asking(ODD_REVIEW))),
    State(
        MEDIATOR,
        "mediator-nothing",
        AS_BEFORE,
        "/review/",
        at_mediator("Amina Okafor", asking("q=nothing+like+this")),
    ),
    State(
        MEDIATOR,
        "mediator-stop",
        AS_BEFORE,
        "/review/",
        at_mediator("Ben Aldous", unfolding("Stop reviewing")),
    ),
    State(
        "reviewers/piece.html",
        "review-piece",
        AS_BEFORE,
        "/review/",
        at_mediator("Amina Okafor", follow_first("Read all of it")),
    ),
    State(REVIEW, "review-waiting", DANA, "/review/", in_database=dana_becomes_a_reviewer),
    State(VETTING, "vetting", ADMIN, "/", at_mailed_link(), dana_becomes_a_reviewer),
    State(
        VETTING,
        "vetting-refused",
        AS_BEFORE,
        "/",
        at_mailed_link(pressing("No, refuse")),
        in_database=dana_becomes_a_reviewer,
    ),
    State(REVIEW, "review-refused", DANA, "/review/", in_database=dana_becomes_a_reviewer),
]
