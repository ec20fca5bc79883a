"""How long a sign-in lasts, by role, counted from sign-in; and the second factor that some roles need."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from accounts.choices import Role
from accounts.services.people import add_role, remove_role
from accounts.tasks import forget_sessions
from accounts.tests.doors import code_in, person_at, sign_in
from accounts.tests.factories import PASSWORD, make_person, signed_in
from logbook_site.foundation import clock

pytestmark = pytest.mark.django_db
ADDRESS = "/account-settings/"
MONTH, HALF_A_DAY, MOMENT = timedelta(days=30), timedelta(hours=12), timedelta(seconds=2)


def is_signed_in(client) -> bool:
    answer = client.get(ADDRESS)
    assert answer.status_code in {200, 302}
    if answer.status_code == 302:
        assert answer.url.startswith("/accounts/login/")
    return answer.status_code == 200


@pytest.mark.parametrize(
    ("roles", "allowed"),
    [
        ([Role.MEDIATOR], MONTH),
        ([Role.REVIEWER], HALF_A_DAY),
        ([Role.DIRECTORY], HALF_A_DAY),
        ([Role.ADMIN], HALF_A_DAY),
        ([Role.MEDIATOR, Role.REVIEWER], HALF_A_DAY),
    ],
)
def test_a_sign_in_lasts_as_long_as_the_roles_allow(roles, allowed):
    client = signed_in(make_person(*roles))
    begin = clock.now()
    with time_machine.travel(begin + allowed - MOMENT, tick=False):
        assert is_signed_in(client)
    with time_machine.travel(begin + allowed + MOMENT, tick=False):
        assert not is_signed_in(client)
    assert not is_signed_in(client)  # it ended, even if the clock went back


def test_it_is_counted_from_sign_in_and_not_from_the_last_visit():
    client = signed_in(make_person(Role.REVIEWER))
    begin = clock.now()
    for hours in range(1, 12):
        with time_machine.travel(begin + timedelta(hours=hours), tick=False):
            assert is_signed_in(client)
    with time_machine.travel(begin + HALF_A_DAY + MOMENT, tick=False):
        assert not is_signed_in(client)


def test_a_new_role_counts_at_once():
    person = make_person(Role.MEDIATOR)
    client = signed_in(person)
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        assert is_signed_in(client)
        add_role(to=person, role=Role.REVIEWER, by=person)
        assert not is_signed_in(client)


def test_a_session_that_does_not_know_when_it_began_is_over():
    client = signed_in(make_person(Role.MEDIATOR))
    session = client.session
    del session["signed_in_at"]
    session.save()
    assert not is_signed_in(client)


def test_signing_out_by_age_leaves_no_session():
    person = make_person(Role.MEDIATOR)
    client = signed_in(person)
    add_role(to=person, role=Role.REVIEWER, by=person)
    with time_machine.travel(clock.now() + HALF_A_DAY + MOMENT, tick=False):
        is_signed_in(client)
    assert not Session.objects.exists()


@pytest.mark.parametrize("before", [True, False])
def test_a_sign_in_that_is_over_is_forgotten_within_the_hour(before):
    """Also one of a mediator who got the role afterwards, with where they were. That of a mediator stays."""
    person, amina = (
        make_person(Role.MEDIATOR, password=PASSWORD),
        make_person(Role.MEDIATOR, password=PASSWORD),
    )
    if before:
        add_role(to=person, role=Role.DIRECTORY, by=None)
    for one in (person, amina):
        sign_in(Client(), one)
    add_role(to=person, role=Role.DIRECTORY, by=None)
    with time_machine.travel(clock.now() + HALF_A_DAY - MOMENT * 30, tick=False):
        forget_sessions()
        assert UserSession.objects.count() == Session.objects.count() == 2
    with time_machine.travel(clock.now() + HALF_A_DAY + MOMENT, tick=False):
        forget_sessions()
    assert UserSession.objects.get().user == amina
    assert Session.objects.count() == 1


def test_a_sign_in_that_is_over_stays_so_when_the_role_is_taken_away():
    """Else the computers of an organisation would open the logbook of somebody who has left it."""
    person, client = make_person(Role.MEDIATOR, Role.DIRECTORY, password=PASSWORD), Client()
    sign_in(client, person)
    assert client.cookies["sessionid"]["max-age"] <= HALF_A_DAY.total_seconds()
    with time_machine.travel(clock.now() + timedelta(days=10), tick=False):
        remove_role(of=person, role=Role.DIRECTORY, by=None)
        assert not is_signed_in(client)


def test_of_many_sign_ins_of_one_person_the_oldest_end(settings):
    settings.SIGN_INS_AT_ONCE = 3
    person, other = (
        make_person(Role.MEDIATOR, password=PASSWORD),
        make_person(Role.MEDIATOR, password=PASSWORD),
    )
    sign_in(Client(), other)
    clients = [Client() for _number in range(5)]
    for client in clients:
        sign_in(client, person)
    assert [is_signed_in(client) for client in clients] == [False, False, True, True, True]
    assert UserSession.objects.filter(user=person).count() == 3
    assert Session.objects.count() == 4
    assert "Of more than 3 sign-ins the oldest ends." in clients[-1].get("/accounts/sessions/").text


def test_the_periods_are_settings(settings):
    settings.SESSION_HOURS_MEDIATOR, settings.SESSION_HOURS_OTHERS = 2, 1
    mediator, reviewer = signed_in(make_person(Role.MEDIATOR)), signed_in(make_person(Role.REVIEWER))
    with time_machine.travel(clock.now() + timedelta(hours=1.5), tick=False):
        assert (is_signed_in(mediator), is_signed_in(reviewer)) == (True, False)


class TestSecondFactor:
    @pytest.fixture(autouse=True)
    def required_for_admins(self, settings):
        settings.TWO_FACTOR_REQUIRED_FOR = ["admin"]

    @pytest.mark.parametrize("address", ["/", ADDRESS, "/admin/", "/accounts/email/", "/no-such-page/"])
    def test_without_it_every_page_leads_to_setting_it_up(self, address):
        answer = signed_in(make_person(Role.MEDIATOR, Role.ADMIN)).get(address)
        assert (answer.status_code, answer.url) == (302, "/accounts/2fa/")

    def test_nothing_can_be_changed_either(self):
        person = make_person(Role.ADMIN, name="Alex Admin")
        signed_in(person).post(ADDRESS, {"name": "Somebody Else", "time_zone": "UTC"})
        person.refresh_from_db()
        assert person.name == "Alex Admin"

    def test_no_header_of_a_proxy_opens_another_page(self):
        """Gunicorn takes SCRIPT_NAME from whoever it trusts as a proxy: it stands before what is looked up."""
        answer = signed_in(make_person(Role.ADMIN)).get("/admin/", SCRIPT_NAME="/accounts/2fa")
        assert (answer.status_code, answer.url) == (302, "/accounts/2fa/")

    def test_setting_it_up_and_leaving_are_open(self):
        client = signed_in(make_person(Role.ADMIN))
        for address in ["/accounts/2fa/", "/accounts/logout/"]:
            assert client.get(address).status_code == 200

    def test_with_it_all_is_open(self):
        person = make_person(Role.ADMIN)
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
        assert is_signed_in(signed_in(person))

    @pytest.mark.parametrize("role", [Role.MEDIATOR, Role.REVIEWER, Role.DIRECTORY])
    def test_other_roles_need_none(self, role):
        assert is_signed_in(signed_in(make_person(role)))

    def test_a_role_that_needs_one_counts_at_once(self):
        person = make_person(Role.MEDIATOR)
        client = signed_in(person)
        add_role(to=person, role=Role.ADMIN, by=None)
        assert client.get(ADDRESS).url == "/accounts/2fa/"


class TestStrangers:
    """Some pages make a session for whoever looks, and all are opened when sign-ins end: they must not pile up."""

    BEGINS_A_SIGN_IN = "/accounts/2fa/webauthn/login/"

    def test_what_a_stranger_began_ends_within_an_hour(self):
        Client().get(self.BEGINS_A_SIGN_IN, headers={"Accept": "application/json"})
        begun = Session.objects.get()
        assert begun.expire_date <= clock.now() + timedelta(hours=1)
        with time_machine.travel(clock.now() + timedelta(hours=1) + MOMENT, tick=False):
            forget_sessions()
        assert not Session.objects.exists()

    def test_who_signs_in_after_it_stays_as_long_as_anybody(self):
        client, amina = Client(), make_person(Role.MEDIATOR, password=PASSWORD)
        client.get(self.BEGINS_A_SIGN_IN, headers={"Accept": "application/json"})
        client.post("/accounts/login/code/", {"email": amina.email})
        client.post("/accounts/login/code/confirm/", {"code": code_in(mail.outbox[0])})
        assert person_at(client) == amina
        assert Session.objects.get().expire_date > clock.now() + MONTH - MOMENT * 30

    def test_who_has_signed_out_is_one(self):
        client = signed_in(make_person(Role.MEDIATOR))
        client.post("/accounts/logout/")
        client.get(self.BEGINS_A_SIGN_IN, headers={"Accept": "application/json"})
        assert Session.objects.get().expire_date <= clock.now() + timedelta(hours=1)

    def test_a_page_that_needs_none_makes_none(self):
        for page in ("/", "/accounts/login/", "/help/", "/give-feedback/", "/account-settings/"):
            assert not Client().get(page).cookies.get("sessionid")
        assert not Session.objects.exists()
