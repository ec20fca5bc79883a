"""Without a network, in a real browser: nothing typed is lost, and nothing private is kept."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from playwright.sync_api import Error, Page, expect

from accounts.models import User
from accounts.tests.factories import make_mediator, make_reviewer
from cpd.tests.factories import make_cpd
from feedback.tests.links import make_link
from logbook.models import LogbookEntry
from logbook.tests.factories import make_entry
from logbook_site.foundation.clock import local_today
from logbook_site.tests.hands import choose, fill, follow, go, press, sign_in
from logbook_site.tests.test_addresses import ADDRESSES, UUID_IN_ROUTE, For
from logbook_site.tests.test_look import findings_of_axe, findings_of_structure, findings_of_width

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser_context_args(**PHONE),
]
PASSWORD = "quiet-harbour-lamp-7"
KEPT_HERE = "This is kept on this device. Open Add Logbook Entry when you are online again"
HEARD_AGAIN = "What you typed last time is here again."


@pytest.fixture
def mediator() -> User:
    cache.clear()
    return make_mediator(email="mira@example.org", name="Mira Sato", password=PASSWORD)


@pytest.fixture
def page(page: Page, live_server, mediator: User) -> Page:
    page.set_default_timeout(10_000)
    expect.set_options(timeout=10_000)
    page.goto(live_server.url)
    sign_in(page, mediator.email, PASSWORD)
    wait_for_worker(page)
    return page


def wait_for_worker(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    # A promise: what Playwright asks again and again by itself is evaluated in the page, and our headers forbid that.
    page.evaluate("""new Promise((found) => {
        const workers = navigator.serviceWorker;
        if (workers.controller) found(true);
        else workers.addEventListener("controllerchange", () => found(true), {once: true});
    })""")


def has_worker(page: Page) -> bool:
    return page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length > 0)")


def cut(page: Page) -> None:
    page.context.set_offline(True)


def back_online(page: Page) -> None:
    page.context.set_offline(False)


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def kept_answers(page: Page) -> dict[str, str]:
    """The path of each answer in every cache of the site, and its text."""
    return page.evaluate(
        """async () => {
          const all = {};
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) {
              const { pathname, search } = new URL(request.url);
              all[pathname + search] = await (await cache.match(request)).text();
            }
          }
          return all;
        }"""
    )


def test_it_can_be_installed(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    told = session.send("Page.getAppManifest")
    assert told["url"].endswith("/manifest.webmanifest")
    assert told["errors"] == []
    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # The browser of the tests keeps nothing after it closes.
    assert {error["errorId"] for error in errors} <= {"in-incognito"}


def test_the_form_works_without_a_network_and_is_filled_in_when_it_is_back(
    page: Page, mediator: User
) -> None:
    cut(page)
    go(page, "/logbook/add/")
    assert heading(page) == "You are offline"
    expect(page.get_by_text(KEPT_HERE)).to_be_visible()
    expect(page.locator("[name=ended_on]")).to_have_value(local_today().isoformat())
    page.get_by_role("button", name="Yesterday").tap()
    expect(page.locator("output")).not_to_be_empty()
    fill(page, hours="2:15", title="Orchard", did_well="I waited.", learnings="Bring water.")
    choose(page, role="co", medium="online")
    page.reload()
    expect(page.get_by_text(HEARD_AGAIN)).to_be_visible()
    expect(page.locator("[name=learnings]")).to_have_value("Bring water.")
    day = page.locator("[name=ended_on]").input_value()

    back_online(page)
    expect(page.get_by_text("The network is back.")).to_be_visible()
    follow(page, "Open the page again")
    assert heading(page) == "Add Logbook Entry"
    expect(page.get_by_text(HEARD_AGAIN)).to_be_visible()
    press(page, "Save this mediation")
    entry = LogbookEntry.objects.get(owner=mediator)
    assert (entry.title, entry.minutes, entry.role, entry.medium) == ("Orchard", 135, "co", "online")
    assert (entry.ended_on.isoformat(), entry.did_well) == (day, "I waited.")
    assert entry.learnings == "Bring water."
    go(page, "/logbook/add/")
    expect(page.get_by_text(HEARD_AGAIN)).to_be_hidden()


def half_a_form(page: Page) -> None:
    """Below the fold, too: the page without a network has no such fields."""
    go(page, "/logbook/add/")
    page.locator("main details > summary", has_text="More").first.tap()
    fill(page, hours="2:15", title="Orchard", subject="Trade", challenges="They came late.")
    choose(page, role="co", medium="hybrid")


def expect_half_a_form(page: Page) -> None:
    assert heading(page) == "Add Logbook Entry"
    expect(page.get_by_text(HEARD_AGAIN)).to_be_visible()
    for name, text in {
        "hours": "2:15", "title": "Orchard", "subject": "Trade", "challenges": "They came late.",
    }.items():  # fmt: skip
        expect(page.locator(f"[name={name}]")).to_have_value(text)
    expect(page.locator("[name=role][value=co]")).to_be_checked()


def test_a_network_that_is_cut_while_typing_loses_nothing(page: Page, mediator: User) -> None:
    half_a_form(page)
    cut(page)
    press(page, "Save this mediation")
    assert heading(page) == "You are offline"
    expect(page.locator("[name=title]")).to_have_value("Orchard")
    expect(page.locator("[name=challenges]")).to_have_value("They came late.")
    fill(page, learnings="Bring water.")  # and one goes on writing
    back_online(page)
    page.get_by_role("link", name="Try again").locator("visible=true").tap()
    expect_half_a_form(page)
    press(page, "Save this mediation")
    entry = LogbookEntry.objects.get(owner=mediator)
    assert (entry.subject, entry.challenges, entry.learnings) == ("Trade", "They came late.", "Bring water.")


def test_what_was_offered_and_not_changed_is_there_again_too(page: Page, mediator: User) -> None:
    last = make_entry(mediator, title="Orchard", role="co", minutes=210)
    go(page, f"/logbook/add/?like={last.pk}")
    cut(page)
    press(page, "Save this mediation")
    expect(page.locator("[name=title]")).to_have_value("Orchard")
    fill(page, hours="4:30")
    back_online(page)
    page.get_by_role("link", name="Try again").locator("visible=true").tap()
    expect(page.locator("[name=hours]")).to_have_value("4:30")
    press(page, "Save this mediation")
    assert sorted(LogbookEntry.objects.values_list("minutes", flat=True)) == [210, 270]


def test_other_forms_keep_what_was_typed_too(page: Page, live_server) -> None:
    go(page, "/cpd/add/")
    fill(page, title="Evening lecture", takeaways="Ask the quiet one first.")
    cut(page)
    # A form with a file does not pass the worker, so this is the browser's own page.
    page.get_by_role("button", name="Save this entry").first.tap()
    with suppress(Error):  # the page that comes is itself the failure
        page.wait_for_url("chrome-error://**")
    back_online(page)
    page.goto(live_server.url)
    follow(page, "Continue the CPD entry you began")
    expect(page.get_by_text(HEARD_AGAIN)).to_be_visible()
    expect(page.locator("[name=takeaways]")).to_have_value("Ask the quiet one first.")


@contextmanager
def a_table_that_takes_nothing() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'full'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON logbook_logbookentry EXECUTE FUNCTION refuse()"
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION refuse CASCADE")


def test_an_error_of_ours_loses_nothing(page: Page, live_server) -> None:
    half_a_form(page)
    with a_table_that_takes_nothing():
        press(page, "Save this mediation")
    assert heading(page) == "Something went wrong on our side"
    go(page, "/logbook/add/")
    expect_half_a_form(page)


def test_too_much_text_loses_nothing(page: Page) -> None:
    page.set_default_timeout(60_000)  # a browser takes its time to lay out so much, more so beside other work
    half_a_form(page)
    # A million letters in paragraphs: those of one paragraph take half a minute to lay out.
    page.locator("[name=did_well]").evaluate(
        "field => { field.value = ('So much was said. '.repeat(20) + '\\n').repeat(3000);"
        " field.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    press(page, "Save this mediation")
    assert heading(page) == "That was too large"
    go(page, "/logbook/add/")
    expect_half_a_form(page)


def test_a_sign_in_that_ended_loses_nothing(page: Page, mediator: User) -> None:
    half_a_form(page)
    Session.objects.all().delete()
    press(page, "Save this mediation")
    assert heading(page) == "Sign in"
    cut(page)  # nobody is signed in: without a network nobody's form is shown
    go(page, "/logbook/add/")
    expect_calm_page_of_nobody(page)
    back_online(page)
    sign_in(page, mediator.email, PASSWORD)
    go(page, "/logbook/add/")
    expect_half_a_form(page)


def expect_calm_page_of_nobody(page: Page) -> None:
    assert heading(page) == "You are offline"
    expect(page.locator("main form")).to_have_count(0)
    expect(page.get_by_role("link", name="Add Logbook Entry")).to_be_hidden()
    assert "Orchard" not in page.content()


def test_any_other_address_is_a_calm_page(page: Page) -> None:
    cut(page)
    go(page, "/feedback/?page=2")
    assert heading(page) == "You are offline"
    expect(page.get_by_text(KEPT_HERE)).to_be_hidden()
    follow(page, "Add Logbook Entry")
    expect(page.get_by_text(KEPT_HERE)).to_be_visible()


def test_trying_again_leads_nobody_to_another_site(page: Page, live_server) -> None:
    cut(page)
    page.goto(f"{live_server.url}//evil.example/login")
    again = page.get_by_role("link", name="Try again").locator("visible=true")
    assert again.evaluate("link => link.href") == f"{live_server.url}//evil.example/login"


def test_the_page_without_a_network_keeps_nobody_out(page: Page) -> None:
    wrong = []
    cut(page)
    for path in ["/logbook/add/", "/feedback/", "/accounts/logout/"]:
        go(page, path)
        page.set_viewport_size({"width": 360, "height": 740})
        wrong += [
            f"{path}: {finding}"
            for finding in findings_of_structure(page) + findings_of_width(page) + findings_of_axe(page)
        ]
    assert wrong == []


# --- A device that several people use ---------------------------------------------------------------


def sign_out(page: Page) -> None:
    page.locator("summary", has_text="Menu").tap()
    with page.expect_navigation():
        page.locator("header").get_by_role("button", name="Log out").locator("visible=true").tap()


def test_signing_out_leaves_nothing_on_the_device(page: Page) -> None:
    half_a_form(page)
    assert kept_answers(page)
    sign_out(page)
    assert page.evaluate("Object.keys(localStorage)") == []
    assert kept_answers(page) == {}
    assert not has_worker(page)
    cut(page)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        go(page, "/logbook/add/")


def test_signing_out_without_a_network_closes_the_form(page: Page) -> None:
    half_a_form(page)
    cut(page)
    sign_out(page)
    expect(page.get_by_text("You are not signed out yet")).to_be_visible()
    go(page, "/logbook/add/")
    expect_calm_page_of_nobody(page)


def test_when_the_time_of_the_sign_in_is_over_the_form_is_closed(page: Page) -> None:
    half_a_form(page)
    cut(page)
    page.evaluate(
        """() => {
          const { person, until } = JSON.parse(localStorage["signed-in"]);
          if (until < Date.now()) throw new Error("over already");
          localStorage["signed-in"] = JSON.stringify({ person, until: Date.now() - 1000 });
        }"""
    )
    go(page, "/logbook/add/")
    expect_calm_page_of_nobody(page)


def test_the_next_person_sees_nothing_of_the_one_before(page: Page, mediator: User) -> None:
    half_a_form(page)
    other = make_mediator(email="other@example.org", password=PASSWORD)
    page.context.clear_cookies()
    sign_in(page, other.email, PASSWORD)
    cut(page)
    go(page, "/logbook/add/")
    expect(page.get_by_text(KEPT_HERE)).to_be_visible()
    expect(page.locator("[name=title]")).to_have_value("")
    assert "Orchard" not in page.content()
    fill(page, title="A well")
    back_online(page)
    page.context.clear_cookies()
    go(page, "/accounts/login/")
    sign_in(page, mediator.email, PASSWORD)
    go(page, "/logbook/add/")
    expect_half_a_form(page)


def test_a_reviewer_has_no_form(page: Page) -> None:
    half_a_form(page)
    reviewer = make_reviewer(email="reviewer@example.org", password=PASSWORD)
    page.context.clear_cookies()
    sign_in(page, reviewer.email, PASSWORD)
    cut(page)
    go(page, "/logbook/add/")
    expect_calm_page_of_nobody(page)


# --- What is kept -----------------------------------------------------------------------------------


def test_no_page_of_a_person_is_ever_kept(page: Page, mediator: User, live_server) -> None:
    entry = make_entry(mediator, title="Canary title", did_well="Canary learned")
    course = make_cpd(mediator, title="Canary course", takeaways="Canary takeaway")
    mediator.mediator_profile.about = "Canary about"
    mediator.mediator_profile.save()
    seen = ""
    own = [route for route, who in ADDRESSES.items() if who in {For.MEDIATORS, For.MEMBERS}]
    plain = [f"/{route}" for route in own if not UUID_IN_ROUTE.search(route) and "<" not in route]
    downloads = re.compile("export|print|pdf|download")
    plain = [path for path in plain if not downloads.search(path)]
    assert len(plain) > 15
    for path in [*plain, "/", f"/logbook/{entry.pk}/edit/", f"/cpd/{course.pk}/", "/logbook/?q=canary"]:
        go(page, path)
        seen += page.content()
    for canary in ["Canary title", "Canary learned", "Canary course", "Canary takeaway", "Canary about"]:
        assert canary in seen
    kept = kept_answers(page)
    stranger = Client()
    files = re.findall(r'"(/static/.*?)"', stranger.get("/worker.js").text)
    assert set(kept) == {"/offline/", *files}
    for path, text in kept.items():
        answer = stranger.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert text == body.decode(), path
    for private in ["Canary", "Mira", str(mediator.pk), str(entry.pk)]:
        assert not [path for path, text in kept.items() if private in text]


def test_the_pages_of_parties_are_left_alone(page: Page, mediator: User, live_server) -> None:
    assert page.goto(f"{live_server.url}/logbook/").from_service_worker
    for path in ["/give-feedback/", make_link(mediator)]:
        assert not page.goto(live_server.url + path).from_service_worker
    cut(page)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        go(page, "/give-feedback/")


def test_a_new_version_takes_the_place_of_the_old_one(page: Page, settings) -> None:
    settings.OPERATOR_NAME = "Another house"
    page.evaluate(
        """async () => {
          const before = (await caches.keys())[0];
          await (await navigator.serviceWorker.ready).update();
          const isNew = (names) => names.length === 1 && names[0] !== before;
          while (!isNew(await caches.keys())) await new Promise((done) => setTimeout(done, 50));
        }"""
    )
    cut(page)
    go(page, "/")
    expect(page.locator("footer")).to_contain_text("Another house")


def test_a_stranger_gets_no_worker(browser, live_server) -> None:
    context = browser.new_context()
    page = context.new_page()
    for path in ["/", "/accounts/login/", "/give-feedback/"]:
        page.goto(live_server.url + path)
        page.wait_for_load_state("networkidle")
        assert not has_worker(page)
        assert page.evaluate("Object.keys(localStorage)") == []
    context.close()
