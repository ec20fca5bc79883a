"""The part of an invitation's address that proves it is ours: the id of what is offered, signed, without an end.

How long it can be answered is written on the row itself.
"""

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer


def token_of(object_id: UUID) -> str:
    return _signer().sign(str(object_id))


def id_in(token: str) -> UUID | None:
    """The id in a token; None when we did not sign it."""
    try:
        return UUID(_signer().unsign(token))
    except (BadSignature, ValueError):
        return None


def _signer() -> Signer:
    return Signer(key=settings.HASH_KEY, salt="accounts.invitation")
