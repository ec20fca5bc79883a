"""Mediators with a logbook that says everything it can say, for the tests of what a directory sees of it."""

from datetime import date

from accounts.choices import Visibility
from accounts.models import User
from accounts.services.people import save_details
from accounts.tests.factories import make_mediator
from logbook.tests.factories import make_entry

LINK = "https://imimediation.org/mediator/ann-lee/"


def make_listed(name: str = "Ann Lee", *, visibility: str = Visibility.DIRECTORIES, **details) -> User:
    """A mediator with details; open to directories unless said otherwise."""
    mediator = make_mediator(name=name)
    profile = mediator.mediator_profile
    usual = {"imi_profile": "", "country": "NZ", "languages": ["en", "mi"], "about": "I mediate on farms."}
    for field, value in (usual | details | {"visibility": visibility}).items():
        setattr(profile, field, value)
    save_details(profile=profile, by=mediator)
    return mediator


def make_career(mediator: User) -> None:
    """(2019: lead 10 h online, co 2 h hybrid), (2021: lead 5 h 30 min online, 1 h face to face), and what does not
    count."""
    for year, role, medium, minutes in [
        (2019, "lead", "online", 600),
        (2019, "co", "hybrid", 120),
        (2021, "lead", "online", 330),
        (2021, "lead", "face_to_face", 60),
    ]:
        make_entry(mediator, ended_on=date(year, 12, 31), role=role, medium=medium, minutes=minutes)
    make_entry(mediator, ended_on=date(2019, 1, 1), setting="simulated", minutes=6001)
    make_entry(mediator, ended_on=date(2019, 1, 1), deleted=True, minutes=6002)
    make_entry(make_mediator(), ended_on=date(2019, 1, 1), minutes=6003)
