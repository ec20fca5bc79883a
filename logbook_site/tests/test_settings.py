"""Settings of production, read in a process of their own."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from logbook_site.foundation.environment import Environment, email_settings, generated_secret

PRODUCTION = {
    "LOGBOOK_MODE": "production",
    "SECRET_KEY": "only-for-this-test-" * 4,
    "SEALING_KEY": "only-for-this-test-only-for-this-test-only-",
    "HASH_KEY": "only-for-this-test-" * 4,
    "LEDGER_FILE": "/nonexistent/ledger",
    "DATABASE_URL": "postgresql://logbook@127.0.0.1:1/logbook",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SITE_URL": "https://logbook.example.org",
    "EMAIL_URL": "smtp://mail.example.org:587?tls=on",
    "SUPPORT_EMAIL": "support@example.org",
    "PRIVACY_POLICY_URL": "https://example.org/privacy",
    "DIGEST_INFO_URL": "https://example.org/digest",
    "COMPLAINTS_URL": "https://example.org/complaints",
}
OURS = {*PRODUCTION, "VAR_DIR", "KEYS_REDIS_URL", "PORT", "TWO_FACTOR_REQUIRED_FOR", "CLOCK_OFFSET_HOURS"} | {
    "DJANGO_ALLOW_ASYNC_UNSAFE"
}


def python(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    return subprocess.run(
        [sys.executable, "-W", "ignore", *arguments],
        cwd=settings.BASE_DIR,
        env={**environment, **variables, "DJANGO_SETTINGS_MODULE": "logbook_site.settings"},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.long
def test_production_passes_djangos_own_check() -> None:
    checked = python("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert checked.returncode == 0, checked.stderr


def test_production_names_everything_that_is_missing_at_once() -> None:
    checked = python("manage.py", "check")
    assert checked.returncode == 1
    for name in set(PRODUCTION) - {"LOGBOOK_MODE"}:
        assert f"{name} is missing" in checked.stderr
    assert "LOGBOOK_MODE=demo" in checked.stderr
    assert "Traceback" not in checked.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"), ("SEALING_KEY", "short"), ("SEALING_KEY_FALLBACKS", "x" * 44),
        ("LOGBOOK_MODE", "test"), ("SESSION_HOURS_OTHERS", "-1"), ("PORT", "many"),
        ("SIGN_UP_KEPT_HOURS", "0.5"), ("SIGN_INS_AT_ONCE", "0"),
        ("TWO_FACTOR_REQUIRED_FOR", "admins"), ("TWO_FACTOR_REQUIRED_FOR", "admin,Reviewer"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_used_is_named(name: str, value: str) -> None:
    checked = python("manage.py", "check", **(PRODUCTION | {name: value}))
    assert checked.returncode == 1
    assert name in checked.stderr


WHAT_PRODUCTION_DOES = """
import django
django.setup()
from django.conf import settings
from django.test import Client
client = Client(headers={"host": "logbook.example.org"})
page = client.get("/", secure=True)
print(page.status_code, page.headers["Strict-Transport-Security"])
print(client.get("/").status_code, client.get("/").headers["Location"])
print(client.get("/demo/mailbox/", secure=True).status_code, client.post("/demo/sign-in/", secure=True).status_code)
print("Demo" in page.content.decode(), "mailbox" in page.content.decode())
print(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.TWO_FACTOR_REQUIRED_FOR)
print(settings.CLOCK_OFFSET_HOURS, settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS)
print(settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN, settings.DEBUG)
"""


@pytest.mark.long
def test_what_production_does() -> None:
    environment = PRODUCTION | {"CLOCK_OFFSET_HOURS": "48", "PYTHONPATH": "."}
    ran = python("-c", f"import pytest{WHAT_PRODUCTION_DOES}", **environment)
    assert ran.stdout.splitlines() == [
        "200 max-age=63072000; includeSubDomains; preload",
        "301 https://logbook.example.org/",
        "404 404",
        "False False",
        "__Host-sid __Host-csrf ['admin']",
        "0.0 mail.example.org 587 True",
        "False False",
    ], ran.stderr


@pytest.mark.long
def test_the_demo_people_do_not_come_to_production() -> None:
    ran = python("manage.py", "load_demo", **PRODUCTION)
    assert ran.returncode == 1
    assert "LOGBOOK_MODE=demo" in ran.stderr


def test_every_variable_is_explained() -> None:
    """`deploy/env.example` names each variable that the settings read, and no other."""
    import re

    text = (settings.BASE_DIR / "logbook_site/settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', text))
    explained = set(
        re.findall(r"^#?\s?([A-Z_]+)=", (settings.BASE_DIR / "deploy/env.example").read_text(), re.M)
    )
    assert explained - {"PG_BINDIR", "REDIS_BIN", "CHROMIUM", "FORWARDED_ALLOW_IPS"} == read


def test_email_url() -> None:
    assert email_settings("smtps://me%40x:p%3Aw@mail.example.org") == {
        "EMAIL_BACKEND": "logbook_site.foundation.mail.SmtpBackend",
        "EMAIL_HOST": "mail.example.org",
        "EMAIL_PORT": 465,
        "EMAIL_HOST_USER": "me@x",
        "EMAIL_HOST_PASSWORD": "p:w",
        "EMAIL_USE_SSL": True,
        "EMAIL_USE_TLS": False,
    }
    with pytest.raises(ImproperlyConfigured):
        email_settings("mail.example.org")


def test_fractions_of_hours_are_read() -> None:
    assert Environment({"A": "0.05"}).number("A", 3) == 0.05


def test_a_generated_secret_is_made_once_and_private(tmp_path) -> None:
    path = tmp_path / "keys" / "one"
    assert generated_secret(path) == generated_secret(path) == path.read_text()
    assert len(path.read_text()) > 60
    assert path.stat().st_mode & 0o077 == 0
    assert [file.name for file in path.parent.iterdir()] == ["one"]
