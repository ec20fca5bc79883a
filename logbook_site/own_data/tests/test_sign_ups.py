"""Accounts whose address nobody confirmed go after a week; no other does, and nothing of the owner of the address."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import transaction
from django.test import Client

from accounts.choices import Role
from accounts.models import (
    Appointment,
    ContactMessage,
    FormKey,
    MediatorProfile,
    OrderLine,
    OutboxMessage,
    StaffPlace,
    User,
    Vetting,
)
from accounts.services import access, appointments, people, sign_ins
from accounts.services.organisations import invite_staff
from accounts.tests import shop
from accounts.tests.doors import SIGN_UP, code_in, person_at, sign_in
from accounts.tests.factories import (
    make_address,
    make_admin,
    make_mediator,
    make_organisation,
    make_person,
    make_reviewer,
    signed_in,
)
from accounts.tests.threads import at_once
from feedback.tests.factories import make_piece
from logbook.tests.factories import make_entry
from logbook_site.celery import app
from logbook_site.foundation import clock
from logbook_site.own_data.services import leaving, sign_ups
from logbook_site.own_data.services.sign_ups import forget_sign_ups
from logbook_site.tasks import forget_sign_ups as task

pytestmark = pytest.mark.django_db
CODE_PAGE = "/accounts/confirm-email/"
WEEK = timedelta(days=7)
ADDRESS = SIGN_UP["email"]


def sign_up(email: str = ADDRESS, **other: str) -> Client:
    client = Client()
    assert client.post("/accounts/signup/", SIGN_UP | {"email": email} | other).url == CODE_PAGE
    return client


def as_signed_up(email: str = ADDRESS) -> User:
    """The same without the door, which takes its time."""
    person = make_person(Role.MEDIATOR, email=email)
    person.emailaddress_set.update(verified=False)
    return person


def noor() -> User:
    return User.objects.get(email=ADDRESS)


def a_week_later():
    return time_machine.travel(clock.now() + WEEK + timedelta(minutes=1), tick=False)


@pytest.mark.parametrize("kind", ["mediator", "reviewer"])
def test_who_never_entered_the_code_goes(kind: str) -> None:
    sign_up(kind=kind)
    neighbour = make_mediator()
    with a_week_later():
        task()
        task()
        assert list(User.objects.all()) == [neighbour]
        assert not EmailAddress.objects.exclude(user=neighbour).exists()
        assert not MediatorProfile.objects.exclude(person=neighbour).exists()


def test_it_is_on_the_timetable_more_than_once_a_day() -> None:
    (entry,) = [entry for entry in app.conf.beat_schedule.values() if entry["task"] == task.name]
    assert entry["schedule"] <= 24 * 3600


def test_the_last_moment(settings) -> None:
    settings.SIGN_UP_KEPT_HOURS = 2
    as_signed_up()
    over = noor().joined_at + timedelta(hours=2)
    with time_machine.travel(over - timedelta(microseconds=1), tick=False):
        assert forget_sign_ups() == 0
    with time_machine.travel(over, tick=False):
        assert forget_sign_ups() == 1
        assert forget_sign_ups() == 0


def test_until_then_a_new_code_opens_the_account() -> None:
    sign_up()
    with time_machine.travel(noor().joined_at + WEEK - timedelta(minutes=1)):
        late = Client()
        sign_in(late, noor())
        late.post(CODE_PAGE, {"code": code_in(mail.outbox[-1])})
        assert person_at(late) == noor()
    with a_week_later():
        assert forget_sign_ups() == 0


def test_afterwards_the_owner_of_the_address_signs_up_as_if_nobody_had() -> None:
    sign_up(name="Somebody else", kind="reviewer")
    first = noor().pk
    with a_week_later():
        forget_sign_ups()
        client = sign_up()
        client.post(CODE_PAGE, {"code": code_in(mail.outbox[-1])})
        assert person_at(client) == noor()
        assert (noor().name, noor().roles, noor().pk == first) == ("Noor Haddad", {Role.MEDIATOR}, False)


def begins_to_sign_in(client: Client) -> str:
    sign_in(client, noor())
    return CODE_PAGE


def asks_for_a_code(client: Client) -> str:
    return client.post("/accounts/login/code/", {"email": ADDRESS}).url


def asks_for_a_new_password(client: Client) -> str:
    return client.post("/accounts/password/reset/", {"email": ADDRESS}).url


@pytest.mark.parametrize("begins", [begins_to_sign_in, asks_for_a_code, asks_for_a_new_password])
def test_somebody_who_is_at_a_code_in_that_moment_is_sent_back_to_the_door(
    begins: Callable[[Client], str],
) -> None:
    sign_up()
    with a_week_later():
        late, neighbour = Client(), signed_in(make_mediator())
        path = begins(late)
        assert late.get(path).status_code == 200
        assert forget_sign_ups() == 1
        for answer in (late.post(path, {"code": code_in(mail.outbox[-1])}), late.get(path)):
            assert answer.url in {"/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/"}
        assert "is not right" in sign_in(late, User(email=ADDRESS)).text
        assert person_at(neighbour)


# --- Who stays -------------------------------------------------------------------------------------


def confirmed(person: User) -> None:
    person.emailaddress_set.update(verified=True)


def confirmed_another_address(person: User) -> None:
    make_address(person, "another@example.org")


def was_signed_in(person: User) -> None:
    signed_in(person)


def made_by_somebody(person: User) -> None:
    """As a command does, or an admin in a shell."""
    person.emailaddress_set.all().delete()


def an_admin(person: User) -> None:
    people.add_role(to=person, role=Role.ADMIN, by=make_admin())


def of_a_directory(person: User) -> None:
    people.add_role(to=person, role=Role.DIRECTORY, by=make_admin())


def closed_by_an_admin(person: User) -> None:
    people.set_active(person=person, active=False, by=make_admin())


def leaving_already(person: User) -> None:
    """Goes in its own time, by its own rules."""
    with time_machine.travel(clock.now() + WEEK):
        leaving.ask_deletion(person=person, by=make_admin(), reason="Asked by mail.")


def given_access(person: User) -> None:
    access.grant_access(to=person, months=12, by=make_admin())


def checked_by_an_admin(person: User) -> None:
    Vetting.objects.create(reviewer=person)


def chosen_as_a_reviewer(person: User) -> None:
    people.add_role(to=person, role=Role.REVIEWER, by=None)
    mediator = make_mediator()
    appointments.choose_reviewer(mediator=mediator, reviewer=person, by=mediator)


def with_an_entry(person: User) -> None:
    make_entry(person)


def with_feedback(person: User) -> None:
    make_piece(person)


def with_a_row_that_no_name_leads_to(person: User) -> None:
    FormKey.objects.create(person=person, address="/", key="one")


def invited_by_a_mediator(person: User) -> None:
    mediator = make_mediator()
    appointments.invite_reviewer(mediator=mediator, email=person.email, by=mediator)


def invited_by_a_directory(person: User) -> None:
    invite_staff(organisation=make_organisation(), email=person.email, by=make_admin())


def a_buyer(person: User) -> None:
    shop.sell()
    shop.deliver(shop.order(email=person.email))


STAYS = [
    confirmed, confirmed_another_address, was_signed_in, made_by_somebody, an_admin, of_a_directory, closed_by_an_admin,
    leaving_already, given_access, checked_by_an_admin, chosen_as_a_reviewer, with_an_entry, with_feedback,
    with_a_row_that_no_name_leads_to,
]  # fmt: skip


def test_who_stays(settings) -> None:
    settings.REVIEWER_VETTING = False
    for became in STAYS:
        became(as_signed_up(f"{became.__name__}@stays.example.org"))
    as_signed_up("nobody@stays.example.org")
    with a_week_later():
        assert forget_sign_ups() == 1
    stayed = set(User.objects.filter(email__endswith="@stays.example.org").values_list("email", flat=True))
    assert stayed == {f"{became.__name__}@stays.example.org" for became in STAYS}


# --- What stays ------------------------------------------------------------------------------------


def test_what_waits_for_the_address_is_its_owners(settings) -> None:
    """It waits by its own rules, and does not keep the account: a stranger who signed up could invite the address."""
    settings.WOOCOMMERCE_SECRET = shop.SECRET
    as_signed_up()
    for waits in (invited_by_a_mediator, invited_by_a_directory, a_buyer):
        waits(noor())
    ContactMessage.objects.create(kind="other", name="Noor", email=ADDRESS, text="I get no code.")
    with a_week_later():
        assert forget_sign_ups() == 1
        assert Appointment.objects.pending().get().invite_email == ADDRESS
        assert StaffPlace.objects.get(state="pending").invite_email == ADDRESS
        assert OrderLine.objects.get(state="waiting").email == ADDRESS
        assert ContactMessage.objects.get().email == ADDRESS


def test_mail_about_the_account_is_forgotten_with_it() -> None:
    as_signed_up()
    sign_ins.send_way_in(to=noor(), by=make_admin())
    with a_week_later():
        forget_sign_ups()
    assert not OutboxMessage.objects.exists()


def test_no_rows_of_anybody_else_go() -> None:
    reviewer = make_reviewer()
    unconfirmed_mediator = as_signed_up()
    before = MediatorProfile.objects.count(), EmailAddress.objects.count()
    for number in range(5):
        as_signed_up(f"nobody{number}@example.org")
    make_entry(unconfirmed_mediator)
    with a_week_later():
        assert forget_sign_ups() == 5
    assert set(User.objects.all()) == {reviewer, unconfirmed_mediator}
    assert (MediatorProfile.objects.count(), EmailAddress.objects.count()) == before


def test_many_go_in_batches(monkeypatch) -> None:
    monkeypatch.setattr(sign_ups, "BATCH", 2)
    for number in range(5):
        person = as_signed_up(f"nobody{number}@example.org")
    make_address(person, "a-second@example.org", verified=False)
    with a_week_later():
        assert forget_sign_ups() == 5
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_enters_the_code_in_that_moment_stays() -> None:
    as_signed_up()
    with a_week_later():
        with transaction.atomic():
            confirmed(noor())
            assert at_once(forget_sign_ups) == [0]
        assert at_once(forget_sign_ups) == [0]
    assert noor()
