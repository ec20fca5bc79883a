"""Naming a Reviewer: through the page, and through the mails that arrived."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from accounts.choices import AppointmentState, Role
from accounts.models import Appointment, Vetting
from accounts.services import outbox
from accounts.tests.factories import (
    make_address,
    make_admin,
    make_appointment,
    make_directory,
    make_mediator,
    make_pending,
    make_person,
    make_reviewer,
    signed_in,
)
from logbook_site.foundation import clock
from reviewers.tasks import expire_appointments

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/my-details/reviewer/"
ACCEPT = {"action": "accept", "not_family": "on", "not_subordinate": "on", "not_reciprocal": "on"}


@pytest.fixture(autouse=True)
def mailbox(settings) -> list:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return mail.outbox


def delivered() -> list:
    """The mails that the outbox sends now."""
    before = len(mail.outbox)
    outbox.deliver_due()
    return mail.outbox[before:]


def link_in(message) -> str:
    return re.search(r"http://[^/]+(/invitation/\S+)", message.body)[1]


def state_of(appointment: Appointment) -> str:
    return Appointment.objects.get(pk=appointment.pk).state


def test_from_the_invitation_to_the_vetted_reviewer_by_mail_alone() -> None:
    amina, admin = make_mediator(name="Amina Okafor"), make_admin()
    answer = signed_in(amina).post(PAGE, {"action": "invite", "invite_email": "Judge@Example.org"})
    assert (answer.status_code, answer.url) == (302, PAGE)
    (invitation,) = delivered()
    assert invitation.to == ["judge@example.org"]
    assert "Amina Okafor" in invitation.subject
    path = link_in(invitation)
    stranger = Client().get(path)
    assert stranger.status_code == 200
    assert f"/accounts/login/?next={path.replace(':', '%3A')}" in stranger.content.decode()
    judge = make_person(email="judge@example.org", name="Judge Judith")
    browser = signed_in(judge)
    assert browser.get(path).status_code == 200
    assert browser.post(path, ACCEPT).url == "/"
    judge.refresh_from_db()
    assert judge.is_reviewer
    to_amina, to_admin = sorted(delivered(), key=lambda each: each.to != [amina.email])
    assert (to_amina.to, to_admin.to) == ([amina.email], [admin.email])
    assert "Judge Judith" in to_amina.subject
    assert "judge@example.org" in to_admin.body
    check = re.search(r"http://[^/]+(/admin/vetting/\S+)", to_admin.body)[1]
    assert signed_in(admin).get(check).status_code == 200
    assert Vetting.objects.get().state == "waiting"
    assert signed_in(admin).post(check, {"action": "vet"}).status_code == 302
    assert Vetting.objects.get().state == "vetted"
    (told,) = delivered()
    assert told.to == ["judge@example.org"]
    with time_machine.travel(clock.now() + timedelta(hours=73)):
        assert delivered() == []  # nobody has to be reminded any more


def test_who_did_not_check_is_reminded_once_after_three_days() -> None:
    make_admin()
    pending = make_pending()
    signed_in(pending.reviewer).post(token_path(pending), ACCEPT)
    assert len(delivered()) == 2
    with time_machine.travel(clock.now() + timedelta(hours=71)):
        assert delivered() == []
    with time_machine.travel(clock.now() + timedelta(hours=73)):
        assert len(delivered()) == 1
        assert delivered() == []


def token_path(appointment: Appointment) -> str:
    from accounts.services.invitations import token_of

    return f"/invitation/{token_of(appointment.pk)}/"


def test_a_second_mediator_of_a_waiting_reviewer_asks_for_no_second_check() -> None:
    make_admin()
    reviewer = make_reviewer()
    for _each in range(2):
        pending = make_pending(reviewer=reviewer)
        signed_in(reviewer).post(token_path(pending), ACCEPT)
    subjects = [message.subject for message in delivered()]
    assert len([subject for subject in subjects if "check" in subject]) == 1


@pytest.mark.parametrize("typed", ["rosa@example.org", "ROSA@EXAMPLE.ORG "])
def test_choosing_by_exact_address(typed: str) -> None:
    rosa = make_reviewer(vetted=True, email="rosa@example.org")
    amina = make_mediator()
    assert signed_in(amina).post(PAGE, {"action": "choose", "reviewer": typed}).status_code == 302
    assert Appointment.objects.get().reviewer == rosa
    assert [each.to for each in delivered()] == [["rosa@example.org"]]


def test_choosing_by_name_shows_ten_vetted_reviewers_at_most() -> None:
    for number in range(12):
        make_reviewer(vetted=True, name=f"Rosá Lind {number:02}")
    make_reviewer(name="Rosa Not Checked")
    make_mediator(name="Rosa No Reviewer")
    make_reviewer(vetted=True, name="Rosa Gone", is_active=False)
    browser = signed_in(make_mediator())
    page = browser.post(PAGE, {"action": "choose", "reviewer": "lind rosa"})
    assert page.status_code == 200
    names = [person.name for person in page.context["choose"].found]
    assert names == [f"Rosá Lind {number:02}" for number in range(10)]
    page = browser.post(PAGE, {"action": "choose", "reviewer": "rosa"}).content.decode()
    for hidden in ("Not Checked", "No Reviewer", "Gone", "@example.org"):
        assert hidden not in page
    assert Appointment.objects.count() == 0
    chosen = re.search(r'name="reviewer" value="([0-9a-f-]{36})"', page)[1]
    browser.post(PAGE, {"action": "choose", "reviewer": chosen})
    assert str(Appointment.objects.get().reviewer_id) == chosen


@pytest.mark.parametrize("typed", ["", "ro", "  r o ", "nobody here", "no@example.org", "ro\0sa", "x" * 300])
def test_a_name_that_does_not_do_gets_a_sentence_and_stays(typed: str) -> None:
    make_reviewer(vetted=True, name="Rosa Lindqvist")
    page = signed_in(make_mediator()).post(PAGE, {"action": "choose", "reviewer": typed})
    assert page.status_code == 200
    assert page.context["choose"].errors
    assert 'aria-invalid="true"' in page.content.decode()
    assert Appointment.objects.count() == 0


def test_ids_of_others_are_no_choice() -> None:
    """A Reviewer who is not checked, a mediator, oneself: as if unknown."""
    browser = signed_in(amina := make_person(Role.MEDIATOR, Role.REVIEWER))
    for person in (make_reviewer(), make_mediator(), amina, make_directory()):
        page = browser.post(PAGE, {"action": "choose", "reviewer": str(person.pk)})
        assert page.status_code == 200
    assert Appointment.objects.count() == 0


@pytest.mark.parametrize("email", ["", "no", "a@b", "a@example.org\nBcc: x@example.org", '"a b"@example.org'])
def test_a_bad_address_gets_a_sentence_and_stays(email: str) -> None:
    page = signed_in(make_mediator()).post(PAGE, {"action": "invite", "invite_email": email})
    assert page.status_code == 200
    assert 'aria-invalid="true"' in page.content.decode()
    assert Appointment.objects.count() == 0
    assert delivered() == []


def test_oneself_under_any_name_is_refused_at_the_field() -> None:
    amina = make_mediator(email="amina.okafor@gmail.com")
    make_address(amina, "second@example.org", verified=False)
    browser = signed_in(amina)
    for own in ("amina.okafor@gmail.com", "AminaOkafor+me@googlemail.com", "second@example.org"):
        page = browser.post(PAGE, {"action": "invite", "invite_email": own})
        assert page.status_code == 200
        assert page.context["invite"].errors["invite_email"]
    assert Appointment.objects.count() == 0


def test_people_who_would_review_each_other_are_refused() -> None:
    amina, ben = (make_person(Role.MEDIATOR, Role.REVIEWER) for _each in range(2))
    make_appointment(amina, ben)
    from accounts.services.appointments import vet_reviewer

    vet_reviewer(reviewer=amina, by=make_admin())
    page = signed_in(ben).post(PAGE, {"action": "choose", "reviewer": amina.email})
    assert page.status_code == 200
    assert page.context["choose"].errors["reviewer"]


def test_the_old_reviewer_stays_until_the_new_one_accepts_and_is_told_then() -> None:
    amina = make_mediator()
    old = make_appointment(amina).reviewer
    new = make_reviewer(vetted=True)
    signed_in(amina).post(PAGE, {"action": "choose", "reviewer": new.email})
    assert Appointment.objects.reviewer_of(amina) == old
    pending = Appointment.objects.pending().get()
    delivered()
    signed_in(new).post(token_path(pending), ACCEPT)
    assert Appointment.objects.reviewer_of(amina) == new
    assert {message.to[0] for message in delivered()} == {amina.email, old.email}


def test_taking_back_closes_the_link_and_asking_again_makes_a_new_one() -> None:
    amina = make_mediator()
    browser = signed_in(amina)
    for _each in range(2):
        browser.post(PAGE, {"action": "invite", "invite_email": "judge@example.org"})
    first, second = (link_in(message) for message in reversed(delivered_in_order()))
    assert first != second
    assert [Client().get(path).status_code for path in (first, second)].count(410) == 1
    browser.post(PAGE, {"action": "withdraw"})
    assert {Client().get(path).status_code for path in (first, second)} == {410}
    assert browser.post(PAGE, {"action": "withdraw"}).status_code == 302


def delivered_in_order() -> list:
    messages = delivered()
    # The first was taken back before the worker came: it was not sent. Its link is made here as the mail would.
    assert len(messages) == 1
    from django.core.mail import EmailMessage

    taken_back = Appointment.objects.get(state=AppointmentState.TAKEN_BACK)
    return [*messages, EmailMessage(body=f"http://x{token_path(taken_back)}")]


def test_ending_stops_at_once_and_tells_the_reviewer() -> None:
    appointment = make_appointment()
    browser = signed_in(appointment.mediator)
    assert browser.post(PAGE, {"action": "end"}).status_code == 302
    assert Appointment.objects.reading(appointment.reviewer).count() == 0
    assert [message.to for message in delivered()] == [[appointment.reviewer.email]]
    assert browser.post(PAGE, {"action": "end"}).status_code == 302
    assert delivered() == []


def test_declining_needs_no_statement_and_tells_the_mediator() -> None:
    pending = make_pending()
    assert signed_in(pending.reviewer).post(token_path(pending), {"action": "decline"}).url == "/"
    assert state_of(pending) == AppointmentState.DECLINED
    assert [message.to for message in delivered()] == [[pending.mediator.email]]


def test_accepting_needs_all_three_statements() -> None:
    pending = make_pending()
    for missing in ("not_family", "not_subordinate", "not_reciprocal"):
        answers = {name: value for name, value in ACCEPT.items() if name != missing}
        page = signed_in(pending.reviewer).post(token_path(pending), answers)
        assert page.status_code == 200
        assert list(page.context["form"].errors) == [missing]
    assert state_of(pending) == AppointmentState.PENDING


def test_an_invitation_is_answered_by_the_invited_alone() -> None:
    """The mediator, a colleague, every other role, a stranger: all may read the page, nobody else may answer."""
    pending = make_pending()
    path = token_path(pending)
    others = [pending.mediator, make_mediator(), make_reviewer(vetted=True), make_directory(), make_admin()]
    for person in others:
        assert signed_in(person).get(path).status_code == 200
        for post in (ACCEPT, {"action": "decline"}):
            assert signed_in(person).post(path, post).status_code == 404
    assert Client().post(path, ACCEPT).url.startswith("/accounts/login/?next=/invitation/")
    assert state_of(pending) == AppointmentState.PENDING


def test_an_unconfirmed_address_does_not_answer() -> None:
    amina = make_mediator()
    signed_in(amina).post(PAGE, {"action": "invite", "invite_email": "judge@example.org"})
    pending = Appointment.objects.get()
    impostor = make_person()
    make_address(impostor, "judge@example.org", verified=False)
    assert signed_in(impostor).post(token_path(pending), ACCEPT).status_code == 404


def test_unknown_spent_and_ended_links_are_the_same_calm_page() -> None:
    accepted, overdue = make_appointment(), make_pending()
    unsigned = f"/invitation/{overdue.pk}/"
    pages = [Client().get(path) for path in (token_path(accepted), unsigned, "/invitation/x/")]
    with time_machine.travel(overdue.expires_at):
        pages.append(Client().get(token_path(overdue)))
        expire_appointments()
        pages.append(Client().get(token_path(overdue)))
    assert {page.status_code for page in pages} == {410}
    assert len({page.content for page in pages}) == 1


def test_who_did_not_answer_in_time_is_told_to_the_mediator() -> None:
    pending = make_pending()
    with time_machine.travel(pending.expires_at):
        expire_appointments()
        expire_appointments()
        assert [message.to for message in delivered()] == [[pending.mediator.email]]


def test_looking_changes_nothing() -> None:
    pending = make_pending()
    before = list(Appointment.objects.values())
    for person in (pending.mediator, pending.reviewer):
        for path in (PAGE, token_path(pending)):
            for method in ("get", "head"):
                getattr(signed_in(person), method)(path)
    assert list(Appointment.objects.values()) == before


def test_more_than_ten_proposals_a_day_are_too_many() -> None:
    browser = signed_in(make_mediator())
    answers = [
        browser.post(PAGE, {"action": "invite", "invite_email": f"judge{number}@example.org"}).status_code
        for number in range(12)
    ]
    assert answers == [302] * 10 + [429] * 2


def test_the_check_is_for_admins_alone() -> None:
    pending = make_pending()
    signed_in(pending.reviewer).post(token_path(pending), ACCEPT)
    path = f"/admin/vetting/{pending.reviewer.pk}/"
    for person in (pending.mediator, pending.reviewer, make_directory(), make_mediator()):
        assert signed_in(person).get(path).status_code == 404
        assert signed_in(person).post(path, {"action": "vet"}).status_code == 404
    assert Client().post(path, {"action": "vet"}).url.startswith("/accounts/login/")
    assert Vetting.objects.get().state == "waiting"
    admin = signed_in(make_admin())
    assert admin.get(f"/admin/vetting/{pending.mediator.pk}/").status_code == 404  # no Reviewer
    admin.get(path)
    assert Vetting.objects.get().state == "waiting"
    admin.post(path, {"action": "refuse"})
    assert Appointment.objects.reading(pending.reviewer).count() == 0


def test_both_sides_see_the_state() -> None:
    appointment = make_appointment()
    mediator, reviewer = signed_in(appointment.mediator), signed_in(appointment.reviewer)
    waiting = "checks each Reviewer once"
    assert waiting in mediator.get(PAGE).content.decode()
    assert appointment.reviewer.name in mediator.get("/my-details/").content.decode()
    assert appointment.mediator.name in reviewer.get("/").content.decode()
    signed_in(make_admin()).post(f"/admin/vetting/{appointment.reviewer.pk}/", {"action": "vet"})
    assert waiting not in mediator.get(PAGE).content.decode()


def test_who_is_asked_finds_it_on_home() -> None:
    pending = make_pending()
    page = signed_in(pending.reviewer).get("/").content.decode()
    assert token_path(pending) in page
    assert token_path(pending) not in signed_in(make_reviewer()).get("/").content.decode()
