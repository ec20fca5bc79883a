"""E-mail addresses: which of them reach the same person, and which can be written to at all."""

from django.core.exceptions import ValidationError
from django.utils.encoding import punycode
from django.utils.translation import gettext_lazy as _

NAME_LETTERS = 64  # RFC 5321, 4.5.3.1.1
GMAIL = {"gmail.com", "googlemail.com"}


def plain_address(address: str) -> str:
    """`address` as it is kept and compared: no spaces around it, lower case."""
    return address.strip().lower()


def mailbox_of(address: str) -> str:
    """The mailbox behind an address: `Ann.Bee+work@googlemail.com` and `annbee@gmail.com` are the same one.

    A plus-tag is left out everywhere. Dots mean nothing at Gmail, which has two names; elsewhere they count. A domain
    is taken as our mail goes there: `ｅxample.org`, with one wide letter, is `example.org`.
    """
    name, _at, domain = plain_address(address).rpartition("@")
    # A name may begin with a plus: numbers of telephones do.
    name, domain = name[:1] + name[1:].partition("+")[0], _as_mail_goes_there(domain)
    if domain in GMAIL:
        return f"{name.replace('.', '')}@gmail.com"
    return f"{name}@{domain}"


def _as_mail_goes_there(domain: str) -> str:
    try:
        return punycode(domain)
    except UnicodeError:
        return domain


def validate_can_be_written_to(address: str) -> None:
    """Refuses quoted and non-ASCII names before the @: Django takes some for valid, but fails on the mail.

    And the number of a machine in place of a domain: another name of mailboxes that have one. And a longer name than
    mail servers take: with a tag that is too long, a mailbox that can be reached had an address that cannot.
    """
    name, _at, domain = address.rpartition("@")
    if '"' in name or not name.isascii() or "[" in domain or len(name) > NAME_LETTERS:
        raise ValidationError(_("We cannot send mail to this address. Enter another one."), code="address")
