"""The pages of a party: the survey, the code, the general survey, and to be left alone."""

from collections.abc import Callable

from playwright.sync_api import Page

from accounts.models import MediatorProfile, User
from feedback.choices import ActedAs
from feedback.models import PendingFeedback
from feedback.services.answers import Answers, keep_until_confirmed, read_pending
from feedback.services.contacts import contact_of
from feedback.services.secrets import sign_address
from feedback.tests.factories import make_request
from logbook_site.tests.hands import choose, fill, follow, go, press
from logbook_site.tests.pages.state import AMINA, AS_BEFORE, STRANGER, State, pressing

SURVEY, CHECK, THANKS = (f"feedback/party/{name}.html" for name in ("survey", "check", "thank_you"))
WITHDRAW, STOP = "feedback/party/withdraw.html", "feedback/party/stop.html"
SEARCH, CONFIRM = "feedback/party/search.html", "feedback/party/confirm.html"
ERROR = "errors/error.html"
ARABIC = "العربيّة"
TAKE_BACK = "/give-feedback/withdraw/"

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


STATES = [
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
]
