"""Invented logbook entries, saved the way the site saves them."""

from datetime import date
from itertools import count

from accounts.models import User
from accounts.tests.factories import make_mediator
from logbook import services
from logbook.choices import EntryRole, Medium
from logbook.models import LogbookEntry

_numbers = count(1)
LEARNED = ["did_well", "challenges", "learnings"]


def make_entry(owner: User | None = None, *, deleted: bool = False, **fields) -> LogbookEntry:
    """A live entry of three hours, unless `fields` say otherwise."""
    usual = {
        "title": f"Matter {next(_numbers)}",
        "ended_on": date(2026, 3, 4),
        "role": EntryRole.LEAD,
        "medium": Medium.ONLINE,
        "minutes": 180,
    }
    entry = LogbookEntry(owner=owner or make_mediator(), **usual | fields)
    services.save_entry(entry=entry, by=entry.owner)
    if deleted:
        services.delete_entry(entry=entry, by=entry.owner)
        entry.refresh_from_db()
    return entry


def typed(**fields) -> dict[str, object]:
    """What a browser sends for a new entry: the five fields, and whatever `fields` say."""
    usual = {
        "ended_on": "2026-03-04",
        "title": "Roof and rain",
        "role": "lead",
        "medium": "online",
        "hours": "3:30",
    }
    return usual | fields
