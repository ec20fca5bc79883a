"""The page for monitors, and what people see when the database or Redis is away."""

import errno
import os
from collections.abc import Iterator

import psycopg2
import pytest
from django.db import OperationalError, connection
from django.test import Client

from accounts.choices import Role
from accounts.services import ledger
from logbook_site.tests.test_addresses import client_of


@pytest.fixture
def database_away(transactional_db) -> Iterator[None]:
    """The address of the database leads nowhere until the test ends."""
    address = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(HOST="127.0.0.1", PORT="1")
    yield
    connection.close()
    connection.settings_dict.update(address)


@pytest.mark.django_db
def test_well(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


def test_database_away(database_away: None) -> None:
    client = Client(raise_request_exception=False)
    assert client.get("/healthz").status_code == 503
    assert client.get("/").status_code == 200, "the landing page asks nothing"
    client.cookies["sessionid"] = "a" * 32
    response = client.get("/account-settings/")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    assert "We are away for a moment" in response.content.decode()


@pytest.mark.django_db
def test_database_goes_while_a_session_is_saved() -> None:
    """Django takes that for a bad request."""
    member = client_of(Role.MEDIATOR)
    member.raise_request_exception = False

    def fail(execute, sql, params, many, context):
        if sql.startswith("UPDATE") and "django_session" in sql:
            raise OperationalError("the connection is closed")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        response = member.post("/account-settings/", {"name": "Ann", "time_zone": "UTC"})
    assert response.status_code == 503
    assert "We are away for a moment" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status"),
    [
        # libpq has no better name for an answer that breaks off, and Django no wrapper of its own.
        (psycopg2.DatabaseError("server closed the connection unexpectedly"), 503),
        (psycopg2.InterfaceError("connection already closed"), 503),
        (psycopg2.DataError("invalid input syntax"), 500),
        (psycopg2.ProgrammingError("relation does not exist"), 500),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_connection_that_breaks_in_the_middle_of_an_answer(error: Exception, status: int) -> None:
    member = client_of(Role.MEDIATOR)
    member.raise_request_exception = False

    def fail(execute, sql, params, many, context):
        if "logbook_logbookentry" in sql:
            with connection.wrap_database_errors:  # as where Django fetches rows
                raise error
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        assert member.get("/logbook/").status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize(("number", "status"), [(errno.ENOSPC, 503), (errno.EROFS, 503), (errno.EISDIR, 500)])
def test_full_disk(number: int, status: int, monkeypatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(ledger.LedgerFile, "append", fail)
    member = client_of(Role.MEDIATOR)
    member.raise_request_exception = False
    assert member.post("/my-details/visibility/", {"visibility": "directories"}).status_code == status


@pytest.mark.django_db
def test_redis_away(settings, client: Client) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert client.get("/healthz").status_code == 503
    member = client_of(Role.MEDIATOR)
    assert member.get("/").status_code == 200
    assert member.post("/my-details/", {"country": "KE"}).status_code == 302


@pytest.mark.django_db
def test_the_redis_of_the_keys_away(settings, client: Client) -> None:
    settings.KEYS_REDIS_URL = "redis://127.0.0.1:1/0"
    assert client.get("/healthz").status_code == 503
