"""The command that tries mail: against a mail server that answers as it is told, with and without a worker."""

from io import StringIO
from threading import Timer

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import OutboxMessage
from accounts.services import outbox
from accounts.tests.smtp_server import HANG_UP, SILENCE, SmtpServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(settings):
    server = SmtpServer()
    settings.EMAIL_BACKEND = "logbook_site.foundation.mail.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 2
    yield server
    server.close()


@pytest.fixture
def worker():
    """Empties the outbox once, in half a second, as a worker would."""

    def work() -> None:
        outbox.deliver_due()
        connection.close()

    timer = Timer(0.5, work)
    timer.start()
    yield timer
    timer.cancel()
    timer.join()


def send(address: str = "ann@example.org", wait: int = 0) -> str:
    out = StringIO()
    call_command("send_test_mail", address, wait=wait, stdout=out)
    return out.getvalue()


def test_a_mail_that_is_taken_and_a_worker_that_works(server, worker):
    said = send(wait=20)
    assert "Taken by the mail server." in said
    assert "A worker took a message" in said
    (text,) = server.accepted
    assert b"To: ann@example.org" in text
    assert b"A test mail from" in text
    assert not OutboxMessage.objects.exists()


def test_no_worker_is_said_and_leaves_nothing_behind(server):
    with pytest.raises(CommandError, match="No worker took a message"):
        send()
    assert len(server.accepted) == 1
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize(
    ("step", "answer", "sentence"),
    [
        (
            "RCPT",
            "550 no such mailbox",
            r"does not accept the address of the recipient\. \(550 no such mailbox\)",
        ),
        ("RCPT", "451 later", r"\(451 later\)"),
        ("MAIL", "553 not you", r"our own address .*\(553 not you\)"),
        ("TEXT", "554 spam", r"does not accept the text.*\(554 spam\)"),
        ("CONNECT", "554 go away", r"does not let us in.*554"),
        ("RCPT", HANG_UP, "closed the line"),
        ("CONNECT", SILENCE, "not answer in time"),
    ],
)
def test_what_the_server_answers_is_said_in_words(server, step, answer, sentence):
    server.answers[step] = answer
    with pytest.raises(CommandError, match=sentence):
        send()
    assert server.accepted == []


def test_a_wrong_password_is_said(server, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "logbook", "wrong"
    server.answers["EHLO"] = "250-test.example.org\r\n250 AUTH PLAIN"
    server.answers["AUTH"] = "535 no"
    with pytest.raises(CommandError, match="user name or the password"):
        send()


def test_nobody_there(server):
    server.close()
    with pytest.raises(CommandError, match="cannot be reached"):
        send()


def test_no_address():
    with pytest.raises(CommandError, match="whole e-mail address"):
        send("ann")
