"""Invented people and appointments for the tests of all apps. Each call makes new ones, at example.org."""

from itertools import count

from allauth.account.models import EmailAddress
from django.test import Client

from accounts.choices import PlaceState, Role, Visibility
from accounts.models import Appointment, Organisation, StaffPlace, User
from accounts.services import appointments
from accounts.services.people import add_role, answer_visibility
from logbook_site.foundation import clock

PASSWORD = "quiet-harbour-lamp-7"
STATEMENTS = {"not_family": True, "not_subordinate": True, "not_reciprocal": True}
_numbers = count(1)


def make_person(*roles: Role, email: str = "", name: str = "", password: str | None = None, **fields) -> User:
    """Somebody with a confirmed address. No password unless given: hashing one takes its time, by design."""
    number = next(_numbers)
    person = User.objects.create_user(
        email or f"person{number}@example.org", password, name=name or f"Person {number}", **fields
    )
    make_address(person, person.email, primary=True)
    for role in roles:
        add_role(to=person, role=role, by=None)
    return person


def make_address(person: User, email: str, *, verified: bool = True, primary: bool = False) -> EmailAddress:
    return EmailAddress.objects.create(user=person, email=email, verified=verified, primary=primary)


def make_mediator(**fields) -> User:
    return make_person(Role.MEDIATOR, **fields)


def make_reviewer(*, vetted: bool = False, **fields) -> User:
    reviewer = make_person(Role.REVIEWER, **fields)
    if vetted:
        appointments.vet_reviewer(reviewer=reviewer, by=make_admin())
    return reviewer


def make_organisation(name: str = "", **fields) -> Organisation:
    return Organisation.objects.create(name=name or f"Register {next(_numbers)}", **fields)


def make_directory(*, organisation: Organisation | None = None, **fields) -> User:
    """Somebody with a place in an organisation that has access."""
    person = make_person(Role.DIRECTORY, **fields)
    make_place(person, organisation)
    return person


def make_place(person: User, organisation: Organisation | None = None) -> StaffPlace:
    """An accepted one."""
    now = clock.now()
    return StaffPlace.objects.create(
        organisation=organisation or make_organisation(),
        person=person,
        state=PlaceState.ACCEPTED,
        expires_at=now,
        accepted_at=now,
    )


def make_open_mediator(**fields) -> User:
    """A mediator whose totals directories may see."""
    mediator = make_mediator(**fields)
    answer_visibility(profile=mediator.mediator_profile, visibility=Visibility.DIRECTORIES, by=mediator)
    return mediator


def make_admin(**fields) -> User:
    return make_person(Role.ADMIN, **fields)


def make_pending(mediator: User | None = None, reviewer: User | None = None) -> Appointment:
    """A mediator has chosen a Reviewer, who has not answered."""
    mediator = mediator or make_mediator()
    return appointments.choose_reviewer(mediator=mediator, reviewer=reviewer or make_reviewer(), by=mediator)


def make_appointment(mediator: User | None = None, reviewer: User | None = None) -> Appointment:
    """An accepted one."""
    pending = make_pending(mediator, reviewer)
    return appointments.accept_appointment(appointment=pending, **STATEMENTS, by=pending.reviewer)


def signed_in(person: User) -> Client:
    """A browser in which `person` has just signed in."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
