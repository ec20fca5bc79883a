"""Whose rows are whose, and the last moment of each period. The clock stands still; whole sets are compared."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser

from accounts.choices import (
    AccessSource,
    ImportKind,
    JobState,
    MessageKind,
    OrderState,
    OutboxState,
    PlaceState,
)
from accounts.models import (
    AccessGrant,
    Appointment,
    ContactMessage,
    Import,
    Job,
    NameWord,
    OrderLine,
    Organisation,
    OutboxMessage,
    StaffPlace,
    User,
    Vetting,
)
from accounts.services.appointments import end_appointment, refuse_reviewer
from accounts.services.messages import send_message
from accounts.tests.factories import (
    make_admin,
    make_appointment,
    make_directory,
    make_mediator,
    make_open_mediator,
    make_organisation,
    make_pending,
    make_person,
    make_reviewer,
)
from logbook_site.foundation import clock

pytestmark = pytest.mark.django_db
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def now() -> Iterator[datetime]:
    with time_machine.travel(datetime.fromisoformat("2027-03-10T10:00:00+00:00"), tick=False):
        yield clock.now()


def make_grant(person: User, **fields) -> AccessGrant:
    return AccessGrant.objects.create(person=person, months=12, source=AccessSource.ORDER, **fields)


def make_import(owner: User, **fields) -> Import:
    return Import.objects.create(owner=owner, kind=ImportKind.LOGBOOK, **fields)


def make_job(state: JobState = JobState.DUE, **fields) -> Job:
    return Job.objects.create(owner=make_person(), work="x.y", state=state, **fields)


def make_mail(state: OutboxState = OutboxState.DUE, **fields) -> OutboxMessage:
    return OutboxMessage.objects.create(message="a.b", object_id=uuid.uuid4(), state=state, **fields)


# --- Whose they are ---------------------------------------------------------------------------------


def test_grants_are_their_owners_and_an_admins() -> None:
    ann, bee = make_mediator(), make_mediator()
    grants = make_grant(ann), make_grant(bee)
    visible = AccessGrant.objects.visible_to
    assert [set(visible(user)) for user in (ann, bee)] == [{grants[0]}, {grants[1]}]
    assert set(visible(make_admin())) == set(grants)
    assert [set(visible(user)) for user in (make_person(), AnonymousUser())] == [set(), set()]


def test_imports_are_their_owners_while_they_are_mediators() -> None:
    ann, once = make_mediator(), make_person()
    own, _left = make_import(ann), make_import(once)
    visible = Import.objects.visible_to
    assert set(visible(ann)) == {own}
    assert not any(set(visible(user)) for user in (once, make_mediator(), make_admin(), AnonymousUser()))


def test_jobs_are_their_owners() -> None:
    job, _another = make_job(), make_job()
    visible = Job.objects.visible_to
    assert set(visible(job.owner)) == {job}
    assert not any(set(visible(user)) for user in (make_person(), make_admin(), AnonymousUser()))


# --- Until when -------------------------------------------------------------------------------------


def test_an_import_waits_can_be_undone_and_is_over(now, settings) -> None:
    owner, kept = make_mediator(), clock.hours(settings.IMPORT_KEPT_HOURS)
    undo = clock.hours(settings.UNDO_HOURS)
    waits = make_import(owner, created_at=now - kept + SECOND)
    forgotten = make_import(owner, created_at=now - kept)
    fresh, with_rows, without_rows, undone_last, undone_never = (
        make_import(owner, created_at=now - undo - DAY, saved_at=now - ago)
        for ago in (timedelta(0), kept - SECOND, kept, undo - SECOND, undo)
    )
    assert set(Import.objects.waiting()) == {waits}
    assert set(Import.objects.with_rejected_rows()) == {fresh, with_rows}
    assert set(Import.objects.saved()) == {fresh, with_rows, without_rows, undone_last}
    assert set(Import.objects.over()) == {forgotten, undone_never}


def test_a_job_is_due_held_late_and_done(now, settings) -> None:
    late, lately = clock.hours(settings.DESK_LATE_HOURS), clock.hours(settings.DESK_LOOKS_BACK_HOURS)
    new, old = make_job(created_at=now - late + SECOND), make_job(created_at=now - late)
    held = make_job(JobState.RUNNING, lease_until=now + SECOND, created_at=now - DAY)
    lost = make_job(JobState.RUNNING, lease_until=now, created_at=now - DAY)
    long_lost = make_job(JobState.RUNNING, lease_until=now - late, created_at=now - DAY)
    done = make_job(JobState.DONE, finished_at=now, created_at=now - DAY)
    failed = make_job(JobState.FAILED, finished_at=now - lately, created_at=now - 60 * DAY)
    long_ago = make_job(JobState.FAILED, finished_at=now - lately - SECOND, created_at=now - 60 * DAY)
    assert list(Job.objects.due()) == [old, new]
    assert set(Job.objects.unfinished()) == {new, old, held, lost, long_lost}
    assert set(Job.objects.finished()) == {done, failed, long_ago}
    assert set(Job.objects.left_behind()) == {lost, long_lost}
    assert set(Job.objects.late()) == {old, long_lost}
    assert set(Job.objects.failed_lately()) == {failed}


def test_mail_is_due_held_late_and_failed(now, settings) -> None:
    late, lately = clock.hours(settings.DESK_LATE_HOURS), clock.hours(settings.DESK_LOOKS_BACK_HOURS)
    new, old = make_mail(not_before=now), make_mail(not_before=now - late)
    make_mail(not_before=now + SECOND)
    claimed, sending = OutboxState.CLAIMED, OutboxState.SENDING
    make_mail(claimed, lease_until=now + SECOND)
    lost = {make_mail(state, lease_until=now) for state in (claimed, sending)}
    long_lost = {make_mail(state, lease_until=now - late) for state in (claimed, sending)}
    ends = OutboxState.FAILED, OutboxState.UNCERTAIN
    failed = {make_mail(state, finished_at=now - lately) for state in ends}
    for state in ends:
        make_mail(state, finished_at=now - lately - SECOND)
    make_mail(OutboxState.SENT, not_before=now - late, finished_at=now)
    assert list(OutboxMessage.objects.due()) == [old, new]
    assert set(OutboxMessage.objects.left_behind()) == lost | long_lost
    assert set(OutboxMessage.objects.late()) == {old} | long_lost
    assert set(OutboxMessage.objects.failed_lately()) == failed


def test_an_order_waits_long_and_is_refunded_in_part(now, settings) -> None:
    waited = clock.hours(settings.DESK_ORDER_WAITS_HOURS)
    ann = make_mediator()

    def make_line(number: int, **fields) -> OrderLine:
        return OrderLine.objects.create(order_id=number, line_id=1, months=12, **fields)

    waiting = {"state": OrderState.WAITING, "email": "buyer@example.org"}
    long = make_line(1, received_at=now - waited, **waiting)
    make_line(2, received_at=now - waited + SECOND, **waiting)
    granted = {"state": OrderState.GRANTED, "received_at": now - 2 * waited}
    partly = make_line(3, grant=make_grant(ann), partly_refunded=True, **granted)
    make_line(4, grant=make_grant(ann), **granted)
    make_line(5, grant=make_grant(ann, ended_at=now), partly_refunded=True, **granted)
    make_line(6, partly_refunded=True, **granted)  # its grant is gone
    assert set(OrderLine.objects.waiting_long()) == {long}
    assert set(OrderLine.objects.refunded_in_part()) == {partly}


def test_the_last_day_of_an_organisation_counts(now, settings) -> None:
    ahead = (now + clock.hours(settings.DESK_LOOKS_AHEAD_HOURS)).date() - now.date()
    today = now.date()
    for_ever, last_day, last_seen, later, over, closed = (
        make_organisation(active_until=until, is_active=active)
        for until, active in (
            (None, True), (today, True), (today + ahead, True), (today + ahead + DAY, True),
            (today - DAY, True), (today, False),
        )
    )  # fmt: skip
    assert set(Organisation.objects.with_access()) == {for_ever, last_day, last_seen, later}
    assert set(Organisation.objects.ending()) == {last_day, last_seen}
    people = {place: make_directory(organisation=place) for place in (for_ever, last_day, over, closed)}
    User.objects.filter(pk=make_directory().pk).update(is_active=False)
    User.objects.filter(pk=make_directory().pk).update(deletion_due_at=now)
    User.objects.filter(pk=make_directory().pk).update(is_directory=False)
    with_access = {place.person for place in StaffPlace.objects.with_access()}
    assert with_access == {people[for_ever], people[last_day]}


def test_an_invitation_to_a_place_ends(now) -> None:
    ann, open_one, closed = make_person(), make_organisation(), make_organisation(is_active=False)

    def invite(organisation: Organisation, expires_at: datetime, **fields) -> StaffPlace:
        email = fields.pop("email", ann.email)
        return StaffPlace.objects.create(
            organisation=organisation, invite_email=email, expires_at=expires_at, state=PlaceState.PENDING
        )

    mine = invite(open_one, now + SECOND)
    other = invite(open_one, now + SECOND, email="other@example.org")
    over = invite(open_one, now, email="third@example.org")
    invite(closed, now + SECOND)
    assert set(StaffPlace.objects.open()) == {mine, other}
    assert set(StaffPlace.objects.overdue()) == {over}
    assert set(StaffPlace.objects.awaiting(ann)) == {mine}
    ann.is_active = False
    assert not any(set(StaffPlace.objects.awaiting(user)) for user in (ann, make_person(), AnonymousUser()))


# --- Mediators, as others find them -----------------------------------------------------------------


def test_who_stays_leaves_and_is_due_to_go(now) -> None:
    stays, due, not_yet = (
        make_person(),
        make_person(deletion_due_at=now),
        make_person(deletion_due_at=now + SECOND),
    )
    closed = make_person(is_active=False)
    everyone = User.objects.filter(pk__in=[person.pk for person in (stays, due, not_yet, closed)])
    assert set(everyone.staying()) == {stays}
    assert set(everyone.leaving()) == {due, not_yet}
    assert set(everyone.due_to_go()) == {due}


def test_only_open_mediators_are_found(now) -> None:
    private, seen, general, both, leaving, closed = (
        make_mediator(),
        *(make_open_mediator() for _n in range(5)),
    )
    once = make_open_mediator()
    for person in (private, both, leaving, closed, once):
        person.mediator_profile.accepts_general = True
        person.mediator_profile.save()
    User.objects.filter(pk=leaving.pk).update(deletion_due_at=now + DAY)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    User.objects.filter(pk=once.pk).update(is_mediator=False)
    assert set(User.objects.open_to_directories()) == {seen, general, both}
    assert set(User.objects.accepting_general()) == {private, both}
    assert set(User.objects.found_by_anybody()) == {both}


def test_whose_access_ends_soon(now, settings) -> None:
    ahead = (now + clock.hours(settings.DESK_LOOKS_AHEAD_HOURS)).date()
    today = now.date()
    ends = [today - DAY, today, ahead, ahead + DAY, None]
    _over, first, last, _later, _never = (make_mediator(access_until=end) for end in ends)
    make_reviewer(access_until=today)
    make_mediator(access_until=today, deletion_due_at=now)
    settings.ACCESS_MODE = "paid"
    assert set(User.objects.access_ending()) == {first, last}
    settings.ACCESS_MODE = "open"
    assert set(User.objects.access_ending()) == set()


def test_whom_a_mediator_may_choose(now, settings) -> None:
    ann, admin = make_mediator(), make_admin()
    vetted, waiting, refused, leaving = (make_reviewer(vetted=number != 1) for number in range(4))
    make_appointment(reviewer=waiting)
    refuse_reviewer(reviewer=refused, by=admin)
    User.objects.filter(pk=leaving.pk).update(deletion_due_at=now + DAY)
    to_choose = User.objects.to_choose_as_reviewer
    assert set(to_choose(ann)) == {vetted}
    assert set(to_choose(vetted)) == set()
    settings.REVIEWER_VETTING = False
    assert set(to_choose(ann)) == {vetted, waiting}


def test_who_waits_for_a_check(now, settings) -> None:
    waiting, closed, leaving, once, _vetted = (make_reviewer(vetted=number == 4) for number in range(5))
    for reviewer in (waiting, closed, leaving, once):
        make_appointment(reviewer=reviewer)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    User.objects.filter(pk=leaving.pk).update(deletion_due_at=now + DAY)
    User.objects.filter(pk=once.pk).update(is_reviewer=False)
    assert {row.reviewer for row in Vetting.objects.waiting()} == {waiting}
    settings.REVIEWER_VETTING = False
    assert set(Vetting.objects.waiting()) == set()


def test_messages_whose_mail_did_not_leave(now) -> None:
    stored = {}
    for state in (OutboxState.FAILED, OutboxState.UNCERTAIN, OutboxState.SENT, OutboxState.DUE):
        stored[state] = send_message(
            kind=MessageKind.QUESTION, name="Ina", email="ina@example.org", page="", text="Help", by=None
        )
        finished = None if state == OutboxState.DUE else now
        OutboxMessage.objects.filter(object_id=stored[state].pk).update(state=state, finished_at=finished)
    not_sent = {stored[OutboxState.FAILED], stored[OutboxState.UNCERTAIN]}
    assert set(ContactMessage.objects.not_sent()) == not_sent


def test_a_name_is_found_by_how_its_words_begin() -> None:
    anna, annika, zoe = (
        make_open_mediator(name=name) for name in ("Anna Lindqvist", "Annika Lind", "Zoë Lindholm")
    )

    def found(typed: str) -> list[User]:
        return [row.person for row in NameWord.objects.found_by(typed)]

    assert found("lind") == [annika, zoe, anna]
    assert found("ann lind") == [annika, anna]
    assert found("LINDQ a") == [anna]
    assert found("zoe") == [zoe]
    assert found("ind") == found("qvist") == found("anna zoe") == found("") == []


def test_whom_a_mediator_has_named() -> None:
    accepted, pending, over = make_appointment(), make_pending(), make_appointment()
    end_appointment(appointment=over, by=over.mediator)
    rows = [accepted, pending, over]
    assert [set(Appointment.objects.named_by(row.mediator)) for row in rows] == [{accepted}, {pending}, set()]
    assert [Appointment.objects.reviewer_of(row.mediator) for row in rows] == [accepted.reviewer, None, None]
    assert set(Appointment.objects.open()) == {pending}
