from datetime import timedelta
from threading import Thread

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.choices import AppointmentState, Role, Verb, VettingState
from accounts.models import Appointment, AuditEvent, User, Vetting
from accounts.services.appointments import (
    AppointmentRefused,
    accept_appointment,
    choose_reviewer,
    decline_appointment,
    end_appointment,
    expire_appointments,
    invite_reviewer,
    refuse_reviewer,
    resign_appointment,
    take_back_appointment,
    vet_reviewer,
)
from accounts.tests.factories import (
    STATEMENTS,
    make_address,
    make_admin,
    make_appointment,
    make_directory,
    make_mediator,
    make_pending,
    make_person,
    make_reviewer,
)
from accounts.tests.threads import at_once
from logbook_site.foundation import clock

State = AppointmentState


def choose(mediator: User, reviewer: User) -> Appointment:
    return choose_reviewer(mediator=mediator, reviewer=reviewer, by=mediator)


def invite(mediator: User, email: str) -> Appointment:
    return invite_reviewer(mediator=mediator, email=email, by=mediator)


def accept(appointment: Appointment, by: User, **statements: bool) -> Appointment:
    return accept_appointment(appointment=appointment, **(STATEMENTS | statements), by=by)


def states_of(mediator: User) -> list[str]:
    return list(
        Appointment.objects.filter(mediator=mediator).order_by("created_at").values_list("state", flat=True)
    )


def trail(about) -> list[tuple]:
    """What the audit trail says about one object: verb and actor, oldest first."""
    events = AuditEvent.objects.filter(object_id=str(about.pk)).order_by("at")
    return list(events.values_list("verb", "actor_id"))


@pytest.mark.django_db
class TestProposing:
    def test_choosing_waits_for_an_answer(self, settings):
        settings.INVITATION_LIVES_HOURS = 36.5
        mediator, reviewer = make_mediator(), make_reviewer()
        with time_machine.travel("2027-03-01 10:00Z", tick=False):
            appointment = choose(mediator, reviewer)
            assert appointment.expires_at == clock.now() + timedelta(hours=36, minutes=30)
        appointment.refresh_from_db()
        assert (appointment.state, appointment.reviewer, appointment.invite_email) == (
            "pending",
            reviewer,
            "",
        )
        assert trail(appointment) == [(Verb.REVIEWER_PROPOSED, mediator.pk)]

    def test_inviting_keeps_the_address_in_lower_case(self):
        mediator = make_mediator()
        appointment = invite(mediator, " New.Colleague@Example.ORG ")
        appointment.refresh_from_db()
        assert appointment.invite_email == "new.colleague@example.org"
        assert (appointment.state, appointment.reviewer) == ("pending", None)
        assert trail(appointment) == [(Verb.REVIEWER_PROPOSED, mediator.pk)]

    def test_an_invitation_does_not_tell_whether_there_is_an_account(self):
        """The rows for a known and an unknown address differ in nothing but the address."""
        make_reviewer(email="known@example.org")
        rows = []
        with time_machine.travel("2027-03-01 10:00Z", tick=False):
            for email in ["known@example.org", "unknown@example.org"]:
                appointment = invite(make_mediator(), email)
                appointment.refresh_from_db()
                row = {
                    field.attname: getattr(appointment, field.attname) for field in Appointment._meta.fields
                }
                rows.append({name: row[name] for name in row.keys() - {"id", "mediator_id", "invite_email"}})
        assert rows[0] == rows[1]

    @pytest.mark.parametrize("make", [make_mediator, make_reviewer, make_directory, make_admin, make_person])
    def test_nobody_proposes_for_a_mediator(self, make):
        mediator, other = make_mediator(), make()
        with pytest.raises(PermissionDenied):
            choose_reviewer(mediator=mediator, reviewer=make_reviewer(), by=other)
        with pytest.raises(PermissionDenied):
            invite_reviewer(mediator=mediator, email="colleague@example.org", by=other)
        assert not Appointment.objects.exists()

    @pytest.mark.parametrize("make", [make_reviewer, make_directory, make_admin, make_person])
    def test_only_mediators_have_a_reviewer(self, make):
        person = make()
        with pytest.raises(PermissionDenied):
            choose(person, make_reviewer())
        with pytest.raises(PermissionDenied):
            invite(person, "colleague@example.org")

    @pytest.mark.parametrize("make", [make_mediator, make_directory, make_admin, make_person])
    def test_only_a_reviewer_is_chosen(self, make):
        with pytest.raises(AppointmentRefused, match="not a Reviewer here"):
            choose(make_mediator(), make())

    def test_a_closed_account_is_not_chosen(self):
        with pytest.raises(AppointmentRefused, match="not a Reviewer here"):
            choose(make_mediator(), make_reviewer(is_active=False))

    def test_the_sentence_is_for_the_person_who_asked(self):
        person = make_person(Role.MEDIATOR, Role.REVIEWER)
        with pytest.raises(AppointmentRefused) as refused:
            choose(person, person)
        assert refused.value.sentence == "You cannot be your own Reviewer."

    def test_a_second_account_with_the_same_mailbox_is_oneself(self):
        mediator = make_mediator(email="ann.bee@gmail.com")
        with pytest.raises(AppointmentRefused, match="own Reviewer"):
            choose(mediator, make_reviewer(email="annbee+review@googlemail.com"))

    @pytest.mark.parametrize(
        "address",
        [
            "ann@example.org",
            "ANN@Example.org",
            "ann+reviewer@example.org",
            "second.box@gmail.com",
            "secondbox@googlemail.com",
            "s.e.c.o.n.d.box+x@GoogleMail.com",
            "unconfirmed@example.org",
            "unconfirmed+1@example.org",
        ],
    )
    def test_ones_own_addresses_and_their_aliases_are_refused(self, address):
        mediator = make_mediator(email="ann@example.org")
        make_address(mediator, "second.box@gmail.com")
        make_address(mediator, "unconfirmed@example.org", verified=False)
        with pytest.raises(AppointmentRefused, match="your own address"):
            invite(mediator, address)
        assert not Appointment.objects.exists()

    @pytest.mark.parametrize("address", ["an.n@example.org", "ann@example.com", "bee@example.org"])
    def test_an_address_that_only_looks_similar_is_somebody_else(self, address):
        assert invite(make_mediator(email="ann@example.org"), address).state == State.PENDING

    def test_the_present_reviewer_is_not_asked_again(self):
        appointment = make_appointment()
        mediator, reviewer = appointment.mediator, appointment.reviewer
        make_address(reviewer, "second@example.org")
        with pytest.raises(AppointmentRefused, match="your Reviewer already"):
            choose(mediator, reviewer)
        for address in [reviewer.email, "second@example.org"]:
            with pytest.raises(AppointmentRefused, match="your Reviewer already"):
                invite(mediator, address)
        assert states_of(mediator) == [State.ACCEPTED]

    @pytest.mark.parametrize("is_accepted", [True, False])
    def test_two_people_do_not_review_each_other(self, is_accepted):
        ann = make_person(Role.MEDIATOR, Role.REVIEWER)
        bee = make_person(Role.MEDIATOR, Role.REVIEWER)
        (make_appointment if is_accepted else make_pending)(ann, bee)
        with pytest.raises(AppointmentRefused, match="each other"):
            choose(bee, ann)
        with pytest.raises(AppointmentRefused, match="each other"):
            invite(bee, ann.email)
        assert states_of(bee) == []

    def test_an_open_invitation_by_mail_counts_for_that_too(self):
        ann, bee = make_person(Role.MEDIATOR, Role.REVIEWER), make_person(Role.MEDIATOR, Role.REVIEWER)
        invite(ann, bee.email.upper())
        with pytest.raises(AppointmentRefused, match="each other"):
            choose(bee, ann)

    def test_what_is_over_does_not_count(self):
        ann, bee = make_person(Role.MEDIATOR, Role.REVIEWER), make_person(Role.MEDIATOR, Role.REVIEWER)
        end_appointment(appointment=make_appointment(ann, bee), by=ann)
        assert choose(bee, ann).state == State.PENDING

    def test_a_new_proposal_takes_the_earlier_one_back(self):
        mediator = make_mediator()
        first = choose(mediator, make_reviewer())
        second = invite(mediator, "colleague@example.org")
        third = choose(mediator, make_reviewer())
        assert states_of(mediator) == [State.TAKEN_BACK, State.TAKEN_BACK, State.PENDING]
        assert trail(first)[-1] == trail(second)[-1] == (Verb.APPOINTMENT_TAKEN_BACK, mediator.pk)
        assert trail(third) == [(Verb.REVIEWER_PROPOSED, mediator.pk)]

    def test_the_accepted_reviewer_stays_meanwhile(self):
        appointment = make_appointment()
        choose(appointment.mediator, make_reviewer())
        assert states_of(appointment.mediator) == [State.ACCEPTED, State.PENDING]


@pytest.mark.django_db
class TestTakingBack:
    def test_by_the_mediator(self):
        pending = make_pending()
        ended = take_back_appointment(appointment=pending, by=pending.mediator)
        assert (ended.state, ended.ended_at is None) == (State.TAKEN_BACK, False)
        assert trail(pending)[-1] == (Verb.APPOINTMENT_TAKEN_BACK, pending.mediator_id)

    def test_by_nobody_else(self):
        pending = make_pending()
        for other in [pending.reviewer, make_mediator(), make_admin()]:
            with pytest.raises(PermissionDenied):
                take_back_appointment(appointment=pending, by=other)
        assert states_of(pending.mediator) == [State.PENDING]

    def test_not_after_the_answer(self):
        pending = make_pending()
        accept(pending, pending.reviewer)
        with pytest.raises(AppointmentRefused, match="changed in the meantime"):
            take_back_appointment(appointment=pending, by=pending.mediator)

    def test_the_invited_address_is_forgotten(self):
        mediator = make_mediator()
        take_back_appointment(appointment=invite(mediator, "colleague@example.org"), by=mediator)
        assert set(Appointment.objects.values_list("invite_email", flat=True)) == {""}


@pytest.mark.django_db
class TestAccepting:
    def test_the_chosen_one_reads_from_now_on(self):
        pending = make_pending()
        with time_machine.travel(clock.now() + timedelta(hours=5), tick=False):
            accepted = accept(pending, pending.reviewer)
            assert accepted.accepted_at == clock.now()
        accepted.refresh_from_db()
        assert accepted.state == State.ACCEPTED
        assert (accepted.not_family, accepted.not_subordinate, accepted.not_reciprocal) == (True, True, True)
        assert set(Appointment.objects.reading(pending.reviewer)) == {accepted}
        assert trail(accepted)[-1] == (Verb.APPOINTMENT_ACCEPTED, pending.reviewer_id)

    def test_the_account_of_the_invited_address_becomes_a_reviewer(self):
        person = make_person()
        make_address(person, "Second@Example.org")
        accepted = accept(invite(make_mediator(), "second@example.ORG"), person)
        person.refresh_from_db()
        assert person.roles == {Role.REVIEWER}
        assert (accepted.reviewer, accepted.invite_email) == (person, "")
        assert (Verb.ROLE_ADDED, person.pk) in trail(person)

    def test_an_address_that_is_not_confirmed_is_nobodys(self):
        person = make_person()
        make_address(person, "second@example.org", verified=False)
        pending = invite(make_mediator(), "second@example.org")
        with pytest.raises(PermissionDenied):
            accept(pending, person)
        with pytest.raises(PermissionDenied):
            decline_appointment(appointment=pending, by=person)

    def test_nobody_else_answers(self):
        pending = make_pending()
        for other in [pending.mediator, make_reviewer(), make_mediator(), make_admin()]:
            with pytest.raises(PermissionDenied):
                accept(pending, other)
            with pytest.raises(PermissionDenied):
                decline_appointment(appointment=pending, by=other)
        assert states_of(pending.mediator) == [State.PENDING]

    def test_a_closed_account_does_not_answer(self):
        pending = make_pending()
        pending.reviewer.is_active = False
        pending.reviewer.save()
        with pytest.raises(PermissionDenied):
            accept(pending, pending.reviewer)

    def test_the_mediator_does_not_answer_even_when_the_address_becomes_theirs(self):
        mediator = make_mediator()
        pending = invite(mediator, "second@example.org")
        make_address(mediator, "second@example.org")
        with pytest.raises(PermissionDenied):
            accept(pending, mediator)

    def test_nor_through_a_second_account_with_an_alias_of_theirs(self):
        mediator = make_mediator(email="ann@example.org")
        pending = invite(mediator, "review@example.org")
        second = make_person(email="ann+2@example.org")
        make_address(second, "review@example.org")
        with pytest.raises(AppointmentRefused, match="your own Reviewer"):
            accept(pending, second)

    @pytest.mark.parametrize("missing", STATEMENTS)
    def test_all_three_statements_are_needed(self, missing):
        pending = make_pending()
        with pytest.raises(AppointmentRefused, match="all three statements"):
            accept(pending, pending.reviewer, **{missing: False})
        assert states_of(pending.mediator) == [State.PENDING]

    def test_whom_imi_refused_takes_nobodys_place(self):
        mediator, good, refused = make_mediator(), make_reviewer(vetted=True), make_reviewer()
        refuse_reviewer(reviewer=refused, by=make_admin())
        make_appointment(mediator, good)
        pending = invite_reviewer(mediator=mediator, email=refused.email, by=mediator)
        with pytest.raises(AppointmentRefused, match="has not accepted you"):
            accept(pending, refused)
        assert Appointment.objects.reviewer_of(mediator) == good

    def test_too_late_is_too_late_even_before_the_hourly_task_came(self):
        pending = make_pending()
        with time_machine.travel(pending.expires_at, tick=False):
            with pytest.raises(AppointmentRefused, match="no longer open"):
                accept(pending, pending.reviewer)
            with pytest.raises(AppointmentRefused, match="no longer open"):
                decline_appointment(appointment=pending, by=pending.reviewer)
        with time_machine.travel(pending.expires_at - timedelta(seconds=1), tick=False):
            assert accept(pending, pending.reviewer).state == State.ACCEPTED

    def test_one_answer_only(self):
        pending = make_pending()
        accept(pending, pending.reviewer)
        with pytest.raises(AppointmentRefused, match="no longer open"):
            accept(pending, pending.reviewer)
        with pytest.raises(AppointmentRefused, match="no longer open"):
            decline_appointment(appointment=pending, by=pending.reviewer)

    def test_the_former_reviewer_stops_in_the_same_moment(self):
        former = make_appointment()
        pending = choose(former.mediator, make_reviewer())
        with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
            accepted = accept(pending, pending.reviewer)
        former.refresh_from_db()
        assert (former.state, former.ended_at) == (State.REPLACED, accepted.accepted_at)
        assert set(Appointment.objects.reading(former.reviewer)) == set()
        assert trail(former)[-1] == (Verb.APPOINTMENT_REPLACED, pending.reviewer_id)

    def test_a_pair_that_came_about_meanwhile_is_refused(self):
        ann = make_person(Role.MEDIATOR, Role.REVIEWER)
        bee = make_person(Role.MEDIATOR, Role.REVIEWER)
        pending = invite(ann, "bee.new@example.org")
        make_appointment(bee, ann)
        make_address(bee, "bee.new@example.org")
        with pytest.raises(AppointmentRefused, match="each other"):
            accept(pending, bee)

    def test_the_present_reviewer_under_another_address(self):
        present = make_appointment()
        pending = invite(present.mediator, "second@example.org")
        make_address(present.reviewer, "second@example.org")
        with pytest.raises(AppointmentRefused, match="already"):
            accept(pending, present.reviewer)
        assert states_of(present.mediator) == [State.ACCEPTED, State.PENDING]

    def test_imi_checks_a_reviewer_once(self, settings):
        settings.REVIEWER_VETTING = True
        reviewer = make_reviewer()
        make_appointment(reviewer=reviewer)
        assert Vetting.objects.get(reviewer=reviewer).state == VettingState.WAITING
        vet_reviewer(reviewer=reviewer, by=make_admin())
        make_appointment(reviewer=reviewer)
        assert Vetting.objects.get(reviewer=reviewer).state == VettingState.VETTED

    def test_or_not_at_all(self, settings):
        settings.REVIEWER_VETTING = False
        make_appointment()
        assert not Vetting.objects.exists()


@pytest.mark.django_db
class TestEnding:
    def test_declining(self):
        person = make_person()
        pending = invite(make_mediator(), person.email)
        declined = decline_appointment(appointment=pending, by=person)
        declined.refresh_from_db()
        assert (declined.state, declined.reviewer, declined.invite_email) == (State.DECLINED, None, "")
        assert trail(declined)[-1] == (Verb.APPOINTMENT_DECLINED, person.pk)
        person.refresh_from_db()
        assert person.roles == set()

    def test_the_reviewer_leaves(self):
        appointment = make_appointment()
        for other in [appointment.mediator, make_reviewer(), make_admin()]:
            with pytest.raises(PermissionDenied):
                resign_appointment(appointment=appointment, by=other)
        assert resign_appointment(appointment=appointment, by=appointment.reviewer).state == State.RESIGNED
        assert not Appointment.objects.reading(appointment.reviewer).exists()
        assert trail(appointment)[-1] == (Verb.APPOINTMENT_RESIGNED, appointment.reviewer_id)

    def test_the_mediator_ends_it(self):
        appointment = make_appointment()
        for other in [appointment.reviewer, make_mediator(), make_admin()]:
            with pytest.raises(PermissionDenied):
                end_appointment(appointment=appointment, by=other)
        assert end_appointment(appointment=appointment, by=appointment.mediator).state == State.ENDED
        assert not Appointment.objects.reading(appointment.reviewer).exists()
        assert trail(appointment)[-1] == (Verb.APPOINTMENT_ENDED, appointment.mediator_id)

    @pytest.mark.parametrize("end", [resign_appointment, end_appointment])
    def test_what_is_over_or_has_not_begun_is_not_ended(self, end):
        appointment = make_pending()
        by = appointment.reviewer if end is resign_appointment else appointment.mediator
        with pytest.raises(AppointmentRefused, match="changed in the meantime"):
            end(appointment=appointment, by=by)
        accept(appointment, appointment.reviewer)
        end(appointment=appointment, by=by)
        with pytest.raises(AppointmentRefused, match="changed in the meantime"):
            end(appointment=appointment, by=by)

    def test_no_answer_in_time(self):
        mediator = make_mediator()
        pending = invite(mediator, "colleague@example.org")
        accepted = make_appointment()
        with time_machine.travel(pending.expires_at - timedelta(seconds=1), tick=False):
            assert expire_appointments() == []
        with time_machine.travel(pending.expires_at, tick=False):
            later = make_pending()
            assert len(expire_appointments()) == 1
            assert expire_appointments() == []
        pending.refresh_from_db()
        assert (pending.state, pending.invite_email) == (State.EXPIRED, "")
        assert trail(pending)[-1] == (Verb.APPOINTMENT_EXPIRED, None)
        assert states_of(later.mediator) == [State.PENDING]
        assert states_of(accepted.mediator) == [State.ACCEPTED]


@pytest.mark.django_db
class TestVetting:
    @pytest.mark.parametrize("decide", [vet_reviewer, refuse_reviewer])
    @pytest.mark.parametrize("make", [make_mediator, make_reviewer, make_directory, make_person])
    def test_by_admins_only(self, decide, make):
        appointment = make_appointment()
        for other in [make(), appointment.mediator, appointment.reviewer, make_admin(is_active=False)]:
            with pytest.raises(PermissionDenied):
                decide(reviewer=appointment.reviewer, by=other)
        assert Vetting.objects.get().state == VettingState.WAITING

    @pytest.mark.parametrize(
        ("decide", "state", "verb"),
        [
            (vet_reviewer, VettingState.VETTED, Verb.REVIEWER_VETTED),
            (refuse_reviewer, VettingState.REFUSED, Verb.REVIEWER_REFUSED),
        ],
    )
    def test_a_second_click_changes_nothing(self, decide, state, verb):
        reviewer, admin = make_reviewer(), make_admin()
        first = decide(reviewer=reviewer, by=admin)
        with time_machine.travel(clock.now() + timedelta(days=1)):
            decide(reviewer=reviewer, by=make_admin())
        vetting = Vetting.objects.get()
        assert (vetting.state, vetting.decided_at) == (state, first.decided_at)
        assert list(AuditEvent.objects.filter(verb=verb).values_list("actor_id", flat=True)) == [admin.pk]

    def test_an_admin_may_change_their_mind(self):
        appointment, admin = make_appointment(), make_admin()
        refuse_reviewer(reviewer=appointment.reviewer, by=admin)
        assert not Appointment.objects.reading(appointment.reviewer).exists()
        vet_reviewer(reviewer=appointment.reviewer, by=admin)
        assert Appointment.objects.reading(appointment.reviewer).exists()


@pytest.mark.django_db
class TestWhatTheDatabaseRefuses:
    """The last line: rules about one row hold even if a service forgot them."""

    @pytest.mark.parametrize(
        ("fields", "name"),
        [
            ({"reviewer": None, "invite_email": ""}, "appointment_names_one_person"),
            ({"invite_email": "two@example.org"}, "appointment_names_one_person"),
            ({"reviewer": None, "invite_email": "Two@example.org"}, "appointment_address_lower_case"),
            ({"state": State.ACCEPTED}, "appointment_accepted_with_statements"),
            ({"state": State.ENDED}, "appointment_ended_has_date"),
            ({"ended_at": clock.now()}, "appointment_ended_has_date"),
        ],
    )
    def test_a_row_that_says_nonsense(self, fields, name):
        row = {"mediator": make_mediator(), "reviewer": make_reviewer(), "expires_at": clock.now()}
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Appointment.objects.create(**(row | fields))

    def test_oneself(self):
        person = make_person(Role.MEDIATOR, Role.REVIEWER)
        with pytest.raises(IntegrityError, match="appointment_not_oneself"), transaction.atomic():
            Appointment.objects.create(mediator=person, reviewer=person, expires_at=clock.now())

    def test_an_address_that_nobody_waits_for(self):
        pending = invite(make_mediator(), "colleague@example.org")
        with pytest.raises(IntegrityError, match="appointment_address_while_pending"), transaction.atomic():
            Appointment.objects.filter(pk=pending.pk).update(state=State.EXPIRED, ended_at=clock.now())


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_two_proposals_leave_one_pending(self):
        mediator = make_mediator()
        reviewers = [make_reviewer() for _number in range(4)]
        results = at_once(
            *[lambda reviewer=reviewer: choose(mediator, reviewer) for reviewer in reviewers],
            *[
                lambda number=number: invite(mediator, f"colleague{number}@example.org")
                for number in range(4)
            ],
        )
        assert [type(result) for result in results] == [Appointment] * 8
        assert sorted(states_of(mediator)) == [State.PENDING] + [State.TAKEN_BACK] * 7

    def test_one_accepts_twice(self):
        pending = make_pending()
        results = at_once(*[lambda: accept(pending, User.objects.get(pk=pending.reviewer_id))] * 4)
        kinds = sorted(type(result).__name__ for result in results)
        assert kinds == ["Appointment"] + ["AppointmentRefused"] * 3
        assert [verb for verb, _actor in trail(pending)].count(Verb.APPOINTMENT_ACCEPTED) == 1
        assert Vetting.objects.count() == 1

    def test_accepted_and_taken_back(self):
        pending = make_pending()
        results = at_once(
            lambda: accept(pending, pending.reviewer),
            lambda: take_back_appointment(appointment=pending, by=pending.mediator),
        )
        assert sorted(type(result).__name__ for result in results) == ["Appointment", "AppointmentRefused"]
        assert states_of(pending.mediator) in ([State.ACCEPTED], [State.TAKEN_BACK])

    def test_accepted_and_replaced_by_another_proposal(self):
        pending, other = make_pending(), make_reviewer()
        accepted, proposed = at_once(
            lambda: accept(pending, pending.reviewer), lambda: choose(pending.mediator, other)
        )
        assert isinstance(proposed, Appointment)
        if isinstance(accepted, Appointment):
            assert states_of(pending.mediator) == [State.ACCEPTED, State.PENDING]
        else:
            assert isinstance(accepted, AppointmentRefused)
            assert states_of(pending.mediator) == [State.TAKEN_BACK, State.PENDING]

    def test_two_people_who_choose_each_other(self):
        for _round in range(5):
            ann = make_person(Role.MEDIATOR, Role.REVIEWER)
            bee = make_person(Role.MEDIATOR, Role.REVIEWER)
            results = at_once(lambda: choose(ann, bee), lambda: invite(bee, ann.email))  # noqa: B023
            assert sorted(type(result).__name__ for result in results) == [
                "Appointment",
                "AppointmentRefused",
            ]
            assert len(states_of(ann) + states_of(bee)) == 1

    def test_whoever_invites_the_other_waits_for_their_invitation(self):
        ann, bee = make_person(Role.MEDIATOR, Role.REVIEWER), make_person(Role.MEDIATOR, Role.REVIEWER)
        results = []
        waiting = Thread(target=lambda: results.extend(at_once(lambda: invite(bee, ann.email))))
        with transaction.atomic():
            invite(ann, bee.email)
            waiting.start()
            waiting.join(timeout=0.5)
            assert waiting.is_alive()
        waiting.join(timeout=20)
        assert [type(result) for result in results] == [AppointmentRefused]

    def test_the_task_runs_twice_while_people_answer(self):
        overdue = [make_pending() for _number in range(5)]
        with time_machine.travel(overdue[-1].expires_at + timedelta(hours=1)):
            results = at_once(
                expire_appointments,
                expire_appointments,
                lambda: choose(overdue[0].mediator, make_reviewer()),
            )
        assert [result for result in results if isinstance(result, BaseException)] == []
        events = AuditEvent.objects.filter(verb__in=[Verb.APPOINTMENT_EXPIRED, Verb.APPOINTMENT_TAKEN_BACK])
        assert sorted(events.values_list("object_id", flat=True)) == sorted(str(row.pk) for row in overdue)
