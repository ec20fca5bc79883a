"""Where access is paid for: adding stops without it, everything else stays. Through the pages, and once as a buyer."""

import json
from datetime import timedelta
from urllib.parse import urljoin
from urllib.request import Request, urlopen

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape
from playwright.sync_api import Page, expect

from accounts.choices import Role
from accounts.models import User
from accounts.services import outbox
from accounts.services.access import grant_access
from accounts.tests.factories import make_admin, make_mediator, make_person, make_reviewer, signed_in
from accounts.tests.shop import BUYER, HOOK, SECRET, order, signature_of
from cpd.models import CpdEntry
from cpd.tests.factories import a_pdf, make_cpd
from feedback.models import Feedback, FeedbackRequest
from feedback.services.contacts import contact_of
from feedback.services.requests import Mediation, make_links
from feedback.tests.factories import make_piece, make_request
from logbook.models import LogbookEntry
from logbook.tests.factories import make_entry
from logbook_site.demo.access import load_access
from logbook_site.demo.load import load_demo
from logbook_site.demo.people import CODE
from logbook_site.foundation import clock
from logbook_site.tests.hands import (
    add_mediation,
    choose,
    code_from_mailbox,
    fill,
    follow,
    go,
    press,
    sign_in_with_one_click,
)
from logbook_site.tests.test_addresses import ADDRESSES, OBJECTS, UUID_IN_ROUTE, For, path_of, path_to

# Forms that add something when they are typed; an import adds, too, and holds a file.
TYPED = {"logbook/add/", "cpd/add/", "feedback/request/"}
ADDING = TYPED | {"logbook/import/", "cpd/import/"}
ACCESS = "/account-settings/access/"
ENTRY = {
    "ended_on": "2026-03-04", "title": "Orchard & well", "role": "lead", "medium": "online", "hours": "3:30",
    "did_well": "We took <breaks>.",
}  # fmt: skip
CPD = {"completed_on": "2026-03-04", "title": "Evening lecture", "kind": "other", "hours": "2"}
ASKED = {
    "kind": "email", "parties-TOTAL_FORMS": "1", "parties-INITIAL_FORMS": "0", "parties-0-name": "Paula Party",
    "parties-0-email": "paula@example.org", "reference": "Orchard", "ended_on": "2026-03-04", "language": "en",
    "acted_as": "mediator", "agreed": "1", "action": "send",
}  # fmt: skip
FORMS = {"logbook/add/": ENTRY, "cpd/add/": CPD, "feedback/request/": ASKED}


@pytest.fixture(autouse=True)
def paid(settings) -> None:
    settings.ACCESS_MODE = "paid"
    settings.SHOP_URL = "https://shop.example.org/logbook"
    settings.SUPPORT_EMAIL = "desk@example.org"


def lapsed(**fields) -> User:
    """A mediator whose access ended some days ago."""
    person = make_mediator(**fields)
    with time_machine.travel(clock.now() - timedelta(days=40)):
        grant_access(to=person, months=1, by=make_admin())
    person.refresh_from_db()
    assert person.access_until < clock.today()
    return person


def rows() -> tuple[int, int, int]:
    return LogbookEntry.objects.count(), CpdEntry.objects.count(), FeedbackRequest.objects.count()


@pytest.mark.django_db
class TestAdding:
    @pytest.mark.long
    @pytest.mark.parametrize("who", ["lapsed", "never"])
    def test_stops_at_these_addresses_and_at_no_other(self, who):
        person = lapsed() if who == "lapsed" else make_mediator()
        browser, closed = signed_in(person), set()
        for route, audience in ADDRESSES.items():
            if audience != For.MEDIATORS and audience != For.MEMBERS:
                continue
            makers = [make for start, make in OBJECTS.items() if route.startswith(start)]
            for method in ("get", "head", "post"):
                has_object = UUID_IN_ROUTE.search(route)
                path = path_to(route, makers[0], person) if has_object else path_of(route)
                answer = getattr(browser, method)(path)
                if "accounts/lapsed.html" in {template.name for template in answer.templates}:
                    assert answer.status_code == 403
                    closed.add((route, method))
        assert closed == {(route, method) for route in ADDING for method in ("get", "head", "post")}

    def test_no_address_that_adds_was_forgotten(self):
        ends = ("add/", "import/", "request/")
        assert {route for route in ADDRESSES if route.endswith(ends) and "accounts/" not in route} == ADDING

    @pytest.mark.parametrize("route", sorted(TYPED))
    def test_says_how_to_renew_and_keeps_what_was_typed(self, route):
        person = lapsed()
        browser, before = signed_in(person), rows()
        refused = browser.post(f"/{route}", FORMS[route] | {"form_key": "one"})
        page = refused.text
        assert (refused.status_code, rows()) == (403, before)
        assert str(person.access_until.year) in page
        for way in ("https://shop.example.org/logbook", "mailto:desk@example.org", 'name="code"', ACCESS):
            assert way in page
        for name, value in FORMS[route].items():
            assert f'<input type="hidden" name="{name}" value="{escape(value)}">' in page
        assert 'form_key" value="one' not in page
        # Renewed in another tab: the very same post is accepted now.
        grant_access(to=person, months=1, by=make_admin())
        assert browser.post(f"/{route}", FORMS[route] | {"form_key": "one"}).status_code == 302
        assert rows() != before

    def test_repeated_fields_go_along(self):
        answer = signed_in(lapsed()).post("/feedback/request/", ASKED | {"parties-0-name": ["Ann", "Bob"]})
        assert answer.text.count('name="parties-0-name"') == 2

    def test_a_file_cannot_go_along_and_the_page_says_so(self):
        answer = signed_in(lapsed()).post(
            "/cpd/add/", CPD | {"evidence": SimpleUploadedFile("paper.pdf", a_pdf())}
        )
        assert "Only the file is missing" in answer.text

    def test_without_a_shop_and_an_address_there_still_is_a_way(self, settings):
        settings.SHOP_URL = settings.SUPPORT_EMAIL = ""
        page = signed_in(make_mediator()).get("/logbook/add/").text
        assert "To add, you need access" in page
        assert 'name="code"' in page
        assert "mailto:" not in page

    def test_on_the_last_day_is_open_and_closed_the_day_after(self):
        person = make_mediator()
        grant_access(to=person, months=1, by=make_admin())
        last = User.objects.get(pk=person.pk).access_until
        for days, status in ((0, 200), (1, 403)):
            with time_machine.travel(f"{(last + timedelta(days=days)).isoformat()}T23:30:00Z"):
                assert signed_in(person).get("/logbook/add/").status_code == status

    def test_whoever_mediates_and_reviews_pays_for_adding_only(self):
        both = make_person(Role.MEDIATOR, Role.REVIEWER)
        browser = signed_in(both)
        assert browser.get("/logbook/add/").status_code == 403
        assert browser.get("/review/").status_code == 200

    def test_in_open_mode_nobody_pays(self, settings):
        settings.ACCESS_MODE = "open"
        browser = signed_in(lapsed())
        for route in TYPED:
            assert browser.get(f"/{route}").status_code == 200

    def test_links_that_were_just_made_can_still_be_read(self):
        person = lapsed()
        mediation = Mediation(ended_on=clock.today())
        receipt = make_links(mediator=person, count=1, mediation=mediation, by=person)
        assert signed_in(person).get(f"/feedback/request/?links={receipt}").status_code == 200


@pytest.mark.django_db
class TestWhatStays:
    def test_editing_deleting_undoing_exporting_and_cancelling(self, settings):
        person = lapsed()
        entry, cpd, request = make_entry(person), make_cpd(person), make_request(person)
        browser = signed_in(person)
        done = [
            browser.post(f"/logbook/{entry.pk}/edit/", ENTRY),
            browser.post(f"/logbook/{entry.pk}/delete/"),
            browser.post(f"/logbook/{entry.pk}/restore/"),
            browser.post(f"/cpd/{cpd.pk}/edit/", CPD),
            browser.post(f"/feedback/requests/{request.pk}/cancel/"),
            browser.post("/my-details/reviewer/", {"action": "invite", "invite_email": "judge@example.org"}),
        ]
        assert [answer.status_code for answer in done] == [302] * len(done)
        entry.refresh_from_db()
        assert (entry.title, entry.deleted_at) == ("Orchard & well", None)
        for path in (
            "/logbook/export/?format=csv&learnings=1",
            "/cpd/export/?format=xlsx",
            "/logbook/print/",
        ):
            assert browser.get(path).status_code == 200

    def test_parties_answer_and_the_mediator_reads_it(self):
        person = lapsed()
        token = contact_of(make_request(person)).token
        party = Client()
        assert party.get(f"/give-feedback/{token}/").status_code == 200
        answers = {"share": "yes", "helpful": "The calm room.", "action": "send", "form_key": "one"}
        assert party.post(f"/give-feedback/{token}/", answers).status_code == 302
        assert Feedback.objects.get().mediator == person
        make_piece(person, helpful="A good break.")
        assert "A good break." in signed_in(person).get("/feedback/").text

    @pytest.mark.parametrize(
        "path",
        ["/", "/logbook/", "/cpd/", "/learnings/", "/feedback/", "/feedback/requests/", "/feedback/digest/"],
    )
    @pytest.mark.parametrize("is_empty", [True, False])
    def test_pages_show_no_button_that_adds(self, path, is_empty):
        person = lapsed()
        if not is_empty:
            make_entry(person), make_cpd(person), make_request(person), make_piece(person)
        browser = signed_in(person)
        page = browser.get(path).text
        main = page[page.index("<main") :]
        for route in TYPED:
            assert f'href="/{route}' not in main
        is_list = path not in {"/learnings/", "/feedback/digest/"}
        assert (f'href="{ACCESS}"' in main) >= is_list
        grant_access(to=person, months=1, by=make_admin())
        page = browser.get(path).text
        assert "Your access ended" not in page

    def test_an_entry_offers_no_copy(self):
        person = lapsed()
        entry = make_entry(person)
        page = signed_in(person).get(f"/logbook/{entry.pk}/").text
        assert "Edit" in page
        assert "?like=" not in page

    def test_others_hear_nothing_of_it(self):
        make_admin()
        for person in (make_reviewer(), make_person(Role.DIRECTORY), make_person(Role.ADMIN)):
            browser = signed_in(person)
            for path in ("/", "/account-settings/"):
                page = browser.get(path).text
                assert ACCESS not in page
                assert "You have no access" not in page


@pytest.mark.django_db
class TestTheDemo:
    def test_paid_it_shows_access_a_lapse_and_a_code(self, client):
        load_demo()
        assert load_access()
        assert not load_access()
        people = {person.email.partition("@")[0]: person for person in User.objects.all()}
        assert people["amina"].access_until > clock.today() > people["ben"].access_until
        assert people["chloe"].access_until is None
        assert "TRYA-CCES-S234" in client.get("/accounts/login/").text
        chloe = signed_in(people["chloe"])
        assert chloe.get("/logbook/add/").status_code == 403
        assert chloe.post(ACCESS, {"code": CODE}).status_code == 302
        assert chloe.get("/logbook/add/").status_code == 200

    def test_open_it_is_as_before(self, client, settings):
        settings.ACCESS_MODE = "open"
        assert "TRYA" not in client.get("/accounts/login/").text

    def test_without_the_demo_people_nothing_is_made(self):
        make_mediator()
        assert not load_access()


def shop_tells(site: str, told: dict) -> int:
    """The shop's own call, from outside."""
    body = json.dumps(told).encode()
    headers = {
        "Content-Type": "application/json",
        "X-WC-Webhook-Topic": "order.updated",
        "X-WC-Webhook-Signature": signature_of(body),
    }
    with urlopen(Request(urljoin(site, HOOK), body, headers), timeout=30) as answer:
        return answer.status


def see(page: Page, text: str) -> None:
    expect(page.locator("body")).to_contain_text(text)


PASSWORD = "seven lamps above the harbour"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("java_script", [True, False])
def test_from_the_shop_to_the_logbook_and_back_again(
    live_server, new_context, settings, tmp_path, java_script
) -> None:
    """Buys, gets the mail, signs up, adds; the year passes; reads and exports; renews by code, and goes on."""
    settings.EMAIL_BACKEND = "logbook_site.foundation.mail.FolderBackend"
    settings.MAIL_DIR = tmp_path
    settings.WOOCOMMERCE_SECRET = SECRET
    settings.SESSION_HOURS_MEDIATOR = 24 * 1000
    cache.clear()
    load_demo()
    load_access()
    page = new_context(viewport={"width": 360, "height": 740}, java_script_enabled=java_script).new_page()
    page.set_default_timeout(10_000)
    page.goto(live_server.url)

    assert shop_tells(live_server.url, order("processing", BUYER)) == 200
    outbox.deliver_due()
    go(page, "/demo/mailbox/")
    see(page, "Please sign up with exactly this address: bea@example.org.")
    go(page, "/accounts/signup/")
    fill(page, name="Bea Buyer", email=BUYER, password1=PASSWORD, password2=PASSWORD)
    press(page, "Sign up")
    fill(page, code=code_from_mailbox(page, BUYER))
    press(page, "Continue")
    outbox.deliver_due()
    go(page, "/demo/mailbox/")
    see(page, "your access is on until")
    go(page, "/account-settings/")
    see(page, "12 months, bought in the shop")
    add_mediation(page, "Orchard and a well")
    see(page, "Saved: Orchard and a well")

    go(page, "/logbook/add/")
    fill(page, hours="3,5", title="Two shops, one yard")
    choose(page, role="lead", medium="online")
    settings.CLOCK_OFFSET_HOURS = 370 * 24
    press(page, "Save this mediation")
    see(page, "Your access has ended")
    see(page, "What you typed is not lost")
    if java_script:
        see(page, "The mediation that you began is kept on this device.")
    with page.context.expect_page() as opened:
        fill(page, code=CODE.lower())
        page.get_by_role("button", name="Use this code").click()
    see(opened.value, "Your access is on until")
    opened.value.close()
    press(page, "Send it again")
    see(page, "Saved: Two shops, one yard")
    assert LogbookEntry.objects.filter(owner__email=BUYER).count() == 2

    settings.CLOCK_OFFSET_HOURS = 800 * 24
    go(page, "/")
    see(page, "Your access ended on")
    go(page, "/logbook/")
    expect(page.get_by_role("link", name="Add Logbook Entry")).to_have_count(0)
    answer = page.request.get(urljoin(live_server.url, "/logbook/export/?format=csv"))
    assert "Two shops, one yard" in answer.text()
    with page.expect_navigation():
        page.get_by_role("link", name="Orchard and a well").first.click()
    follow(page, "Delete this entry")
    press(page, "Delete")
    see(page, "Deleted.")
    go(page, "/logbook/add/")
    see(page, "Buy access in the shop")
    assert shop_tells(live_server.url, order("completed", BUYER)) == 200
    go(page, "/logbook/add/")
    expect(page.get_by_role("button", name="Save this mediation").first).to_be_visible()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_somebody_without_access_uses_the_code_of_the_demo(live_server, page: Page) -> None:
    cache.clear()
    load_demo()
    load_access()
    page.goto(live_server.url)
    sign_in_with_one_click(page, "chloe@example.org")
    see(page, "You have no access now.")
    follow(page, "Get access")
    fill(page, code="TRYA-CCES-S235")
    press(page, "Use this code")
    expect(page.locator("[name=code]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[name=code]")).to_have_value("TRYA-CCES-S235")
    fill(page, code="trya cces s234")
    press(page, "Use this code")
    see(page, "Thank you. Your access is on until")
    follow(page, "Add Logbook Entry")
