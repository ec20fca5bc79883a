"""As somebody new: a messy list of 400 rows by file, and the same by pasting on a phone."""

import random
import time
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.tests.factories import make_mediator
from logbook.models import LogbookEntry
from logbook_site.tests.hands import fill, follow, press, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "quiet-harbour-lamp-7"
PHONE = {"width": 360, "height": 740}
MINUTES = 5


def messy_list() -> list[list[str]]:
    """A title above the headings, years of two digits, words of their own, sums, a doubt, and one that says nothing."""
    chance, day = random.Random(4), date(2015, 1, 7)
    rows = [
        ["Mediationen", "", "", "", "", ""],
        ["Datum", "Aktenzeichen", "Rolle", "Form", "Dauer", "Parteien"],
    ]
    for number in range(1, 401):
        day += timedelta(days=chance.randint(1, 14))
        written = f"{day:%d.%m.%y}" if number % 3 else f"{day:%d.%m.%Y}"
        hours = {77: "31", 99: "viel"}.get(number) or chance.choice(["3,5", "3:30", "2", "45 min", "7,25"])
        role, form = (
            chance.choice(["Mediatorin", "Co-Mediator", "Coach"]),
            chance.choice(["online", "Zoom", "vor Ort"]),
        )
        rows.append([written, f"Sache {number}", role, form, hours, "Nord ./. Süd"])
        if number % 100 == 0:
            rows.append(["", "", "", "Summe", "123", ""])
    return rows


@pytest.fixture
def mediator() -> User:
    cache.clear()
    return make_mediator(email="mira@example.org", name="Mira Sato", password=PASSWORD)


def answer_and_save(page: Page) -> None:
    """From the columns on: what “Coach” means, a look at the groups, and in."""
    for select in page.locator("select[name^=value-]").all():
        if not select.input_value():
            select.select_option("other")
    press(page, "Go on")
    expect(page.get_by_role("heading", name="Please check")).to_be_visible()
    page.locator("label:has([name=group-hours][value=all])").click()
    page.locator("button[value=save]").click()
    expect(page.get_by_role("heading", name="399 mediations came in")).to_be_visible()


def test_four_hundred_rows_come_in_by_file_and_by_pasting(
    page: Page, live_server, mediator: User, settings, tmp_path
) -> None:
    settings.IMPORT_DIR = tmp_path
    page.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    page.goto(live_server.url)
    sign_in(page, mediator.email, PASSWORD)
    began = time.monotonic()
    follow(page, "Bring your spreadsheet")
    text = "\r\n".join(";".join(row) for row in messy_list())
    file = {"name": "Mediationen.csv", "mimeType": "text/csv", "buffer": text.encode("cp1252")}
    page.locator("[name=file]").set_input_files(file)
    press(page, "Go on")
    answer_and_save(page)
    assert time.monotonic() - began < MINUTES * 60
    assert LogbookEntry.objects.count() == 399
    assert not LogbookEntry.objects.filter(title__contains="Nord").exists()
    follow(page, "Undo")
    press(page, "Undo")
    assert not LogbookEntry.objects.exists()

    page.set_viewport_size(PHONE)
    began = time.monotonic()
    follow(page, "Bring your spreadsheet")
    fill(page, paste="\n".join("\t".join(row) for row in messy_list()))
    press(page, "Go on")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    answer_and_save(page)
    assert time.monotonic() - began < MINUTES * 60
    assert LogbookEntry.objects.count() == 399
