"""The logbook of somebody new, and one of many years."""

from collections.abc import Callable

from playwright.sync_api import Page

from logbook_site.tests.hands import add_mediation, choose, fill, follow, press, unfold
from logbook_site.tests.pages.entrance import ERROR
from logbook_site.tests.pages.state import (
    AMINA,
    AS_BEFORE,
    State,
    delete_and_look,
    delete_first,
    follow_first,
    pressing,
    unfolding,
)

LOGBOOK, ENTRY, ENTRY_FORM = "logbook/logbook.html", "logbook/entry.html", "logbook/entry_form.html"
ADD = "/logbook/add/"
# Two filters that are understood; a role, an order and a page size that are not.
ODD = "/logbook/?role=lead&role=zz&year=2024&sort=learnings&per_page=0&page=99999"


def leave_a_draft(page: Page) -> None:
    fill(page, hours="2:15", title="Orchard and a well", challenges="They came late.")
    page.reload()


def add_minimal(page: Page) -> None:
    add_mediation(page, "Orchard and a well")


def add_full(page: Page) -> None:
    learned = "I let both speak first.\n\nThen I wrote the points on one page."
    add_mediation(
        page,
        "Two shops, one yard: the third meeting, with the new owner and her brother",
        preparation_hours="45 min",
        subject="Trade",
        parties="3",
        provider="Chamber of Trade",
        did_well=learned,
        challenges="The second hour was loud.",
        learnings="Ask for a break earlier.",
    )


def ask_twice(page: Page) -> None:
    """More than a day has hours, and the same reference again: two questions."""
    fill(page, hours="30", title="Orchard and a well")
    choose(page, role="lead", medium="online")
    press(page, "Save this mediation")


def open_like(page: Page) -> None:
    follow_first("View")(page)
    follow(page, "Add another like this")


def edit_wrongly(page: Page) -> None:
    follow_first("Edit")(page)
    fill(page, ended_on="2999-01-01", hours="1,500", title=" ")
    press(page, "Save this mediation")


def save_view(name: str) -> Callable[[Page], None]:
    def steps(page: Page) -> None:
        unfold(page, "Save")
        fill(page, view_name=name)
        press(page, "Save this view")

    return steps


def delete_view(page: Page) -> None:
    unfold(page, "Save or delete views")
    with page.expect_navigation():
        page.locator("main [name=delete_view]").first.click()


OF_SOMEBODY_NEW = [
    State(LOGBOOK, "logbook-empty", AS_BEFORE, "/logbook/"),
    State(LOGBOOK, "logbook-empty-odd", AS_BEFORE, ODD),
    State("logbook/deleted.html", "deleted-empty", AS_BEFORE, "/logbook/deleted/"),
    State(ENTRY_FORM, "add", AS_BEFORE, ADD),
    State(ENTRY_FORM, "add-more", AS_BEFORE, ADD, unfolding("More")),
    State(ENTRY_FORM, "add-empty", AS_BEFORE, ADD, pressing("Save this mediation")),
    State(ENTRY_FORM, "add-draft", AS_BEFORE, ADD, leave_a_draft),
    State(ENTRY, "entry-minimal", AS_BEFORE, "/", add_minimal),
    State(LOGBOOK, "logbook-one", AS_BEFORE, "/logbook/"),
    State(ENTRY_FORM, "add-questions", AS_BEFORE, ADD, ask_twice),
    State(ENTRY, "entry-full", AS_BEFORE, "/", add_full),
    State(ENTRY_FORM, "add-like", AS_BEFORE, "/logbook/?sort=-title", open_like),
    State(ENTRY_FORM, "edit", AS_BEFORE, "/logbook/?sort=-title", follow_first("Edit")),
    State(ENTRY_FORM, "edit-wrong", AS_BEFORE, "/logbook/?sort=-title", edit_wrongly),
    State("logbook/delete.html", "delete", AS_BEFORE, "/logbook/", delete_first),
    State("logbook/deleted.html", "deleted", AS_BEFORE, "/logbook/", delete_and_look),
]


OF_MANY_YEARS = [
    State(LOGBOOK, "logbook-many", AMINA, "/logbook/?per_page=25&page=3"),
    State(
        LOGBOOK, "logbook-filtered", AS_BEFORE, "/logbook/?role=lead&role=co&medium=online&q=e&per_page=10"
    ),
    State(LOGBOOK, "logbook-odd", AS_BEFORE, ODD),
    State(LOGBOOK, "logbook-filter", AS_BEFORE, "/logbook/?role=lead&sort=-role", unfolding("Filter")),
    State(LOGBOOK, "logbook-export", AS_BEFORE, "/logbook/", unfolding("Export")),
    State(LOGBOOK, "logbook-nothing", AS_BEFORE, "/logbook/?q=nothing+like+this"),
    State(LOGBOOK, "logbook-view-saved", AS_BEFORE, "/logbook/?role=lead", save_view("As lead mediator")),
    State(LOGBOOK, "logbook-view-second", AS_BEFORE, "/logbook/?medium=online", save_view("Online" * 10)),
    State(LOGBOOK, "logbook-view-wrong", AS_BEFORE, "/logbook/", save_view("as lead mediator")),
    State(LOGBOOK, "logbook-views", AS_BEFORE, "/logbook/?medium=online", unfolding("Save or delete views")),
    State(LOGBOOK, "logbook-view-deleted", AS_BEFORE, "/logbook/", delete_view),
    State(ENTRY_FORM, "add-offered", AS_BEFORE, ADD),
    State("device/offline.html", "offline", AS_BEFORE, "/offline/"),
    State(ERROR, "error-404", AS_BEFORE, "/nothing-here/", status=404),
]
