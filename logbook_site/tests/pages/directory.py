"""What a directory sees, who looked, and a place on the staff."""

from django.test import RequestFactory
from playwright.sync_api import Page

from accounts.limits import is_over
from accounts.models import Organisation, StaffPlace, User
from accounts.services import organisations
from accounts.services.invitations import token_of
from logbook_site.tests.hands import fill, follow, go, press, unfold
from logbook_site.tests.pages.state import ADMIN, AMINA, AS_BEFORE, BEN, CHLOE, DANA, ROSA, STRANGER, State

DIRECTORY_SEARCH, EXPERIENCE = "directory/search.html", "directory/mediator.html"
PLACE = "accounts/place_invitation.html"


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


STATES = [
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
]
