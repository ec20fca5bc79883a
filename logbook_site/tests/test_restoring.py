"""What comes back with a backup, and what does not.

A savepoint stands for the backup: what happens after it is undone, as when the backup is restored. The ledger, which is
a file, keeps what was written into it. With real backups, and the whole site: logbook_site/faults/.
"""

import inspect
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.choices import (
    AppointmentState,
    OutboxState,
    PlaceState,
    Role,
    Verb,
    VettingState,
    Visibility,
)
from accounts.models import Appointment, LedgerMark, NameWord, OutboxMessage, StaffPlace, User, Vetting
from accounts.services import appointments, ledger, organisations, people
from accounts.services.outbox import claim_messages, deliver_due, sweep_outbox
from accounts.tests.factories import (
    make_admin,
    make_appointment,
    make_directory,
    make_mediator,
    make_open_mediator,
    make_pending,
    make_reviewer,
    signed_in,
)
from feedback.choices import LinkState
from feedback.models import Feedback, FeedbackRequest, PendingFeedback, Suppression
from feedback.services import answers
from feedback.services.contacts import contact_of
from feedback.services.pieces import withdraw_piece
from feedback.services.requests import cancel_request
from feedback.services.secrets import address_hash, hash_of
from feedback.tests.factories import make_piece, make_request
from logbook_site import restoring
from logbook_site.foundation import clock
from logbook_site.foundation.ledger_file import LedgerFile
from logbook_site.own_data.services import deletion, leaving
from logbook_site.restoring import after_restore

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_ledger(settings, tmp_path) -> None:
    settings.LEDGER_FILE = tmp_path / "ledger"


@contextmanager
def after_the_backup() -> Iterator[None]:
    """What is done here is not in the database afterwards."""
    backup = transaction.savepoint()
    yield
    transaction.savepoint_rollback(backup)


def restore() -> None:
    list(after_restore())


def a_link(mediator: User) -> tuple[FeedbackRequest, str]:
    request = make_request(mediator)
    return request, contact_of(request).token


ANSWERS = answers.Answers(shared=True, ratings={"clear": 4})


def answer(token: str) -> answers.Thanks | None:
    return answers.send_answers(token=token, form_key="one", answers=ANSWERS, language="en")


# --- What must not come back -----------------------------------------------------------------------


def test_deleted_accounts() -> None:
    gone, stays = make_mediator(), make_mediator()
    piece = make_piece(gone)
    with after_the_backup():
        leaving.ask_deletion(person=gone, by=gone)
        with time_machine.travel(clock.now() + timedelta(days=15), tick=False):
            assert deletion.delete_due_accounts() == 1
    assert User.objects.filter(pk=gone.pk).exists(), "the backup brought them back"
    restore()
    assert set(User.objects.values_list("pk", flat=True)) == {stays.pk}
    assert not Feedback.objects.filter(pk=piece.pk).exists()


def test_accounts_that_were_closed_are_closed_and_those_that_stayed_are_open() -> None:
    leaves, stayed, shut, opened = (make_open_mediator() for _number in range(4))
    admin = make_admin()
    with after_the_backup():
        leaving.ask_deletion(person=leaves, by=leaves)
        leaving.ask_deletion(person=stayed, by=stayed)
        leaving.stop_deletion(person=stayed, by=stayed)
        for person in (shut, opened):
            people.set_active(person=person, active=False, by=admin)
        people.set_active(person=opened, active=True, by=admin)
    restore()
    left = User.objects.get(pk=leaves.pk)
    assert clock.now() + timedelta(days=13) < left.deletion_due_at < clock.now() + timedelta(days=15)
    assert User.objects.get(pk=stayed.pk).deletion_due_at is None
    assert set(User.objects.filter(is_active=False)) == {shut}
    assert set(User.objects.open_to_directories()) == {stayed, opened}


@pytest.mark.parametrize("day_of_restore", [4, 20])
def test_who_stopped_the_deletion_after_the_backup_stays(day_of_restore: int) -> None:
    """Whose second thoughts the ledger does not know has the whole time to say so again."""
    stopped, unheard = make_open_mediator(), make_open_mediator()
    for person in (stopped, unheard):
        leaving.ask_deletion(person=person, by=person)
    with after_the_backup():
        leaving.stop_deletion(person=stopped, by=stopped)
    with time_machine.travel(clock.now() + timedelta(days=day_of_restore), tick=False):
        restore()
        assert deletion.delete_due_accounts() == 0
        assert User.objects.get(pk=stopped.pk).deletion_due_at is None
        assert User.objects.get(pk=unheard.pk).deletion_due_at == clock.now() + timedelta(days=14)
        assert set(User.objects.open_to_directories()) == {stopped}


def test_feedback_that_was_taken_back_by_its_party_or_by_an_admin() -> None:
    mediator = make_mediator()
    withdrawn, by_admin, unshared, kept = (
        make_piece(mediator, code_hash=hash_of(code * 20)) for code in "ABCD"
    )
    with after_the_backup():
        assert answers.withdraw(code="A" * 20)
        withdraw_piece(piece=by_admin, by=make_admin(), reason="A name in it")
        assert answers.stop_sharing(code="C" * 20)
        assert not answers.withdraw(code="X" * 20)
    restore()
    assert set(Feedback.objects.all()) == {unshared, kept}
    assert set(Feedback.objects.visible_to(mediator)) == {kept}


def test_used_and_cancelled_links() -> None:
    mediator = make_mediator()
    (answered, token), (declined, other), (cancelled, third), (_open, fourth) = (
        a_link(mediator) for _number in range(4)
    )
    with after_the_backup():
        assert answer(token)
        assert answers.decline(token=other)
        cancel_request(request=cancelled, by=mediator)
    restore()
    for link in (token, other, third):
        assert answer(link) is None
    assert answer(fourth)
    answered.refresh_from_db()
    declined.refresh_from_db()
    assert answered.link_state == declined.link_state == LinkState.CLOSED
    cancelled.refresh_from_db()
    assert cancelled.cancelled_at


def test_a_general_survey_that_was_confirmed_cannot_be_confirmed_again() -> None:
    mediator = make_mediator()
    answers.keep_until_confirmed(
        mediator=mediator, acted_as="mediator", year=2026, language="en", form_key="one",
        answers=ANSWERS._replace(respondent_email="paula@example.org"),
    )  # fmt: skip
    token = answers.read_pending(PendingFeedback.objects.get())["token"]
    with after_the_backup():
        assert answers.confirm(token=token)
    assert PendingFeedback.objects.exists()
    restore()
    assert answers.confirm(token=token) is None
    assert not Feedback.objects.exists()


def test_the_stop_list_is_as_it_was() -> None:
    stopped, allowed = (address_hash(f"{name}@example.org") for name in ("paula", "peter"))
    answers.stop_asking(hashed=allowed)
    with after_the_backup():
        answers.stop_asking(hashed=stopped)
        assert answers.ask_again(address="peter@example.org")
    restore()
    assert set(Suppression.objects.values_list("pk", flat=True)) == {stopped}


def test_reviewers_who_read_no_more() -> None:
    admin = make_admin()
    ended, resigned, kept = (make_appointment() for _number in range(3))
    pending = make_pending()
    refused, vetted_again = make_reviewer(vetted=True), make_reviewer(vetted=True)
    with after_the_backup():
        appointments.end_appointment(appointment=ended, by=ended.mediator)
        appointments.resign_appointment(appointment=resigned, by=resigned.reviewer)
        appointments.take_back_appointment(appointment=pending, by=pending.mediator)
        for reviewer in (refused, vetted_again):
            appointments.refuse_reviewer(reviewer=reviewer, by=admin)
        appointments.vet_reviewer(reviewer=vetted_again, by=admin)
    restore()
    states = dict(Appointment.objects.values_list("pk", "state"))
    assert states == {
        ended.pk: AppointmentState.ENDED, resigned.pk: AppointmentState.RESIGNED,
        pending.pk: AppointmentState.TAKEN_BACK, kept.pk: AppointmentState.ACCEPTED,
    }  # fmt: skip
    assert set(Vetting.objects.filter(state=VettingState.REFUSED)) == {refused.vetting}


def test_reviewers_whose_role_was_taken_away() -> None:
    """The check went with it: also of whom a mediator invited again since, and not of whom IMI checked again."""
    admin = make_admin()
    gone, invited, checked = (make_reviewer(vetted=True) for _number in range(3))
    with after_the_backup():
        for person in (gone, invited, checked):
            people.remove_role(of=person, role=Role.REVIEWER, by=admin)
        for person in (invited, checked):
            people.add_role(to=person, role=Role.REVIEWER, by=person)
        appointments.vet_reviewer(reviewer=checked, by=admin)
    restore()
    assert set(User.objects.filter(is_reviewer=True)) == {invited, checked}
    assert set(Vetting.objects.filter(state=VettingState.VETTED)) == {checked.vetting}


def test_directories_that_look_no_more_and_mediators_who_are_private() -> None:
    admin = make_admin()
    left, other = make_directory(), make_directory()
    private, seen = make_open_mediator(), make_open_mediator()
    with after_the_backup():
        organisations.end_place(place=StaffPlace.objects.get(person=left), by=admin)
        organisations.end_access(organisation=StaffPlace.objects.get(person=other).organisation, by=admin)
        for mediator, last in ((private, Visibility.PRIVATE), (seen, Visibility.DIRECTORIES)):
            for visibility in (Visibility.PRIVATE, last):
                people.answer_visibility(
                    profile=mediator.mediator_profile, visibility=visibility, by=mediator
                )
    restore()
    assert not StaffPlace.objects.with_access().exists()
    assert StaffPlace.objects.get(person=left).state == PlaceState.ENDED
    assert not User.objects.get(pk=left.pk).is_directory
    assert set(User.objects.open_to_directories()) == {seen}
    assert set(NameWord.objects.values_list("person", flat=True)) == {seen.pk}


def test_an_admin_no_more_and_one_who_is_one_again() -> None:
    boss, former, again = make_admin(), make_admin(), make_admin()
    with after_the_backup():
        for person in (former, again):
            people.remove_role(of=person, role=Role.ADMIN, by=boss)
        people.add_role(to=again, role=Role.ADMIN, by=boss)
    restore()
    assert set(User.objects.filter(is_admin=True)) == {boss, again}


def test_nobody_is_signed_in_any_more() -> None:
    browser = signed_in(make_mediator())
    assert browser.get("/logbook/").status_code == 200
    restore()
    assert browser.get("/logbook/").status_code == 302


# --- Mail ------------------------------------------------------------------------------------------


def test_mail_that_was_due_is_uncertain_and_not_sent_again(mailoutbox) -> None:
    mediator = make_mediator()
    with time_machine.travel(clock.now() - timedelta(hours=1), tick=False):
        later = make_request(mediator, email="peter@example.org", remind=True)
        deliver_due()
        due = make_request(mediator)
    with after_the_backup():
        deliver_due()
    mailoutbox.clear()
    restore()
    sweep_outbox()
    assert mailoutbox == []
    assert OutboxMessage.objects.get(object_id=due.pk).state == OutboxState.UNCERTAIN
    reminder = OutboxMessage.objects.get(object_id=later.pk, message__endswith="reminder")
    assert reminder.state == OutboxState.DUE
    with time_machine.travel(clock.now() + timedelta(hours=72), tick=False):
        sweep_outbox()
    assert [mail.to for mail in mailoutbox] == [["peter@example.org"]], "its reminder was never due before"


def test_what_became_due_since_the_backup_is_done_but_not_told_twice(mailoutbox, settings) -> None:
    settings.FEEDBACK_RELEASE_AT = (clock.now() + timedelta(hours=1)).time()
    _request, token = a_link(mediator := make_mediator())
    answer(token)
    deliver_due()
    mailoutbox.clear()
    assert not Feedback.objects.visible_to(mediator).exists()
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        restore()
        sweep_outbox()
        assert Feedback.objects.visible_to(mediator).count() == 1
        notices = OutboxMessage.objects.filter(message="feedback.emails.notice")
        assert [notice.state for notice in notices] == [OutboxState.UNCERTAIN]
    assert mailoutbox == []


def test_a_sign_up_that_nobody_confirmed_goes_without_a_line_in_the_ledger() -> None:
    stranger, stays = make_mediator(), make_mediator()
    stranger.emailaddress_set.update(verified=False)
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        restore()
    assert set(User.objects.all()) == {stays}


def test_contacts_whose_time_is_over_are_purged_and_nobody_is_told_a_second_time(mailoutbox) -> None:
    request = make_request(make_mediator())
    with time_machine.travel(request.unreadable_at, tick=False):
        restore()
        sweep_outbox()
    request.refresh_from_db()
    assert request.sealed is None and not request.is_lost
    assert mailoutbox == []


# --- The ledger ------------------------------------------------------------------------------------


def test_a_line_is_there_before_the_change_is_committed_and_says_no_name_and_no_time(settings) -> None:
    piece = make_piece(make_mediator(), code_hash=hash_of("A" * 20))
    with after_the_backup():
        answers.withdraw(code="A" * 20)
        assert settings.LEDGER_FILE.read_text().splitlines() == [
            f"feedback_withdrawn {ledger.hashed(piece.pk)}"
        ]
    assert settings.LEDGER_FILE.stat().st_mode & 0o077 == 0
    assert str(piece.pk) not in settings.LEDGER_FILE.read_text()


def test_what_cannot_be_written_down_does_not_happen(settings) -> None:
    make_piece(make_mediator(), code_hash=hash_of("A" * 20))
    settings.LEDGER_FILE = settings.LEDGER_FILE / "below a file"
    settings.LEDGER_FILE.parent.touch()
    with pytest.raises(OSError):
        answers.withdraw(code="A" * 20)
    assert Feedback.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_and_what_had_happened_before_the_line_is_undone(settings) -> None:
    request, token = a_link(make_mediator())
    piece = make_piece(make_mediator(), code_hash=hash_of("A" * 20))
    ann, bea = address_hash("ann@example.org"), address_hash("bea@example.org")
    answers.stop_asking(hashed=ann)
    settings.LEDGER_FILE = settings.LEDGER_FILE / "below a file"
    for act in (
        lambda: answers.decline(token=token),
        lambda: answer(token),
        lambda: answers.stop_sharing(code="A" * 20),
        lambda: answers.ask_again(address="ann@example.org"),
        lambda: answers.stop_asking(hashed=bea),
    ):
        with pytest.raises(OSError):
            act()
    request.refresh_from_db()
    assert request.link_state == LinkState.OPEN
    assert Feedback.objects.get() == piece and Feedback.objects.get().shared
    assert list(Suppression.objects.values_list("address_hash", flat=True)) == [ann]


def test_a_line_that_a_crash_cut_short_is_passed_over(settings) -> None:
    file = LedgerFile(settings.LEDGER_FILE)
    file.append("one a")
    with settings.LEDGER_FILE.open("a") as half:
        half.write("tw")
    assert list(file.lines()) == ["one a"]
    file.append("three c")
    assert list(file.lines()) == ["one a", "tw", "three c"]
    assert ledger.read() == {"a": ["one"], "": ["tw"], "c": ["three"]}
    restore()


def test_a_full_disk_adds_nothing(settings, monkeypatch) -> None:
    file = LedgerFile(settings.LEDGER_FILE)
    file.append("one a")
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, text: write(handle, text[:3]))
    with pytest.raises(OSError, match="No space"):
        file.append("two b")
    assert settings.LEDGER_FILE.read_text() == "one a\n"


def test_every_lasting_word_is_one_that_a_restore_knows() -> None:
    """A new one must be replayed, or be left out on purpose."""
    source = inspect.getsource(restoring)
    for verb in ledger.LASTING:
        assert f"Verb.{verb.name}" in source, verb


# --- The mark --------------------------------------------------------------------------------------


def test_the_number_of_the_file_is_never_ahead_of_the_database(settings) -> None:
    file = LedgerFile(settings.LEDGER_FILE)
    assert file.number() is None
    ledger.check()
    for number in (1, 2, 3):
        ledger.advance()
        assert (LedgerMark.objects.get().number, file.number()) == (number, number)
    with connection.cursor() as cursor:  # a crash between the two
        cursor.execute("UPDATE accounts_ledgermark SET number = 9")
    ledger.check()
    file.raise_to(5)
    file.raise_to(4)
    assert file.number() == 5


def test_a_backup_that_is_older_is_refused_until_after_restore_has_run() -> None:
    make_mediator()
    ledger.advance()
    with after_the_backup():
        ledger.advance()
    with pytest.raises(ledger.RestoredDatabase, match="after_restore"):
        ledger.check()
    LedgerFile(ledger.settings.LEDGER_FILE).append("about nothing")
    call_command("after_restore")
    ledger.check()
    ledger.advance()
    ledger.check()


def test_a_mail_that_was_sent_is_enough_to_know(mailoutbox) -> None:
    """Else a backup from before it would send it again."""
    make_request(make_mediator())
    ledger.advance()
    with after_the_backup():
        deliver_due()
        assert len(mailoutbox) == 1
    with pytest.raises(ledger.RestoredDatabase):
        ledger.check()


def test_mail_is_given_back_when_the_file_cannot_be_written(settings, mailoutbox) -> None:
    make_request(make_mediator())
    right = settings.LEDGER_FILE
    settings.LEDGER_FILE = right / "below a file"
    right.touch()
    with pytest.raises(OSError):
        deliver_due()
    assert mailoutbox == []
    assert [(row.state, row.attempts) for row in OutboxMessage.objects.all()] == [(OutboxState.DUE, 0)]
    right.unlink()
    settings.LEDGER_FILE = right
    deliver_due()
    assert len(mailoutbox) == 1
    assert claim_messages(1) == []


def test_a_new_database_beside_an_old_ledger_begins_with_it() -> None:
    LedgerFile(ledger.settings.LEDGER_FILE).raise_to(1000)
    ledger.check()
    make_mediator()
    ledger.check()
    assert LedgerMark.objects.get().number > 1000


def test_a_ledger_that_is_missing_is_an_error_in_production_and_begun_anew_in_the_demo(settings) -> None:
    make_mediator()
    ledger.advance()
    settings.LEDGER_FILE = settings.LEDGER_FILE.with_name("another")
    ledger.check()
    settings.DEMO = False
    with pytest.raises(ledger.RestoredDatabase, match="LEDGER_FILE"):
        ledger.check()
    with pytest.raises(CommandError, match="There is no ledger"):
        call_command("after_restore")
    call_command("after_restore", without_ledger=True)
    ledger.check()


def test_it_says_when_nobody_is_an_admin_any_more(capsys) -> None:
    """Who gave the role away gave it to somebody who is not in the backup."""
    ledger.advance()
    call_command("after_restore")
    assert "Nobody is an admin now: run manage.py create_admin." in capsys.readouterr().out
    make_admin()
    call_command("after_restore")
    assert "Nobody is an admin" not in capsys.readouterr().out


def test_after_restore_says_what_it_did(capsys) -> None:
    make_piece(make_mediator(), code_hash=hash_of("A" * 20))
    with after_the_backup():
        answers.withdraw(code="A" * 20)
    call_command("after_restore")
    said = capsys.readouterr().out
    assert "     1 pieces of feedback withdrawn\n" in said
    assert "     0 accounts deleted\n" in said
    call_command("after_restore")
    assert "     0 pieces of feedback withdrawn\n" in capsys.readouterr().out
    assert not Feedback.objects.filter(pk__isnull=False).exists()
    assert Verb.FEEDBACK_WITHDRAWN in ledger.LASTING
