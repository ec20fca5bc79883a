"""Naming a Reviewer, the check of a Reviewer, and what a Reviewer reads."""

from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import Page

from accounts.choices import Role
from accounts.models import User
from accounts.services.invitations import token_of
from accounts.services.people import add_role
from feedback.models import Feedback
from logbook_site.tests.hands import follow, go, press
from logbook_site.tests.pages.state import (
    ADMIN,
    AMINA,
    AS_BEFORE,
    BEN,
    CHLOE,
    DANA,
    ROSA,
    STRANGER,
    State,
    follow_first,
    pressing,
    unfolding,
)
from reviewers.services import appointing
from reviewers.tests.factories import make_final_digest

MY_REVIEWER, INVITATION = "reviewers/my_reviewer.html", "reviewers/invitation.html"
REVIEW, MEDIATOR, VETTING = "reviewers/review.html", "reviewers/mediator.html", "reviewers/vetting.html"
NAMING = "/my-details/reviewer/"
# One filter that is understood; a share, an order and a page that are not.
ODD_REVIEW = "year=2024&share=perhaps&sort=release_on&page=0"

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


STATES = [
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
