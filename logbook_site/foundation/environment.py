"""Settings from the environment, with one loud error that names everything that is missing."""

import os
import secrets
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured


class Environment:
    """Reads variables; collects what is missing and what cannot be read, and complains once, in `check()`."""

    def __init__(self, variables: os._Environ[str] | dict[str, str] = os.environ) -> None:
        self.variables = variables
        self.complaints: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        return self.variables.get(name, "").strip() or default

    def required(self, name: str, why: str) -> str:
        value = self.text(name)
        if not value:
            self.complaints.append(f"{name} is missing: {why}")
        return value

    def number(self, name: str, default: float) -> float:
        """A number of hours, days or things; fractions are allowed, so that waiting can be watched."""
        return self._read(name, default, float)

    def whole_number(self, name: str, default: int) -> int:
        return self._read(name, default, int)

    def words(self, name: str, default: str = "") -> list[str]:
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def flag(self, name: str, default: bool) -> bool:
        return self.text(name, "on" if default else "off").lower() in {"1", "on", "yes", "true"}

    def time_of_day(self, name: str, default: str) -> time | None:
        """ "06:00" in UTC. A variable that is there, but empty, means None: no time of day."""
        value = self.variables.get(name, default).strip()
        if not value:
            return None
        try:
            return datetime.strptime(value, "%H:%M").time()
        except ValueError:
            self.complaints.append(f"{name} is '{value}': it must be a time of day such as 06:00, or empty")
            return None

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value not in choices:
            self.complaints.append(f"{name} is '{value}': it must be one of {', '.join(choices)}")
        return value

    def _read(self, name: str, default, kind: Callable):
        value = self.text(name)
        if not value:
            return default
        try:
            number = kind(value)
        except ValueError:
            number = -1
        if not 0 <= number < 1e9:
            self.complaints.append(f"{name} is '{value}': it must be a number that is not negative")
            return default
        return number

    def check(self) -> None:
        if self.complaints:
            lines = "\n".join(f"  - {complaint}" for complaint in self.complaints)
            raise ImproperlyConfigured(
                f"The settings are not complete:\n{lines}\n"
                "Each is explained in deploy/env.example. To try the site without them, set LOGBOOK_MODE=demo."
            )


def generated_secret(path: Path) -> str:
    """A random secret that is made once and kept in `path` (demo mode only).

    Two processes may ask at the same moment: the file is written aside and linked, so both read the same one.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def email_settings(url: str) -> dict[str, object]:
    """Django's e-mail settings from `smtp://user:password@host:587?tls=on` or `smtps://…:465`."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured("EMAIL_URL must look like smtp://user:password@host:587?tls=on")
    secure = parts.scheme == "smtps"
    start_tls = parse_qs(parts.query).get("tls", ["off"])[0] in {"1", "on", "true"}
    return {
        "EMAIL_BACKEND": "logbook_site.foundation.mail.SmtpBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if secure else 587 if start_tls else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": secure,
        "EMAIL_USE_TLS": start_tls,
    }


def next_database(address: str) -> str:
    """The address of the database after this one, on the same Redis."""
    parts = urlsplit(address)
    if parts.scheme == "unix":  # unix:///path/of/socket?db=0
        options = dict(parse_qsl(parts.query))
        query = urlencode(options | {"db": int(options.get("db", 0)) + 1})
        return f"unix://{parts.netloc}{parts.path}?{query}"
    number = parts.path.strip("/") or "0"
    return urlunsplit(parts._replace(path=f"/{int(number) + 1}")) if number.isdecimal() else address
