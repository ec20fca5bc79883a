"""Whole sets are compared: what somebody sees, and nothing else."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser

from accounts.choices import OutboxState, Role
from accounts.models import Appointment, AuditEvent, MediatorProfile, OutboxMessage, User
from accounts.services.appointments import end_appointment, invite_reviewer, refuse_reviewer
from accounts.services.outbox import claim_messages, queue_message
from accounts.tests.factories import (
    make_address,
    make_admin,
    make_appointment,
    make_directory,
    make_mediator,
    make_pending,
    make_person,
    make_reviewer,
)
from logbook_site.foundation import clock

pytestmark = pytest.mark.django_db

EVERYONE_BUT_ADMINS = [make_person, make_mediator, make_reviewer, make_directory]


def invite(mediator: User, email: str) -> Appointment:
    return invite_reviewer(mediator=mediator, email=email, by=mediator)


class TestPeople:
    def test_a_stranger_sees_nobody(self):
        make_mediator()
        assert set(User.objects.visible_to(AnonymousUser())) == set()

    @pytest.mark.parametrize("make", EVERYONE_BUT_ADMINS)
    def test_people_see_themselves(self, make):
        person = make()
        make_appointment()
        assert set(User.objects.visible_to(person)) == {person}

    def test_an_admin_sees_everyone(self):
        admin, person = make_admin(), make_mediator()
        assert set(User.objects.visible_to(admin)) == {admin, person}

    def test_whose_address_it_is(self):
        person, other = make_person(), make_person()
        make_address(person, "second@example.org")
        make_address(other, "third@example.org", verified=False)
        make_address(make_person(is_active=False), "closed@example.org")
        assert set(User.objects.with_confirmed_address(" second@EXAMPLE.org ")) == {person}
        for address in ["third@example.org", "closed@example.org", "unknown@example.org", ""]:
            assert set(User.objects.with_confirmed_address(address)) == set()


class TestDetails:
    def test_only_the_mediator(self):
        appointment = make_appointment()
        make_mediator()
        visible = MediatorProfile.objects.visible_to
        assert {profile.person for profile in visible(appointment.mediator)} == {appointment.mediator}
        for other in [appointment.reviewer, make_admin(), make_directory(), AnonymousUser()]:
            assert set(visible(other)) == set()

    def test_not_without_the_role(self):
        mediator = make_mediator()
        mediator.is_mediator = False
        mediator.save()
        assert set(MediatorProfile.objects.visible_to(mediator)) == set()


class TestAppointments:
    def test_the_two_concerned_and_an_admin(self):
        mine, others = make_appointment(), make_appointment()
        visible = Appointment.objects.visible_to
        assert set(visible(mine.mediator)) == set(visible(mine.reviewer)) == {mine}
        assert set(visible(make_admin())) == {mine, others}

    @pytest.mark.parametrize("make", EVERYONE_BUT_ADMINS)
    def test_nobody_else(self, make):
        make_appointment()
        make_pending()
        invite(make_mediator(), "colleague@example.org")
        person = make()
        assert set(Appointment.objects.visible_to(person)) == set()
        assert set(Appointment.objects.awaiting(person)) == set()
        assert set(Appointment.objects.reading(person)) == set()

    def test_a_stranger(self):
        make_appointment()
        make_pending()
        for door in [
            Appointment.objects.visible_to,
            Appointment.objects.awaiting,
            Appointment.objects.reading,
        ]:
            assert set(door(AnonymousUser())) == set()

    def test_the_invited_account_sees_its_invitation_and_no_other(self):
        person = make_person()
        make_address(person, "second@example.org")
        make_address(person, "unconfirmed@example.org", verified=False)
        mine = invite(make_mediator(), "second@example.org")
        invite(make_mediator(), "unconfirmed@example.org")
        invite(make_mediator(), "third@example.org")
        assert set(Appointment.objects.awaiting(person)) == {mine}
        assert set(Appointment.objects.visible_to(person)) == {mine}
        assert set(Appointment.objects.reading(person)) == set()

    def test_somebody_with_two_addresses_sees_each_invitation_once(self):
        person = make_person()
        make_address(person, "second@example.org")
        mine = [invite(make_mediator(), person.email), invite(make_mediator(), "second@example.org")]
        assert sorted(Appointment.objects.awaiting(person), key=lambda row: row.created_at) == mine

    def test_an_invitation_that_is_over_is_gone(self):
        person = make_person()
        pending = invite(make_mediator(), person.email)
        with time_machine.travel(pending.expires_at, tick=False):
            assert set(Appointment.objects.awaiting(person)) == set()
            assert set(Appointment.objects.visible_to(person)) == set()
            assert set(Appointment.objects.overdue()) == {pending}
        assert set(Appointment.objects.overdue()) == set()

    def test_a_mediator_never_answers_themselves(self):
        mediator = make_mediator()
        invite(mediator, "second@example.org")
        make_address(mediator, "second@example.org")
        assert set(Appointment.objects.awaiting(mediator)) == set()

    @pytest.mark.parametrize("concerned", ["mediator", "reviewer"])
    def test_closed_accounts_neither_ask_nor_answer(self, concerned):
        pending = make_pending()
        closed = getattr(pending, concerned)
        closed.is_active = False
        closed.save()
        assert set(Appointment.objects.awaiting(pending.reviewer)) == set()

    def test_reading_is_for_the_accepted_reviewer(self):
        accepted, pending = make_appointment(), make_pending()
        over = make_appointment()
        end_appointment(appointment=over, by=over.mediator)
        assert set(Appointment.objects.reading(accepted.reviewer)) == {accepted}
        for other in [accepted.mediator, pending.reviewer, over.reviewer, make_admin()]:
            assert set(Appointment.objects.reading(other)) == set()

    def test_reading_ends_with_the_role_the_account_and_the_check(self):
        without_role, closed, refused, of_closed = (make_appointment() for _number in range(4))
        without_role.reviewer.is_reviewer = False
        without_role.reviewer.save()
        closed.reviewer.is_active = False
        closed.reviewer.save()
        of_closed.mediator.is_active = False
        of_closed.mediator.save()
        refuse_reviewer(reviewer=refused.reviewer, by=make_admin())
        for appointment in [without_role, closed, refused, of_closed]:
            assert set(Appointment.objects.reading(appointment.reviewer)) == set()

    def test_reading_before_the_check_and_without_one(self, settings):
        waiting = make_appointment()
        settings.REVIEWER_VETTING = False
        unchecked = make_appointment()
        for appointment in [waiting, unchecked]:
            assert set(Appointment.objects.reading(appointment.reviewer)) == {appointment}

    def test_between_two_people(self):
        ann, bee = make_person(Role.MEDIATOR, Role.REVIEWER), make_person(Role.REVIEWER)
        accepted = make_appointment(ann, bee)
        make_appointment(make_mediator(), bee)
        pending = make_pending(ann, make_reviewer())
        between = Appointment.objects.between
        assert set(between(mediator=ann, reviewer=bee)) == {accepted}
        assert set(between(mediator=ann, reviewer=pending.reviewer)) == {pending}
        assert set(between(mediator=bee, reviewer=ann)) == set()


class TestAuditTrail:
    def test_admins_only(self):
        appointment = make_appointment()
        admin = make_admin()
        assert set(AuditEvent.objects.visible_to(admin)) == set(AuditEvent.objects.all()) != set()
        others = [appointment.mediator, appointment.reviewer, make_directory(), AnonymousUser()]
        assert [set(AuditEvent.objects.visible_to(other)) for other in others] == [set()] * 4


class TestOutbox:
    def test_due_is_what_may_leave_now(self):
        person = make_person()
        now = queue_message(message="a.b", object_id=person.pk)
        later = queue_message(message="a.b", object_id=person.pk, not_before=clock.now() + timedelta(hours=1))
        assert set(OutboxMessage.objects.due()) == {now}
        with time_machine.travel(later.not_before, tick=False):
            assert list(OutboxMessage.objects.due()) == [now, later]
        OutboxMessage.objects.filter(pk=now.pk).update(state=OutboxState.SENT, finished_at=clock.now())
        assert set(OutboxMessage.objects.due()) == set()

    def test_mail_that_never_got_through_stands_behind_the_rest(self):
        person = make_person()
        old, new = (queue_message(message="a.b", object_id=person.pk) for _number in range(2))
        OutboxMessage.objects.filter(pk=old.pk).update(attempts=3)
        assert list(OutboxMessage.objects.due()) == [new, old]

    def test_left_behind_is_what_nobody_holds_any_more(self):
        queue_message(message="a.b", object_id=make_person().pk)
        [claimed] = claim_messages(10)
        assert set(OutboxMessage.objects.left_behind()) == set()
        with time_machine.travel(claimed.lease_until, tick=False):
            assert set(OutboxMessage.objects.left_behind()) == {claimed}
