"""A plugin for pytest: every test run has a PostgreSQL, a Redis and a VAR_DIR of its own, gone when it ends.

`pytest.ini` loads it. The servers start before the settings are read. Where DATABASE_URL and REDIS_URL are
both given, those are used; the tests make and drop a database of their own on them.

With pytest-xdist the first process starts the servers and the workers share them: each has its own test
database, its own two Redis databases and its own folder in VAR_DIR.
"""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest

from logbook_site import browser, embedded

# `migrate` fills these, and no test does.
# No model of ours: Django would leave it, and tries that one test counted would be one too many in another.
RATE_LIMITS = "rate_limits"
FILLED_BY_MIGRATE = {"django_content_type", "auth_permission"}

# Each takes minutes.
LONGEST = [
    "logbook_site/tests/test_look.py",
    "logbook_site/tests/test_look_further.py",
    "feedback/tests/test_faults.py",
]

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that nothing waits for one of them at the end."""

    def rank(file: str, of_file: list[pytest.Item]) -> int:
        if file in LONGEST:
            return LONGEST.index(file)
        slow = any(item.get_closest_marker("browser") or item.get_closest_marker("slow") for item in of_file)
        return len(LONGEST) + (not slow)

    by_file: dict[str, list[pytest.Item]] = {}
    for item in items:
        by_file.setdefault(item.nodeid.partition("::")[0], []).append(item)
    in_order = sorted(by_file.items(), key=lambda pair: rank(*pair))
    items[:] = [item for _file, of_file in in_order for item in of_file]


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    """Before the first test is read: each keeps what holds at that moment."""
    import hypothesis

    # How long one example takes says more about what else the machine does.
    slow = [hypothesis.HealthCheck.too_slow]
    hypothesis.settings.register_profile("logbook", deadline=None, suppress_health_check=slow)
    hypothesis.settings.load_profile("logbook")


def pytest_collection_finish() -> None:
    """What was read so far stays until the end: the collector of garbage need not look at it again and again.

    At what comes it looks less often, too: each page leaves thousands of objects, and nearly all end by themselves.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


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
        others = [(name, value) for name, value in parse_qsl(parts.query) if name != "db"]
        return f"unix://{parts.netloc}{parts.path}?{urlencode([*others, ('db', number)])}"
    return urlunsplit(parts._replace(path=f"/{number}"))


def pytest_unconfigure() -> None:
    while _servers:
        _servers.pop().stop()
    while _folders:
        shutil.rmtree(_folders.pop(), ignore_errors=True)


class UndefinedVariable(Exception):
    """A template of ours shows something that its page did not give it."""


class LoudAboutUndefined(str):
    """What Django puts in place of an undefined variable. In our templates it fails the test instead.

    Django asks for `"%s" in it` and then for `it % name`. The node that is being drawn stands on the stack.
    """

    def __contains__(self, part: object) -> bool:
        return True

    def __mod__(self, variable: object) -> str:
        from django.conf import settings

        frame = sys._getframe(1)
        while frame and not hasattr(frame.f_locals.get("self"), "origin"):
            frame = frame.f_back
        origin = frame.f_locals["self"].origin if frame else None
        if origin and str(origin.name).startswith(str(settings.BASE_DIR / "templates")):
            raise UndefinedVariable(f"{variable} in {origin.template_name}")
        return ""


@pytest.fixture(scope="session", autouse=True)
def undefined_variables_fail() -> None:
    from django.template import engines

    engines["django"].engine.string_if_invalid = LoudAboutUndefined("undefined")


@pytest.fixture(scope="session", autouse=True)
def passwords_are_hashed_fast() -> Iterator[None]:
    """Hashing one takes its time, by design. Nothing in the tests is worth guarding so well."""
    from django.test import override_settings

    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def committed_rows_are_deleted() -> Iterator[None]:
    """After a test that commits, Django truncates every table and writes its permissions anew: 50 times as slow."""
    from django.db import connection, transaction
    from django.test import TransactionTestCase

    def delete_rows(_test: TransactionTestCase) -> None:
        tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
        tables = [*tables, RATE_LIMITS]
        statements = [f'DELETE FROM "{table}"' for table in tables if table not in FILLED_BY_MIGRATE]
        with (
            transaction.atomic(),
            connection.cursor() as cursor,
        ):  # they point at each other until all are gone
            cursor.execute(";".join(statements))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", delete_rows)
        yield
