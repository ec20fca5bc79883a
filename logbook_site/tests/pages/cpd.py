"""Professional development, on its own pages and below the logbook."""

from playwright.sync_api import Page

from logbook_site.tests.hands import choose, fill, press
from logbook_site.tests.pages.logbook import LOGBOOK, save_view
from logbook_site.tests.pages.state import (
    AMINA,
    AS_BEFORE,
    CHLOE,
    State,
    delete_and_look,
    delete_first,
    follow_first,
    unfolding,
)

CPD, CPD_ENTRY, CPD_FORM = "cpd/cpd.html", "cpd/entry.html", "cpd/entry_form.html"


def unfold_second(page: Page) -> None:
    page.locator("#cpd details.filters > summary").click()


def add_cpd(page: Page) -> None:
    fill(
        page,
        completed_on="2026-03-04",
        title="Evening lecture",
        points="1,5",
        takeaways="Ask the quiet one first.",
    )
    choose(page, kind="other")
    press(page, "Save this entry")


def add_cpd_wrongly(page: Page) -> None:
    """Neither hours nor points; and the page of a website with the name of a PDF."""
    fill(page, title="Evening lecture", completed_on="2999-01-01")
    page.locator("[name=evidence]").set_input_files(
        {"name": "certificate.pdf", "mimeType": "application/pdf", "buffer": b"<!doctype html>"}
    )
    press(page, "Save this entry")


STATES = [
    State(CPD, "cpd-empty", CHLOE, "/cpd/"),
    State(CPD_FORM, "cpd-add", AS_BEFORE, "/cpd/add/"),
    State(CPD_FORM, "cpd-add-more", AS_BEFORE, "/cpd/add/", unfolding("More")),
    State(CPD_FORM, "cpd-add-wrong", AS_BEFORE, "/cpd/add/", add_cpd_wrongly),
    State(CPD_ENTRY, "cpd-entry-points", AS_BEFORE, "/cpd/add/", add_cpd),
    State(CPD_FORM, "cpd-add-question", AS_BEFORE, "/cpd/add/", add_cpd),
    State("cpd/delete.html", "cpd-delete", AS_BEFORE, "/cpd/", delete_first),
    State("cpd/deleted.html", "cpd-deleted", AS_BEFORE, "/cpd/", delete_and_look),
    State(CPD, "cpd-many", AMINA, "/cpd/"),
    State(CPD, "cpd-filtered", AS_BEFORE, "/cpd/?kind=training&kind=workshop&q=e&per_page=10&sort=-points"),
    State(CPD, "cpd-odd", AS_BEFORE, "/cpd/?kind=zz&year=2024&sort=takeaways&per_page=0&page=99999"),
    State(CPD, "cpd-export", AS_BEFORE, "/cpd/", unfolding("Export")),
    State(CPD, "cpd-view-saved", AS_BEFORE, "/cpd/?kind=training", save_view("Courses")),
    State(CPD, "cpd-nothing", AS_BEFORE, "/cpd/?q=nothing+like+this"),
    State(
        LOGBOOK,
        "logbook-second-list",
        AS_BEFORE,
        "/logbook/?role=lead&per_page=10&cpd-kind=training&cpd-kind=zz",
    ),
    State(LOGBOOK, "logbook-second-filter", AS_BEFORE, "/logbook/?per_page=10&cpd-q=zzzz", unfold_second),
    State(CPD_ENTRY, "cpd-entry", AS_BEFORE, "/cpd/", follow_first("View")),
    State(
        CPD_FORM,
        "cpd-edit-evidence",
        AS_BEFORE,
        "/cpd/?kind=training&sort=-completed_on",
        follow_first("Edit"),
    ),
]
