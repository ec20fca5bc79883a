"""How mail is written, and its two ways out: SMTP, and for the demo a folder with one .eml file a mail."""

import re
import secrets
import smtplib
from email.message import EmailMessage as ParsedMail
from email.parser import BytesParser
from email.policy import default as modern
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.template.loader import render_to_string
from django.utils import translation

from logbook_site.foundation import clock
from logbook_site.foundation.forms import one_line

LINK = re.compile(r"https?://\S+")


def write_mail(
    name: str,
    context: dict[str, object],
    *,
    to: str,
    language: str,
    headers: dict[str, str] | None = None,
) -> EmailMessage:
    """The mail of the three templates `<app>/emails/<name>.subject.txt`, `.txt` and `.html`, in `language`.

    `name` is "<app>/<name>". Answers go to SUPPORT_EMAIL, because somebody reads there.
    """
    app, _slash, template = name.partition("/")
    place = f"{app}/emails/{template}"
    context = context | {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
        "OPERATOR_NAME": settings.OPERATOR_NAME,
        "SUPPORT_EMAIL": settings.SUPPORT_EMAIL,
        "PRIVACY_POLICY_URL": settings.PRIVACY_POLICY_URL,
    }
    with translation.override(language):
        mail = EmailMultiAlternatives(
            subject=one_line(render_to_string(f"{place}.subject.txt", context)),
            body=render_to_string(f"{place}.txt", context).strip() + "\n",
            to=[to],
            reply_to=[settings.SUPPORT_EMAIL] if settings.SUPPORT_EMAIL else [],
            headers=headers,
        )
        mail.attach_alternative(render_to_string(f"{place}.html", context), "text/html")
    return mail


def withheld(mail: EmailMessage) -> EmailMessage:
    """`mail`, which is not to arrive: the server is asked for its reader as for any other, and gets no text.

    So whoever looks at how mails fare sees no difference between who may be written to and who may not.
    """
    mail.is_withheld = True
    return mail


def is_withheld(mail: EmailMessage) -> bool:
    return getattr(mail, "is_withheld", False)


class SmtpBackend(EmailBackend):
    """Django's, which can also say how far the last mail came, and withhold one.

    Until DATA nothing has left, and a broken talk can be repeated; from DATA on, the mail may have arrived.
    """

    text_has_left = False
    withholds = False

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        backend = self

        class Talk(super().connection_class):
            def data(self, msg: bytes | str) -> tuple[int, bytes]:
                if backend.withholds:
                    return self.rset()
                backend.text_has_left = True
                return super().data(msg)

        return Talk

    def send_messages(self, messages: list[EmailMessage]) -> int:
        self.text_has_left = False
        return super().send_messages(messages)

    def _send(self, email_message: EmailMessage) -> bool:
        self.withholds = is_withheld(email_message)
        return super()._send(email_message)


class FolderBackend(BaseEmailBackend):
    """Writes each mail to `MAIL_DIR`, and its subject and links to the terminal (never a name or an address)."""

    def send_messages(self, messages: list[EmailMessage]) -> int:
        folder: Path = settings.MAIL_DIR
        folder.mkdir(parents=True, exist_ok=True)
        for message in messages:
            name = f"{clock.now():%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
            draft = folder / f"{name}.part"
            draft.write_bytes(message.message().as_bytes(linesep="\r\n"))
            draft.rename(folder / f"{name}.eml")
            print(f"mail: {message.subject} {' '.join(LINK.findall(message.body))}".strip(), flush=True)
        return len(messages)


def stored_mail() -> list[Path]:
    """Every mail in the folder, newest first."""
    return sorted(settings.MAIL_DIR.glob("*.eml"), reverse=True)


def read_mail(file: Path) -> ParsedMail:
    return BytesParser(policy=modern).parsebytes(file.read_bytes())
