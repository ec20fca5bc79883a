"""The vault, against a real Redis. Nobody's code is replaced: clocks are moved, servers stopped and emptied."""

import hashlib
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import redis
import time_machine
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings as our_settings
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as some

from accounts.tests.threads import at_once
from logbook_site.embedded import Redis
from logbook_site.foundation import clock, vault
from logbook_site.foundation.vault import Forgotten, Sealed, VaultClosed, seal, unseal

HOURS = timedelta(hours=1)
MILLISECOND = timedelta(milliseconds=1)


@pytest.fixture(autouse=True)
def keys() -> Iterator[redis.Redis]:
    """The Redis database for keys, empty before and after."""
    with redis.Redis.from_url(our_settings.KEYS_REDIS_URL) as client:
        client.flushdb()
        yield client
        client.flushdb()


@pytest.fixture
def own_redis(settings) -> Iterator[Redis]:
    """A Redis for one test, which may stop or kill it. The vault keeps its keys there."""
    home = Path(tempfile.mkdtemp(prefix="vault-", dir="/tmp"))
    home.chmod(0o755)
    server = Redis(home)
    assert server.claim()
    server.start()
    settings.KEYS_REDIS_URL = server.url()
    yield server
    server.process.send_signal(signal.SIGCONT)
    server.stop()
    shutil.rmtree(home)


def read(kept: Sealed, about: str = "a row") -> str:
    return unseal(kept.sealed, unreadable_at=kept.unreadable_at, about=about)


def at(moment: datetime):
    return time_machine.travel(moment, tick=False)


def ahead(hours: float) -> datetime:
    """A moment to begin at: the clock of Redis goes on, so it must lie ahead of today."""
    begin = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + 2 * HOURS
    return begin + timedelta(hours=hours)


def needs(kept: Sealed) -> tuple[datetime, bytes]:
    return kept.unreadable_at, kept.sealed[: vault.HEAD_BYTES]


# --- What it is for ---------------------------------------------------------------------------------


@given(text=some.text(), about=some.text(min_size=1))
def test_what_is_sealed_is_read_again(text: str, about: str):
    text, about = (word.encode(errors="replace").decode() for word in (text, about))
    kept = seal(text, about=about)
    assert read(kept, about) == text
    assert len(kept.sealed) == vault.HEAD_BYTES + vault.NONCE_BYTES + len(text.encode()) + 16


def test_the_same_text_is_never_sealed_the_same():
    assert len({seal("Paula", about="a row").sealed for _number in range(100)}) == 100


def test_the_bytes_tell_nothing_of_the_text():
    kept = seal("Paula Party, paula@example.org", about="a row")
    assert not [word for word in (b"Paula", b"paula", b"example") if word in kept.sealed]


def test_the_format(keys):
    """What was sealed before a release is read after it."""
    sealed = seal("Paula", about="a row").sealed
    [name] = keys.keys()
    key = keys.get(name)
    assert sealed[:5] == b"\x01" + hashlib.sha256(key).digest()[:4]
    assert AESGCM(key).decrypt(sealed[5:17], sealed[17:], sealed[:5] + b"a row") == b"Paula"


# --- Time -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kept_hours", [120, 1, 0.5, 0.01, 1 / 3, 7.77])
@pytest.mark.parametrize("later", [0, 0.0001, 0.4999, 0.5, 0.999999])
def test_a_text_is_readable_for_at_most_the_period_and_at_least_nearly_all_of_it(kept_hours, later, settings):
    settings.CONTACT_KEPT_HOURS = kept_hours
    begin = ahead(later)
    with at(begin):
        kept = seal("Paula", about="a row")
    readable = (kept.unreadable_at - begin) / HOURS
    a_millisecond = 1 / 3_600_000
    assert readable <= kept_hours
    assert readable >= kept_hours * 119 / 120 - 2 * a_millisecond
    with at(kept.unreadable_at - MILLISECOND):
        assert read(kept) == "Paula"
    with at(kept.unreadable_at), pytest.raises(Forgotten):
        read(kept)


def test_the_end_is_a_whole_millisecond(settings):
    settings.CONTACT_KEPT_HOURS = 1 / 7
    with at(ahead(0.123456789)):
        end = seal("Paula", about="a row").unreadable_at
    assert end.microsecond % 1000 == 0


def test_one_period_has_at_most_121_keys(settings, keys):
    settings.CONTACT_KEPT_HOURS = 1
    begin = ahead(0)
    for second in range(0, 3600, 10):
        with at(begin + timedelta(seconds=second)):
            seal("Paula", about="a row")
    assert keys.dbsize() == 120


@pytest.mark.parametrize("offset", [-48, 0.25, 1000])
def test_a_clock_that_was_moved_moves_the_end_and_not_the_clock_of_redis(offset, settings, keys):
    settings.CLOCK_OFFSET_HOURS = offset
    begin = datetime.now(UTC)
    kept = seal("Paula", about="a row")
    assert read(kept) == "Paula"
    assert abs(kept.unreadable_at - begin - offset * HOURS - 119.5 * HOURS) <= 0.51 * HOURS
    [name] = keys.keys()
    seconds = keys.pexpiretime(name) / 1000 - begin.timestamp()
    assert 119 * 3600 <= seconds <= 120 * 3600 + 1


def test_the_end_of_a_key_is_the_rows_and_is_never_moved(keys):
    begin = ahead(0.1)
    with at(begin):
        first = seal("Paula", about="a row")
    [name] = keys.keys()
    assert keys.pexpiretime(name) == round(first.unreadable_at.timestamp() * 1000)
    before = keys.get(name), keys.pexpiretime(name)
    with at(begin + 0.5 * HOURS):
        second = seal("Paul", about="a row")
        assert (read(first), read(second)) == ("Paula", "Paul")
        vault.lost([needs(first)])
        vault.drop_ended_keys()
    assert second.unreadable_at == first.unreadable_at
    assert keys.keys() == [name]
    assert (keys.get(name), keys.pexpiretime(name)) == before


def test_redis_forgets_without_us(settings, keys):
    """The shortest period that can be watched: nothing of ours runs in between."""
    settings.CONTACT_KEPT_HOURS = 1 / 3600
    kept = seal("Paula", about="a row")
    assert keys.dbsize() == 1
    while clock.now() < kept.unreadable_at:
        time.sleep(0.05)
    time.sleep(0.2)
    assert keys.get(f"vault:{round(kept.unreadable_at.timestamp() * 1000)}") is None


def test_the_stored_end_counts_even_when_redis_has_forgotten_to_forget(keys):
    kept = seal("Paula", about="a row")
    [name] = keys.keys()
    assert keys.persist(name)
    with at(kept.unreadable_at - MILLISECOND):
        assert read(kept) == "Paula"
    with at(kept.unreadable_at), pytest.raises(Forgotten):
        read(kept)


def test_a_later_end_written_to_the_row_opens_nothing(keys):
    kept = seal("Paula", about="a row")
    for end in (kept.unreadable_at + HOURS, kept.unreadable_at + MILLISECOND, kept.unreadable_at - HOURS):
        with pytest.raises(Forgotten):
            read(kept._replace(unreadable_at=end))
    with at(ahead(3)):
        other = seal("Paul", about="a row")  # another key
    with pytest.raises(Forgotten):
        read(kept._replace(unreadable_at=other.unreadable_at))


# --- Bytes ------------------------------------------------------------------------------------------


def test_every_changed_bit_and_every_cut_is_noticed():
    kept = seal("Paula", about="a row")
    for place in range(len(kept.sealed)):
        changed = bytearray(kept.sealed)
        changed[place] ^= 1
        with pytest.raises(Forgotten):
            read(kept._replace(sealed=bytes(changed)))
        with pytest.raises(Forgotten):
            read(kept._replace(sealed=kept.sealed[:place]))
    with pytest.raises(Forgotten):
        read(kept._replace(sealed=kept.sealed + b"\0"))


def test_bytes_moved_to_another_row_do_not_open():
    kept = seal("Paula", about="feedback.feedbackrequest:1:contact")
    with pytest.raises(Forgotten):
        read(kept, "feedback.feedbackrequest:2:contact")


def test_nothing_sealed_is_forgotten_and_memory_views_are_read():
    kept = seal("Paula", about="a row")
    assert read(kept._replace(sealed=memoryview(kept.sealed))) == "Paula"
    with pytest.raises(Forgotten):
        read(kept._replace(sealed=None))


# --- Keys -------------------------------------------------------------------------------------------


def test_redis_holds_random_keys_and_nothing_else(keys):
    with at(ahead(0)):
        for _number in range(5):
            seal("Paula Party, paula@example.org", about="a row")
    with at(ahead(1)):
        seal("Paula Party, paula@example.org", about="a row")
    found = {name: (keys.type(name), keys.get(name)) for name in keys.scan_iter()}
    assert len(found) == 2
    assert {(kind, len(key)) for kind, key in found.values()} == {(b"string", 32)}
    assert len({key for _kind, key in found.values()}) == 2
    assert all(name.removeprefix(b"vault:").isdigit() for name in found)


@pytest.mark.django_db(transaction=True)  # each thread opens the database, too
def test_twenty_who_come_first_have_one_key(keys):
    with at(ahead(0)):
        results = at_once(*[lambda: seal("Paula", about="a row")] * 20)
        assert keys.dbsize() == 1
        assert [read(kept) for kept in results] == ["Paula"] * 20
    assert len({kept.unreadable_at for kept in results}) == 1


def test_a_lost_key_is_found_and_its_text_is_forgotten(keys):
    with at(ahead(0)):
        gone = seal("Paula", about="a row")
    keys.flushdb()
    with at(ahead(1)):
        kept = seal("Paul", about="a row")
    assert vault.lost([needs(gone), needs(kept)]) == {needs(gone)}
    assert vault.lost([]) == set()
    with pytest.raises(Forgotten):
        read(gone)


def test_a_lost_key_is_found_when_another_took_its_place(keys):
    """Redis came back empty, and somebody asked at once, within the same span."""
    with at(ahead(0)):
        gone = seal("Paula", about="a row")
        keys.flushdb()
        kept = seal("Paul", about="a row")
        assert gone.unreadable_at == kept.unreadable_at
        assert vault.lost([needs(gone), needs(kept)]) == {needs(gone)}
        assert read(kept) == "Paul"
        with pytest.raises(Forgotten):
            read(gone)


def test_only_ended_keys_are_dropped(keys):
    with at(ahead(0)):
        first = seal("Paula", about="a row")
    with at(ahead(1)):
        second = seal("Paul", about="a row")
    keys.set("something else", "stays")
    with at(first.unreadable_at - MILLISECOND):
        vault.drop_ended_keys()
    assert keys.dbsize() == 3
    with at(first.unreadable_at):
        vault.drop_ended_keys()
        assert vault.lost([needs(first), needs(second)]) == {needs(first)}
        assert read(second) == "Paul"
    assert keys.dbsize() == 2


# --- Which Redis is trusted (as processes begin: logbook_site/tests/test_vault_at_start.py) ---------


def test_no_key_stays_in_the_slow_log_of_redis(own_redis, settings):
    """Any command may be slow once, on a machine that is busy; and the log of these has no end in time."""
    with redis.Redis.from_url(settings.KEYS_REDIS_URL) as keys:
        keys.config_set("slowlog-log-slower-than", 0)
        seal("Paula", about="a row")
        (name,) = keys.keys("vault:*")
        key = keys.get(name)
        assert any(key in slow["command"] for slow in keys.slowlog_get())
        vault.drop_ended_keys()
        assert not any(key in slow["command"] for slow in keys.slowlog_get())


@pytest.fixture
def trusted(own_redis, settings) -> Iterator[redis.Redis]:
    """A client of one that production trusts, until a test sets it up differently."""
    settings.DEMO = settings.KEYS_REDIS_VOUCHED = False
    with redis.Redis.from_url(own_redis.url()) as client:
        yield client
        client.config_set("save", "")  # else it writes its keys as it ends


def test_one_that_forgets_is_trusted(trusted):
    vault.check_at_start()
    assert vault.is_open()
    assert read(seal("Paula", about="a row")) == "Paula"


def test_one_that_keeps_or_drops_keys_gets_none(trusted, settings, caplog):
    trusted.config_set("save", "3600 1")
    trusted.config_set("maxmemory-policy", "allkeys-lru")
    with pytest.raises(ImproperlyConfigured) as refused:
        vault.check_at_start()
    wrong = 'It must have save "" (is "3600 1"), maxmemory-policy "noeviction" (is "allkeys-lru")'
    assert str(refused.value).endswith(wrong)
    assert vault.is_open() is False
    with pytest.raises(VaultClosed, match="not to be trusted"):
        seal("Paula", about="a row")
    assert wrong in caplog.text
    assert trusted.dbsize() == 0
    settings.KEYS_REDIS_VOUCHED = True
    vault.check_at_start()
    assert read(seal("Paula", about="a row")) == "Paula"


def test_one_that_tells_nothing_or_does_not_let_us_in_gets_none(trusted):
    trusted.execute_command("ACL", "SETUSER", "default", "-config")
    with pytest.raises(ImproperlyConfigured, match="CONFIG GET is forbidden.+KEYS_REDIS_VOUCHED=on"):
        vault.check_at_start()
    trusted.execute_command("ACL", "SETUSER", "default", "+config")
    trusted.config_set("requirepass", "only-for-this-test")
    with pytest.raises(ImproperlyConfigured, match="does not let us in: Authentication required"):
        vault.check_at_start()
    trusted.config_set("requirepass", "")


def test_one_that_is_away_at_the_start_is_no_reason_to_stop(settings, caplog):
    settings.KEYS_REDIS_URL = "redis://127.0.0.1:1/9"  # no other test has asked it
    settings.DEMO = False
    vault.check_at_start()
    assert "did not answer: ConnectionError" in caplog.text


def test_a_redis_that_is_away_is_told_from_a_text_that_is_forgotten(settings):
    kept = seal("a text", about="a row")
    assert vault.is_open() is True
    settings.KEYS_REDIS_URL = "redis://127.0.0.1:1/0"
    heads = [(kept.unreadable_at, kept.sealed[: vault.HEAD_BYTES])]
    for ask in (
        lambda: read(kept),
        lambda: vault.lost(heads),
        lambda: seal("", about=""),
        vault.drop_ended_keys,
    ):
        with pytest.raises(VaultClosed, match="ConnectionError"):
            ask()
    assert vault.is_open() is False


def test_a_key_that_is_over_for_redis_seals_nothing():
    """Its clock is days ahead of ours: it drops the key as it gets it."""
    with at(ahead(-240)), pytest.raises(VaultClosed, match="gone at once"):
        seal("Paula", about="a row")


# --- Redis is away ----------------------------------------------------------------------------------


def refuses_everything(kept: Sealed) -> None:
    """Each question, asked once, is answered with VaultClosed, and soon."""
    questions = {
        "seal": lambda: seal("Paula", about="a row"),
        "unseal": lambda: read(kept),
        "lost": lambda: vault.lost([needs(kept)]),
        "drop": vault.drop_ended_keys,
    }
    for name, question in questions.items():
        begin = time.monotonic()
        with pytest.raises(VaultClosed):
            question()
        assert time.monotonic() - begin < 3, name
    assert vault.is_open() is False


@pytest.mark.slow
def test_a_redis_that_was_killed_comes_back_empty(own_redis):
    gone = seal("Paula", about="a row")
    assert vault.is_open()
    own_redis.process.kill()
    own_redis.process.wait()
    refuses_everything(gone)
    own_redis.start()
    assert vault.is_open()
    with pytest.raises(Forgotten):
        read(gone)
    assert read(seal("Paul", about="a row")) == "Paul"
    assert vault.lost([needs(gone)]) == {needs(gone)}
    assert not [file for file in own_redis.data.iterdir() if file.name != "pid"]


@pytest.mark.slow
def test_a_redis_that_does_not_answer_is_not_waited_for(own_redis):
    kept = seal("Paula", about="a row")
    os.kill(own_redis.process.pid, signal.SIGSTOP)
    refuses_everything(kept)
    os.kill(own_redis.process.pid, signal.SIGCONT)
    assert read(kept) == "Paula"


@pytest.mark.slow
def test_a_full_redis_takes_no_key_and_drops_none(own_redis):
    with at(ahead(0)):
        kept = seal("Paula", about="a row")
    with redis.Redis.from_url(own_redis.url()) as client:
        client.config_set("maxmemory", "1")
        with at(ahead(1)), pytest.raises(VaultClosed):
            seal("Paul", about="a row")
        assert client.dbsize() == 1
    assert read(kept) == "Paula"


def test_an_ended_text_is_forgotten_even_when_redis_is_away(settings):
    kept = seal("Paula", about="a row")
    settings.KEYS_REDIS_URL = "redis://127.0.0.1:1/0"
    with at(kept.unreadable_at), pytest.raises(Forgotten):
        read(kept)


def test_the_log_names_no_text_and_no_row(settings, caplog):
    settings.KEYS_REDIS_URL = "redis://127.0.0.1:1/0"
    row = str(uuid4())
    with pytest.raises(VaultClosed) as caught:
        seal("Paula", about=row)
    assert "did not answer: ConnectionError" in caplog.text
    assert not [word for word in ("Paula", row) if word in caplog.text + str(caught.value)]
