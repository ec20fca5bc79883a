"""Every page of the site in each of its states, in an order in which one browser can visit them.

One module a room, with its steps and its states. `test_look.py` and `test_look_further.py` visit half of them each, and
fail when a template has no state here. `screenshots.py` takes their pictures.
"""

from logbook_site.tests.pages import (
    access,
    account,
    asking,
    cpd,
    desk,
    digest,
    directory,
    entrance,
    help,
    home,
    importing,
    learnings,
    logbook,
    own_data,
    party,
    reading,
    reviewing,
)
from logbook_site.tests.pages.state import State, visit

__all__ = ["FIRST_HALF", "SECOND_HALF", "STATES", "State", "visit"]

# What a visit leaves behind, a later one finds: the order matters within each half.
FIRST_HALF = [
    *entrance.ARRIVING,
    *logbook.OF_SOMEBODY_NEW,
    *entrance.COMING_BACK,
    *home.STATES,
    *logbook.OF_MANY_YEARS,
    *digest.STATES,
    *account.STATES,
    *cpd.STATES,
    *importing.STATES,
    *learnings.STATES,
]
SECOND_HALF = [
    *asking.STATES,
    *reading.STATES,
    *desk.STATES,
    *party.STATES,
    *directory.STATES,
    *help.STATES,
    *reviewing.STATES,
    *access.STATES,
    *own_data.STATES,
]
STATES = [*FIRST_HALF, *SECOND_HALF]
