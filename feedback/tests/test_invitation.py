"""The mails, read as they arrive: the invitation, the reminder, and "not sent"."""

import pytest
from django.test import Client

from accounts.models import OutboxMessage
from accounts.services.outbox import deliver_due
from accounts.tests.factories import make_appointment, make_mediator, make_reviewer, signed_in
from accounts.tests.smtp_server import SmtpServer
from feedback.models import FeedbackRequest
from feedback.services import answers, forgetting
from feedback.services.contacts import contact_of
from feedback.services.requests import cancel_request
from feedback.services.secrets import address_hash, signed_hash
from feedback.tests.factories import make_request
from feedback.tests.hands import LINK, STOP, delivered, text_of, typed, typed_links
from logbook_site.foundation import clock

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/feedback/request/"
PAULA = "paula@example.org"


@pytest.fixture
def server(settings):
    server = SmtpServer()
    settings.EMAIL_BACKEND = "logbook_site.foundation.mail.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 1
    yield server
    server.close()


@pytest.fixture
def amina():
    return make_mediator(name="Amina Okafor")


def without_bdi(text: str) -> str:
    """In HTML each name is isolated, so that it does not turn the words around it."""
    return text.replace("<bdi>", "").replace("</bdi>", "")


def later(settings, hours: float) -> None:
    settings.CLOCK_OFFSET_HOURS = hours


class TestTheInvitation:
    @pytest.fixture
    def full(self, server, amina, settings):
        settings.SUPPORT_EMAIL, settings.SITE_URL = "help@example.org", "https://logbook.example.org"
        settings.PRIVACY_POLICY_URL = "https://example.org/privacy"
        settings.DIGEST_INFO_URL = "https://example.org/digest"
        make_appointment(amina, make_reviewer(name="Rosa Lindqvist"))
        make_request(
            amina, name="Paula Party", email=PAULA, reference="Roof and rain", ended_on=clock.today()
        )
        (mail,) = delivered(server)
        return mail

    def test_says_all_that_a_party_must_know(self, full, settings):
        request = FeedbackRequest.objects.get()
        link = f"https://logbook.example.org/give-feedback/{contact_of(request).token}/?lang=en"
        assert full["Subject"] == "Amina Okafor asks for your feedback"
        day = f"{clock.today().day} {clock.today():%B %Y}"
        for kind in ("plain", "html"):
            text = without_bdi(text_of(full, kind))
            for words in (
                "Dear Paula Party,",
                "Amina Okafor asks for your feedback on their recent mediation.",
                day,
                "Reference: Roof and rain",
                "5 to 8 minutes",
                "The Reviewer, today Rosa Lindqvist, reads your answers. "
                "Amina Okafor reads them only if you choose so.",
                link,
                "Feedback Digest",
                "https://example.org/digest",
                "on behalf of Amina Okafor",
                "are deleted 5 days after",
                "https://example.org/privacy",
                "https://logbook.example.org/stop/",
            ):
                assert words in text, (kind, words)
        html = text_of(full, "html")
        assert f'<a class="button" href="{link}">' in html
        assert html.count(link) == 2

    def test_goes_to_one_person_and_answers_reach_support(self, full):
        assert (full["To"], full["Cc"], full["Bcc"]) == (PAULA, None, None)
        assert full["Reply-To"] == "help@example.org"
        assert full["Auto-Submitted"] == "auto-generated"
        assert full["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        (signed,) = STOP.findall(full["List-Unsubscribe"])
        assert full["List-Unsubscribe"].strip() == f"<https://logbook.example.org/stop/{signed}/?lang=en>"
        assert STOP.search(text_of(full))[1] == signed
        assert signed_hash(signed) == address_hash(PAULA)

    def test_is_valid_for_every_mail_program(self, full):
        assert [part.get_content_type() for part in full.iter_parts()] == ["text/plain", "text/html"]
        assert "<script" not in text_of(full, "html")
        assert "<img" not in text_of(full, "html")
        assert max(map(len, full.as_bytes().splitlines())) <= 998

    def test_leaves_out_what_is_not_known(self, server, amina, settings):
        settings.SUPPORT_EMAIL = settings.PRIVACY_POLICY_URL = settings.DIGEST_INFO_URL = ""
        make_request(amina)
        (mail,) = delivered(server)
        assert mail["Reply-To"] is None
        for kind in ("plain", "html"):
            text = without_bdi(text_of(mail, kind))
            assert "An independent Reviewer reads your answers; Amina Okafor has not named one yet." in text
            for words in ("Reference:", "Privacy policy", "Learn more", "today", "None", 'href=""'):
                assert words not in text, (kind, words)

    def test_of_an_advocate_says_so(self, server, amina):
        make_request(amina, acted_as="advocate")
        (mail,) = delivered(server)
        for kind in ("plain", "html"):
            assert "on their work as a mediation advocate" in text_of(mail, kind)

    def test_is_what_the_preview_showed(self, server, amina):
        make_appointment(amina)
        client = signed_in(amina)
        shown = client.post(PAGE, typed(reference="O’Brien & Co", action="preview")).context["mail"]
        client.post(PAGE, typed(reference="O’Brien & Co"))
        (mail,) = delivered(server)
        text = text_of(mail)
        link = f"{LINK.search(text)[0]}?lang=en"
        stop = f"{STOP.search(text)[0]}?lang=en"
        as_previewed = "\n".join(
            "(the personal link)" if line.endswith(link) else line for line in text.splitlines()
        )
        line = next(line for line in as_previewed.splitlines() if line.endswith(stop))
        as_previewed = as_previewed.replace(line, "(a link to stop)")
        assert as_previewed.splitlines() == shown.body.splitlines()
        assert mail["Subject"] == shown.subject
        assert "O’Brien & Co" in text

    def test_each_party_gets_a_mail_and_a_link_of_their_own(self, server, amina):
        signed_in(amina).post(PAGE, typed(("Paula", PAULA), ("Quentin", "q@example.org")))
        mails = delivered(server)
        assert {mail["To"] for mail in mails} == {PAULA, "q@example.org"}
        assert len({LINK.search(text_of(mail))[1] for mail in mails}) == 2
        for mail in mails:
            other = "Quentin" if mail["To"] == PAULA else "Paula"
            assert other not in mail.as_string()

    def test_a_handed_over_link_is_mailed_to_nobody(self, server, amina):
        signed_in(amina).post(PAGE, typed_links(3))
        assert delivered(server) == []


HOSTILE = [
    "Paula\r\nBcc: evil@example.com",
    "Paula\nBcc: evil",
    "Paula\rCc: evil\r\n\r\nBody",
    "Paula%0d%0aBcc: evil",
    "=?utf-8?q?Paula=0D=0ABcc:_evil?=",
    "Paula\u2028Bcc: evil",
    "Paula\x85Bcc: evil",
    "Paula\0",
    "Paula <evil@example.com>",
    "<a href='https://evil.example'>Paula</a>",
    "{{ link }}{% debug %}",
    "%(name)s %s {0}",
    "Paula\u202egro.elpmaxe",
    "\r\n.\r\nMAIL FROM:evil",
    "Paula, evil; other",
]


class TestHostileText:
    @pytest.mark.parametrize("field", ["parties-0-name", "parties-0-email", "reference"])
    @pytest.mark.parametrize("text", HOSTILE)
    def test_leaves_one_clean_mail_or_a_refused_form(self, server, amina, field, text):
        answer = signed_in(amina).post(PAGE, typed(**{field: text}))
        mails = delivered(server)
        if answer.status_code == 200:
            assert 'aria-invalid="true"' in answer.text
            assert mails == []
            return
        (mail,) = mails
        assert answer.status_code == 302
        self.assert_clean(mail, PAULA)

    @pytest.mark.parametrize("text", [*HOSTILE[:7], "Amina <b>x</b>", "Amina & O’Brien"])
    def test_in_the_mediators_name_and_that_of_the_reviewer_changes_nothing(self, server, amina, text):
        amina.name = text
        amina.save()
        make_appointment(amina, make_reviewer(name=text))
        make_request(amina)
        (mail,) = delivered(server)
        self.assert_clean(mail, PAULA)
        assert "<b>x" not in text_of(mail, "html")

    @staticmethod
    def assert_clean(mail, to: str) -> None:
        assert (mail.get_all("To"), mail["Cc"], mail["Bcc"]) == ([to], None, None)
        assert sorted(name.lower() for name in mail) == [
            "auto-submitted", "content-type", "date", "from", "list-unsubscribe", "list-unsubscribe-post",
            "message-id", "mime-version", "subject", "to",
        ]  # fmt: skip
        assert len(LINK.findall(text_of(mail))) == 1
        html = text_of(mail, "html")
        assert "<a href=" not in html.replace('<a href="http://localhost', "")
        assert "{%" not in html or "{% debug %}" in html
        assert "\u202e" not in mail.as_string()


class TestTheReminder:
    def asked(self, mediator, **fields) -> FeedbackRequest:
        return make_request(mediator, reference="Roof", remind=True, **fields)

    def test_comes_on_day_three_with_the_same_link_and_says_it_is_the_only_one(self, server, amina, settings):
        self.asked(amina)
        (first,) = delivered(server)
        later(settings, 71.9)
        assert len(delivered(server)) == 1
        later(settings, 72.1)
        _first, second = delivered(server)
        assert second["Subject"] == "A reminder: Amina Okafor asks for your feedback"
        assert LINK.search(text_of(first))[1] == LINK.search(text_of(second))[1]
        for kind in ("plain", "html"):
            assert "This is the only reminder." in text_of(second, kind)
            assert "Reference: Roof" in without_bdi(text_of(second, kind))
            assert "on behalf of Amina Okafor" in without_bdi(text_of(second, kind))
        assert second["List-Unsubscribe"] == first["List-Unsubscribe"]
        later(settings, 110)
        assert len(delivered(server)) == 2

    @pytest.mark.parametrize(
        "what", ["answered", "declined", "cancelled", "left alone", "deactivated", "forgotten"]
    )
    def test_is_not_for_who_should_not_get_it(self, server, amina, settings, what):
        request = self.asked(amina)
        self.asked(amina, email="quentin@example.org")
        assert len(delivered(server)) == 2
        token = contact_of(request).token
        if what == "answered":
            sent = answers.Answers(shared=False, ratings={"clear": 3})
            answers.send_answers(token=token, form_key="k", answers=sent, language="en")
        elif what == "declined":
            answers.decline(token=token)
        elif what == "cancelled":
            cancel_request(request=request, by=amina)
        elif what == "left alone":
            answers.stop_asking(hashed=address_hash("Paula+any@example.org"))
        elif what == "deactivated":
            amina.is_active = False
            amina.save()
        else:
            FeedbackRequest.objects.filter(pk=request.pk).update(sealed=None)
        later(settings, 73)
        to_parties = [mail["To"] for mail in delivered(server) if mail["To"] != amina.email]
        assert to_parties[2:] == ([] if what == "deactivated" else ["quentin@example.org"])

    def test_is_not_sent_where_the_invitation_was_refused(self, server, amina, settings):
        self.asked(amina)
        server.answers = {"RCPT": "550 no such mailbox"}
        assert delivered(server) == []
        server.answers = {}
        later(settings, 73)
        assert delivered(server) == []

    def test_is_not_sent_unless_it_was_wished(self, server, amina, settings):
        make_request(amina)
        delivered(server)
        later(settings, 73)
        assert len(delivered(server)) == 1


class TestDelivery:
    def test_a_second_try_carries_the_same_link(self, server, amina, settings):
        make_request(amina)
        server.answers = {"TEXT": "451 try again"}
        assert delivered(server) == []
        server.answers = {}
        later(settings, 1)
        (mail,) = delivered(server)
        first, second = (LINK.search(text.decode())[1] for text in server.texts)
        assert first == second == LINK.search(text_of(mail))[1]

    def test_ends_with_the_contact_and_the_mediator_is_told_once(self, server, amina, settings):
        settings.SUPPORT_EMAIL = "help@example.org"
        signed_in(amina).post(PAGE, typed(("Paula", PAULA), ("Quentin", "q@example.org"), remind="on"))
        server.answers = {"RCPT": "451 later"}
        deliver_due()
        server.answers = {}
        later(settings, 121)
        forgetting.forget_contacts()
        (mail,) = delivered(server)
        assert mail["To"] == amina.email
        assert mail["Subject"] == "Your feedback request was not sent"
        for kind in ("plain", "html"):
            text = text_of(mail, kind)
            assert "The e-mails to 2 people could not be sent." in text
            assert "/feedback/request/" in text
            for words in ("Paula", PAULA, "Quentin", "q@example.org"):
                assert words not in text
        forgetting.forget_contacts()
        assert len(delivered(server)) == 1

    def test_without_redis_a_mail_waits(self, server, amina, settings):
        make_request(amina)
        keys = settings.KEYS_REDIS_URL
        settings.KEYS_REDIS_URL = "redis://127.0.0.1:1/0"
        assert delivered(server) == []
        assert OutboxMessage.objects.get().state == "due"
        settings.KEYS_REDIS_URL = keys
        later(settings, 1)
        assert len(delivered(server)) == 1

    def test_cancelled_before_it_left_it_does_not_leave(self, server, amina):
        request = make_request(amina)
        client: Client = signed_in(amina)
        client.post(f"/feedback/requests/{request.pk}/cancel/")
        assert delivered(server) == []
