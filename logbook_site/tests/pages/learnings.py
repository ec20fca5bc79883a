"""What was learned, as one list to read."""

from logbook_site.tests.pages.logbook import save_view
from logbook_site.tests.pages.state import AMINA, AS_BEFORE, CHLOE, State, unfolding

LEARNINGS = "logbook/learnings.html"


STATES = [
    State(LEARNINGS, "learnings-empty", CHLOE, "/learnings/"),
    State(LEARNINGS, "learnings-many", AMINA, "/learnings/?per_page=10&page=2"),
    State(LEARNINGS, "learnings-filter", AS_BEFORE, "/learnings/?kind=takeaways", unfolding("Filter")),
    State(LEARNINGS, "learnings-export", AS_BEFORE, "/learnings/", unfolding("Export")),
    State(
        LEARNINGS,
        "learnings-found",
        AS_BEFORE,
        "/learnings/?kind=challenges&kind=did_well&q=silence&sort=title",
    ),
    State(
        LEARNINGS, "learnings-view-saved", AS_BEFORE, "/learnings/?kind=takeaways", save_view("From courses")
    ),
    State(LEARNINGS, "learnings-nothing", AS_BEFORE, "/learnings/?q=nothing+like+this"),
    State(LEARNINGS, "learnings-odd", AS_BEFORE, "/learnings/?kind=zz&sort=hours&page=99"),
]
