"""Fills an empty database with the demo people and what they wrote."""

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.choices import AppointmentState, PlaceState, Role, Verb, VettingState, Visibility
from accounts.models import Appointment, MediatorProfile, Organisation, StaffPlace, User, Vetting
from accounts.services import organisations
from accounts.services.audit import record
from accounts.services.names import keep_name_words
from accounts.services.people import add_role
from logbook_site.demo.cpd import fill_cpd
from logbook_site.demo.digests import write_digests
from logbook_site.demo.feedback import fill_feedback
from logbook_site.demo.history import fill_logbooks
from logbook_site.demo.people import PASSWORD, PEOPLE
from logbook_site.foundation import clock

ROLES = {
    "amina@example.org": Role.MEDIATOR,
    "ben@example.org": Role.MEDIATOR,
    "chloe@example.org": Role.MEDIATOR,
    "rosa@example.org": Role.REVIEWER,
    "dana@example.org": Role.DIRECTORY,
    "admin@example.org": Role.ADMIN,
}


@transaction.atomic
def load_demo() -> bool:
    """Create the demo people, their logbooks and what was said about them.

    False, and nothing done, when the database holds anyone.
    """
    if User.objects.exists():
        return False
    people = {}
    for person in PEOPLE:
        user = User.objects.create_user(person.email, PASSWORD, name=person.name)
        EmailAddress.objects.create(user=user, email=person.email, verified=True, primary=True)
        add_role(to=user, role=ROLES[person.email], by=None)
        people[person.email.partition("@")[0]] = user
    _fill_in_details(people)
    _give_dana_a_place(people)
    _appoint_rosa(people)
    fill_logbooks(people)
    fill_cpd(people)
    fill_feedback(people)
    write_digests(people)
    return True


def _fill_in_details(people: dict[str, User]) -> None:
    MediatorProfile.objects.filter(person=people["amina"]).update(
        visibility=Visibility.DIRECTORIES,
        imi_profile="https://imimediation.org/mediator/amina-okafor-demo/",
        country="KE",
        languages=["en", "fr", "sw"],
        about=(
            "I mediate workplace and building disputes in Nairobi and online. I like to meet each side alone first. "
            "Before mediating full time I was an engineer for eleven years."
        ),
    )
    MediatorProfile.objects.filter(person=people["ben"]).update(
        visibility=Visibility.PRIVATE, country="NZ", languages=["en"], about="Family and farm succession."
    )
    for name in ("amina", "ben"):
        keep_name_words(people[name])
    for name, zone in {
        "amina": "Africa/Nairobi",
        "ben": "Pacific/Auckland",
        "rosa": "Europe/Stockholm",
    }.items():
        people[name].time_zone = zone
        people[name].save(update_fields=["time_zone"])


def _give_dana_a_place(people: dict[str, User]) -> None:
    now = clock.now()
    organisation = Organisation(name="Lakeside Mediation Register")
    organisations.save_organisation(organisation=organisation, by=people["admin"])
    StaffPlace.objects.create(
        organisation=organisation,
        person=people["dana"],
        state=PlaceState.ACCEPTED,
        expires_at=now,
        accepted_at=now,
    )


def _appoint_rosa(people: dict[str, User]) -> None:
    rosa, now = people["rosa"], clock.now()
    vetting = Vetting.objects.create(reviewer=rosa, state=VettingState.VETTED, decided_at=now)
    record(Verb.REVIEWER_VETTED, by=people["admin"], about=vetting)
    for mediator in (people["amina"], people["ben"]):
        Appointment.objects.create(
            mediator=mediator,
            reviewer=rosa,
            state=AppointmentState.ACCEPTED,
            not_family=True,
            not_subordinate=True,
            not_reciprocal=True,
            expires_at=now,
            accepted_at=now,
        )
