"""Pages that an answer may lead to: by the name of the address, its word and who can open it."""

from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import User

ANYBODY = None
EVERY_MEMBER = frozenset(Role)
MEDIATORS = frozenset({Role.MEDIATOR})
REVIEWERS = frozenset({Role.REVIEWER})
DIRECTORIES = frozenset({Role.DIRECTORY})


class Leads(NamedTuple):
    word: Promise
    audience: frozenset[Role] | None


PAGES = {
    "logbook": Leads(_("Logbook"), MEDIATORS),
    "logbook_add": Leads(_("Add Logbook Entry"), MEDIATORS),
    "logbook_import": Leads(_("Bring your spreadsheet"), MEDIATORS),
    "cpd_import": Leads(_("Bring your CPD list"), MEDIATORS),
    "logbook_deleted": Leads(_("Deleted items"), MEDIATORS),
    "learnings": Leads(_("Learnings"), MEDIATORS),
    "cpd_add": Leads(_("Add CPD Entry"), MEDIATORS),
    "feedback_request": Leads(_("Request Feedback"), MEDIATORS),
    "feedback_requests": Leads(_("What you sent"), MEDIATORS),
    "my_feedback": Leads(_("My Feedback"), MEDIATORS),
    "my_digest": Leads(_("Feedback Digest"), MEDIATORS),
    "my_details": Leads(_("My Details"), MEDIATORS),
    "my_reviewer": Leads(_("Your Reviewer"), MEDIATORS),
    "looks": Leads(_("Who looked"), MEDIATORS),
    "what_they_see": Leads(_("See what they see"), MEDIATORS),
    "review": Leads(_("Review Feedback"), REVIEWERS),
    "verify_experience": Leads(_("Verify Experience"), DIRECTORIES),
    "account_settings": Leads(_("Account Settings"), EVERY_MEMBER),
    "account_email": Leads(_("Your e-mail address"), EVERY_MEMBER),
    "mfa_index": Leads(_("Second factor and passkeys"), EVERY_MEMBER),
    "usersessions_list": Leads(_("Where you are signed in"), EVERY_MEMBER),
    "account_reset_password": Leads(_("Choose a new password"), ANYBODY),
    "general_survey": Leads(_("Give feedback about a mediator"), ANYBODY),
    "withdraw_feedback": Leads(_("Take back or stop sharing"), ANYBODY),
    "contact": Leads(_("Write to us"), ANYBODY),
    "privacy": Leads(_("Privacy"), ANYBODY),
    "career_path": Leads(_("The career path"), ANYBODY),
    "mentorship": Leads(_("Mentorship"), ANYBODY),
}


def links_for(names: str, user: User | AnonymousUser) -> list[tuple[str, Promise]]:
    """Address and word of those of these pages that the reader can open."""
    asked = [(reverse(name), PAGES[name]) for name in names.split()]
    return [(address, page.word) for address, page in asked if _opens(page.audience, user)]


def _opens(audience: frozenset[Role] | None, user: User | AnonymousUser) -> bool:
    if audience is ANYBODY or not user.is_authenticated:
        return audience is ANYBODY
    return audience is EVERY_MEMBER or bool(audience & user.roles_today)
