"""Who may see and do what with requests and feedback. Whole sets are compared."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser

from accounts.tests.factories import make_admin, make_appointment, make_directory, make_mediator, make_person
from feedback import permissions
from feedback.choices import LinkState, ReportState
from feedback.models import Feedback, FeedbackReport, FeedbackRequest
from feedback.services import pieces
from feedback.tests.factories import make_piece, make_request
from logbook_site.foundation import clock

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def make_others() -> list:
    appointment = make_appointment()
    return [
        make_person(),
        make_mediator(),
        appointment.reviewer,
        make_directory(),
        make_admin(),
        AnonymousUser(),
    ]


def test_a_mediator_sees_their_own_requests_without_the_state_of_the_link() -> None:
    amina = make_mediator()
    mine, theirs = make_request(amina), make_request(make_mediator())
    (seen,) = FeedbackRequest.objects.visible_to(amina)
    assert seen == mine
    assert seen.get_deferred_fields() == {"link_state", "token_hash", "link_ends_at"}
    assert not any(set(FeedbackRequest.objects.visible_to(user)) & {mine, theirs} for user in make_others())
    amina.is_mediator = False
    assert set(FeedbackRequest.objects.visible_to(amina)) == set()


def test_a_link_is_open_until_it_ends() -> None:
    with time_machine.travel(datetime.fromisoformat("2027-03-10T10:00:00+00:00"), tick=False):
        opened, ended, closed, cancelled, of_closed = (make_request(make_mediator()) for _number in range(5))
        rows = FeedbackRequest.objects
        rows.filter(pk=opened.pk).update(link_ends_at=clock.now() + SECOND)
        rows.filter(pk=ended.pk).update(link_ends_at=clock.now())
        rows.filter(pk=closed.pk).update(link_state=LinkState.CLOSED)
        rows.filter(pk=cancelled.pk).update(cancelled_at=clock.now())
        of_closed.mediator.is_active = False
        of_closed.mediator.save()
        assert set(rows.open()) == {opened}


def test_what_was_lost_is_told_for_two_weeks(settings) -> None:
    with time_machine.travel(datetime.fromisoformat("2027-03-10T10:00:00+00:00"), tick=False):
        lately, before, not_lost = (make_request(make_mediator()) for _number in range(3))
        edge = clock.now() - clock.hours(settings.DESK_LOOKS_BACK_HOURS)
        rows = FeedbackRequest.objects
        rows.filter(pk=lately.pk).update(is_lost=True, created_at=edge)
        rows.filter(pk=before.pk).update(is_lost=True, created_at=edge - SECOND)
        assert set(rows.lost_lately()) == {lately}


def test_reports_are_open_until_imi_has_looked() -> None:
    amina = make_mediator()
    for _number in range(2):
        pieces.report_piece(piece=make_piece(amina), reason="Not about me", by=amina)
    one, other = FeedbackReport.objects.all()
    settled = next(state for state in ReportState if state != ReportState.OPEN)
    FeedbackReport.objects.filter(pk=one.pk).update(state=settled)
    assert set(FeedbackReport.objects.open()) == {other}


def test_a_mediator_sees_what_was_shared_and_released_in_no_order_of_time(settings) -> None:
    amina, bea = make_mediator(), make_mediator()
    mine = [make_piece(amina) for _number in range(6)]
    hidden = [make_piece(amina, shared=False), make_piece(amina, release_on=clock.today()), make_piece(bea)]
    visible = Feedback.objects.visible_to
    assert list(visible(amina)) == sorted(mine, key=lambda piece: piece.pk)
    assert not any(set(visible(user)) & {*mine, *hidden} for user in make_others())
    settings.FEEDBACK_MIN_SHARED = 6
    assert set(visible(amina)) == set(mine)
    settings.FEEDBACK_MIN_SHARED = 7
    assert set(visible(amina)) == set(visible(bea)) == set()
    settings.FEEDBACK_MIN_SHARED = 1
    assert set(visible(bea)) == {hidden[2]}
    amina.is_mediator = False
    assert set(visible(amina)) == set()


def test_words_are_found_in_any_order_over_all_texts_of_one_piece() -> None:
    amina = make_mediator()
    first = make_piece(amina, helpful="Écoute patiente", better="more TIME", quote="kind")
    second = make_piece(amina, helpful="time")
    found = Feedback.objects.visible_to(amina).with_words
    assert set(found(["time ecoute"])) == set(found(["kind patiente"])) == {first}
    assert set(found(["time"])) == {first, second}
    assert set(found(["kind", "time"])) == {first, second}
    assert set(found(["kind absent"])) == set(found([])) == set()
    assert set(found(["moretime"])) == set()


def test_who_may_ask_cancel_annotate_and_withdraw() -> None:
    amina, others = make_mediator(), make_others()[:-1]
    request, piece = make_request(amina), make_piece(amina)
    hidden = make_piece(amina, shared=False)
    assert permissions.may_ask(amina, amina)
    assert not any(permissions.may_ask(user, amina) for user in others)
    assert not permissions.may_ask(others[0], others[0])
    assert permissions.may_cancel(amina, request)
    assert not any(permissions.may_cancel(user, request) for user in others)
    assert permissions.may_annotate(amina, piece)
    assert not permissions.may_annotate(amina, hidden)
    assert not any(permissions.may_annotate(user, piece) for user in others)
    assert [permissions.may_withdraw_for_all(user) for user in [amina, *others]] == [False] * 5 + [True]
    assert not permissions.may_withdraw_for_all(make_admin(is_active=False))
    amina.is_active = False
    assert not permissions.may_ask(amina, amina)
