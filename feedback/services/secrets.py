"""Tokens, codes and receipts: random, or a keyed hash; what is stored never opens anything.

| What | Where it is seen | What is stored |
|---|---|---|
| token of a link | the mail, the handed-over link | its SHA-256; sealed for as long as the contact is kept |
| code to take answers back | the thank-you page, once | its SHA-256, on the feedback |
| receipt | the address of the thank-you page | nothing: it is sealed, and ends by itself |
| signed address hash | the stop link of the mails | the hash, once its owner asked to be left alone |
"""

import base64
import hashlib
import hmac
import json
import secrets
from datetime import datetime

from django.conf import settings
from django.core.signing import BadSignature, Signer

from logbook_site.foundation import clock, sealing
from logbook_site.foundation.addresses import mailbox_of

CODE_LETTERS = 20  # of 5 bits each
RECEIPT_LETTERS = 200  # at least, before it is sealed
# What people read into letters that look alike: base32 knows no 0, 1 and 8.
LOOK_ALIKE = str.maketrans("018", "OIB")


def new_token() -> str:
    """192 random bits, fit for an address."""
    return secrets.token_urlsafe(24)


def hash_of(secret: str) -> str:
    """What is stored of a token or a code."""
    return hashlib.sha256(secret.encode()).hexdigest()


def tokens_from(seed: str, count: int) -> list[str]:
    """The tokens of one set of handed-over links. Only its receipt holds the seed, so they can be shown again."""
    digests = [_keyed(f"link|{seed}|{number}") for number in range(count)]
    return [base64.urlsafe_b64encode(digest[:24]).decode() for digest in digests]


def code_for(token: str, form_key: str = "") -> str:
    """The code that takes back what was sent with this token and form: the same for the same two."""
    letters = base64.b32encode(_keyed(f"code|{token}|{form_key}")).decode()
    return letters[:CODE_LETTERS]


def spelled(code: str) -> str:
    """The code in groups of four, as people copy it."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def understood(typed: str) -> str:
    """The code that somebody meant."""
    letters = "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())
    return letters.translate(LOOK_ALIKE)


def address_hash(address: str) -> str:
    """The mailbox behind an address as a keyed hash: aliases of one mailbox have the same."""
    return _keyed(f"mailbox|{mailbox_of(address)}").hex()


def sign_address(address: str) -> str:
    """The stop link's part: the hash, signed, without an end."""
    return _signer().sign(address_hash(address))


def signed_hash(signed: str) -> str | None:
    """The hash in a stop link; None when we did not sign it."""
    try:
        return _signer().unsign(signed)
    except BadSignature:
        return None


def seal_receipt(about: str, kept_hours: float, **told: object) -> str:
    """`told`, sealed for an address of ours; opens for `kept_hours`."""
    ends_at = clock.now() + clock.hours(kept_hours)
    # Of one length, whatever it tells: the browser's history keeps it.
    text = json.dumps(told | {"ends_at": ends_at.isoformat()}).ljust(RECEIPT_LETTERS)
    return base64.urlsafe_b64encode(sealing.seal(text, about=f"receipt:{about}")).decode().rstrip("=")


def open_receipt(about: str, receipt: str) -> dict | None:
    """What a receipt tells; None when it is not ours, or its time is over."""
    try:
        sealed = base64.urlsafe_b64decode(receipt.encode("ascii") + b"=" * (-len(receipt) % 4))
        told = json.loads(sealing.unseal(sealed, about=f"receipt:{about}"))
    except (ValueError, sealing.CannotUnseal):
        return None
    return told if clock.now() < datetime.fromisoformat(told.pop("ends_at")) else None


def _keyed(text: str) -> bytes:
    return hmac.digest(settings.HASH_KEY.encode(), text.encode(), "sha256")


def _signer() -> Signer:
    return Signer(key=settings.HASH_KEY, salt="feedback.stop")
