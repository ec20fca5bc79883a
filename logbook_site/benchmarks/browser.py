"""Asks the real site for pages, in this process: every middleware, the session in the database, the real views."""

from collections.abc import Callable
from importlib import import_module
from io import BytesIO
from typing import NamedTuple
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from accounts.middleware import SIGNED_IN_AT
from accounts.models import User
from logbook_site.foundation import clock


class Answer(NamedTuple):
    status: int
    body: bytes


class Browser:
    """Of one person, signed in; or of nobody."""

    def __init__(self, person: User | None = None) -> None:
        from logbook_site.wsgi import application  # it reads the settings

        self.application = application
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={session_of(person)}" if person else ""

    def get(self, address: str) -> Answer:
        return self._ask("GET", address)

    def post(self, address: str, form: dict[str, str]) -> Answer:
        return self._ask("POST", address, urlencode(form).encode())

    def _ask(self, method: str, address: str, body: bytes = b"") -> Answer:
        path, _mark, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": "localhost",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
        }
        if self.cookie:
            environ["HTTP_COOKIE"] = self.cookie
        setup_testing_defaults(environ)
        said = []
        parts = self.application(environ, lambda status, headers: said.append(int(status[:3])))
        try:
            # As a web server does: what was sent is not kept.
            kept = b"".join(parts) if "export" not in path else b"".join(part[:0] for part in parts)
        finally:
            parts.close()
        return Answer(said[0], kept)


def session_of(person: User) -> str:
    """The key of a new session of `person`, as after signing in now."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session[SIGNED_IN_AT] = int(clock.now().timestamp())
    session.create()
    return session.session_key


def well(ask: Callable[[], Answer], status: int = 200) -> Callable[[], Answer]:
    """`ask`, which must be answered: a fast error page would be a fine result."""

    def asked() -> Answer:
        answer = ask()
        if answer.status != status:
            raise RuntimeError(f"answered {answer.status} instead of {status}")
        return answer

    return asked
