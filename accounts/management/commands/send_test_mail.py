"""manage.py send_test_mail: does mail leave this site, and is anybody there to send it?"""

import smtplib
import time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from accounts.choices import OutboxState
from accounts.emails import mail_test
from accounts.models import OutboxMessage
from accounts.services.outbox import queue_message

# In its order: the first that fits. Many errors of the mail server are errors of the network, too.
WORDS = [
    (smtplib.SMTPAuthenticationError, "The mail server does not accept the user name or the password."),
    (smtplib.SMTPSenderRefused, "The mail server does not accept our own address (FROM_EMAIL)."),
    (smtplib.SMTPRecipientsRefused, "The mail server does not accept the address of the recipient."),
    (smtplib.SMTPDataError, "The mail server does not accept the text of the mail."),
    (smtplib.SMTPHeloError, "The mail server does not accept our greeting."),
    (
        smtplib.SMTPNotSupportedError,
        "The mail server cannot do what EMAIL_URL asks for, for instance a login.",
    ),
    (smtplib.SMTPConnectError, "The mail server answers, but does not let us in."),
    (smtplib.SMTPServerDisconnected, "The mail server closed the line, or did not answer in time."),
    (smtplib.SMTPException, "The mail server refused."),
    (TimeoutError, "The mail server does not answer in time. Are host and port right?"),
    (OSError, "The mail server cannot be reached. Are host and port right?"),
]


class Command(BaseCommand):
    help = "Sends a mail at once and says what the mail server answered; then looks whether the worker takes one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="Where the mail goes")
        parser.add_argument(
            "--wait", type=int, default=75, help="Seconds to wait for the worker; it looks each minute"
        )

    def handle(self, *args: object, address: str, wait: int, **options: object) -> None:
        try:
            validate_email(address)
        except ValidationError:
            raise CommandError("Give a whole e-mail address, for example admin@example.org.") from None
        problems = [self.send(address), self.try_worker(wait)]
        if any(problems):
            raise CommandError(" ".join(filter(None, problems)))

    def send(self, address: str) -> str:
        """What is wrong with the mail server; empty when it took the mail."""
        try:
            get_connection().send_messages([mail_test(address)])
        except (smtplib.SMTPException, OSError) as error:
            return f"{in_words(error)} ({answer_of(error)})"
        where = settings.MAIL_DIR if "FolderBackend" in settings.EMAIL_BACKEND else "the mail server"
        self.stdout.write(f"Taken by {where}. If it does not arrive, look among the unwanted mail.")
        return ""

    def try_worker(self, wait: int) -> str:
        """What is wrong with the worker; empty when it took a message, which holds no mail, from the outbox."""
        row = queue_message(message="accounts.emails.nothing_to_say", object_id=OutboxMessage().pk)
        began = time.monotonic()
        while True:
            taken = OutboxMessage.objects.filter(pk=row.pk, state=OutboxState.DROPPED).exists()
            if taken or time.monotonic() - began >= wait:
                break
            time.sleep(0.2)
        OutboxMessage.objects.filter(pk=row.pk).delete()
        if not taken:
            return (
                f"No worker took a message from the outbox in {wait} seconds. Does it run, and its timetable?"
            )
        self.stdout.write(f"A worker took a message from the outbox after {time.monotonic() - began:.0f} s.")
        return ""


def in_words(error: Exception) -> str:
    return next(words for kind, words in WORDS if isinstance(error, kind))


def answer_of(error: Exception) -> str:
    """The server's own words, for whoever sits at this terminal; they are not logged."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(
            f"{code} {text.decode(errors='replace')}" for code, text in error.recipients.values()
        )
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return f"{error.smtp_code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
    return f"{type(error).__name__}: {error}"
