"""A list of many years comes in: by file for the logbook, by pasting for CPD, step by step."""

from collections.abc import Callable

from playwright.sync_api import Page

from logbook_site.tests.hands import choose, fill, follow, press
from logbook_site.tests.pages.state import AS_BEFORE, CHLOE, State

FILE, PREVIEW = "importing/file.html", "importing/preview.html"
MESSY = """My mediations;;;;;
;;;;;
Datum;Aktenzeichen;Rolle;Ort oder online;Dauer;Land
03.04.19;Orchard and a well;Mediatorin;online;3,5;Deutschland
03.04.19;Orchard and a well;Mediatorin;online;3,5;Deutschland
05.06.19;Roof;Coach;Zoom;40;Bayern
07.08.19;Bakery, second meeting with everybody who works there and the owner;Co-Mediatorin;online;viel;France
;;;Summe;47;
"""
COURSES = "Date\tTitle\tKind\tHours\n03/04/2019\tEvening lecture on listening\tWorkshop\t3:30\n"


def choose_file(page: Page) -> None:
    file = {"name": "log.csv", "mimeType": "text/csv", "buffer": MESSY.encode()}
    page.locator("[name=file]").set_input_files(file)
    press(page, "Go on")


def go_on(page: Page) -> None:
    """From the columns to the preview: each word that is not understood gets its second meaning."""
    for select in page.locator("select[name^=value-]").all():
        if not select.input_value():
            select.select_option(index=2)
    press(page, "Go on")


def at_columns(*steps: Callable[[Page], None]) -> Callable[[Page], None]:
    def walk(page: Page) -> None:
        choose_file(page)
        page.goto(f"{page.url}?step=columns")
        for step in steps:
            step(page)

    return walk


def wrong_columns(page: Page) -> None:
    for select in page.locator("select[name^=column-]").all():
        select.select_option("hours")
    press(page, "Go on")


def at_headings(page: Page) -> None:
    choose_file(page)
    page.goto(f"{page.url}?step=headings")


def save_nothing(page: Page) -> None:
    fill(page, paste="End date\tHours\n2026-03-04\t40\n")
    press(page, "Go on")
    go_on(page)
    press(page, "Bring in what I chose")


def save_all(page: Page) -> None:
    at_columns(go_on)(page)
    for choice in page.locator("label:has([name^=group-][value=all])").all():
        choice.click()
    page.locator("button[value=save]").click()
    page.get_by_role("link", name="Look at them").wait_for()


def paste(page: Page) -> None:
    fill(page, paste=COURSES)
    press(page, "Go on")


def paste_and_save(page: Page) -> None:
    paste(page)
    choose(page, date_order="dmy")
    press(page, "Go on")
    page.locator("button[value=save]").click()
    page.get_by_role("link", name="Undo").wait_for()


STATES = [
    State(FILE, "import", CHLOE, "/logbook/import/"),
    State(FILE, "import-nothing", AS_BEFORE, "/logbook/import/", lambda page: press(page, "Go on")),
    State("importing/headings.html", "import-headings", AS_BEFORE, "/logbook/import/", at_headings),
    State("importing/columns.html", "import-columns", AS_BEFORE, "/logbook/import/", at_columns()),
    State(
        "importing/columns.html",
        "import-columns-wrong",
        AS_BEFORE,
        "/logbook/import/",
        at_columns(wrong_columns),
    ),
    State(PREVIEW, "import-preview", AS_BEFORE, "/logbook/import/", at_columns(go_on)),
    State(PREVIEW, "import-preview-nothing", AS_BEFORE, "/logbook/import/", save_nothing),
    State("importing/saved.html", "import-saved", AS_BEFORE, "/logbook/import/", save_all),
    State(FILE, "import-again", AS_BEFORE, "/logbook/import/"),
    State("importing/dates.html", "cpd-import-dates", AS_BEFORE, "/cpd/import/", paste),
    State("importing/saved.html", "cpd-import-saved", AS_BEFORE, "/cpd/import/", paste_and_save),
    State(
        "importing/undo.html", "cpd-import-undo", AS_BEFORE, "/cpd/import/", lambda page: follow(page, "Undo")
    ),
]
