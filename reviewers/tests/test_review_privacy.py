"""What a Reviewer must never get: who wrote a piece, when, and anything about mediators who are not theirs now."""

import csv
import io
import re
import uuid
import zipfile
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from pypdf import PdfReader

from accounts.choices import Role
from accounts.models import User
from accounts.services import appointments, outbox, people
from accounts.services.invitations import token_of
from accounts.tests.factories import (
    STATEMENTS,
    make_admin,
    make_appointment,
    make_mediator,
    make_person,
    make_reviewer,
    signed_in,
)
from feedback.models import Feedback, FeedbackRequest, Respondent
from feedback.services.answers import Answers, send_answers
from feedback.services.contacts import contact_of
from feedback.surveys import OTHER_QUESTIONS
from feedback.tests.factories import make_piece, make_request
from logbook.tests.reading import csv_rows, pdf_text
from logbook_site.foundation import clock
from reviewers.querysets import feedback_read_by
from reviewers.services import appointing
from reviewers.tasks import tell_news

pytestmark = pytest.mark.django_db
HELPFUL = str(OTHER_QUESTIONS["helpful"])
METHODS = ["get", "head", "options", "post", "put", "patch", "delete", "trace"]
TAILS = ["", "export/", "print/", "resign/"]
CANARIES = ["Canary Quill", "canary.quill", "Paula Party", "paula@example.org", "Orchard and a well"]


@pytest.fixture
def rosa() -> User:
    return make_reviewer(vetted=True, name="Rosa Lindqvist")


@pytest.fixture
def amina(rosa) -> User:
    amina = make_mediator(name="Amina Okafor")
    make_appointment(amina, rosa)
    return amina


def answer_as_canary(mediator: User, **answers) -> Feedback:
    """One party is asked by name, and answers under another that must reach nobody."""
    request = make_request(mediator, reference="Orchard and a well")
    token = contact_of(request).token
    said = {
        "shared": False,
        "ratings": {"clear": 4},
        "helpful": "Seen words.",
        "respondent_name": "Canary Quill",
        "respondent_email": "canary.quill@example.org",
        "name_in_notice": True,
    }
    assert send_answers(
        token=token, form_key=uuid.uuid4().hex, answers=Answers(**(said | answers)), language="en"
    )
    return Feedback.objects.exclude(pk__in=Feedback.objects.filter(helpful="").values("pk")).latest("pk")


def everything_of(person: User, mediator: User) -> dict[str, bytes]:
    """Each answer that a Reviewer can get about a mediator, as bytes; packed files unpacked."""
    browser = signed_in(person)
    base = f"/review/{mediator.pk}/"
    addresses = [
        "/",
        "/review/",
        base,
        f"{base}export/?format=csv",
        f"{base}export/?format=xlsx",
        f"{base}print/",
    ]
    addresses += [f"{base}{piece.pk}/" for piece in Feedback.objects.filter(mediator=mediator)]
    addresses += [f"{base}?sort=year", f"{base}?q=seen", "/account-settings/"]
    found = {}
    for address in addresses:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if body.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(body)) as packed:
                body += b"".join(packed.read(name) for name in packed.namelist())
        if body.startswith(b"%PDF"):
            document = PdfReader(io.BytesIO(body))
            body += " ".join(page.extract_text() for page in document.pages).encode()
            body += (
                str(document.metadata).encode()
                + str(document.xmp_metadata and document.xmp_metadata.stream.get_data()).encode()
            )
        found[address] = body + str(answer.headers).encode()
    return found


def test_who_a_respondent_said_to_be_is_in_no_byte_of_a_reviewer(rosa, amina, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    for invited in (True, False):
        answer_as_canary(amina, shared=invited)
    assert {respondent.name for respondent in Respondent.objects.all()} == {"Canary Quill"}
    seen = everything_of(rosa, amina)
    assert sum(b"Seen words." in body for body in seen.values()) >= 6
    for address, body in seen.items():
        for canary in CANARIES:
            assert canary.encode() not in body, (address, canary)


def text_of(answer) -> str:
    """All that an answer says, without what is new each time. What a list cannot be asked is a 400 in a download."""
    assert answer.status_code in {200, 400}
    if answer["Content-Type"] == "application/pdf":
        return pdf_text(answer)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return re.sub(r'(csrfmiddlewaretoken|form_key)" value="[^"]*"', "", body.decode())


@pytest.mark.django_db(transaction=True)
def test_who_a_respondent_said_to_be_is_in_no_mail_to_a_reviewer(rosa, amina, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    answer_as_canary(amina)
    tell_news()
    outbox.deliver_due()
    to_rosa = [message for message in mail.outbox if rosa.email in message.to]
    assert len(to_rosa) == 1
    for message in to_rosa:
        source = message.message().as_string() + message.body + message.alternatives[0][0]
        for canary in [*CANARIES, "Seen words"]:
            assert canary not in source


def test_nothing_tells_when_a_piece_came_or_when_it_is_released(rosa, amina) -> None:
    """Two that differ in nothing but the slot they wait for are shown the same."""
    key = uuid.uuid4()
    seen = []
    for release_on in (None, clock.today() + timedelta(days=1)):
        Feedback.objects.all().delete()
        make_piece(amina, pk=key, helpful="Seen words.", release_on=release_on)
        pages = everything_of(rosa, amina)
        texts = [
            re.sub(rb'(csrfmiddlewaretoken|form_key)" value="[^"]*"', b"", body)
            for address, body in pages.items()
            if "print" not in address and "xlsx" not in address
        ]
        seen.append([re.sub(rb"csrftoken=[^;]*|expires=[^;]*|sessionid=[^;]*", b"", text) for text in texts])
    assert seen[0] == seen[1]


class TestOtherMediators:
    @pytest.mark.parametrize("tail", [*TAILS, "{piece}/"])
    def test_are_as_unknown_whatever_is_tried(self, rosa, amina, tail: str) -> None:
        other = make_mediator(name="Foreign Name")
        make_appointment(other)
        piece = make_piece(other, helpful="Foreign words")
        browser = signed_in(rosa)
        known = f"/review/{other.pk}/{tail.format(piece=piece.pk)}"
        unknown = f"/review/{uuid.uuid4()}/{tail.format(piece=uuid.uuid4())}"
        for method in METHODS:
            answers = [getattr(browser, method)(path) for path in (known, unknown)]
            assert [answer.status_code for answer in answers] == [404, 404], method
            assert b"Foreign" not in answers[0].content
        assert other.appointments_made.get().state == "accepted"

    def test_a_piece_of_one_under_the_address_of_the_other(self, rosa, amina) -> None:
        """Both are reviewed by Rosa, and still each piece has one address."""
        ben = make_mediator()
        make_appointment(ben, rosa)
        piece = make_piece(ben)
        browser = signed_in(rosa)
        assert browser.get(f"/review/{ben.pk}/{piece.pk}/").status_code == 200
        for method in METHODS:
            assert getattr(browser, method)(f"/review/{amina.pk}/{piece.pk}/").status_code == 404, method

    def test_lists_downloads_and_home_hold_one_mediator_alone(self, rosa, amina) -> None:
        ben = make_mediator()
        make_appointment(ben, rosa)
        make_piece(ben, helpful="Words about Ben")
        make_piece(make_mediator(), helpful="Words about a stranger")
        make_piece(amina, helpful="Words about Amina")
        browser = signed_in(rosa)
        base = f"/review/{amina.pk}/"
        assert [row[HELPFUL] for row in csv_rows(browser.get(f"{base}export/"))] == ["Words about Amina"]
        for text in (browser.get(base).text, pdf_text(browser.get(f"{base}print/"))):
            assert set(re.findall(r"Words about (?:Amina|Ben|a stranger)", text)) == {"Words about Amina"}


def addresses_of(mediator: User, piece: Feedback) -> list[str]:
    return [f"/review/{mediator.pk}/{tail}" for tail in ("", "export/", "print/", f"{piece.pk}/")]


def statuses(browser: Client, mediator: User, piece: Feedback) -> set[int]:
    return {browser.get(address).status_code for address in addresses_of(mediator, piece)}


class TestTheEnd:
    def end(self, appointment) -> None:
        appointments.end_appointment(appointment=appointment, by=appointment.mediator)

    def replace(self, appointment) -> None:
        make_appointment(appointment.mediator, make_reviewer(vetted=True))

    def refuse(self, appointment) -> None:
        appointments.refuse_reviewer(reviewer=appointment.reviewer, by=make_admin())

    def close_mediator(self, appointment) -> None:
        User.objects.filter(pk=appointment.mediator_id).update(is_active=False)

    def take_role(self, appointment) -> None:
        User.objects.filter(pk=appointment.reviewer_id).update(is_reviewer=False)

    @pytest.mark.parametrize("how", ["end", "replace", "refuse", "close_mediator", "take_role"])
    def test_counts_at_the_very_next_request(self, how: str) -> None:
        appointment = make_appointment(reviewer=make_reviewer(vetted=True))
        piece = make_piece(appointment.mediator, helpful="Foreign words")
        browser = signed_in(appointment.reviewer)
        assert statuses(browser, appointment.mediator, piece) == {200}
        getattr(self, how)(appointment)
        assert statuses(browser, appointment.mediator, piece) == {404}
        for address in ("/", "/review/"):
            answer = browser.get(address)
            assert str(appointment.mediator_id) not in answer.text
            assert b"Foreign words" not in answer.content

    def test_the_new_one_reads_earlier_feedback_once_vetted(self) -> None:
        former = make_appointment(reviewer=make_reviewer(vetted=True))
        mediator = former.mediator
        shared = make_piece(mediator, helpful="Earlier and shared")
        kept = make_piece(mediator, helpful="Earlier and kept", shared=False)
        new = make_reviewer()
        make_appointment(mediator, new)
        browser = signed_in(new)
        assert browser.get(f"/review/{mediator.pk}/{shared.pk}/").status_code == 200
        assert browser.get(f"/review/{mediator.pk}/{kept.pk}/").status_code == 404
        appointments.vet_reviewer(reviewer=new, by=make_admin())
        assert browser.get(f"/review/{mediator.pk}/{kept.pk}/").status_code == 200
        assert signed_in(former.reviewer).get(f"/review/{mediator.pk}/").status_code == 404


class TestBeforeTheCheck:
    def test_a_second_mailbox_reads_nothing_that_was_not_shared_and_released(self) -> None:
        """A mediator who names themselves under another name gets what My Feedback shows, and no number more."""
        mediator, mailbox = make_mediator(), make_reviewer(name="Second Mailbox")
        make_appointment(mediator, mailbox)
        pieces = {
            "shared": make_piece(mediator, helpful="Shared words", year=2020),
            "kept": make_piece(mediator, helpful="Kept words", shared=False, year=2021),
            "waiting": make_piece(mediator, helpful="Waiting words", release_on=clock.today(), year=2022),
            "both": make_piece(
                mediator, helpful="Both words", shared=False, release_on=clock.today(), year=2023
            ),
        }
        browser, base = signed_in(mailbox), f"/review/{mediator.pk}/"
        for name, piece in pieces.items():
            for method in METHODS:
                status = getattr(browser, method)(f"{base}{piece.pk}/").status_code
                assert (status == 404) == (name != "shared"), (name, method)
        with_more = [
            browser.get(path) for path in (base, f"{base}?share=no", "/review/", "/", f"{base}?q=words")
        ]
        with_more += [browser.get(f"{base}export/"), browser.get(f"{base}export/?format=xlsx")]
        seen = [
            b"".join(answer.streaming_content) if answer.streaming else answer.content for answer in with_more
        ]
        text = pdf_text(browser.get(f"{base}print/"))
        for piece in ("Kept", "Waiting", "Both"):
            assert f"{piece} words" not in text
            assert not any(f"{piece} words".encode() in body for body in seen)
        rows = list(csv.reader(io.StringIO(seen[5].decode("utf-8-sig"))))
        assert len(rows) == 2
        page = browser.get("/review/").context["page"].object_list
        assert [(each.number, each.new) for each in page] == [(1, 1)]
        assert [each.new for each in browser.get("/").context["reviewed"]] == [1]
        appointments.vet_reviewer(reviewer=mailbox, by=make_admin())
        assert [each.number for each in browser.get("/review/").context["page"].object_list] == [4]

    def test_where_nobody_is_checked_all_read_all_but_who_was_refused(self, settings) -> None:
        settings.REVIEWER_VETTING = False
        appointment = make_appointment()
        kept = make_piece(appointment.mediator, shared=False)
        browser = signed_in(appointment.reviewer)
        assert statuses(browser, appointment.mediator, kept) == {200}
        appointments.refuse_reviewer(reviewer=appointment.reviewer, by=make_admin())
        assert statuses(browser, appointment.mediator, kept) == {404}
        assert "has not accepted you as a Reviewer" in browser.get("/review/").text

    def test_a_second_mailbox_learns_neither_year_nor_how_a_piece_came(self) -> None:
        """A mediator who asked one party of each year would know who wrote what. My Feedback tells it neither."""
        mediator, mailbox = make_mediator(), make_reviewer(name="Second Mailbox")
        make_appointment(mediator, mailbox)
        base, browser = f"/review/{mediator.pk}/", signed_in(mailbox)
        with_words = make_piece(mediator, helpful="Seen words.")
        without = make_piece(mediator)
        digest = {"text": "Seen words.", "version": "0", "action": "save"}
        assert browser.post(f"{base}digest/", digest, follow=True).status_code == 200
        tails = ["", "export/", "print/", "digest/", "digest/pdf/", f"{with_words.pk}/", f"{without.pk}/"]
        tails += [
            f"{tail}?{ask}" for tail in ("", "export/") for ask in ("year=2019", "invited=no", "sort=year")
        ]
        worlds = []
        for year, others in ((2019, 2024), (2024, 2019)):
            theirs = {"year": year, "invited": year == 2024, "language": "en" if year == 2024 else "es"}
            Feedback.objects.filter(pk=with_words.pk).update(**theirs)
            about = {"year": others, "invited": others == 2024, "language": "fr" if others == 2024 else "de"}
            Feedback.objects.filter(pk=without.pk).update(**about)
            worlds.append([text_of(browser.get(f"{base}{tail}")) for tail in tails])
        for tail, one, other in zip(tails, *worlds, strict=True):
            assert one == other, tail
        assert all("Seen words." in text for text in worlds[0][:4])
        appointments.vet_reviewer(reviewer=mailbox, by=make_admin())
        assert "2019" in text_of(browser.get(base))

    def test_a_second_mailbox_waits_for_as_many_pieces_as_my_feedback(self, settings) -> None:
        settings.FEEDBACK_MIN_SHARED = 3
        mediator, mailbox = make_mediator(), make_reviewer()
        make_appointment(mediator, mailbox)
        for number in range(3):
            pieces = feedback_read_by(mailbox)
            assert (pieces.count(), Feedback.objects.visible_to(mediator).count()) == (0, 0), number
            make_piece(mediator)
            make_piece(mediator, shared=False)
        assert set(feedback_read_by(mailbox)) == set(Feedback.objects.visible_to(mediator))
        assert feedback_read_by(mailbox).count() == 3

    def test_a_role_that_was_taken_away_comes_back_without_the_check(self, rosa, amina) -> None:
        """Any mediator gives it again, by an invitation; what all others left to be read must not come with it."""
        kept, admin = make_piece(amina, shared=False), make_admin()
        person = User.objects.get(pk=rosa.pk)
        person.is_reviewer = False
        people.change_person(person=person, by=admin)
        friend = make_mediator()
        invitation = appointing.invite_reviewer(mediator=friend, email=rosa.email, by=friend)
        browser, path = signed_in(rosa), f"/invitation/{token_of(invitation.pk)}/"
        assert browser.post(path, {"action": "accept"} | dict.fromkeys(STATEMENTS, "on")).url == "/"
        assert browser.get(f"/review/{amina.pk}/{kept.pk}/").status_code == 404
        # IMI is asked to check them, although they review somebody already.
        outbox.deliver_due()
        assert admin.email in [to for mail_out in mail.outbox for to in mail_out.to]
        signed_in(admin).post(f"/admin/vetting/{rosa.pk}/", {"action": "vet"})
        assert browser.get(f"/review/{amina.pk}/{kept.pk}/").status_code == 200


class TestOthers:
    def test_the_mediator_does_not_read_through_these_pages(self, rosa, amina) -> None:
        """Not even one who is a Reviewer, too."""
        both = make_person(Role.MEDIATOR, Role.REVIEWER)
        make_appointment(both, rosa)
        kept = make_piece(both, shared=False)
        assert statuses(signed_in(both), both, kept) == {404}
        assert statuses(signed_in(rosa), both, kept) == {200}

    @pytest.mark.parametrize("role", [None, Role.MEDIATOR, Role.DIRECTORY, Role.ADMIN])
    def test_other_roles_do_not_even_find_the_list(self, rosa, amina, role) -> None:
        piece = make_piece(amina)
        browser = signed_in(make_person(*([role] if role else [])))
        for address in ["/review/", *addresses_of(amina, piece)]:
            for method in METHODS:
                assert getattr(browser, method)(address).status_code == 404, (address, method)

    def test_strangers_cannot_tell_what_exists(self, amina) -> None:
        piece = make_piece(amina)
        for address in [*addresses_of(amina, piece), *addresses_of(make_mediator(), piece)]:
            answer = Client().get(address)
            assert (answer.status_code, answer.url) == (302, f"/accounts/login/?next={address}")


def test_reading_changes_nothing(rosa, amina) -> None:
    make_piece(amina)
    before = (list(Feedback.objects.values()), list(FeedbackRequest.objects.values()))
    everything_of(rosa, amina)
    assert (list(Feedback.objects.values()), list(FeedbackRequest.objects.values())) == before


def test_the_one_place_gives_the_pieces_of_todays_mediators_and_no_other(rosa, amina) -> None:
    ben = make_mediator()
    held = make_appointment(ben, rosa)
    make_appointment(make_mediator(), make_reviewer(vetted=True))
    own = {make_piece(amina).pk, make_piece(amina, shared=False).pk}
    bens = {make_piece(ben).pk}
    make_piece(make_mediator())
    make_piece(rosa)
    assert {piece.pk for piece in feedback_read_by(rosa)} == own | bens
    appointments.end_appointment(appointment=held, by=ben)
    assert {piece.pk for piece in feedback_read_by(rosa)} == own
