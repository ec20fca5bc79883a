"""A plugin for pytest: every test run has a PostgreSQL, a Redis and a VAR_DIR of its own, gone when it ends.

`pytest.ini` loads it. The servers start before the settings are read. Where DATABASE_URL and REDIS_URL are
both given, those are used; the tests make and drop a database of their own on them.

With pytest-xdist the first process starts the servers and the workers share them: each has its own test
database, its own two Redis databases and its own folder in VAR_DIR.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest

from logbook_site import browser, embedded

_servers: list[embedded.Server] = []
_folders: list[Path] = []


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """The one moment before pytest-django reads the settings."""
    os.environ["LOGBOOK_MODE"] = "demo"
    # A browser test runs an event loop in the main thread; without this Django refuses every query there.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        _share_as(worker)
    else:
        _start()
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    # Only now, when pytest-playwright is there: the last one to define a fixture wins.
    config.pluginmanager.register(browser, "logbook-browser")


def _start() -> None:
    # Not in TMPDIR: that may be closed to `nobody`, or too long for the address of a socket.
    folder = Path(tempfile.mkdtemp(prefix="mediation-logbook-tests-", dir="/tmp"))
    _folders.append(folder)
    folder.chmod(0o755)
    os.environ["VAR_DIR"] = str(folder)
    _servers.extend(embedded.provide(folder, durable=False))


def _share_as(worker: str) -> None:
    """`worker` is what pytest-xdist calls it: gw0, gw1 …"""
    first = 2 * int(worker.removeprefix("gw"))
    address = os.environ["REDIS_URL"]
    os.environ["REDIS_URL"] = with_database(address, first)
    os.environ["KEYS_REDIS_URL"] = with_database(address, first + 1)
    os.environ["VAR_DIR"] = str(Path(os.environ["VAR_DIR"]) / worker)


def with_database(address: str, number: int) -> str:
    """The address of a Redis with another database number: in its path over TCP, in its query on a socket."""
    parts = urlsplit(address)
    if parts.scheme == "unix":
        query = {**dict(parse_qsl(parts.query)), "db": str(number)}
        return urlunsplit(parts._replace(query=urlencode(query)))
    return urlunsplit(parts._replace(path=f"/{number}"))


def pytest_unconfigure() -> None:
    while _servers:
        _servers.pop().stop()
    while _folders:
        shutil.rmtree(_folders.pop(), ignore_errors=True)
