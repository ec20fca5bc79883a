"""My Feedback."""

from playwright.sync_api import Page

from logbook_site.tests.hands import fill, press
from logbook_site.tests.pages.state import AMINA, AS_BEFORE, CHLOE, State, follow_first, unfolding

MY_FEEDBACK, PIECE = "feedback/my_feedback.html", "feedback/piece.html"


def write_a_note(page: Page) -> None:
    follow_first("Read all")(page)
    fill(page, note="Longer breaks.\n\nAsk before noon.")
    press(page, "Save the note")


def report_wrongly(page: Page) -> None:
    follow_first("Read all")(page)
    press(page, "Report this piece")


STATES = [
    State(MY_FEEDBACK, "feedback-empty", CHLOE, "/feedback/"),
    State(MY_FEEDBACK, "feedback-many", AMINA, "/feedback/?per_page=10&page=2"),
    State(MY_FEEDBACK, "feedback-rating", AS_BEFORE, "/feedback/", unfolding("pressed me")),
    State(MY_FEEDBACK, "feedback-export", AS_BEFORE, "/feedback/", unfolding("Export")),
    State(MY_FEEDBACK, "feedback-found", AS_BEFORE, "/feedback/?q=room"),
    State(MY_FEEDBACK, "feedback-nothing", AS_BEFORE, "/feedback/?q=nothing+like+this"),
    State(MY_FEEDBACK, "feedback-odd", AS_BEFORE, "/feedback/?sort=year&page=99&q=room"),
    State(PIECE, "piece", AS_BEFORE, "/feedback/?q=neighbour", follow_first("Read all")),
    State(PIECE, "piece-other-language", AS_BEFORE, "/feedback/?q=mediatrice", follow_first("Read all")),
    State(PIECE, "piece-noted", AS_BEFORE, "/feedback/?q=neighbour", write_a_note),
    State(PIECE, "piece-report-wrong", AS_BEFORE, "/feedback/?q=neighbour", report_wrongly),
    State(PIECE, "piece-reported", AS_BEFORE, "/feedback/?q=mombasa", follow_first("Read all")),
    State("home/home.html", "home-feedback", AS_BEFORE, "/"),
]
