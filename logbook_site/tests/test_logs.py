"""No token, address or name of a person in any line of the log."""

import io
import json
import logging
import smtplib

import pytest
from celery import Celery
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from logbook_site.foundation.logs import JsonFormatter, scrub

TOKEN = "hD2kQm_8s0v1LrXw-Zp4uYtN7cBfJgA3"


@pytest.fixture
def log() -> io.StringIO:
    """Everything that is logged during the test, as our formatter writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
def test_a_token_in_the_path_stays_out(log: io.StringIO, client: Client) -> None:
    client.get(f"/give-feedback/{TOKEN}/")
    client.get(f"/no-such-page/{TOKEN}/")
    client.get("/", headers={"host": f"{TOKEN}.example.net"})
    client.post(f"/healthz?token={TOKEN}")
    written = log.getvalue()
    assert TOKEN not in written
    assert "410 GET give-feedback/<str:token>/" in written
    assert "404 GET an unknown address" in written
    assert "405 POST healthz" in written


@pytest.mark.django_db
def test_values_of_a_refused_row_stay_out(log: io.StringIO) -> None:
    User.objects.create_user("canary@example.org", name="Canary Bird")
    try:
        User.objects.create_user("canary@example.org", name="Canary Bird")
    except IntegrityError:
        logging.getLogger("some.place").exception("Could not save")
    line = json.loads(log.getvalue())
    assert "canary" not in log.getvalue().lower()
    assert line["exception"].endswith("IntegrityError")
    assert any("test_logs.py" in place for place in line["places"])


@pytest.mark.django_db
def test_values_that_a_task_was_refused_stay_out(log: io.StringIO) -> None:
    """Celery writes the text of the exception into its own message."""

    @Celery("tests", set_as_current=False).task(name="store")
    def store() -> None:
        with transaction.atomic():
            User.objects.create(email="canary@example.org", name="Canary Bird", time_zone=None)

    store.apply()
    assert "Task store failed" in log.getvalue()
    assert "canary" not in log.getvalue().lower()


def test_what_a_mail_server_said_stays_out(log: io.StringIO) -> None:
    try:
        raise smtplib.SMTPRecipientsRefused({"canary@example.org": (550, b"no canary@example.org here")})
    except smtplib.SMTPException as error:
        logging.getLogger("some.place").error("Refused: %s", error, exc_info=True)
    assert "canary" not in log.getvalue()


def test_an_error_page_logs_no_path_and_no_text(log: io.StringIO, settings) -> None:
    settings.ROOT_URLCONF = "logbook_site.tests.urls_with_faults"
    client = Client(raise_request_exception=False)
    for status in (400, 403, 500):
        client.get(f"/fault/{status}/?q=canary@example.org")
    assert "canary" not in log.getvalue()
    assert "500 GET fault/<int:status>/" in log.getvalue()


def test_what_the_web_server_says_of_a_request_that_it_cut_off_holds_no_words(log: io.StringIO) -> None:
    """gunicorn writes so when a request takes longer than it may."""
    logging.getLogger("gunicorn.error").error(
        "Error handling request %s", "GET /learnings/?q=canary&year=2026"
    )
    assert "Error handling request GET [path]" in log.getvalue()
    assert "canary" not in log.getvalue()


@pytest.mark.parametrize(
    "text",
    ["to a.b+c@example.org now", "to=a%40example.org", f"/x/{TOKEN}/", f"key={TOKEN}", "„j.d@exämple.org“"],
)
def test_addresses_and_long_words_are_replaced(text: str) -> None:
    scrubbed = scrub(text)
    assert "example" not in scrubbed and "exämple" not in scrubbed and TOKEN not in scrubbed


def test_ids_stay() -> None:
    text = "message 0b4f5a52-7f0e-4c53-9d0e-3f0a4f2f5c11 failed: smtp 451"
    assert scrub(text) == text


def test_one_record_is_one_line(log: io.StringIO) -> None:
    logging.getLogger("some.place").warning("first\r\nforged \x1b[31mline")
    assert len(log.getvalue().splitlines()) == 1
    assert "\x1b" not in log.getvalue()
