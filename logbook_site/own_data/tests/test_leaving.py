"""Asking for the deletion of one's account: what one is told, what is closed meanwhile, and changing one's mind."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.choices import AppointmentState, Verb
from accounts.models import Appointment, AuditEvent, NameWord, StaffPlace, User
from accounts.services import appointments
from accounts.services.outbox import deliver_due
from accounts.tests.doors import assert_refused, sign_in
from accounts.tests.factories import (
    PASSWORD,
    STATEMENTS,
    make_admin,
    make_appointment,
    make_directory,
    make_mediator,
    make_open_mediator,
    make_pending,
    make_person,
    make_reviewer,
    signed_in,
)
from accounts.tests.threads import at_once
from cpd.tests.factories import make_cpd
from feedback.models import Feedback
from feedback.services.release import release_feedback
from feedback.tests.factories import make_piece, make_request
from feedback.tests.links import make_link, send
from logbook.tests.factories import make_entry
from logbook_site.foundation import clock
from logbook_site.own_data.services import leaving
from logbook_site.own_data.tests.hands import DELETE, RESTORE, asks_to_leave, at_the_door, downloaded
from reviewers.services.news import tell_news
from reviewers.tests.factories import make_draft, make_final, make_final_digest

pytestmark = pytest.mark.django_db


def in_hours(hours: float):
    return time_machine.travel(clock.now() + timedelta(hours=hours), tick=False)


def mails(mailoutbox) -> list[tuple[str, str]]:
    """(to whom, subject) of what is sent now."""
    mailoutbox.clear()
    deliver_due()
    return sorted((mail.to[0], mail.subject) for mail in mailoutbox)


def make_general(person: User) -> str:
    """Switches the general link on; its address."""
    profile = person.mediator_profile
    profile.accepts_general, profile.general_code = True, f"code-{person.pk.hex[:8]}"
    profile.save()
    return f"/give-feedback/to/{profile.general_code}/"


class TestThePage:
    def test_says_what_goes_when_and_what_stays(self, settings):
        ann = make_mediator()
        make_appointment(ann, make_reviewer(name="Rosa Fuentes"))
        for _number in range(3):
            make_entry(ann)
        make_entry(ann, deleted=True)
        make_cpd(ann)
        make_request(ann)
        for shared in (True, False, False):
            make_piece(ann, shared=shared)
        with time_machine.travel("2026-03-02T10:00:00Z", tick=False):
            page = signed_in(ann).get(DELETE).text
        for words in (
            "Everything goes, for good, on 16 March 2026, 10:00.", "4 logbook entries", "1 CPD entry",
            "all feedback about", "Rosa Fuentes", "all requests for feedback", "Download my data first",
        ):  # fmt: skip
            assert words in page.replace("<bdi>", "").replace("</bdi>", ""), words
        assert (
            "3 pieces" not in page and "name you as their Reviewer" not in page and "You review" not in page
        )
        ann.refresh_from_db()
        assert not ann.is_leaving

    def test_never_tells_how_much_feedback_there_is(self):
        ann, with_feedback = make_mediator(), make_mediator()
        for _number in range(7):
            make_piece(with_feedback, shared=False)

        def words(person: User) -> str:
            return signed_in(person).get(DELETE).text.partition("<main")[2].partition("<form")[0]

        with time_machine.travel(clock.now(), tick=False):
            assert words(ann) == words(with_feedback)

    def test_names_those_who_lose_their_reviewer(self):
        rosa = make_reviewer(vetted=True)
        make_final(reviewer=rosa, mediator=make_mediator(name="Ann Lee"))
        make_draft(reviewer=rosa, mediator=make_mediator(name="Ben Bo"))
        make_appointment(make_mediator(name="Not Hers"), make_reviewer())
        page = signed_in(rosa).get(DELETE).text
        assert "You review 2 mediators. This ends at once" in page
        assert "<li><bdi>Ann Lee</bdi></li><li><bdi>Ben Bo</bdi></li></ul>" in page
        assert "1 draft of a Feedback Digest" in page and "1 final Feedback Digest you wrote" in page
        assert "Not Hers" not in page and "logbook entr" not in page

    @pytest.mark.parametrize("typed", ["", "wrong-words-9"])
    def test_asks_for_the_password(self, typed):
        ann = make_mediator(password=PASSWORD)
        assert_refused(signed_in(ann).post(DELETE, {"password": typed}), "password")
        ann.refresh_from_db()
        assert not ann.is_leaving

    def test_guesses_are_limited(self):
        ann = make_mediator(password=PASSWORD)
        client = signed_in(ann)
        answers = [client.post(DELETE, {"password": "wrong"}).status_code for _guess in range(7)]
        assert answers == [200] * 5 + [429] * 2
        assert client.post(DELETE, {"password": PASSWORD}).status_code == 429

    def test_who_changes_their_mind_again_and_again_is_stopped(self, mailoutbox):
        """Each time the Reviewer is written to, twice."""
        ann = make_mediator(password=PASSWORD)
        make_appointment(ann, make_reviewer(email="rosa@example.org"))
        client, answers = signed_in(ann), []
        for _round in range(7):
            answers.append(client.post(DELETE, {"password": PASSWORD}).status_code)
            deliver_due()
            client.post(RESTORE)
            deliver_due()
        assert answers == [302] * 5 + [429] * 2
        assert len([mail for mail in mailoutbox if mail.to == ["rosa@example.org"]]) == 10

    def test_who_has_no_password_must_have_signed_in_just_now(self):
        ann = make_mediator()
        assert 'name="password"' not in signed_in(ann).get(DELETE).text
        with in_hours(-1):
            old = signed_in(ann)
        assert old.post(DELETE).url == f"/accounts/login/?next={DELETE}"
        ann.refresh_from_db()
        assert not ann.is_leaving
        assert signed_in(ann).post(DELETE).url == RESTORE
        ann.refresh_from_db()
        assert ann.is_leaving

    def test_the_last_admin_cannot(self):
        admin = make_admin(password=PASSWORD)
        page = signed_in(admin).post(DELETE, {"password": PASSWORD})
        assert "You are the last admin." in page.text
        admin.refresh_from_db()
        assert not admin.is_leaving
        second = make_admin(password=PASSWORD)
        assert signed_in(admin).post(DELETE, {"password": PASSWORD}).url == RESTORE
        assert "You are the last admin." in signed_in(second).post(DELETE, {"password": PASSWORD}).text

    def test_is_found_in_account_settings(self):
        assert f'href="{DELETE}"' in signed_in(make_person()).get("/account-settings/").text


@pytest.mark.django_db(transaction=True)
def test_of_two_admins_who_leave_at_once_one_stays():
    admins = [make_admin(), make_admin()]
    results = at_once(*[lambda who=who: leaving.ask_deletion(person=who, by=who) for who in admins])
    assert sorted(type(result).__name__ for result in results) == ["DeletionRefused", "NoneType"]
    assert User.objects.staying().filter(is_admin=True).count() == 1


class TestAsking:
    def test_closes_the_account_from_now_on(self, settings):
        ann = make_mediator()
        with time_machine.travel(clock.now(), tick=False):
            asks_to_leave(ann)
            assert ann.deletion_due_at == clock.now() + clock.hours(settings.ACCOUNT_DELETION_HOURS)
        (event,) = AuditEvent.objects.filter(verb=Verb.DELETION_ASKED)
        assert (event.actor_id, event.object_id, event.reason) == (ann.pk, str(ann.pk), "")

    def test_a_second_time_moves_nothing(self, mailoutbox):
        ann = make_mediator()
        asks_to_leave(ann)
        first = ann.deletion_due_at
        with in_hours(1):
            leaving.ask_deletion(person=ann, by=ann)
        ann.refresh_from_db()
        assert ann.deletion_due_at == first
        assert len(mails(mailoutbox)) == 1

    def test_ends_all_other_sign_ins(self):
        ann, ben = make_mediator(password=PASSWORD), make_mediator()
        elsewhere, by_the_door, other, here = signed_in(ann), Client(), signed_in(ben), Client()
        for client in (by_the_door, here):
            sign_in(client, ann)
        assert UserSession.objects.filter(user=ann).count() == 2
        assert here.post(DELETE, {"password": PASSWORD}).url == RESTORE
        for client in (elsewhere, by_the_door):
            assert client.get("/account-settings/").url.startswith("/accounts/login/")
        assert here.get(RESTORE).status_code == 200
        assert other.get("/account-settings/").status_code == 200
        assert UserSession.objects.filter(user=ann).count() == 1
        assert Session.objects.count() == 2

    def test_tells_the_person_and_the_reviewer(self, mailoutbox):
        ann = make_mediator(name="Ann Lee", email="ann@example.org")
        rosa = make_reviewer(email="rosa@example.org")
        make_appointment(ann, rosa)
        make_pending(ann, make_reviewer(email="not-yet@example.org"))
        with time_machine.travel("2026-03-02T10:00:00Z", tick=False):
            asks_to_leave(ann)
        assert mails(mailoutbox) == [
            ("ann@example.org", "Your account in Mediation Logbook will be deleted"),
            ("rosa@example.org", "Ann Lee is leaving"),
        ]
        for_ann, for_rosa = sorted(mailoutbox, key=lambda mail: mail.to)
        assert "Everything in it goes, for good, on 16 March 2026, 10:00 (UTC)." in for_ann.body
        assert f"http://localhost:8000{RESTORE}" in for_ann.body
        assert "On 16 March 2026 all feedback about them goes" in for_rosa.body
        for mail in mailoutbox:
            html = mail.alternatives[0].content
            assert "16 March 2026" in html and "Dear" in html

    def test_ends_what_they_review_and_tells_each_mediator(self, mailoutbox):
        rosa = make_reviewer(name="Rosa Fuentes", email="rosa@example.org", vetted=True)
        held = make_appointment(make_mediator(email="ann@example.org"), rosa)
        waiting = make_pending(make_mediator(email="ben@example.org"), rosa)
        invited = appointments.invite_reviewer(
            mediator=(cem := make_mediator(email="cem@example.org")), email=rosa.email, by=cem
        )
        other = make_appointment()
        asks_to_leave(rosa)
        states = {row.pk: row.state for row in Appointment.objects.all()}
        assert states == {
            held.pk: AppointmentState.RESIGNED, waiting.pk: AppointmentState.DECLINED,
            invited.pk: AppointmentState.DECLINED, other.pk: AppointmentState.ACCEPTED,
        }  # fmt: skip
        assert [to for to, _subject in mails(mailoutbox)] == [
            "ann@example.org", "ben@example.org", "cem@example.org", "rosa@example.org",
        ]  # fmt: skip

    def test_is_for_oneself_or_an_admin(self):
        ann = make_mediator()
        for nobody in (make_mediator(), make_reviewer(), make_directory()):
            with pytest.raises(PermissionDenied):
                leaving.ask_deletion(person=ann, by=nobody)
            with pytest.raises(PermissionDenied):
                leaving.stop_deletion(person=ann, by=nobody)


class TestMeanwhile:
    OPEN = [
        "/account-settings/download/",
        "/account-settings/restore/",
        "/accounts/logout/",
        "/static/base.css",
    ]

    def test_every_page_leads_to_one(self):
        ann = make_mediator()
        client = asks_to_leave(ann)
        for path in (
            "/", "/logbook/", "/logbook/add/", "/account-settings/", DELETE, "/my-details/", "/feedback/", "/cpd/",
            "/accounts/email/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/login/", "/nowhere/",
        ):  # fmt: skip
            for method in ("get", "post"):
                answer = getattr(client, method)(path)
                assert (answer.status_code, answer.url) == (302, RESTORE), (path, method)
        for path in self.OPEN:
            assert client.get(path).status_code in {200, 404}, path

    def test_the_page_says_how_it_stands_and_has_no_menus(self):
        ann = make_mediator()
        with time_machine.travel("2026-03-02T10:00:00Z", tick=False):
            page = asks_to_leave(ann).get(RESTORE).text
        assert "It is deleted on 16 March 2026, 10:00." in page
        assert "Keep my account" in page and "Download my data" in page and "Log out" in page
        assert "/logbook/" not in page and "/account-settings/delete/" not in page

    def test_one_can_sign_in_again_and_take_everything_along(self):
        ann = make_mediator()
        make_entry(ann, title="Roof")
        asks_to_leave(ann)
        client = Client()
        assert sign_in(client, ann).redirect_chain[-1][0] == RESTORE
        archive = downloaded(at_the_door(ann))
        assert b"Roof" in archive.read("logbook.csv")

    def test_a_missing_second_factor_is_asked_for_first(self, settings):
        settings.TWO_FACTOR_REQUIRED_FOR = ["mediator"]
        client = signed_in(ann := make_mediator())
        leaving.ask_deletion(person=ann, by=ann, but_for=client.session.session_key)
        assert client.get("/").url == "/accounts/2fa/"
        assert client.get("/accounts/2fa/").status_code == 200

    def test_nobody_finds_them(self):
        ann, ben = make_open_mediator(name="Zoe Lee"), make_open_mediator(name="Zoe Bo")
        general = make_general(ann), make_general(ben)
        dana = signed_in(make_directory())
        known = lambda: {  # noqa: E731
            name
            for name in ("Zoe Lee", "Zoe Bo")
            for page in (dana.get("/verify-experience/?q=zoe"), Client().get("/give-feedback/?q=zoe"))
            if name in page.text
        }
        assert known() == {"Zoe Lee", "Zoe Bo"}
        assert dana.get(f"/verify-experience/{ann.pk}/").status_code == 200
        client = asks_to_leave(ann)
        assert known() == {"Zoe Bo"}
        assert not NameWord.objects.filter(person=ann).exists()
        for end in ("", "print/", "export/"):
            assert dana.get(f"/verify-experience/{ann.pk}/{end}").status_code == 404
            assert dana.get(f"/verify-experience/{ben.pk}/{end}").status_code == 200
        assert [Client().get(address).status_code for address in general] == [410, 200]
        assert Client().get(f"/give-feedback/?mediator={ann.pk}").status_code == 410
        client.post(RESTORE)
        assert known() == {"Zoe Lee", "Zoe Bo"}
        assert [Client().get(address).status_code for address in general] == [200, 200]

    def test_a_closed_link_looks_like_an_unknown_one(self):
        ann = make_open_mediator()
        address = make_general(ann)
        asks_to_leave(ann)
        assert Client().get(address).content == Client().get("/give-feedback/to/unknown/").content

    def test_no_words_come_back_while_they_leave(self):
        ann = make_open_mediator(name="Zoe Lee")
        asks_to_leave(ann)
        admin = signed_in(make_admin())
        fields = {"name": "Zoe Lou", "time_zone": "UTC", "is_mediator": "on", "is_active": "on"}
        assert admin.post(f"/admin/accounts/user/{ann.pk}/change/", fields).status_code == 302
        assert not NameWord.objects.filter(person=ann).exists()

    def test_cannot_be_chosen_as_a_reviewer(self):
        rosa, rosalind = make_reviewer(name="Rosa", vetted=True), make_reviewer(name="Rosalind", vetted=True)
        ann = make_mediator()
        asks_to_leave(rosa)
        assert set(User.objects.to_choose_as_reviewer(ann)) == {rosalind}
        with pytest.raises(appointments.AppointmentRefused):
            appointments.choose_reviewer(mediator=ann, reviewer=rosa, by=ann)
        page = signed_in(ann).post("/my-details/reviewer/", {"action": "choose", "reviewer": rosa.email})
        assert "Rosa<" not in page.text and not Appointment.objects.exists()

    def test_what_they_had_proposed_cannot_be_answered(self, mailoutbox):
        ann, rosa = make_mediator(), make_reviewer()
        pending = make_pending(ann, rosa)
        asks_to_leave(ann)
        assert not Appointment.objects.awaiting(rosa).exists()
        with pytest.raises(PermissionDenied):
            appointments.accept_appointment(appointment=pending, **STATEMENTS, by=rosa)
        leaving.stop_deletion(person=ann, by=ann)
        assert Appointment.objects.awaiting(rosa).exists()

    def test_staff_of_a_directory_look_no_more_and_stand_on_no_list(self):
        dana = make_directory(name="Dana Doe")
        home = signed_in(make_mediator())
        assert "Dana Doe" in home.get("/").text
        asks_to_leave(dana)
        assert "Dana Doe" not in home.get("/").text
        assert not StaffPlace.objects.with_access().exists()
        leaving.stop_deletion(person=dana, by=dana)
        assert "Dana Doe" in home.get("/").text

    def test_links_of_parties_go_on_working_and_the_reviewer_reads(self, mailoutbox):
        ann, rosa = make_mediator(), make_reviewer(vetted=True)
        make_appointment(ann, rosa)
        link = make_link(ann)
        asks_to_leave(ann)
        assert Client().get(link).status_code == 200
        assert send(link).status_code == 302
        assert Feedback.objects.filter(mediator=ann).count() == 1
        assert signed_in(rosa).get(f"/review/{ann.pk}/").status_code == 200
        # What was left is not announced to somebody who cannot read it.
        mails(mailoutbox)
        release_feedback()
        assert [to for to, _subject in mails(mailoutbox) if to == ann.email] == []

    def test_mail_that_is_due_later_stops(self, mailoutbox):
        """Reminders to parties, of digests, and the weekly mail."""
        ann, rosa = make_mediator(), make_reviewer(vetted=True)
        ben = make_mediator()
        for mediator in (ann, ben):
            make_request(mediator, email=f"party-of-{mediator.pk.hex[:6]}@example.org", remind=True)
        make_appointment(ann, rosa)
        make_piece(ann)
        mails(mailoutbox)
        asks_to_leave(ann)
        mails(mailoutbox)
        with in_hours(80):
            told = [to for to, _subject in mails(mailoutbox)]
        assert told == [f"party-of-{ben.pk.hex[:6]}@example.org"]
        asks_to_leave(rosa)
        mails(mailoutbox)
        tell_news()
        assert mails(mailoutbox) == []

    def test_admins_who_leave_get_no_work(self, mailoutbox):
        leaver, stayer = make_admin(email="leaver@example.org"), make_admin(email="stayer@example.org")
        asks_to_leave(leaver)
        mails(mailoutbox)
        make_final_digest(make_mediator())
        from accounts.models import Vetting
        from accounts.services.outbox import queue_message

        rosa = make_reviewer()
        Vetting.objects.create(reviewer=rosa)
        queue_message(message="reviewers.emails.vetting", object_id=rosa.pk)
        mailoutbox.clear()
        deliver_due()
        assert [mail.to for mail in mailoutbox] == [[stayer.email]]


class TestChangingOnesMind:
    def test_opens_the_account_as_it_was(self, mailoutbox):
        ann = make_open_mediator(name="Zoe Lee", email="ann@example.org")
        make_appointment(ann, make_reviewer(email="rosa@example.org"))
        before = User.objects.filter(pk=ann.pk).values().get()
        words = set(NameWord.objects.values_list("word", "name"))
        client = asks_to_leave(ann)
        mails(mailoutbox)
        answer = client.post(RESTORE)
        assert answer.url == "/"
        assert "Your account is open again." in client.get("/").text
        after = User.objects.filter(pk=ann.pk).values().get()
        for name in ("password", "last_login"):  # set by the test's own sign-in
            before.pop(name), after.pop(name)
        assert after == before
        assert set(NameWord.objects.values_list("word", "name")) == words
        assert mails(mailoutbox) == [
            ("ann@example.org", "Your account in Mediation Logbook stays"),
            ("rosa@example.org", "Zoe Lee stays"),
        ]
        assert AuditEvent.objects.filter(verb=Verb.DELETION_STOPPED, actor_id=ann.pk).count() == 1

    def test_at_once_tells_nobody_at_all(self, mailoutbox):
        ann = make_mediator()
        make_appointment(ann, make_reviewer())
        asks_to_leave(ann).post(RESTORE)
        assert mails(mailoutbox) == []

    def test_works_until_it_is_really_gone(self):
        ann = make_mediator()
        client = asks_to_leave(ann)
        with in_hours(14 * 24 - 0.01):
            assert client.post(RESTORE).url == "/"

    def test_of_somebody_who_has_not_asked_changes_nothing(self, mailoutbox):
        client = signed_in(make_mediator())
        assert client.get(RESTORE).url == "/account-settings/"
        assert client.post(RESTORE).url == "/"
        assert mails(mailoutbox) == [] and not AuditEvent.objects.filter(verb=Verb.DELETION_STOPPED).exists()

    def test_appointments_do_not_come_back(self):
        rosa = make_reviewer()
        held = make_appointment(reviewer=rosa)
        asks_to_leave(rosa).post(RESTORE)
        held.refresh_from_db()
        assert held.state == AppointmentState.RESIGNED
