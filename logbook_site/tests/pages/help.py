"""Help, the contact form, and privacy: before and after signing in."""

from playwright.sync_api import Page

from logbook_site.tests.hands import choose, fill, press
from logbook_site.tests.pages.state import AMINA, AS_BEFORE, STRANGER, State, pressing

HELP, CONTACT, PRIVACY = "help/help.html", "help/contact.html", "help/privacy.html"


def unfold_some(page: Page) -> None:
    for question in ("Can the mediator see who answered?", "How do I take my answers back?"):
        page.get_by_text(question, exact=True).click()


def send_a_message(page: Page) -> None:
    fill(page, name="Greta Holm", email="greta@example.org", message="How do I type half an hour?")
    choose(page, kind="question")
    press(page, "Send")


STATES = [
    State(HELP, "help", STRANGER, "/help/"),
    State(HELP, "help-open", AS_BEFORE, "/help/", unfold_some),
    State(HELP, "help-found", AS_BEFORE, "/help/?q=code"),
    State(HELP, "help-nothing", AS_BEFORE, "/help/?q=zebra"),
    State("help/mentorship.html", "mentorship", AS_BEFORE, "/help/mentorship/"),
    State("help/career_path.html", "career-path", AS_BEFORE, "/help/career-path/"),
    State(PRIVACY, "privacy", AS_BEFORE, "/privacy/"),
    State(CONTACT, "contact", AS_BEFORE, "/help/contact/?page=/help/&searched=zebra"),
    State(CONTACT, "contact-wrong", AS_BEFORE, "/help/contact/", pressing("Send", email="greta@")),
    State("help/contact_sent.html", "contact-sent", AS_BEFORE, "/help/contact/", send_a_message),
    State("help/contact_sent.html", "contact-sent-later", AS_BEFORE, "/help/contact/?sent=over"),
    State(HELP, "help-member", AMINA, "/help/"),
    State(CONTACT, "contact-member", AS_BEFORE, "/help/contact/?page=/logbook/"),
]
