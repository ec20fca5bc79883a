"""The end of an account: all of it goes, nothing of others, once, and only when its time is over."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models.signals import pre_delete
from django.test import Client

from accounts.choices import (
    AccessSource,
    AppointmentState,
    MessageKind,
    OrderState,
    PlaceState,
    Role,
    Verb,
)
from accounts.models import (
    AccessCode,
    AccessGrant,
    Appointment,
    AuditEvent,
    CodeBatch,
    ContactMessage,
    FormKey,
    Import,
    Job,
    OrderLine,
    OutboxMessage,
    StaffPlace,
    User,
)
from accounts.services import appointments
from accounts.services.organisations import invite_staff
from accounts.services.outbox import deliver_due, queue_message
from accounts.services.people import add_role, save_details
from accounts.tests.factories import (
    make_address,
    make_admin,
    make_appointment,
    make_directory,
    make_mediator,
    make_open_mediator,
    make_organisation,
    make_pending,
    make_reviewer,
    signed_in,
)
from accounts.tests.imports import make_import
from accounts.tests.threads import at_once
from cpd.models import CpdEntry
from cpd.tests.factories import a_pdf, make_cpd
from directory.models import Look
from directory.services import record_look
from feedback.choices import ActedAs
from feedback.models import Feedback, FeedbackRequest
from feedback.services.answers import Answers, keep_until_confirmed
from feedback.services.pieces import report_piece, save_note
from feedback.tests.canaries import all_files, all_tables, found_in
from feedback.tests.factories import make_piece, make_request
from feedback.tests.links import make_link, send
from logbook.models import LogbookEntry
from logbook.tests.factories import make_entry
from logbook_site.foundation import clock
from logbook_site.foundation.importing import kept
from logbook_site.own_data.services import deletion, leaving
from logbook_site.own_data.tests.hands import asks_to_leave, at_the_door, downloaded
from logbook_site.tasks import delete_accounts
from reviewers.choices import DigestState
from reviewers.models import Digest, News
from reviewers.tests.factories import make_draft, make_final, make_final_digest

pytestmark = pytest.mark.django_db


def when_it_is_over():
    return time_machine.travel(
        clock.now() + clock.hours(django_settings.ACCOUNT_DELETION_HOURS) + timedelta(seconds=1), tick=False
    )


def live_fully(name: str, word: str) -> User:
    """Somebody with a row in every table that knows people; `word` stands in each of their texts."""
    email = f"{word}@example.org"
    person = make_open_mediator(name=f"{name} {word}", email=email)
    make_address(person, f"second-{word}@example.org", verified=False)
    profile = person.mediator_profile
    profile.about, profile.imi_profile = f"About {word}", f"https://imimediation.org/mediator/{word}/"
    profile.accepts_general = True
    save_details(profile=profile, by=person)
    make_entry(person, title=f"Title {word}", subject=f"Subject {word}", provider=f"Provider {word}",
               did_well=f"Well {word}", challenges=f"Hard {word}", learnings=f"Learned {word}")  # fmt: skip
    make_entry(person, title=f"Deleted {word}", deleted=True)
    make_cpd(person, title=f"Course {word}", takeaways=f"Took {word}", evidence=a_pdf() + f"%{word}".encode())
    make_import(person)
    rosa = make_reviewer(vetted=True)
    make_final(mediator=person, reviewer=rosa, text=f"Digest about {word}")
    make_final_digest(person, text=f"Older digest {word}", reviewer=None, reviewer_name="Somebody")
    appointments.invite_reviewer(mediator=person, email=f"asked-by-{word}@example.org", by=person)
    piece = make_piece(person, helpful=f"Helpful {word}", better=f"Better {word}", quote=f"Quote {word}")
    save_note(piece=piece, note=f"Note {word}", by=person)
    report_piece(piece=piece, reason=f"Report {word}", by=person)
    make_request(person, name=f"Party {word}", email=f"party-{word}@example.org", reference=f"Ref {word}")
    send(
        make_link(person, email=f"other-{word}@example.org"),
        {
            "share": "no", "helpful": f"Unshared {word}", "respondent_name": f"Resp {word}",
            "respondent_email": f"resp-{word}@example.org", "name_in_notice": "on",
        },
    )  # fmt: skip
    answers = Answers(
        shared=True, ratings={}, helpful=f"General {word}", respondent_email=f"gen-{word}@example.org"
    )
    keep_until_confirmed(
        mediator=person, acted_as=ActedAs.MEDIATOR, year=2026, answers=answers, language="en", form_key=word
    )
    # As a Reviewer, and as somebody in a directory.
    add_role(to=person, role=Role.REVIEWER, by=person)
    appointments.vet_reviewer(reviewer=person, by=make_admin())
    make_draft(reviewer=person, text=f"Draft by {word}")
    make_final(reviewer=person, text=f"Final by {word[::-1]}")
    make_pending(reviewer=person)
    News.objects.create(reviewer=person)
    organisation = make_organisation()
    place = StaffPlace.objects.create(
        organisation=organisation, person=person, state=PlaceState.ENDED, expires_at=clock.now(),
        accepted_at=clock.now(), ended_at=clock.now(),
    )  # fmt: skip
    record_look(mediator=person, place=make_directory().place)
    record_look(mediator=make_mediator(), place=place)
    code = AccessCode.objects.create(
        batch=CodeBatch.objects.create(label="Graduates"), code=f"CODE{place.pk.hex[:8]}"
    )
    grant = AccessGrant.objects.create(person=person, months=12, source=AccessSource.CODE, code=code)
    OrderLine.objects.create(
        order_id=int(person.pk.hex[:6], 16), line_id=1, months=12, state=OrderState.GRANTED, grant=grant
    )
    FormKey.objects.create(person=person, address="/", key=word, redirect=f"/?{word}")
    EmailAddress.objects.get(email=email).emailconfirmation_set.create(key=f"key-{word}", sent=clock.now())
    LogEntry.objects.create(
        user=person, content_type=ContentType.objects.get_for_model(User), object_id="1", object_repr=f"Old {word}",
        action_flag=2, change_message=f"By {word}",
    )  # fmt: skip
    LogEntry.objects.create(
        user=make_admin(), content_type=ContentType.objects.get_for_model(User), object_id=str(person.pk),
        object_repr=f"About {word}", action_flag=2,
    )  # fmt: skip
    message = ContactMessage(kind=MessageKind.QUESTION)
    message.email, message.name, message.text = f"Second-{word}@Example.org", f"From {word}", f"Words {word}"
    message.save()
    # What others have waiting for their addresses.
    appointments.invite_reviewer(
        mediator=(asking := make_mediator()), email=f"second-{word}@example.org", by=asking
    )
    invite_staff(organisation=organisation, email=f"second-{word}@example.org", by=make_admin())
    OrderLine.objects.create(
        order_id=int(person.pk.hex[6:12], 16), line_id=2, months=12, state=OrderState.WAITING,
        email=f"second-{word}@example.org",
    )  # fmt: skip
    # Sign-ins: now, elsewhere, and one that is not finished; in one a message waits that quotes them.
    waiting = signed_in(person)
    waiting.post("/account-settings/", {"name": person.name, "time_zone": "UTC"})
    session = waiting.session
    session["left"] = f"Saved: {word}"
    session.save()
    Client().post("/accounts/login/code/", {"email": email})
    return person


def whole_tables() -> dict[str, dict]:
    """{table: {primary key: row}} of everything."""
    return {
        model._meta.label: {row["pk"]: row for row in model.objects.values("pk", *_columns(model))}
        for model in apps.get_models()
    }


def _columns(model) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


class TestEverythingGoes:
    @pytest.mark.long
    def test_no_byte_is_left_and_nothing_of_others_has_changed(
        self, folder, settings, mailoutbox, django_capture_on_commit_callbacks
    ):
        settings.FEEDBACK_RELEASE_AT = None
        settings.SESSION_HOURS_OTHERS = 30 * 24  # Ann stays signed in until the end
        ann, ben = live_fully("Ann", "canarya"), live_fully("Ben", "canaryb")
        stranger = make_mediator()
        final_by_ann = Digest.objects.get(reviewer=ann, state=DigestState.FINAL)
        assert final_by_ann.reviewer_name == "Ann canarya"
        client = at_the_door(ann)
        downloaded(client)
        for person in (ann, ben):
            Authenticator.objects.create(user=person, type="webauthn", data={"name": f"Key {person.name}"})
        ids = {str(ann.pk)}
        leaving.ask_deletion(person=ann, by=ann, but_for=client.session.session_key)
        deliver_due()
        before = whole_tables()
        evidence = [entry.evidence_file for entry in CpdEntry.objects.filter(owner=ann)]
        # It is all there: in each of these tables something of Ann's will go.
        going = {
            model._meta.label for model in apps.get_models()
        } - {
            "auth.Group", "auth.Permission", "contenttypes.ContentType", "accounts.Organisation", "accounts.CodeBatch",
            "accounts.AccessCode", "accounts.ShopProduct", "feedback.Suppression",
            # A number.
            "accounts.LedgerMark",
            # Audited by ids; the next three keep their rows, without address or reference.
            "accounts.AuditEvent", "accounts.OrderLine",
            # Words of the name went at once.
            "accounts.NameWord",
        }  # fmt: skip
        with when_it_is_over(), django_capture_on_commit_callbacks(execute=True):
            delete_accounts()
        after = whole_tables()

        # Nothing of Ann's is left in any spelling; but her name on the digest that is final.
        Digest.objects.filter(pk=final_by_ann.pk).update(reviewer_name="")
        words = ["canarya", "Canarya", str(evidence[0])]
        assert found_in(all_tables(), words) == set()
        assert found_in(all_files(folder.parent), words) == set()
        assert found_in(all_tables(), ["canaryb"]) and found_in(all_files(folder.parent), ["canaryb"])
        imports_left = {file.import_id for file in kept.files()}
        assert imports_left == set(Import.objects.values_list("pk", flat=True))
        places = {table for table, word in found_in(all_tables(), [*ids])}
        # The last one counts tries, for a day at most.
        assert places == {"public.accounts_auditevent", "public.directory_look", "public.rate_limits"}

        # Of all others every row stands as it stood.
        gone = {label: before[label].keys() - after[label].keys() for label in before}
        assert {label for label, rows in gone.items() if rows} == going
        changed = {
            label: {pk: row for pk, row in rows.items() if pk in after[label] and after[label][pk] != row}
            for label, rows in before.items()
        }
        changed = {label: rows for label, rows in changed.items() if rows}
        changed.pop("accounts.LedgerMark")
        (digest,) = changed.pop("reviewers.Digest").values()
        assert digest == after["reviewers.Digest"][final_by_ann.pk] | {"reviewer_id": ann.pk}
        assert {row["email"] for row in changed["accounts.OrderLine"].values()} == {
            "",
            "second-canarya@example.org",
        }
        assert {row["invite_email"] for row in changed.pop("accounts.Appointment").values()} == {
            "second-canarya@example.org"
        }
        assert {row["invite_email"] for row in changed.pop("accounts.StaffPlace").values()} == {
            "second-canarya@example.org"
        }
        assert set(changed) == {"accounts.OrderLine"}
        added = {label for label in after if after[label].keys() - before[label].keys()}
        assert added == {"accounts.AuditEvent", "accounts.OutboxMessage"}
        assert User.objects.filter(pk__in=[ben.pk, stranger.pk]).count() == 2

        # Those who had asked are told, without the address.
        mailoutbox.clear()
        with when_it_is_over():
            deliver_due()
        (told,) = [mail for mail in mailoutbox if mail.subject.startswith("Nobody answered")]
        assert "canarya" not in f"{told.message()}" and "has not answered" in told.body
        (event,) = AuditEvent.objects.filter(verb=Verb.ACCOUNT_DELETED)
        assert (event.actor_id, event.object_id, event.reason) == (None, str(ann.pk), "")

    def test_the_files_go_too(self, folder, django_capture_on_commit_callbacks):
        ann, ben = make_mediator(), make_mediator()
        for person in (ann, ben):
            make_cpd(person, evidence=a_pdf() + person.pk.hex.encode())
            downloaded(at_the_door(person))
        asks_to_leave(ann)
        with when_it_is_over():
            with django_capture_on_commit_callbacks(execute=True):
                delete_accounts()
            evidence = list(django_settings.EVIDENCE_DIR.iterdir())
            assert [ben.pk.hex.encode() in file.read_bytes() for file in evidence] == [True]
            assert [file.name for file in folder.iterdir()] == [str(Job.objects.get(owner=ben).pk)]

    def test_a_final_digest_keeps_its_reviewers_name(self):
        rosa = make_reviewer(name="Rosa Fuentes", vetted=True)
        final = make_final(reviewer=rosa, text="She listens.")
        draft = make_draft(reviewer=rosa)
        asks_to_leave(rosa)
        with when_it_is_over():
            delete_accounts()
            final.refresh_from_db()
            assert (final.reviewer, final.reviewer_name, final.text) == (None, "Rosa Fuentes", "She listens.")
            assert not Digest.objects.filter(pk=draft.pk).exists()
            assert "Rosa Fuentes" in signed_in(final.mediator).get("/feedback/digest/").text

    def test_who_looked_stays_known_as_an_id(self):
        dana, ann = make_directory(name="Dana Doe"), make_mediator()
        record_look(mediator=ann, place=dana.place)
        asks_to_leave(dana)
        with when_it_is_over():
            delete_accounts()
            assert Look.objects.get().person_id == dana.pk
            page = signed_in(ann).get("/my-details/looks/")
            assert page.status_code == 200 and "Dana Doe" not in page.text

    def test_their_links_are_closed_like_unknown_ones(self):
        ann = make_mediator()
        link = make_link(ann)
        asks_to_leave(ann)
        assert Client().get(link).status_code == 200
        with when_it_is_over():
            delete_accounts()
        assert Client().get(link).status_code == 410
        assert Client().get(link).content == Client().get(f"/give-feedback/{'x' * 32}/").content

    def test_they_are_signed_out_and_may_begin_anew(self):
        ann = make_mediator(email="ann@example.org")
        client = asks_to_leave(ann)
        with when_it_is_over():
            delete_accounts()
            assert client.get("/").status_code == 200
            assert client.get("/account-settings/").url.startswith("/accounts/login/")
            assert not UserSession.objects.exists()
        assert make_mediator(email="ann@example.org").pk != ann.pk

    @pytest.mark.parametrize(
        ("leaves", "names_them", "names_another"),
        [
            ("n@example.org", "to n@example.org.", "ben@example.org"),
            ("ann@example.co", "«ann@example.co»", "ann@example.co.uk"),
            ("ann@bücher.example", "ann@bücher.example", "ann@xbücher.example"),
        ],
    )
    def test_sessions_that_name_them_go_and_those_of_longer_addresses_stay(
        self, leaves, names_them, names_another
    ):
        asks_to_leave(make_mediator(email=leaves))
        theirs, anothers = SessionStore(), SessionStore()
        theirs["begun"], anothers["begun"] = f"Sent\n{names_them}", names_another
        for session in (theirs, anothers):
            session.save()
        with when_it_is_over():
            delete_accounts()
        kept = set(Session.objects.values_list("session_key", flat=True))
        assert (theirs.session_key in kept, anothers.session_key in kept) == (False, True)

    def test_mail_that_waits_goes_with_them(self, mailoutbox):
        ann = make_mediator()
        make_appointment(ann, rosa := make_reviewer())
        request = make_request(ann)
        other = make_request(make_mediator())
        asks_to_leave(ann)
        queue_message(message="reviewers.emails.resigned", object_id=Appointment.objects.get(mediator=ann).pk)
        queue_message(message="feedback.emails.not_sent", object_id=request.batch)
        with when_it_is_over():
            delete_accounts()
            # Nothing but what is about others.
            assert set(OutboxMessage.objects.values_list("object_id", flat=True)) == {other.pk}
        assert rosa.pk

    def test_what_waits_for_any_of_their_addresses_ends(self, mailoutbox):
        ann = make_mediator(email="ann@example.org")
        make_address(ann, "ann.two@example.org", verified=False)
        asking = make_mediator(email="asking@example.org")
        asks_to_leave(ann)
        appointment = appointments.invite_reviewer(mediator=asking, email="Ann.Two@example.org", by=asking)
        other = appointments.invite_reviewer(
            mediator=(who := make_mediator()), email="else@example.org", by=who
        )
        place = invite_staff(organisation=make_organisation(), email="ann@example.org", by=make_admin())
        orders = {"months": 12, "state": OrderState.WAITING}
        mine = OrderLine.objects.create(order_id=1, line_id=1, email="ann.two@example.org", **orders)
        theirs = OrderLine.objects.create(order_id=1, line_id=2, email="else@example.org", **orders)
        mailoutbox.clear()
        with when_it_is_over():
            delete_accounts()
            for row in (appointment, other, place, mine, theirs):
                row.refresh_from_db()
            deliver_due()
        assert (appointment.state, appointment.invite_email) == (AppointmentState.EXPIRED, "")
        assert (other.state, other.invite_email) == (AppointmentState.PENDING, "else@example.org")
        assert (place.state, place.invite_email) == (PlaceState.EXPIRED, "")
        assert (mine.state, mine.email) == (OrderState.LAPSED, "")
        assert (theirs.state, theirs.email) == (OrderState.WAITING, "else@example.org")
        assert "asking@example.org" in {mail.to[0] for mail in mailoutbox}

    def test_what_waits_for_an_address_that_nobody_confirmed_is_its_owners(self):
        """Somebody signed up with it; an admin deletes that account for the true owner."""
        stranger = make_mediator(email="noor@example.org")
        stranger.emailaddress_set.update(verified=False)
        place = invite_staff(organisation=make_organisation(), email="noor@example.org", by=make_admin())
        leaving.ask_deletion(person=stranger, by=make_admin(), reason="Asked by mail.")
        with when_it_is_over():
            assert deletion.delete_due_accounts() == 1
        place.refresh_from_db()
        assert (place.state, place.invite_email) == (PlaceState.PENDING, "noor@example.org")

    def test_a_code_that_was_used_stays_used(self):
        ann = make_mediator()
        code = AccessCode.objects.create(
            batch=CodeBatch.objects.create(label="Graduates"), code="ABCDEFGH", uses=1
        )
        AccessGrant.objects.create(person=ann, months=12, source=AccessSource.CODE, code=code)
        asks_to_leave(ann)
        with when_it_is_over():
            delete_accounts()
        code.refresh_from_db()
        assert code.uses == 1 and not AccessGrant.objects.exists()


class TestWhen:
    def test_not_a_moment_too_early_and_not_without_having_asked(self):
        ann, ben = make_mediator(), make_mediator()
        asks_to_leave(ann)
        with time_machine.travel(ann.deletion_due_at - timedelta(seconds=1), tick=False):
            delete_accounts()
            assert User.objects.filter(pk=ann.pk).exists()
        with time_machine.travel(ann.deletion_due_at, tick=False):
            delete_accounts()
            delete_accounts()
        assert set(User.objects.all()) == {ben}
        assert AuditEvent.objects.filter(verb=Verb.ACCOUNT_DELETED).count() == 1

    def test_whoever_changed_their_mind_stays(self):
        ann = make_mediator()
        asks_to_leave(ann)
        leaving.stop_deletion(person=ann, by=ann)
        with when_it_is_over():
            delete_accounts()
        assert User.objects.filter(pk=ann.pk).exists()

    def test_the_waiting_time_is_a_setting(self, settings):
        settings.ACCOUNT_DELETION_HOURS = 0.5
        ann = make_mediator()
        asks_to_leave(ann)
        with time_machine.travel(clock.now() + timedelta(minutes=31), tick=False):
            delete_accounts()
        assert not User.objects.exists()

    def test_one_failure_stops_nobody_else_and_leaves_all_of_it(self, caplog):
        first, ann, last = (make_mediator(name=f"Person {number}") for number in range(3))
        for person in (first, ann, last):
            make_entry(person)
            asks_to_leave(person)
        invited = appointments.invite_reviewer(
            mediator=(asking := make_mediator()), email=ann.email, by=asking
        )

        def fail(instance, **kwargs) -> None:
            if instance.pk == ann.pk:
                raise RuntimeError(f"about {ann.name}")

        pre_delete.connect(fail, sender=User)
        try:
            with when_it_is_over():
                delete_accounts()
        finally:
            pre_delete.disconnect(fail, sender=User)
        assert set(User.objects.all()) == {ann, asking}
        assert LogbookEntry.objects.filter(owner=ann).exists()
        invited.refresh_from_db()
        assert invited.state == AppointmentState.PENDING
        assert "RuntimeError" in caplog.text and ann.name not in caplog.text
        with when_it_is_over():
            delete_accounts()
        assert set(User.objects.all()) == {asking}


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    def test_two_workers_delete_once(self):
        ann = make_mediator()
        make_entry(ann)
        leaving.ask_deletion(person=ann, by=ann)
        with when_it_is_over():
            assert sum(at_once(*[deletion.delete_due_accounts] * 3)) == 1
        assert AuditEvent.objects.filter(verb=Verb.ACCOUNT_DELETED).count() == 1

    def test_keeping_and_deleting_do_one_of_the_two(self):
        ann = make_mediator()
        leaving.ask_deletion(person=ann, by=ann)
        with when_it_is_over():
            at_once(
                lambda: leaving.stop_deletion(person=ann, by=ann), lambda: deletion.delete_account(ann.pk)
            )
        stays = User.objects.filter(pk=ann.pk).exists()
        verbs = set(AuditEvent.objects.values_list("verb", flat=True))
        assert (Verb.DELETION_STOPPED in verbs, Verb.ACCOUNT_DELETED in verbs) == (stays, not stays)

    def test_a_party_who_answers_in_that_moment_gets_an_answer(self):
        ann = make_mediator()
        link = make_link(ann)
        leaving.ask_deletion(person=ann, by=ann)
        with when_it_is_over():
            answer, _number = at_once(lambda: send(link).status_code, deletion.delete_due_accounts)
            assert answer in {302, 410, 503}
            deletion.delete_due_accounts()
        assert not User.objects.exists() and not Feedback.objects.exists()
        assert not FeedbackRequest.objects.exists()


def test_the_questions_asked_do_not_grow_with_what_somebody_wrote(django_assert_max_num_queries):
    ann = make_mediator()
    for _number in range(30):
        make_entry(ann)
        make_piece(ann)
    asks_to_leave(ann)
    with when_it_is_over(), django_assert_max_num_queries(90):
        delete_accounts()
