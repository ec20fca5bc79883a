"""Which Redis production trusts with the keys, and what it says to the others. Real servers, real processes."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings

from logbook_site.embedded import Redis
from logbook_site.foundation.environment import next_database
from logbook_site.tests.test_run import free_port
from logbook_site.tests.test_settings import OURS, PRODUCTION, python

WEB = "import logbook_site.wsgi; print('begun')"


class OtherRedis(Redis):
    """One that somebody has set up differently."""

    options: tuple[str, ...] = ()

    def _command(self) -> list[object]:
        return [*super()._command(), *self.options]


@pytest.fixture
def other() -> Iterator[OtherRedis]:
    """Claimed, not started."""
    home = Path(tempfile.mkdtemp(prefix="vault-", dir="/tmp"))
    home.chmod(0o755)
    server = OtherRedis(home)
    assert server.claim()
    yield server
    server.stop()
    shutil.rmtree(home)


def start(server: OtherRedis, *options: str) -> str:
    server.options = options
    server.start()
    return server.url()


def web(**variables: str) -> subprocess.CompletedProcess[str]:
    return python("-c", WEB, **(PRODUCTION | {"PYTHONPATH": "."} | variables))


def worker(**variables: str) -> subprocess.CompletedProcess[str]:
    command = ["-m", "celery", "--quiet", "-A", "logbook_site", "worker", "--pool", "solo"]
    return python(*command, **(PRODUCTION | variables))


KEPT_ON_DISK = {
    "save": (["--save", "3600 1"], 'save "" (is "3600 1")'),
    "appendonly": (["--appendonly", "yes"], 'appendonly "no" (is "yes")'),
    "policy": (["--maxmemory-policy", "allkeys-lru"], 'maxmemory-policy "noeviction" (is "allkeys-lru")'),
}


@pytest.mark.slow
@pytest.mark.parametrize("setting", KEPT_ON_DISK)
def test_web_and_worker_refuse_a_redis_that_keeps_or_drops_keys(setting: str, other: OtherRedis):
    options, sentence = KEPT_ON_DISK[setting]
    url = start(other, *options)
    for begin in (web, worker):
        ended = begin(KEYS_REDIS_URL=url, REDIS_URL=url)
        assert ended.returncode != 0
        assert "KEYS_REDIS_URL: this Redis may keep keys on disk, or drop them early." in ended.stderr
        assert sentence in ended.stderr
        assert ended.stderr.count('(is "') == 1  # only what is wrong is named
        assert "begun" not in ended.stdout
    assert "Traceback" not in ended.stderr  # of the worker
    with redis.Redis.from_url(url) as client:
        assert client.dbsize() == 0


@pytest.mark.slow
def test_all_that_is_wrong_is_named_at_once_and_a_good_one_is_trusted(other: OtherRedis):
    url = start(other, "--save", "60 1", "--appendonly", "yes")
    said = web(KEYS_REDIS_URL=url).stderr
    assert 'save "" (is "60 1"), appendonly "no" (is "yes")' in said
    other.process.kill()
    other.process.wait()
    url = start(other)
    began = web(KEYS_REDIS_URL=url)
    assert (began.stdout, began.stderr) == ("begun\n", "")


@pytest.mark.slow
def test_the_web_server_ends_with_the_sentence(other: OtherRedis):
    url = start(other, "--appendonly", "yes")
    bind = f"127.0.0.1:{free_port()}"
    command = ["-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", bind, "--workers", "1"]
    ended = python(*command, **(PRODUCTION | {"KEYS_REDIS_URL": url}))
    assert ended.returncode == 3
    assert 'appendonly "no" (is "yes")' in ended.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [("--rename-command", "CONFIG", ""), ("--user", "default", "on", "nopass", "~*", "+@all", "-config")],
    ids=["renamed", "acl"],
)
def test_one_that_does_not_tell_its_settings_needs_somebody_who_vouches(options, other: OtherRedis):
    url = start(other, *options)
    for begin in (web, worker):
        ended = begin(KEYS_REDIS_URL=url, REDIS_URL=url)
        assert ended.returncode != 0
        assert "CONFIG GET is forbidden" in ended.stderr
        assert "KEYS_REDIS_VOUCHED=on" in ended.stderr
    assert web(KEYS_REDIS_URL=url, KEYS_REDIS_VOUCHED="on").stdout == "begun\n"


@pytest.mark.slow
def test_one_without_that_database_or_with_another_password_is_named_as_such(other: OtherRedis):
    url = start(other, "--databases", "1")
    with redis.Redis.from_url(url) as client:
        client.config_set("requirepass", "only-for-this-test")
    refused = web(KEYS_REDIS_URL=url)
    assert refused.returncode != 0
    assert "KEYS_REDIS_URL: this Redis does not let us in: Authentication required" in refused.stderr
    refused = web(
        KEYS_REDIS_URL=url.replace("unix://", "unix://:only-for-this-test@").replace("db=0", "db=1")
    )
    assert "KEYS_REDIS_URL: this Redis does not let us in: DB index is out of range" in refused.stderr


LATER = """
import logbook_site.wsgi
from logbook_site.foundation import vault
print("begun", flush=True)
input()
try:
    print(vault.seal("Paula", about="a row"))
except vault.VaultClosed as error:
    print("closed:", error)
"""


@pytest.mark.slow
@pytest.mark.parametrize("keeps", [True, False])
def test_one_that_is_away_at_the_start_is_asked_before_it_gets_the_first_key(keeps: bool, other: OtherRedis):
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    site = subprocess.Popen(
        [sys.executable, "-c", LATER],
        cwd=settings.BASE_DIR,
        env=environment
        | PRODUCTION
        | {"KEYS_REDIS_URL": other.url(), "DJANGO_SETTINGS_MODULE": "logbook_site.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert site.stdout.readline() == "begun\n"
    start(other, "--appendonly", "yes" if keeps else "no")
    said, errors = site.communicate("\n", timeout=30)
    assert "The Redis for keys did not answer: ConnectionError" in errors
    with redis.Redis.from_url(other.url()) as client:
        assert client.dbsize() == (0 if keeps else 1)
    if keeps:
        assert said == "closed: not to be trusted\n"
        assert "this Redis may keep keys on disk" in errors
    else:
        assert said.startswith("Sealed(")


# --- Addresses and periods --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "following"),
    [
        ("redis://redis.example.org:6379/0", "redis://redis.example.org:6379/1"),
        ("redis://redis.example.org", "redis://redis.example.org/1"),
        ("redis://redis.example.org:6379/", "redis://redis.example.org:6379/1"),
        ("rediss://me:p%40ss@redis.example.org:6380/7?ssl_cert_reqs=required",
         "rediss://me:p%40ss@redis.example.org:6380/8?ssl_cert_reqs=required"),
        ("unix:///run/redis.sock", "unix:///run/redis.sock?db=1"),
        ("unix:///run/redis.sock?db=3", "unix:///run/redis.sock?db=4"),
        ("unix://:p@/run/my%20redis.sock?db=0", "unix://:p@/run/my%20redis.sock?db=1"),
    ],
)  # fmt: skip
def test_keys_live_in_the_next_database(address: str, following: str):
    assert next_database(address) == following
    connection = redis.ConnectionPool.from_url(following).connection_kwargs
    assert (
        connection["db"] == int(redis.ConnectionPool.from_url(address).connection_kwargs.get("db") or 0) + 1
    )


TOLD = "from django.conf import settings; print(settings.KEYS_REDIS_URL, settings.FEEDBACK_RELEASE_AT)"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({}, "redis://127.0.0.1:1/1 06:00:00"),
        ({"FEEDBACK_RELEASE_AT": ""}, "redis://127.0.0.1:1/1 None"),
        ({"FEEDBACK_RELEASE_AT": "23:59", "KEYS_REDIS_URL": "redis://k/9"}, "redis://k/9 23:59:00"),
    ],
)
def test_what_production_settles_on(variables: dict[str, str], told: str):
    assert python("-c", TOLD, **(PRODUCTION | {"PYTHONPATH": "."} | variables)).stdout == f"{told}\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CONTACT_KEPT_HOURS", "0"), ("CONTACT_KEPT_HOURS", "0.0"), ("CONTACT_KEPT_HOURS", "121"),
        ("CONTACT_KEPT_HOURS", "120.001"), ("CONTACT_KEPT_HOURS", "nan"), ("CONTACT_KEPT_HOURS", "five days"),
        ("FEEDBACK_RELEASE_AT", "6"), ("FEEDBACK_RELEASE_AT", "24:00"), ("FEEDBACK_RELEASE_AT", "noon"),
    ],
)  # fmt: skip
def test_what_breaks_a_promise_is_refused(name: str, value: str):
    checked = python("manage.py", "check", **(PRODUCTION | {name: value}))
    assert checked.returncode == 1
    assert name in checked.stderr
    assert "Traceback" not in checked.stderr


@pytest.mark.slow
@pytest.mark.parametrize("hours", ["120", "0.01", "1e-3"])
def test_up_to_five_days_are_taken(hours: str):
    assert python("manage.py", "check", **(PRODUCTION | {"CONTACT_KEPT_HOURS": hours})).returncode == 0
