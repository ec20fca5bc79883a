"""Organisations and their staff: by the admin's pages, the mail that arrived, and the pages that open or close."""

import re
from datetime import date, timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.choices import PlaceState, Role
from accounts.models import AuditEvent, Organisation, StaffPlace, User
from accounts.services import organisations, outbox
from accounts.services.invitations import token_of
from accounts.tasks import expire_places
from accounts.tests.doors import SIGN_UP, code_in
from accounts.tests.factories import (
    make_address,
    make_admin,
    make_directory,
    make_mediator,
    make_organisation,
    make_person,
    make_place,
    signed_in,
)
from logbook_site.foundation import clock

pytestmark = pytest.mark.django_db(transaction=True)
PLACES = "/admin/accounts/staffplace/"
SEARCH = "/verify-experience/"


@pytest.fixture(autouse=True)
def mailbox(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def delivered() -> list:
    before = len(mail.outbox)
    outbox.deliver_due()
    return mail.outbox[before:]


def invite(email: str = "new@example.org", organisation: Organisation | None = None, admin=None) -> str:
    """Through the admin's page and the mail: the path of the invitation."""
    organisation = organisation or make_organisation()
    form = {"organisation": str(organisation.pk), "invite_email": email}
    answer = signed_in(admin or make_admin()).post(f"{PLACES}add/", form)
    assert answer.status_code == 302, answer.content.decode()
    (message,) = delivered()
    assert message.to == [email.lower()]
    return re.search(r"http://[^/]+(/invitation/\S+)", message.body)[1]


def place() -> StaffPlace:
    return StaffPlace.objects.get()


def trail() -> list[str]:
    return list(AuditEvent.objects.order_by("at", "id").values_list("verb", flat=True))


class TestFromTheDeskToTheSearch:
    def test_an_organisation_is_added_somebody_invited_and_looks_up(self):
        admin = make_admin()
        desk = signed_in(admin)
        answer = desk.post(
            "/admin/accounts/organisation/add/", {"name": " Lake\u2028Register ", "is_active": "on"}
        )
        assert answer.status_code == 302
        organisation = Organisation.objects.get()
        assert (organisation.name, organisation.is_active) == ("Lake Register", True)
        path = invite("Dana@Example.org", organisation, admin)
        assert "Lake Register" in mail.outbox[-1].subject
        stranger = Client().get(path)
        assert stranger.status_code == 200
        assert "Lake Register" in stranger.text
        assert "dana@" not in stranger.text.lower()
        # The head of the page and its middle lead to the same two doors, and back here; no other link knows the token.
        doors = [f'href="/accounts/{door}/?next={quote(path)}"' for door in ("login", "signup")]
        assert [stranger.text.count(door) for door in doors] == [2, 2]
        assert stranger.text.count(quote(path.split("/")[2])) == 4

        dana = make_person(email="dana@example.org")
        browser = signed_in(dana)
        assert browser.get(SEARCH).status_code == 404
        assert 'value="accept"' in browser.get(path).text
        assert browser.post(path, {"action": "accept"}).url == "/"
        assert browser.get(SEARCH).status_code == 200
        home = browser.get("/").text
        assert 'name="q"' in home
        assert "Lake Register" in home
        assert (place().state, place().person, place().invite_email) == (PlaceState.ACCEPTED, dana, "")
        assert {"organisation_added", "staff_invited", "place_accepted", "role_added"} <= set(trail())

    def test_somebody_new_signs_up_on_the_way_and_is_asked_for_no_other_role(self, client):
        path = invite(SIGN_UP["email"])
        form = client.get(f"/accounts/signup/?next={path}").text
        assert 'name="kind"' not in form
        typed = {name: value for name, value in SIGN_UP.items() if name != "kind"}
        client.post("/accounts/signup/", typed | {"next": path})
        code = code_in(mail.outbox[-1])
        assert client.post("/accounts/confirm-email/", {"code": code}).url == path
        noor = User.objects.get(email=SIGN_UP["email"])
        assert noor.roles == set()
        client.post(path, {"action": "accept"})
        assert client.get(SEARCH).status_code == 200
        noor.refresh_from_db()
        assert noor.roles == {Role.DIRECTORY}

    def test_declining_gives_nothing_and_spends_the_link(self):
        path = invite()
        browser = signed_in(make_person(email="new@example.org"))
        assert browser.post(path, {"action": "decline"}).status_code == 302
        assert browser.get(SEARCH).status_code == 404
        assert place().state == PlaceState.DECLINED
        assert browser.get(path).status_code == 410
        assert browser.post(path, {"action": "accept"}).status_code == 404
        assert place().state == PlaceState.DECLINED

    def test_neither_accept_nor_decline_is_a_question(self):
        path = invite()
        answer = signed_in(make_person(email="new@example.org")).post(path, {"action": "x"})
        assert answer.status_code == 200
        assert "Choose" in answer.text
        assert place().state == PlaceState.PENDING

    def test_a_mail_that_is_late_says_nothing_any_more(self):
        organisation, admin = make_organisation(), make_admin()
        organisations.invite_staff(organisation=organisation, email="new@example.org", by=admin)
        organisations.end_place(place=place(), by=admin)
        assert delivered() == []


class TestWhoMayAnswer:
    @pytest.mark.parametrize("role", [None, *Role])
    def test_nobody_but_whom_it_was_sent_to(self, role):
        path = invite()
        browser = signed_in(make_person(*[role] if role else []))
        page = browser.get(path)
        assert page.status_code == 200
        assert 'value="accept"' not in page.text
        assert "another account" in page.text
        for action in ("accept", "decline", ""):
            assert browser.post(path, {"action": action}).status_code == 404
        assert place().state == PlaceState.PENDING

    def test_a_stranger_is_sent_to_the_login(self, client):
        path = invite()
        assert client.post(path, {"action": "accept"}).url.startswith("/accounts/login/?next=/invitation/")
        assert place().state == PlaceState.PENDING

    def test_an_address_must_be_confirmed(self):
        path = invite()
        person = make_person()
        address = make_address(person, "new@example.org", verified=False)
        browser = signed_in(person)
        assert browser.post(path, {"action": "accept"}).status_code == 404
        address.verified = True
        address.save()
        assert browser.post(path, {"action": "accept"}).status_code == 302

    @pytest.mark.parametrize(
        "token", ["x", "%00", "a" * 3000, "0" * 32, "00000000-0000-0000-0000-000000000000:x"]
    )
    def test_an_unknown_link_is_calm(self, client, token):
        assert client.get(f"/invitation/place-{token}/").status_code == 410
        assert signed_in(make_person()).post(f"/invitation/place-{token}/").status_code == 404

    def test_a_link_of_a_place_is_none_of_a_reviewer_and_the_other_way_round(self, client):
        path = invite()
        assert client.get(path.replace("place-", "")).status_code == 410
        from accounts.tests.factories import make_pending

        assert client.get(f"/invitation/place-{token_of(make_pending().pk)}/").status_code == 410

    @pytest.mark.parametrize("how", ["late", "taken back", "organisation off", "organisation over"])
    def test_a_link_that_is_over(self, how, settings):
        path, new = invite(), make_person(email="new@example.org")
        organisation, now = Organisation.objects.get(), clock.now()
        if how == "late":
            now += timedelta(hours=settings.INVITATION_LIVES_HOURS, seconds=1)
        elif how == "taken back":
            organisations.end_place(place=place(), by=make_admin())
        else:
            organisation.is_active = how != "organisation off"
            organisation.active_until = date(2020, 1, 1)
            organisation.save()
        with time_machine.travel(now):
            browser = signed_in(new)
            assert browser.get(path).status_code == 410
            assert browser.post(path, {"action": "accept"}).status_code == 404
        new.refresh_from_db()
        assert new.roles == set()


class TestAccessEnds:
    def assert_closed(self, person: User, *, role: bool = True):
        browser = signed_in(person)
        for address in (SEARCH, f"{SEARCH}?q=an", f"{SEARCH}{person.pk}/"):
            assert browser.get(address).status_code == 404
        home = browser.get("/")
        assert home.status_code == 200
        assert SEARCH not in home.text
        assert ("cannot look up mediators now" in home.text) == role

    def test_on_the_day_after_the_last(self):
        organisation = make_organisation(active_until=date(2027, 3, 31))
        dana = make_directory(organisation=organisation)
        with time_machine.travel("2027-03-31 23:59Z"):
            assert signed_in(dana).get(SEARCH).status_code == 200
        with time_machine.travel("2027-04-01 00:00Z"):
            self.assert_closed(dana)

    def test_at_once_when_the_organisation_is_switched_off_and_back(self):
        dana, admin = make_directory(), make_admin()
        organisation = Organisation.objects.get()
        browser = signed_in(dana)
        assert browser.get(SEARCH).status_code == 200
        address = f"/admin/accounts/organisation/{organisation.pk}/change/"
        assert signed_in(admin).post(address, {"name": organisation.name}).status_code == 302
        assert browser.get(SEARCH).status_code == 404
        self.assert_closed(dana)
        signed_in(admin).post(address, {"name": organisation.name, "is_active": "on"})
        assert browser.get(SEARCH).status_code == 200
        assert trail().count("organisation_changed") == 2

    def test_at_once_with_the_place(self):
        dana, admin = make_directory(), make_admin()
        browser = signed_in(dana)
        address = f"{PLACES}{place().pk}/change/"
        assert signed_in(admin).post(address, {}).status_code == 302
        assert browser.get(SEARCH).status_code == 200, "saved without the tick"
        assert signed_in(admin).post(address, {"end_now": "on"}).status_code == 302
        assert browser.get(SEARCH).status_code == 404
        dana.refresh_from_db()
        self.assert_closed(dana, role=False)
        assert (place().state, Role.DIRECTORY in dana.roles) == (PlaceState.ENDED, False)
        assert {"place_ended", "role_removed"} <= set(trail())

    def test_the_role_alone_opens_nothing(self):
        self.assert_closed(make_person(Role.DIRECTORY))

    def test_nor_does_a_place_without_the_role(self):
        person = make_person()
        make_place(person)
        self.assert_closed(person, role=False)

    def test_who_moves_to_another_organisation_leaves_the_first(self):
        dana = make_directory(email="new@example.org")
        first = place()
        path = invite(organisation=make_organisation("Second"))
        browser = signed_in(dana)
        assert first.organisation.name in browser.get(path).text
        browser.post(path, {"action": "accept"})
        first.refresh_from_db()
        assert first.state == PlaceState.ENDED
        assert StaffPlace.objects.with_access().get().organisation.name == "Second"
        assert "Second" in browser.get("/").text

    def test_a_closed_account_has_none(self):
        dana = make_directory()
        User.objects.filter(pk=dana.pk).update(is_active=False)
        assert not StaffPlace.objects.with_access().exists()

    def test_other_roles_stay(self):
        dana = make_directory()
        organisation = Organisation.objects.get()
        User.objects.filter(pk=dana.pk).update(is_reviewer=True)
        Organisation.objects.filter(pk=organisation.pk).update(is_active=False)
        assert signed_in(dana).get("/").context["is_reviewer"]


class TestTheDesk:
    @pytest.mark.parametrize("email", ["", "x", '"a b"@example.org', "ü@example.org"])
    def test_an_odd_address_is_refused_beside_its_field(self, email):
        form = {"organisation": str(make_organisation().pk), "invite_email": email}
        answer = signed_in(make_admin()).post(f"{PLACES}add/", form)
        assert answer.status_code == 200
        assert answer.context["adminform"].form.errors["invite_email"]
        assert not StaffPlace.objects.exists()

    @pytest.mark.parametrize("why", ["asked", "works there", "no access"])
    def test_an_idle_invitation_is_refused_with_its_reason(self, why):
        organisation = make_organisation()
        if why == "asked":
            invite("new@example.org", organisation)
        elif why == "works there":
            make_directory(organisation=organisation, email="new@example.org")
        else:
            Organisation.objects.update(is_active=False)
        before = StaffPlace.objects.count()
        form = {"organisation": str(organisation.pk), "invite_email": "New@example.org"}
        answer = signed_in(make_admin()).post(f"{PLACES}add/", form)
        assert answer.status_code == 200
        assert answer.context["adminform"].form.errors
        assert StaffPlace.objects.count() == before
        with pytest.raises(organisations.PlaceRefused):
            organisations.invite_staff(organisation=organisation, email="new@example.org", by=make_admin())

    def test_more_fields_change_nothing(self):
        organisation, other = make_organisation(), make_person()
        more = {
            "state": "accepted",
            "person": str(other.pk),
            "accepted_at": "2026-01-01",
            "id": str(other.pk),
        }
        form = {"organisation": str(organisation.pk), "invite_email": "new@example.org"}
        desk = signed_in(make_admin())
        assert desk.post(f"{PLACES}add/", form | more).status_code == 302
        before = StaffPlace.objects.values().get()
        assert (before["state"], before["person_id"]) == ("pending", None)
        desk.post(f"{PLACES}{place().pk}/change/", form | more | {"invite_email": "evil@example.org"})
        assert StaffPlace.objects.values().get() == before

    def test_nothing_is_deleted_there(self):
        make_directory()
        desk = signed_in(make_admin())
        for address in (f"{PLACES}{place().pk}/", f"/admin/accounts/organisation/{place().organisation_id}/"):
            assert desk.get(f"{address}change/").status_code == 200
            assert desk.post(f"{address}delete/", {"post": "yes"}).status_code == 403
        assert StaffPlace.objects.count() == 1

    @pytest.mark.parametrize("role", [None, Role.MEDIATOR, Role.REVIEWER, Role.DIRECTORY])
    def test_nobody_else_decides(self, role):
        from django.core.exceptions import PermissionDenied

        person, organisation = make_person(*[role] if role else []), make_organisation()
        pending = organisations.invite_staff(
            organisation=organisation, email="new@example.org", by=make_admin()
        )
        with pytest.raises(PermissionDenied):
            organisations.invite_staff(organisation=organisation, email="x@example.org", by=person)
        with pytest.raises(PermissionDenied):
            organisations.end_place(place=pending, by=person)
        with pytest.raises(PermissionDenied):
            organisations.save_organisation(organisation=organisation, by=person)
        assert signed_in(person).get(f"{PLACES}add/").status_code == 404


def test_an_unanswered_invitation_ends_and_its_address_is_forgotten(settings):
    invite()
    with time_machine.travel(clock.now() + timedelta(hours=settings.INVITATION_LIVES_HOURS - 1)):
        expire_places()
        assert place().state == PlaceState.PENDING
    with time_machine.travel(clock.now() + timedelta(hours=settings.INVITATION_LIVES_HOURS + 1)):
        expire_places()
        expire_places()
        assert (place().state, place().invite_email) == (PlaceState.EXPIRED, "")
    assert trail().count("place_expired") == 1


def test_an_invitation_that_is_over_can_be_repeated_before_the_task_has_run(settings):
    organisation = make_organisation()
    invite(organisation=organisation)
    with time_machine.travel(clock.now() + timedelta(hours=settings.INVITATION_LIVES_HOURS + 1)):
        invite(organisation=organisation)
        assert set(StaffPlace.objects.values_list("state", flat=True)) == {"expired", "pending"}


def test_rules_that_the_database_keeps() -> None:
    dana = make_directory()
    for fields in [
        {"person": dana, "state": "accepted", "accepted_at": clock.now()},  # a second one
        {"state": "pending"},  # nobody is invited
        {"state": "accepted", "accepted_at": clock.now()},  # by nobody
        {"state": "pending", "invite_email": "Upper@example.org"},
        {"state": "ended", "person": dana},  # without a date
    ]:
        with pytest.raises(IntegrityError), transaction.atomic():
            StaffPlace.objects.create(organisation=make_organisation(), expires_at=clock.now(), **fields)


def test_every_mediators_home_lists_who_has_access_and_nobody_else() -> None:
    lake, hill = make_organisation("Lake Register"), make_organisation("Hill Register")
    for name in ("Dana Whitfield", "Dan Brook"):
        make_directory(organisation=lake, name=name)
    make_directory(organisation=hill, name="Hilde Berg")
    make_directory(organisation=make_organisation("Old Register", is_active=False), name="Olaf Old")
    make_directory(organisation=make_organisation("Over", active_until=date(2020, 1, 1)), name="Ove Over")
    gone = make_directory(organisation=lake, name="Gone Girl")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    organisations.invite_staff(organisation=lake, email="waiting@example.org", by=make_admin())
    answer = signed_in(make_mediator()).get("/")
    assert [(each.name, each.people) for each in answer.context["organisations"]] == [
        ("Hill Register", ["Hilde Berg"]),
        ("Lake Register", ["Dan Brook", "Dana Whitfield"]),
    ]
    assert "waiting@" not in answer.text
    assert "/my-details/visibility/" in answer.text
    assert "organisations" not in signed_in(make_admin()).get("/").text.lower()
