"""The logbook by hand, in a real browser: fast to fill in, nothing typed is lost, filters and pages, no script."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from accounts.tests.factories import make_mediator
from logbook.models import LogbookEntry
from logbook.services import save_entry
from logbook_site.foundation.clock import local_today
from logbook_site.tests.hands import add_mediation, choose, fill, follow, go, press, sign_in, unfold

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
on_phone = pytest.mark.browser_context_args(**PHONE)
without_javascript = pytest.mark.browser_context_args(**PHONE, java_script_enabled=False)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "quiet-harbour-lamp-7"
FAST = {"role": "lead", "medium": "online", "minutes": 90}


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
    return page


def make_entry(owner: User, **fields) -> LogbookEntry:
    given = {"ended_on": local_today(), "title": "Orchard and a well", **FAST, **fields}
    return save_entry(entry=LogbookEntry(owner=owner, **given), by=owner)


class Hand:
    """Counts what a finger does."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps, self.keys = page, 0, 0

    def tap(self, target: Locator) -> None:
        target.tap()
        self.taps += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)


def label(page: Page, text: str) -> Locator:
    return page.locator("main label", has_text=re.compile(rf"^\s*{text}"))


def button(page: Page, word: str) -> Locator:
    return page.get_by_role("button", name=word, exact=True).first


def link(page: Page, word: str) -> Locator:
    return page.get_by_role("link", name=word, exact=True).first


def see_heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def see_message(page: Page, text: str) -> None:
    expect(page.locator(".messages")).to_contain_text(text)


def titles(page: Page) -> list[str]:
    return page.locator("tbody .col-title").all_inner_texts()


def notice(page: Page) -> Locator:
    return page.get_by_text("What you typed last time is here again.")


# --- Adding ----------------------------------------------------------------------------------------


@on_phone
def test_five_fields_in_ten_taps_and_another_in_four(page: Page, mediator: User) -> None:
    hand = Hand(page)
    hand.tap(link(page, "Add Logbook Entry"))
    see_heading(page, "Add Logbook Entry")
    expect(page.locator("details.fold")).not_to_have_attribute("open", "")
    hand.tap(button(page, "Yesterday"))
    hand.tap(label(page, "How long did it take"))
    hand.type("3,5")
    hand.tap(label(page, "Lead mediator"))
    hand.tap(label(page, "Online"))
    hand.tap(label(page, "A reference"))
    hand.type("farm succession, May")
    hand.tap(button(page, "Save this mediation"))
    see_message(page, "Saved: farm succession, May, 3 h 30 min.")
    assert hand.taps <= 10
    assert hand.keys <= 25
    first = LogbookEntry.objects.get(owner=mediator)
    assert (first.minutes, first.role, first.medium) == (210, "lead", "online")
    assert local_today() - first.ended_on == timedelta(days=1)

    follow(page, "Back to the logbook")
    hand = Hand(page)
    hand.tap(page.get_by_role("link", name=re.compile("^View")).first)
    hand.tap(link(page, "Add another like this"))
    expect(page.locator("[name=title]")).to_have_value("farm succession, May")
    hand.tap(button(page, "Save this mediation"))
    see_message(page, "Saved: farm succession, May, 3 h 30 min.")
    assert hand.taps <= 4
    second = LogbookEntry.objects.filter(owner=mediator).exclude(pk=first.pk).get()
    assert (second.minutes, second.ended_on) == (210, local_today())


@on_phone
def test_the_day_is_filled_in_and_said_in_words(page: Page) -> None:
    go(page, "/logbook/add/")
    today = local_today()
    expect(page.locator("[name=ended_on]")).to_have_value(today.isoformat())
    words = page.locator("output")
    expect(words).to_contain_text(f"{today.day} {today:%B %Y}")
    page.locator("[name=ended_on]").fill("2026-03-04")
    expect(words).to_have_text(re.compile("Wednesday,? 4 March 2026"))
    button(page, "Today").tap()
    expect(page.locator("[name=ended_on]")).to_have_value(today.isoformat())


@on_phone
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(page: Page) -> None:
    go(page, "/logbook/add/")
    fill(page, hours="1,500", title="Orchard", learnings="Ask for a break.")
    press(page, "Save this mediation")
    expect(page).to_have_title(re.compile("^Error:"))
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator("#id_hours")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_hours_error")).to_contain_text("1.5 hours or 1500 hours")
    expect(page.locator("[name=learnings]")).to_have_value("Ask for a break.")
    link(page, "Is it 1.5 hours or 1500 hours? Enter it with a colon, for example 3:30.").tap()
    expect(page.locator("#id_hours")).to_be_focused()


@on_phone
def test_two_questions_are_answered_with_one_tap(page: Page, mediator: User) -> None:
    make_entry(mediator)
    go(page, "/logbook/add/")
    fill(page, hours="30", title="Orchard and a well")
    press(page, "Save this mediation")
    expect(page.get_by_text("30 h is more than 24 hours for each day.")).to_be_visible()
    expect(page.get_by_text("You have an entry of that day with the same reference.")).to_be_visible()
    expect(notice(page)).to_be_hidden()
    press(page, "Yes, save it")
    see_message(page, "Saved: Orchard and a well, 30 h.")
    assert LogbookEntry.objects.filter(owner=mediator).count() == 2


# --- Drafts ----------------------------------------------------------------------------------------


def begin_a_draft(page: Page) -> None:
    go(page, "/logbook/add/")
    fill(page, hours="2:15", title="Orchard", challenges="They came late.")
    choose(page, role="co")


def expect_draft(page: Page) -> None:
    expect(notice(page)).to_be_visible()
    expect(page.locator("[name=hours]")).to_have_value("2:15")
    expect(page.locator("[name=title]")).to_have_value("Orchard")
    expect(page.locator("[name=challenges]")).to_have_value("They came late.")
    expect(page.locator("[name=role][value=co]")).to_be_checked()


def expect_no_draft(page: Page) -> None:
    go(page, "/logbook/add/")
    expect(page.locator("[data-days]")).to_be_visible()  # the scripts have run
    expect(notice(page)).to_be_hidden()
    expect(page.locator("[name=challenges]")).to_have_value("")


def drafts(page: Page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))")


@on_phone
def test_a_closed_tab_brings_the_text_back_and_it_can_be_discarded(page: Page, live_server) -> None:
    begin_a_draft(page)
    page.close()
    page = page.context.new_page()
    page.goto(live_server.url)
    link(page, "Continue what you began to type").tap()
    expect_draft(page)
    expect(page.locator("details.fold")).not_to_have_attribute("open", "")  # nothing typed is in there
    button(page, "Discard it").tap()
    expect(notice(page)).to_be_hidden()
    expect(page.locator("[name=title]")).to_have_value("")
    assert drafts(page) == []
    expect(button(page, "Bring it back")).to_be_focused()
    button(page, "Bring it back").tap()  # a slip of the finger
    expect_draft(page)
    assert len(drafts(page)) == 1
    button(page, "Discard it").tap()
    assert drafts(page) == []
    expect_no_draft(page)


@on_phone
def test_text_below_the_fold_comes_back_unfolded(page: Page) -> None:
    go(page, "/logbook/add/")
    unfold(page, "More")
    fill(page, subject="Trade")
    page.reload()
    expect(page.locator("[name=subject]")).to_be_visible()
    expect(page.locator("[name=subject]")).to_have_value("Trade")


@on_phone
def test_a_draft_is_forgotten_when_saved_or_after_14_days(page: Page) -> None:
    add_mediation(page, "Orchard", challenges="They came late.")
    see_message(page, "Saved: Orchard")
    assert drafts(page) == []
    expect_no_draft(page)

    begin_a_draft(page)
    age = (
        "() => { for (const key of Object.keys(localStorage)) { const draft = JSON.parse(localStorage[key]);"
    )
    page.evaluate(f"{age} localStorage[key] = JSON.stringify({{...draft, at: draft.at - 15 * 864e5}}); }} }}")
    assert len(drafts(page)) == 1
    go(page, "/")
    assert drafts(page) == []
    expect_no_draft(page)


@on_phone
def test_a_look_at_another_entry_or_another_person_takes_no_draft_away(page: Page, mediator: User) -> None:
    make_entry(mediator)
    begin_a_draft(page)
    go(page, "/logbook/")
    page.get_by_role("link", name=re.compile("^View")).first.tap()
    see_heading(page, "Orchard and a well")
    other = make_mediator(email="other@example.org", password=PASSWORD)
    page.context.clear_cookies()
    sign_in(page, other.email, PASSWORD)
    expect_no_draft(page)
    page.context.clear_cookies()
    sign_in(page, mediator.email, PASSWORD)
    go(page, "/logbook/add/")
    expect_draft(page)


@on_phone
def test_signing_out_takes_drafts_from_the_device(page: Page, mediator: User) -> None:
    begin_a_draft(page)
    page.locator("summary", has_text="Menu").tap()
    page.locator("header").get_by_role("button", name="Log out").locator("visible=true").tap()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    assert page.evaluate("Object.keys(localStorage)") == []
    sign_in(page, mediator.email, PASSWORD)
    expect_no_draft(page)


@on_phone
def test_a_refused_form_shows_what_was_typed_last(page: Page) -> None:
    begin_a_draft(page)
    fill(page, hours="no idea")
    press(page, "Save this mediation")
    expect(page.locator("[name=hours]")).to_have_value("no idea")
    expect(notice(page)).to_be_hidden()
    fill(page, hours="4")
    choose(page, medium="online")
    press(page, "Save this mediation")
    see_message(page, "Saved: Orchard, 4 h.")
    expect_no_draft(page)


@on_phone
def test_a_session_that_ended_while_typing_loses_nothing(page: Page, mediator: User) -> None:
    begin_a_draft(page)
    choose(page, medium="hybrid")
    Session.objects.all().delete()
    press(page, "Save this mediation")
    see_heading(page, "Sign in")
    sign_in_here(page, mediator)
    see_heading(page, "Add Logbook Entry")
    expect_draft(page)
    press(page, "Save this mediation")
    see_message(page, "Saved: Orchard, 2 h 15 min.")
    assert LogbookEntry.objects.get(owner=mediator).challenges == "They came late."
    assert drafts(page) == []


def sign_in_here(page: Page, person: User) -> None:
    fill(page, login=person.email, password=PASSWORD)
    press(page, "Sign in")


@on_phone
def test_a_device_that_keeps_nothing(page: Page, mediator: User) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    add_mediation(page, "Orchard", challenges="They came late.")
    see_message(page, "Saved: Orchard, 3 h 30 min.")
    assert errors == []
    assert LogbookEntry.objects.get(owner=mediator).challenges == "They came late."


# --- The list --------------------------------------------------------------------------------------


@pytest.fixture
def many(mediator: User) -> None:
    for number in range(1, 31):
        make_entry(
            mediator,
            ended_on=local_today() - timedelta(days=number),
            title=f"Case {number:02}",
            role="co" if number % 3 == 0 else "lead",
            country="KE" if number % 2 else "",
            minutes=60 * number,
        )


@on_phone
def test_filter_sort_and_pages_on_a_phone(page: Page, many) -> None:
    go(page, "/logbook/")
    assert titles(page) == [f"Case {number:02}" for number in range(1, 26)]
    for link in page.locator("tbody .col-links a").all():  # the end of a card is not cut off
        box = link.bounding_box()
        assert box["x"] + box["width"] < 340
    follow(page, "Next")
    assert titles(page) == [f"Case {number:02}" for number in range(26, 31)]

    unfold(page, "Filter and sort")
    choose(page, role="co", sort="-hours")
    press(page, "Show these")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("10 mediations, 165 h (165.00 h)")
    assert titles(page) == [f"Case {number:02}" for number in range(30, 0, -3)]
    expect(page.locator("details.filters")).not_to_have_attribute("open", "")
    expect(page.locator("details.filters summary")).to_have_text("Filter and sort (1)")

    unfold(page, "Filter and sort")
    choose(page, country="KE")
    fill(page, q="case")
    press(page, "Show these")
    assert titles(page) == ["Case 27", "Case 21", "Case 15", "Case 09", "Case 03"]
    chips = page.locator(".chips li").all_inner_texts()
    assert [" ".join(chip.split()) for chip in chips] == [
        "Remove Words: case ×",
        "Remove Role: Co-mediator ×",
        "Remove Country: Kenya ×",
        "Clear all",
    ]
    follow(page, "Remove Role: Co-mediator")
    expect(page.locator("details.filters summary")).to_have_text("Filter and sort (2)")
    assert len(titles(page)) == 15
    page.locator("tbody tr").first.tap(position={"x": 40, "y": 40})  # anywhere on the card
    see_heading(page, "Case 29")

    go(page, "/logbook/?q=nothing+like+this")
    see_heading(page, "Logbook")
    expect(page.get_by_text("Nothing matches these filters.")).to_be_visible()
    follow(page, "Show all mediations")
    follow(page, "10")
    assert len(titles(page)) == 10
    go(page, "/logbook/")
    assert len(titles(page)) == 10  # remembered


def test_headings_sort_and_begin_on_the_first_page(page: Page, many) -> None:
    go(page, "/logbook/?page=2&role=lead&role=co")
    follow(page, "Hours")
    assert titles(page)[0] == "Case 01"
    expect(page.get_by_role("columnheader", name="Hours")).to_have_attribute("aria-sort", "ascending")
    follow(page, "Hours")
    assert titles(page)[0] == "Case 30"
    expect(page.locator(".chips li")).to_have_count(3)


@on_phone
def test_export_gives_the_view_and_what_was_learned_only_with_a_tick(
    page: Page, mediator: User, many
) -> None:
    make_entry(mediator, title="Orchard", role="assistant", learnings="Ask for a break.")
    go(page, "/logbook/?role=assistant&role=zz")
    expect(page.get_by_text("We did not understand “zz” for Role")).to_be_visible()
    assert "Ask for a break." not in download(page, "CSV")
    label(page, "With what I learned").tap()
    rows = download(page, "CSV").splitlines()
    assert len(rows) == 2
    assert "Ask for a break." in rows[1]


def download(page: Page, word: str) -> str:
    if not button(page, word).is_visible():
        unfold(page, "Export")
    with page.expect_download() as coming:
        button(page, word).click()
    return coming.value.path().read_text(encoding="utf-8-sig")


@without_javascript
def test_views_are_saved_deleted_and_brought_back_without_javascript(page: Page, mediator: User) -> None:
    make_entry(mediator, title="Orchard", role="co")
    make_entry(mediator, title="A well", role="lead")
    go(page, "/logbook/?role=co")
    unfold(page, "Save this view")
    fill(page, view_name="Together")
    press(page, "Save this view")
    see_message(page, "This view is saved.")
    go(page, "/logbook/")
    assert link(page, "Together").bounding_box()["height"] >= 44
    follow(page, "Together")
    assert titles(page) == ["Orchard"]
    expect(link(page, "Together")).to_have_attribute("aria-current", "true")
    unfold(page, "Save or delete views")
    press(page, "Delete Together")
    see_message(page, "The view is deleted.")
    expect(link(page, "Together")).to_have_count(0)
    assert titles(page) == ["Orchard"]  # the list stays as it was
    press(page, "Bring it back")
    see_message(page, "The view is back.")
    expect(link(page, "Together")).to_be_visible()


@on_phone
def test_on_a_phone_the_reference_has_its_own_line_and_opens_the_entry(page: Page, mediator: User) -> None:
    reference = ("late handover, school kitchen " * 4)[:100].strip()
    make_entry(mediator, title=reference)
    go(page, "/logbook/")
    row = page.locator("tbody tr").first
    shown = row.locator(".col-title > span")
    assert shown.evaluate("element => element.getClientRects().length") <= 5
    assert not page.locator(".table-scroll").evaluate("box => box.scrollWidth > box.clientWidth")
    link(page, f"Edit {reference}").tap(trial=True)
    place = shown.bounding_box()
    page.touchscreen.tap(place["x"] + 5, place["y"] + 5)
    see_heading(page, reference)


@on_phone
@pytest.mark.parametrize("where", ["/", "/logbook/"])
def test_another_one_like_the_last_in_two_taps(page: Page, mediator: User, where: str) -> None:
    go(page, where)
    expect(page.get_by_role("link", name="Add another like the last one")).to_have_count(0)
    make_entry(mediator, title="Orchard", role="co", ended_on=local_today() - timedelta(days=9))
    make_entry(
        mediator, title="Older, but added last", minutes=45, ended_on=local_today() - timedelta(days=99)
    )
    make_entry(make_mediator(), title="Another's")
    go(page, where)
    hand = Hand(page)
    hand.tap(link(page, "Add another like the last one"))
    expect(page.locator("[name=title]")).to_have_value("Older, but added last")
    expect(page.locator("[name=ended_on]")).to_have_value(local_today().isoformat())
    hand.tap(button(page, "Save this mediation"))
    see_message(page, "Saved: Older, but added last, 45 min.")
    assert hand.taps == 2
    page.wait_for_load_state()
    assert drafts(page) == []


@without_javascript
def test_without_javascript(page: Page, mediator: User) -> None:
    make_entry(mediator, title="Orchard", role="co")
    follow(page, "Add Logbook Entry")
    expect(page.locator("[data-days]")).to_be_hidden()
    fill(page, hours="3,5", title="A well")
    choose(page, role="lead", medium="online")
    press(page, "Save this mediation")
    see_message(page, "Saved: A well, 3 h 30 min.")
    follow(page, "Back to the logbook")
    unfold(page, "Filter and sort")
    choose(page, role="lead", sort="title")
    press(page, "Show these")
    assert titles(page) == ["A well"]
    assert "A well" in download(page, "CSV")
    follow(page, "Clear all")
    assert set(titles(page)) == {"A well", "Orchard"}
