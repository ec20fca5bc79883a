"""Every page of the site in each of its states, in an order in which one browser can visit them.

One module a room, with its steps and its states. `test_look.py` visits them all, and fails when a template has
no state here. `screenshots.py` takes their pictures.
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

__all__ = ["STATES", "State", "visit"]

# What a visit leaves behind, a later one finds: the order matters.
STATES = [
    *entrance.ARRIVING,
    *logbook.OF_SOMEBODY_NEW,
    *entrance.COMING_BACK,
    *home.STATES,
    *logbook.OF_MANY_YEARS,
    *digest.STATES,
    *cpd.STATES,
    *importing.STATES,
    *learnings.STATES,
    *asking.STATES,
    *reading.STATES,
    *desk.STATES,
    *party.STATES,
    *directory.STATES,
    *help.STATES,
    *account.STATES,
    *reviewing.STATES,
    *access.STATES,
    *own_data.STATES,
]
