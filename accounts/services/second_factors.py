"""Secrets of second factors (the key in an authenticator app, the seed of recovery codes), sealed in allauth's JSON.

allauth asks for it (`accounts/adapter.py`) and does not say whose they are: the seal is bound to their kind alone. What
it wrote before lies open, and is read, until `manage.py reseal` has run.
"""

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from logbook_site.foundation.sealing import newest_head, seal, unseal

# No open secret begins like this: they are base32 and hexadecimal.
SEALED = "sealed:"
ABOUT = "mfa.authenticator:secret"
PLACES = ("secret", "seed")  # in `Authenticator.data`


def seal_secret(secret: str) -> str:
    return SEALED + seal(secret, about=ABOUT).hex()


def open_secret(kept: str) -> str:
    """Raises CannotUnseal."""
    if not kept.startswith(SEALED):
        return kept
    return unseal(bytes.fromhex(kept.removeprefix(SEALED)), about=ABOUT)


class SecretsOfSecondFactors:
    """What `resealing.py` must know of them."""

    model, column = Authenticator, "data"

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.column}"

    def with_older_keys(self) -> QuerySet:
        """Those that lie open, too."""
        kept = Coalesce(*(KT(f"data__{place}") for place in PLACES))
        secrets = self.model.objects.annotate(kept=kept).filter(kept__isnull=False)
        return secrets.exclude(kept__startswith=SEALED + newest_head().hex())

    def again(self, pk: int, data: dict) -> dict:
        """Raises CannotUnseal."""
        secrets = {place: open_secret(data[place]) for place in PLACES if place in data}
        return data | {place: seal_secret(secret) for place, secret in secrets.items()}
