"""Texts sealed at rest with AES-256-GCM, each bound to its row and field.

A sealed text is 1 byte of version, 4 bytes that name the key (the first of its SHA-256), 12 random bytes of
nonce, and the ciphertext with its tag. Version, key and `about`, which names row and field, are associated
data: bytes that are changed, or moved to another row or field, do not open.

The keys are `settings.SEALING_KEYS`. The first seals, all unseal: to change the key, put a new one in front,
seal everything again (`manage.py reseal`, see `resealing.py`), and only then drop the old one.
"""

import hashlib
import secrets
from base64 import b64decode, urlsafe_b64encode
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = b"\x01"
KEY_ID_BYTES = 4
# NIST SP 800-38D, 8.3: random nonces of 96 bits are good for 2**32 texts a key, far beyond all our logbooks.
NONCE_BYTES = 12
HEAD_BYTES = len(VERSION) + KEY_ID_BYTES
TAG_BYTES = 16


class CannotUnseal(Exception):
    """Not sealed by us, changed, moved to another row or field, or sealed with a key that is gone."""


def key_bytes(key: str) -> bytes:
    """The 32 bytes of a key in base64url or plain base64, with or without `=`. Else raises ValueError."""
    # `validate`, because b64decode otherwise drops in silence what it does not know.
    raw = b64decode(key + "=" * (-len(key) % 4), altchars=b"-_", validate=True)
    if len(raw) != 32:
        raise ValueError("not 32 bytes long")
    return raw


def is_key(text: str) -> bool:
    """True for 32 bytes in base64url."""
    try:
        return bool(key_bytes(text))
    except ValueError:
        return False


def key_from(secret: str) -> str:
    """A key made from a long random `secret` of any form (demo mode only)."""
    return urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()).decode()


def seal(text: str, *, about: str) -> bytes:
    """`text` sealed with the newest key. `about` names row and field: "logbook.entry:<uuid>:did_well"."""
    newest, ciphers = _keys()
    head = VERSION + newest
    nonce = secrets.token_bytes(NONCE_BYTES)
    return head + nonce + ciphers[newest].encrypt(nonce, text.encode(), _associated(head, about))


def unseal(sealed: bytes | memoryview, *, about: str) -> str:
    """The text that was sealed for the same `about`. Raises CannotUnseal, which quotes nothing of it."""
    sealed = bytes(sealed)
    head, nonce, ciphertext = (
        sealed[:HEAD_BYTES],
        sealed[HEAD_BYTES : HEAD_BYTES + NONCE_BYTES],
        sealed[HEAD_BYTES + NONCE_BYTES :],
    )
    cipher = _keys()[1].get(head[1:])
    if head[:1] != VERSION or cipher is None or len(ciphertext) < TAG_BYTES:
        raise CannotUnseal(f"{about}: not sealed by us, or with a key that is gone")
    try:
        return cipher.decrypt(nonce, ciphertext, _associated(head, about)).decode()
    except InvalidTag as error:
        raise CannotUnseal(f"{about}: changed, or moved from another row or field") from error


def is_sealed_with_newest(sealed: bytes | memoryview) -> bool:
    """False if the text should be sealed again before the oldest key is dropped."""
    return bytes(sealed[:HEAD_BYTES]) == newest_head()


def newest_head() -> bytes:
    """What every text begins with that is sealed with the newest key."""
    return VERSION + _keys()[0]


def newest_cipher() -> tuple[bytes, AESGCM]:
    """What seals a file (`sealed_files.py`), and the head by which it is found again."""
    newest, ciphers = _keys()
    return VERSION + newest, ciphers[newest]


def cipher_named(head: bytes) -> AESGCM:
    """The cipher of something that begins with `head`. Raises CannotUnseal."""
    cipher = _keys()[1].get(head[1:])
    if head[:1] != VERSION or cipher is None:
        raise CannotUnseal("not sealed by us, or with a key that is gone")
    return cipher


def _associated(head: bytes, about: str) -> bytes:
    if not about:
        raise ValueError("A sealed text must name its row and field.")
    return head + about.encode()


def _keys() -> tuple[bytes, dict[bytes, AESGCM]]:
    return _ciphers(tuple(settings.SEALING_KEYS))


@lru_cache(maxsize=8)
def _ciphers(keys: tuple[str, ...]) -> tuple[bytes, dict[bytes, AESGCM]]:
    """The id of the newest key, and the cipher of each key by its id."""
    by_id = {hashlib.sha256(raw).digest()[:KEY_ID_BYTES]: AESGCM(raw) for raw in map(key_bytes, keys)}
    return next(iter(by_id)), by_id


class SealedText(property):
    """A text of a model, kept sealed in a BinaryField: `did_well = SealedText("did_well_sealed")`.

    None and "" are NULL in the column. The primary key is part of the seal: it must be known before the text
    is set (a UUID with a default) and must not change after. This is a `property`, so that Django takes the
    name in `Model(did_well="…")`, `create` and `update_or_create`.

    The seal names the model's label: a model that is renamed keeps its old one with `label="app.oldname"`.
    """

    def __init__(self, column: str, *, label: str = "") -> None:
        super().__init__(fset=self.__set__)  # `update_or_create` refuses a property without one
        self.column = column
        self.label = label

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.owner = owner

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        sealed = getattr(instance, self.column)
        kept = instance.__dict__.get(self._place)
        if kept and kept[0] is sealed:  # the column was not loaded again since
            return kept[1]
        text = self.unseal(sealed, pk=instance.pk)
        instance.__dict__[self._place] = (sealed, text)
        return text

    def __set__(self, instance, text: str | None) -> None:
        sealed = seal(text, about=self.about(instance.pk)) if text else None
        setattr(instance, self.column, sealed)
        instance.__dict__[self._place] = (sealed, text or "")

    def unseal(self, sealed: bytes | memoryview | None, *, pk: object) -> str:
        """The text of a column that was read without its instance (`values_list`); "" for NULL."""
        return "" if sealed is None else unseal(sealed, about=self.about(pk))

    def about(self, pk: object) -> str:
        """Names row and field. Raises ValueError while the row has no primary key."""
        if pk is None:
            raise ValueError(f"{self.name} is sealed for its row: the primary key must be known before.")
        return f"{self.label or self.owner._meta.label_lower}:{pk}:{self.name}"

    @property
    def _place(self) -> str:
        return f"_{self.name}_unsealed"
