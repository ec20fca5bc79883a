"""What needs a hand: each line appears with its number, leads to a list of exactly those, and goes when it is done."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.choices import AccessSource, JobState, MessageKind, OrderState, OutboxState
from accounts.models import AccessGrant, ContactMessage, Job, OrderLine, Organisation, OutboxMessage, User
from accounts.services import messages, people
from accounts.services.access import grant_access
from accounts.tests.factories import (
    make_admin,
    make_appointment,
    make_mediator,
    make_organisation,
    make_person,
    make_reviewer,
    signed_in,
)
from feedback.models import FeedbackReport, FeedbackRequest
from feedback.services import pieces
from feedback.tests.factories import make_piece, make_request
from logbook_site.desk.needs import AHEAD, NEEDS
from logbook_site.desk.tests.doors import ask_in_bulk, confirm, page_about
from logbook_site.foundation import clock
from logbook_site.own_data.services import leaving

pytestmark = pytest.mark.django_db
QUIET = "Nothing needs you today."
Solve = Callable[[Client, object], None]


def make_mail(**fields) -> OutboxMessage:
    return OutboxMessage.objects.create(
        message="accounts.emails.nothing_to_say", object_id=uuid.uuid4(), **fields
    )


def two_weeks_later(settings) -> None:
    settings.CLOCK_OFFSET_HOURS = settings.DESK_LOOKS_BACK_HOURS + 1


# --- For each line: what makes one more of it, and what an admin (or a worker, or time) does about it ------------


def late_mail() -> None:
    make_mail(not_before=clock.now() - timedelta(minutes=11))
    make_mail(not_before=clock.now() - timedelta(minutes=9))  # not yet
    make_mail(not_before=clock.now() + timedelta(days=1))
    make_mail(not_before=clock.now() - timedelta(days=1), state=OutboxState.SENT, finished_at=clock.now())


def send_mail(desk: Client, settings) -> None:
    OutboxMessage.objects.filter(state=OutboxState.DUE).update(
        state=OutboxState.SENT, finished_at=clock.now()
    )


def mail_left_behind() -> None:
    over = clock.now() - timedelta(minutes=11)
    make_mail(state=OutboxState.CLAIMED, lease_until=over)
    make_mail(state=OutboxState.CLAIMED, lease_until=clock.now() + timedelta(minutes=1))


def send_what_was_left(desk: Client, settings) -> None:
    OutboxMessage.objects.update(state=OutboxState.SENT, lease_until=None, finished_at=clock.now())


def late_job() -> None:
    for minutes in (11, 9):
        created = clock.now() - timedelta(minutes=minutes)
        Job.objects.create(owner=make_person(), work="x.y", created_at=created)


def do_jobs(desk: Client, settings) -> None:
    Job.objects.update(state=JobState.DONE, finished_at=clock.now())


def waiting_reviewer() -> None:
    make_appointment(reviewer=make_reviewer())
    make_appointment(reviewer=make_reviewer(vetted=True))
    closed = make_reviewer()
    make_appointment(reviewer=closed)
    User.objects.filter(pk=closed.pk).update(is_active=False)


def check_reviewers(desk: Client, settings) -> None:
    rows = desk.get("/admin/accounts/vetting/?desk=waiting").context["cl"].result_list
    asked = ask_in_bulk(desk, "/admin/accounts/vetting/?desk=waiting", "vet", rows)
    confirm(desk, asked)


def reported_piece() -> None:
    amina = make_mediator()
    pieces.report_piece(piece=make_piece(amina), reason="Not about me", by=amina)


def settle_reports(desk: Client, settings) -> None:
    for report in FeedbackReport.objects.open():
        desk.post(f"/admin/feedback/feedbackreport/{report.pk}/settle/", {"reason": "It is fair"})


def unsent_message() -> None:
    for state in (OutboxState.FAILED, OutboxState.DUE):
        stored = messages.send_message(
            kind=MessageKind.QUESTION, name="Ina", email="ina@example.org", page="", text="Help", by=None
        )
        finished = clock.now() - timedelta(days=30) if state == OutboxState.FAILED else None
        mails = OutboxMessage.objects.filter(object_id=stored.pk)
        mails.update(state=state, finished_at=finished)


def delete_messages(desk: Client, settings) -> None:
    for message in ContactMessage.objects.not_sent():
        assert "Help" in desk.get(f"/admin/accounts/contactmessage/{message.pk}/change/").text
        desk.post(f"/admin/accounts/contactmessage/{message.pk}/delete/", {"post": "yes"})


def waiting_order() -> None:
    for number, days in enumerate((4, 2)):
        OrderLine.objects.create(
            order_id=uuid.uuid4().int % 10**9,
            line_id=number,
            months=12,
            state=OrderState.WAITING,
            email="buyer@example.org",
            received_at=clock.now() - timedelta(days=days),
        )


def give_orders(desk: Client, settings) -> None:
    make_mediator(email="mina@example.org")
    for line in OrderLine.objects.all():
        desk.post(f"/admin/accounts/orderline/{line.pk}/change/", {"give_to": "mina@example.org"})


def order_refunded_in_part() -> None:
    for partly in (True, False):
        grant = AccessGrant.objects.create(person=make_mediator(), months=12, source=AccessSource.ORDER)
        OrderLine.objects.create(
            order_id=uuid.uuid4().int % 10**9,
            line_id=1,
            months=12,
            state=OrderState.GRANTED,
            grant=grant,
            partly_refunded=partly,
        )


def keep_access(desk: Client, settings) -> None:
    rows = OrderLine.objects.refunded_in_part()
    confirm(desk, ask_in_bulk(desk, "/admin/accounts/orderline/", "keep", rows))
    assert not AccessGrant.objects.filter(ended_at__isnull=False).exists()


def failed_mail() -> None:
    make_mail(state=OutboxState.FAILED, finished_at=clock.now())
    make_mail(state=OutboxState.FAILED, finished_at=clock.now() - timedelta(days=15))
    make_mail(state=OutboxState.DROPPED, finished_at=clock.now())


def uncertain_mail() -> None:
    make_mail(state=OutboxState.UNCERTAIN, finished_at=clock.now())


def wait_two_weeks(desk: Client, settings) -> None:
    two_weeks_later(settings)


def failed_job() -> None:
    for days in (1, 15):
        finished = clock.now() - timedelta(days=days)
        Job.objects.create(
            owner=make_person(), work="x.y", state=JobState.FAILED, created_at=finished, finished_at=finished
        )


def lost_request() -> None:
    request = make_request(make_mediator())
    FeedbackRequest.objects.filter(pk=request.pk).update(is_lost=True)
    mails = OutboxMessage.objects.filter(object_id=request.pk)
    mails.update(state=OutboxState.DROPPED, finished_at=clock.now())


def ending_organisation() -> None:
    for days, is_active in ((29, True), (31, True), (-1, True), (10, False)):
        last_day = clock.today() + timedelta(days=days)
        make_organisation(active_until=last_day, is_active=is_active)


def end_organisations(desk: Client, settings) -> None:
    rows = Organisation.objects.all()
    confirm(desk, ask_in_bulk(desk, "/admin/accounts/organisation/", "end_access", rows))


def ending_access() -> None:
    for days in (29, 40, -1):
        User.objects.filter(pk=make_mediator().pk).update(access_until=clock.today() + timedelta(days=days))
    User.objects.filter(pk=make_reviewer().pk).update(access_until=clock.today())


def give_access(desk: Client, settings) -> None:
    for person in User.objects.access_ending():
        AccessGrant.objects.filter(person=person).delete()
        desk.post(f"{page_about(person)}access/", {"months": "12"})


def leaving_person() -> None:
    ann = make_mediator()
    leaving.ask_deletion(person=ann, by=ann)


def stop_leaving(desk: Client, settings) -> None:
    for person in User.objects.leaving():
        answer = desk.post(
            f"{page_about(person)}delete-account/", {"action": "stop", "reason": "Changed her mind"}
        )
        assert answer.status_code == 302


def renamed_reviewer() -> None:
    for person in (make_reviewer(), make_mediator()):  # a mediator's is nobody's concern
        person.name += " Miller"
        people.save_settings(person=person)


def time_passes(desk: Client, settings) -> None:
    two_weeks_later(settings)


CASES: dict[tuple[str, str], list[tuple[Callable[[], None], Solve]]] = {
    ("OutboxMessage", "late"): [(late_mail, send_mail), (mail_left_behind, send_what_was_left)],
    ("Job", "late"): [(late_job, do_jobs)],
    ("Vetting", "waiting"): [(waiting_reviewer, check_reviewers)],
    ("FeedbackReport", "open"): [(reported_piece, settle_reports)],
    ("ContactMessage", "not_sent"): [(unsent_message, delete_messages)],
    ("OrderLine", "waiting_long"): [(waiting_order, give_orders)],
    ("OrderLine", "refunded_in_part"): [(order_refunded_in_part, keep_access)],
    ("OutboxMessage", "failed_lately"): [(failed_mail, wait_two_weeks), (uncertain_mail, wait_two_weeks)],
    ("Job", "failed_lately"): [(failed_job, wait_two_weeks)],
    ("FeedbackRequest", "lost_lately"): [(lost_request, wait_two_weeks)],
    ("Organisation", "ending"): [(ending_organisation, end_organisations)],
    ("User", "access_ending"): [(ending_access, give_access)],
    ("User", "leaving"): [(leaving_person, stop_leaving)],
    ("User", "renamed_lately"): [(renamed_reviewer, time_passes)],
}
EVERY = [(name, method, *case) for (name, method), cases in CASES.items() for case in cases]


def test_every_line_has_a_case() -> None:
    assert {(one.model.__name__, one.method) for one in [*NEEDS, *AHEAD]} == set(CASES)


def lines_of(desk: Client) -> dict[str, list]:
    context = desk.get("/admin/").context
    return {"needs": context["needs"], "ahead": context["ahead"]}


@pytest.mark.parametrize(
    ("name", "method", "make", "solve"), EVERY, ids=[f"{one[0]}-{one[1]}-{one[2].__name__}" for one in EVERY]
)
def test_a_line_comes_and_goes(name, method, make, solve, settings) -> None:
    settings.ACCESS_MODE = "paid"
    admin = make_admin()
    desk = signed_in(admin)
    assert lines_of(desk) == {"needs": [], "ahead": []}
    assert QUIET in desk.get("/admin/").text
    is_need = any((one.model.__name__, one.method) == (name, method) for one in NEEDS)
    for number in (1, 2):
        make()
        lines = lines_of(desk)
        mine = [
            line for line in [*lines["needs"], *lines["ahead"]] if line.address.endswith(f"desk={method}")
        ]
        (line,) = [one for one in mine if f"_{name}".lower() in one.address.replace("/", "_")]
        assert line.number == number
        assert str(number) in line.sentence
        listed = desk.get(line.address)
        assert listed.context["cl"].result_count == number
        assert bool(lines["needs"]) == is_need
        page = desk.get("/admin/").text
        assert line.sentence in page.replace("&#x27;", "'")
        assert (QUIET in page) == (not is_need)
        assert (line.sentence in desk.get("/").text) == is_need
    solve(desk, settings)
    lines = lines_of(signed_in(admin))
    assert lines == {"needs": [], "ahead": []}
    assert QUIET in signed_in(admin).get("/").text


def test_nobody_waits_for_a_check_where_nobody_is_checked(settings) -> None:
    make_appointment(reviewer=make_reviewer())
    settings.REVIEWER_VETTING = False
    assert lines_of(signed_in(make_admin()))["needs"] == []


def test_where_nobody_pays_no_access_ends(settings) -> None:
    settings.ACCESS_MODE = "open"
    ending_access()
    assert lines_of(signed_in(make_admin()))["ahead"] == []


def test_who_waits_longest_stands_first_and_decided_ones_last() -> None:
    admin = make_admin()
    first, second, done = make_reviewer(), make_reviewer(), make_reviewer(vetted=True)
    for reviewer in (second, first):
        make_appointment(reviewer=reviewer)
    first.vetting.asked_at = clock.now() - timedelta(days=2)
    first.vetting.save()
    rows = signed_in(admin).get("/admin/accounts/vetting/").context["cl"].result_list
    assert [row.reviewer for row in rows] == [first, second, done]


@pytest.mark.long
def test_the_desk_asks_as_often_for_many_as_for_few(settings) -> None:
    settings.ACCESS_MODE = "paid"
    desk = signed_in(make_admin())
    counts = []
    for number in (1, 3):
        for cases in CASES.values():
            for make, _solve in cases:
                for _time in range(number):
                    make()
        desk.get("/admin/")
        for address in ("/admin/", "/"):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert desk.get(address).status_code == 200
            counts.append(len(asked))
    assert counts[:2] == counts[2:]
    assert counts[0] <= len(NEEDS) + len(AHEAD) + 8


def test_others_read_nothing_of_it_on_their_home() -> None:
    reported_piece()
    for person in (make_mediator(), make_reviewer(), make_person()):
        page = signed_in(person).get("/").text
        assert "is reported" not in page
        assert QUIET not in page


def test_what_is_granted_at_the_desk_counts_from_the_end(settings) -> None:
    settings.ACCESS_MODE = "paid"
    admin, amina = make_admin(), make_mediator()
    grant_access(to=amina, months=1, by=admin)
    amina.refresh_from_db()
    first = amina.access_until
    signed_in(admin).post(f"{page_about(amina)}access/", {"months": "2"})
    amina.refresh_from_db()
    assert amina.access_until > first + timedelta(days=58)
