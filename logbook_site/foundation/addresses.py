"""E-mail addresses: which of them reach the same person, and which can be written to at all."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

GMAIL = {"gmail.com", "googlemail.com"}


def plain_address(address: str) -> str:
    """`address` as it is kept and compared: no spaces around it, lower case."""
    return address.strip().lower()


def mailbox_of(address: str) -> str:
    """The mailbox behind an address: `Ann.Bee+work@googlemail.com` and `annbee@gmail.com` are the same one.

    A plus-tag is left out everywhere. Dots mean nothing at Gmail, which has two names; elsewhere they count.
    """
    name, _at, domain = plain_address(address).rpartition("@")
    name = name.partition("+")[0]
    if domain in GMAIL:
        return f"{name.replace('.', '')}@gmail.com"
    return f"{name}@{domain}"


def validate_can_be_written_to(address: str) -> None:
    """Refuses quoted and non-ASCII names before the @: Django takes some for valid, but fails on the mail."""
    name = address.rpartition("@")[0]
    if '"' in name or not name.isascii():
        raise ValidationError(_("We cannot send mail to this address. Enter another one."), code="address")
