"""The contact form: from the page to the mail that arrived, and what stays here when none arrives."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.choices import MessageKind, OutboxState, Role
from accounts.models import ContactMessage, OutboxMessage
from accounts.services import outbox
from accounts.tasks import forget_sent_messages
from accounts.tests.doors import assert_refused
from accounts.tests.factories import make_admin, make_mediator, make_person, signed_in
from accounts.tests.smtp_server import HANG_UP, SmtpServer
from feedback.tests.canaries import spellings
from logbook_site.foundation import clock

pytestmark = pytest.mark.django_db(transaction=True)
PATH, LIST = "/help/contact/", "/admin/accounts/contactmessage/"
US = "desk@example.org"
BELOW = "\n\n--\nMediation Logbook · IMI\n"
TYPED = {
    "name": "Greta Ångström",
    "email": "greta@example.org",
    "kind": "problem",
    "page": "/give-feedback/",
    "message": "The button  does nothing.\n\n  <b>Twice</b> & again: “émue”",
}


@pytest.fixture(autouse=True)
def mailbox(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.SUPPORT_EMAIL = US
    cache.clear()  # the limit is counted there


def delivered() -> list:
    before = len(mail.outbox)
    outbox.deliver_due()
    return mail.outbox[before:]


def send(client: Client, **changed: str) -> str:
    """Sends the form; what the page after it says."""
    answer = client.post(PATH, TYPED | changed)
    assert answer.status_code == 302, answer.text
    return client.get(answer.url).text


def parsed(message):
    return message_from_bytes(message.message().as_bytes(), policy=policy.default)


def written(message) -> str:
    """The plain text as a mail program shows it."""
    return parsed(message).get_body(("plain",)).get_content().replace("\r\n", "\n")


class TestTheWay:
    def test_from_the_page_to_the_mail_and_gone(self, client: Client) -> None:
        assert "greta@example.org" in send(client)
        assert ContactMessage.objects.count() == 1
        (message,) = delivered()
        assert (message.to, message.cc, message.bcc) == ([US], [], [])
        assert message.reply_to == ["greta@example.org"]
        assert message.subject == "Contact form: Something does not work"
        text = written(message)
        assert text.endswith(f"\n\n{TYPED['message']}{BELOW}")
        assert text.startswith("From: Greta Ångström <greta@example.org>\nNot signed in\n")
        assert "About the page: /give-feedback/\n" in text
        assert parsed(message).get_body(("html",)) is not None
        assert list(parsed(message).walk())[1].get_content_type() == "text/plain"  # plain text first
        forget_sent_messages()
        assert not ContactMessage.objects.exists()

    def test_it_lies_sealed_until_then(self, client: Client) -> None:
        send(client, page="/logbook/")
        (row,) = ContactMessage.objects.values()
        stored = b"|".join(
            bytes(value) if isinstance(value, memoryview) else str(value).encode() for value in row.values()
        )
        for word in ("Greta", "greta@example.org", "/logbook/", "button"):
            assert not any(spelling in stored for spelling in spellings(word)), word
        assert not OutboxMessage.objects.filter(message__contains="greta").exists()

    def test_without_an_address_of_ours_it_goes_where_our_mail_comes_from(self, client, settings) -> None:
        settings.SUPPORT_EMAIL = ""
        send(client)
        (message,) = delivered()
        assert message.to == [settings.DEFAULT_FROM_EMAIL]

    def test_of_a_stranger_nobody_else_hears(self, client: Client) -> None:
        """With the form one cannot write to anybody but us."""
        send(client, email="victim@example.org")
        assert [message.to for message in delivered()] == [[US]]

    def test_longest_text_arrives_whole(self, client: Client) -> None:
        text = "é" * 10_000 + "\n" + "x" * 9_999
        send(client, message=text.replace("\n", "\r\n"))
        (message,) = delivered()
        assert written(message).endswith(f"\n\n{text}{BELOW}")
        assert_refused(client.post(PATH, TYPED | {"message": f"{text}x"}), "message")

    def test_the_thanks_are_for_a_short_time_and_for_a_real_receipt(self, client: Client) -> None:
        answer = client.post(PATH, TYPED)
        with time_machine.travel(clock.now() + timedelta(hours=2)):
            late = client.get(answer.url)
        for page in (late, client.get(f"{PATH}?sent=x"), client.get(f"{PATH}?sent=%00é")):
            assert page.status_code == 200
            assert "greta@" not in page.text


class TestMembers:
    def test_name_address_and_page_stand_there(self) -> None:
        person = make_mediator(name="Amina Okafor", email="amina@example.org")
        page = signed_in(person).get(f"{PATH}?page=/logbook/")
        assert {'value="Amina Okafor"', 'value="amina@example.org"', 'value="/logbook/"'} <= set(
            re.findall(r'value="[^"]*"', page.text)
        )

    def test_we_read_the_roles_and_no_more(self) -> None:
        person = make_person(Role.MEDIATOR, Role.REVIEWER, email="amina@example.org", name="Amina Hidden")
        send(signed_in(person))
        to_us = [message for message in delivered() if message.to == [US]]
        text = written(to_us[0])
        assert "Signed in as: Mediator, Reviewer\n" in text
        assert "amina@" not in text and "Hidden" not in text and str(person.pk) not in text

    def test_nothing_typed_can_look_like_what_we_know(self, client: Client) -> None:
        fake = "Signed in as: Admin"
        send(client, name=f"Greta\r\n{fake}", page=f"/x/\n{fake}", message=f"{fake}\n{fake}")
        (message,) = delivered()
        lines = written(message).splitlines()
        assert lines[1] == "Not signed in"
        assert fake not in lines[: lines.index("")]

    def test_they_are_told_once_a_day_at_their_own_address(self) -> None:
        person = make_mediator(email="amina@example.org")
        client = signed_in(person)
        send(client, email="elsewhere@example.org")
        told = [message for message in delivered() if message.to != [US]]
        assert [message.to for message in told] == [["amina@example.org"]]
        assert "nothing" not in told[0].message().as_string()
        send(client)
        assert [message.to for message in delivered()] == [[US]]
        with time_machine.travel(clock.now() + timedelta(hours=25)):
            send(signed_in(person))
            assert {message.to[0] for message in delivered()} == {US, "amina@example.org"}

    def test_a_form_sent_twice_is_one_message(self) -> None:
        client = signed_in(make_mediator())
        first, second = (client.post(PATH, TYPED | {"form_key": "k"}) for _time in range(2))
        assert first.url == second.url
        assert ContactMessage.objects.count() == 1


class TestRefused:
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""), ("name", "\u2028 \t"), ("name", "x" * 121), ("email", ""), ("email", "greta@"),
            ("email", "a@example.org, b@example.org"), ("email", "a@example.org\nBcc: b@example.org"),
            ("email", '"a b"@example.org'), ("email", "gréta@example.org"), ("kind", ""), ("kind", "order"),
            ("message", ""), ("message", " \n "), ("page", "x" * 301), ("name", "a\0b"), ("message", "a\0b"),
        ],
    )  # fmt: skip
    def test_beside_the_field_and_what_was_typed_stays(self, client: Client, field: str, value: str) -> None:
        page = assert_refused(client.post(PATH, TYPED | {field: value}), field)
        for name in {"name", "email", "message"} - {field}:
            assert TYPED[name].splitlines()[0].strip() in page
        assert not ContactMessage.objects.exists()
        assert not OutboxMessage.objects.exists()

    def test_headers_hold_nothing_but_what_we_wrote(self, client: Client) -> None:
        send(
            client,
            name="Greta\nBcc: b@example.org",
            page="x\nBcc: b@example.org",
            message="Bcc: b@example.org",
        )
        (message,) = delivered()
        seen = parsed(message)
        assert message.recipients() == [US]
        assert not {"bcc", "cc"} & {name.lower() for name, _value in seen.items()}
        assert "b@example.org" not in f"{seen['subject']}{seen['reply-to']}{seen['to']}{seen['from']}"

    def test_a_program_that_fills_everything_gets_the_same_thanks(self, client: Client) -> None:
        assert send(client, subject="Buy") == send(client)
        assert ContactMessage.objects.count() == 1

    def test_more_than_a_few_an_hour_are_too_many(self, client: Client) -> None:
        for _time in range(3):
            assert client.post(PATH, TYPED | {"message": ""}).status_code == 200  # these do not count
        statuses = [client.post(PATH, TYPED).status_code for _time in range(7)]
        assert statuses == [302] * 5 + [429] * 2
        assert ContactMessage.objects.count() == 5
        assert Client(REMOTE_ADDR="192.0.2.9").post(PATH, TYPED).status_code == 302

    def test_it_is_checked_against_forged_posts(self) -> None:
        assert Client(enforce_csrf_checks=True).post(PATH, TYPED).status_code == 403
        assert not ContactMessage.objects.exists()


class TestThePage:
    @pytest.mark.parametrize(
        ("asked", "shown"),
        [
            ("/logbook/", "/logbook/"),
            ("/logbook/?q=secret#x", "/logbook/"),
            ("/give-feedback/AbCdEf123/", "/give-feedback/"),
            ("/give-feedback/confirm/AbCdEf123/", "/give-feedback/"),
            ("/GIVE-FEEDBACK/AbCdEf123", "/GIVE-FEEDBACK/"),
            ("/stop/abc:def/", "/stop/"),
            ("/invitation/place-AbCdEf/", "/invitation/"),
            ("//evil.example/", ""), ("https://evil.example/", ""), ("/\\evil.example", ""), ("javascript:x", ""),
            ("/a\nb", ""), ("/a\0b", ""), ("", ""),
        ],
    )  # fmt: skip
    def test_it_is_one_of_ours_and_opens_nothing(self, client: Client, asked: str, shown: str) -> None:
        page = client.get(PATH, {"page": asked})
        assert page.status_code == 200
        field = re.search(r'<input[^>]*name="page"[^>]*>', page.text)[0]
        assert (re.search(r'value="([^"]*)"', field) or [None, ""])[1] == shown
        assert "AbCdEf" not in page.text

    def test_a_pasted_link_loses_its_token(self, client: Client) -> None:
        send(client, page="see https://logbook.example.org/give-feedback/AbCdEf123/?lang=en now")
        stored = ContactMessage.objects.get()
        assert stored.page == "see https://logbook.example.org/give-feedback/ now"


class TestMailThatDoesNotLeave:
    def test_it_waits_for_a_mail_server_that_is_away(self, client: Client, settings) -> None:
        backend = settings.EMAIL_BACKEND
        settings.EMAIL_BACKEND = "logbook_site.foundation.mail.SmtpBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
        send(client)
        outbox.sweep_outbox()
        assert OutboxMessage.objects.get().state == OutboxState.DUE
        forget_sent_messages()
        settings.EMAIL_BACKEND = backend
        with time_machine.travel(clock.now() + timedelta(hours=1)):
            outbox.sweep_outbox()
        assert [message.to for message in mail.outbox] == [[US]]
        forget_sent_messages()
        assert not ContactMessage.objects.exists()

    @pytest.mark.parametrize(("answer", "state"), [("550 no", "failed"), (HANG_UP, "uncertain")])
    def test_what_was_refused_or_may_be_lost_stays_for_the_admin(
        self, client: Client, settings, answer: str, state: str
    ) -> None:
        server = SmtpServer()
        settings.EMAIL_BACKEND = "logbook_site.foundation.mail.SmtpBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 1
        server.answers["TEXT"] = answer
        send(client)
        outbox.sweep_outbox()
        server.close()
        assert OutboxMessage.objects.get().state == state
        forget_sent_messages()
        stored = ContactMessage.objects.get()
        desk = signed_in(make_admin())
        assert str(OutboxState(state).label) in desk.get(LIST).text
        page = desk.get(f"{LIST}{stored.pk}/change/").text
        assert "The button  does nothing." in page and "greta@example.org" in page
        assert "&lt;b&gt;Twice&lt;/b&gt;" in page
        desk.post(f"{LIST}{stored.pk}/delete/", {"post": "yes"})
        assert not ContactMessage.objects.exists()


def test_the_admin_alone_reads_messages_and_changes_none(client: Client) -> None:
    send(client)
    stored = ContactMessage.objects.get()
    addresses = [LIST, *(f"{LIST}{stored.pk}/{verb}/" for verb in ("change", "delete", "history"))]
    for person in (make_person(), *(make_person(role) for role in Role if role != Role.ADMIN)):
        for address in addresses:
            assert signed_in(person).get(address).status_code == 404
            assert signed_in(person).post(address, {"post": "yes"}).status_code == 404
    for address in addresses:
        assert client.get(address).status_code == 302
        assert client.post(address, {"post": "yes"}).url.startswith("/accounts/login/")
    desk = signed_in(make_admin())
    assert "does nothing" not in desk.get(LIST).text and "greta@" not in desk.get(LIST).text
    assert desk.post(f"{LIST}{stored.pk}/change/", {"kind": "other"}).status_code == 403
    assert desk.get(f"{LIST}add/").status_code == 403
    assert ContactMessage.objects.get().kind == MessageKind.PROBLEM


def test_a_message_whose_key_is_lost_is_a_sentence_and_stays(client: Client, settings) -> None:
    settings.SEALING_KEYS = ["o" * 43]
    send(client)
    settings.SEALING_KEYS = ["n" * 43]
    assert delivered() == []
    page = signed_in(make_admin()).get(f"{LIST}{ContactMessage.objects.get().pk}/change/")
    assert "its key is missing" in page.text
