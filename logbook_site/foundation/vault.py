"""Texts that nobody can read any more when their time is over, wherever copies of them lie.

A text is sealed with a key that exists only in a Redis that never writes to disk. Keys are made for a span of
time, one for each 120th of CONTACT_KEPT_HOURS (an hour, of five days); each gets its end when it is made, the
beginning of its span + CONTACT_KEPT_HOURS, and nothing ever moves it. So a text is readable for at most
CONTACT_KEPT_HOURS and at least 119/120 of them. Redis drops the key at its end, worker or no worker; backups
of the database, its write-ahead log and files that were deleted hold bytes that no key opens.

A row keeps the sealed bytes and `unreadable_at`, the end of its key, which is checked here, too: a Redis that
forgets late changes nothing.

The sealed bytes are 1 byte of version, 4 bytes that name the key (the first of its SHA-256), 12 random bytes of
nonce, and the AES-256-GCM ciphertext with its tag. The first two and `about`, which names row and field, are
associated data. The name of the key tells a lost key from the one that took its place in the same span.
"""

import hashlib
import logging
import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

import redis
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from logbook_site.foundation import clock

log = logging.getLogger(__name__)

VERSION = b"\x01"
KEY_ID_BYTES = 4
HEAD_BYTES = len(VERSION) + KEY_ID_BYTES
NONCE_BYTES = 12
SPANS = 120  # keys for one period
FORGETFUL = {"save": "", "appendonly": "no", "maxmemory-policy": "noeviction"}


class VaultClosed(Exception):
    """The Redis that holds the keys does not answer, or cannot be trusted with them. Nothing was sealed."""


class Forgotten(Exception):
    """The time of this text is over, or its key was lost with Redis: nobody can read it any more."""


class Sealed(NamedTuple):
    sealed: bytes
    unreadable_at: datetime


def seal(text: str, *, about: str) -> Sealed:
    """`text` sealed for the period that begins now. `about` names row and field. Raises VaultClosed."""
    unreadable_at = _end_of_this_span()
    key = _key_for(unreadable_at)
    head, nonce = _head_for(key), secrets.token_bytes(NONCE_BYTES)
    sealed = head + nonce + AESGCM(key).encrypt(nonce, text.encode(), head + about.encode())
    return Sealed(sealed, unreadable_at)


def unseal(sealed: bytes | memoryview | None, *, unreadable_at: datetime, about: str) -> str:
    """The text that was sealed for the same `about`. Raises Forgotten, and VaultClosed when Redis is away."""
    if sealed is None or clock.now() >= unreadable_at:
        raise Forgotten(about)
    key = _ask(lambda: _redis().get(_name(unreadable_at)))
    sealed = bytes(sealed)
    head, nonce, ciphertext = (
        sealed[:HEAD_BYTES],
        sealed[HEAD_BYTES : HEAD_BYTES + NONCE_BYTES],
        sealed[HEAD_BYTES + NONCE_BYTES :],
    )
    if key is None or head != _head_for(key) or len(nonce) < NONCE_BYTES:
        raise Forgotten(about)
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, head + about.encode()).decode()
    except InvalidTag as error:
        raise Forgotten(about) from error


def lost(heads: Iterable[tuple[datetime, bytes]]) -> set[tuple[datetime, bytes]]:
    """Of pairs of an end and the first HEAD_BYTES of sealed bytes: those whose key is gone, in time or before it.

    Raises VaultClosed: then nobody knows.
    """
    heads = [(end, bytes(head)) for end, head in heads]
    if not heads:
        return set()
    keys = _ask(lambda: _redis().mget([_name(end) for end, _head in heads]))
    return {
        (end, head)
        for (end, head), key in zip(heads, keys, strict=True)
        if key is None or head != _head_for(key)
    }


def drop_ended_keys() -> None:
    """Redis does this on its own, by its own clock; this serves a clock that was moved. Raises VaultClosed.

    What Redis does not forget on its own is a command that was slow, with all that it said: the making of a key, too.
    """
    now = _milliseconds(clock.now())

    def drop() -> None:
        with suppress(redis.ResponseError):  # it may be forbidden
            _redis().slowlog_reset()
        for name in _redis().scan_iter(match="vault:*"):
            if int(name.rpartition(b":")[2]) <= now:
                _redis().delete(name)

    _ask(drop)


def check_at_start() -> None:
    """Web server and worker call this before they begin. A Redis that keeps keys on disk must not get any.

    Raises ImproperlyConfigured. A Redis that is away is asked again before it gets the first key.
    """
    try:
        _redis()
    except redis.RedisError as error:
        log.warning("The Redis for keys did not answer: %s", type(error).__name__)


def is_open() -> bool:
    """Whether keys can be had now."""
    try:
        _ask(lambda: _redis().ping())
    except VaultClosed:
        return False
    return True


def _end_of_this_span() -> datetime:
    """Whole milliseconds, rounded down."""
    kept = int(settings.CONTACT_KEPT_HOURS * 3_600_000)
    span = max(1, kept // SPANS)
    end = _milliseconds(clock.now()) // span * span + kept
    return datetime.fromtimestamp(end // 1000, UTC).replace(microsecond=end % 1000 * 1000)


def _key_for(end: datetime) -> bytes:
    """The key of the span with this end: made, with its end, by whoever comes first."""
    name, ends_at = _name(end), _milliseconds(clock.elsewhere(end))

    def make_or_find() -> bytes | None:
        _redis().set(name, secrets.token_bytes(32), nx=True, pxat=ends_at)
        return _redis().get(name)

    key = _ask(make_or_find)
    if key is None:
        raise VaultClosed("The key was gone at once.")
    return key


def _head_for(key: bytes) -> bytes:
    return VERSION + hashlib.sha256(key).digest()[:KEY_ID_BYTES]


def _name(end: datetime) -> str:
    return f"vault:{_milliseconds(end)}"


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000 + moment.microsecond // 1000


def _ask(question):
    try:
        return question()
    except ImproperlyConfigured as error:
        log.error("%s", error)  # our own sentence: it names settings only
        raise VaultClosed("not to be trusted") from error
    except redis.RedisError as error:
        log.warning("The Redis for keys did not answer: %s", type(error).__name__)
        raise VaultClosed(type(error).__name__) from error


@lru_cache(maxsize=4)
def _checked(url: str) -> redis.Redis:
    client = redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2, health_check_interval=30)
    if not (settings.DEMO or settings.KEYS_REDIS_VOUCHED):
        _require_forgetful(client)
    return client


def _redis() -> redis.Redis:
    return _checked(settings.KEYS_REDIS_URL)


def _require_forgetful(client: redis.Redis) -> None:
    try:
        client.ping()
    except (redis.ResponseError, redis.AuthenticationError) as error:  # a password, a number of a database
        raise ImproperlyConfigured(f"KEYS_REDIS_URL: this Redis does not let us in: {error}") from error
    try:
        # One by one: Redis 6 cannot tell several at once.
        found = {name: client.config_get(name).get(name) for name in FORGETFUL}
    except redis.ResponseError as error:
        raise ImproperlyConfigured(
            "KEYS_REDIS_URL: this Redis does not tell its settings (CONFIG GET is forbidden). Make sure that it "
            "never writes to disk and never drops keys, and vouch for it with KEYS_REDIS_VOUCHED=on."
        ) from error
    wrong = {name: found[name] for name, value in FORGETFUL.items() if found[name] != value}
    if wrong:
        raise ImproperlyConfigured(
            "KEYS_REDIS_URL: this Redis may keep keys on disk, or drop them early. It must have "
            + ", ".join(f'{name} "{FORGETFUL[name]}" (is "{value}")' for name, value in wrong.items())
        )
