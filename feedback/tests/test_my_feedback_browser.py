"""My Feedback in a browser: distributions unfold, a note keeps one's place, all of it without a script, too."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from accounts.models import User
from accounts.tests.factories import make_mediator
from feedback.models import FeedbackNote, FeedbackReport
from feedback.tests.factories import make_piece
from logbook_site.tests.hands import fill, follow, go, press, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "quiet-harbour-lamp-7"


@pytest.fixture
def amina() -> User:
    amina = make_mediator(email="amina@example.org", password=PASSWORD)
    for number in range(12):
        make_piece(
            amina, helpful=f"Apricot {number}. " + "We were heard. " * 30, ratings={"clear": 1 + number % 5}
        )
    return amina


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def reader(request, browser: Browser, live_server, amina: User) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=request.param, viewport={"width": 390, "height": 740})
    page = context.new_page()
    page.goto(live_server.url)
    sign_in(page, amina.email, PASSWORD)
    yield page
    context.close()


def test_a_distribution_unfolds_and_is_a_table_as_well(reader: Page) -> None:
    go(reader, "/feedback/")
    question = reader.locator("details.rating", has_text="The process was clear to me.")
    assert question.locator("strong").inner_text() == "2.8"
    picture = question.locator("figure > svg")
    assert not picture.is_visible()
    question.locator("summary").first.focus()
    reader.keyboard.press("Enter")
    assert picture.is_visible()
    assert picture.locator("desc").text_content() == (
        "Agree fully: 2; Agree: 2; Partly: 2; Disagree: 3; Disagree fully: 3; Cannot say: 0"
    )
    question.get_by_text("Show as a table").click()
    rows = question.locator("tbody tr").all_inner_texts()
    assert [row.split() for row in rows][3] == ["Disagree", "3"]


def test_a_note_is_saved_in_its_place(reader: Page) -> None:
    go(reader, "/feedback/?q=apricot+7")
    follow(reader, "Read all of it")
    fill(reader, note="Longer breaks.")
    press(reader, "Save the note")
    saved = reader.get_by_text("Your note is saved.")
    assert saved.is_visible()
    assert 0 <= saved.bounding_box()["y"] < 740, "the page jumped to its top"
    assert reader.locator("[name=note]").input_value() == "Longer breaks."
    assert FeedbackNote.objects.get().note == "Longer breaks."


def test_a_report_without_a_reason_says_so_then_it_waits(reader: Page) -> None:
    go(reader, "/feedback/?q=apricot+7")
    follow(reader, "Read all of it")
    press(reader, "Report this piece")
    assert reader.locator("#id_reason_error").is_visible()
    assert reader.title().startswith("Error:")
    fill(reader, reason="Not about me.")
    press(reader, "Report this piece")
    assert reader.get_by_text("You reported this piece.").is_visible()
    assert FeedbackReport.objects.get().reason == "Not about me."


def test_words_are_found_and_taken_out_again(reader: Page) -> None:
    go(reader, "/feedback/")
    fill(reader, q="APRICÓT 11")
    press(reader, "Find")
    assert reader.locator("article").count() == 1
    reader.get_by_role("link", name="Remove Words: APRICÓT 11").click()
    reader.wait_for_url("**/feedback/?*")
    assert reader.locator("article").count() == 12
