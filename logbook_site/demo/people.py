"""The people of the demo. All are invented."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

PASSWORD = "demo-logbook-2026"
# Gives access where the demo runs with ACCESS_MODE=paid.
CODE = "TRYACCESS234"


class DemoPerson(NamedTuple):
    email: str
    name: str
    sentence: str


PEOPLE = [
    DemoPerson("amina@example.org", "Amina Okafor", _("Mediator. Directories may see her totals.")),
    DemoPerson("ben@example.org", "Ben Aldous", _("Mediator. His totals are private.")),
    DemoPerson("chloe@example.org", "Chloé Marchetti", _("Mediator, new today. Nothing is filled in yet.")),
    DemoPerson("rosa@example.org", "Rosa Lindqvist", _("Reviewer of several mediators.")),
    DemoPerson(
        "dana@example.org", "Dana Whitfield", _("Works for a directory. She looks up mediators who allow it.")
    ),
    DemoPerson("admin@example.org", "Alex Admin", _("Runs the site.")),
]
