"""Logs that can be kept: one line of JSON a record; no token, no address of a person, no name.

What is dropped, and why:
- The path of a request may hold a token: the name of its route is logged instead.
- The text of an exception may hold what somebody typed (PostgreSQL prints the values of a refused row,
  a mail server the address): only its type and the places in the code are logged.
- E-mail addresses and long random words are replaced wherever else they appear.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime

EMAIL = re.compile(r"[^\s@<>\"'(),;:]+(?:@|%40)[^\s@<>\"'(),;]+", re.IGNORECASE)
UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
PATH = re.compile(r"\b([A-Z]+) /\S*")
LONG_WORD = re.compile(r"[\w:=%-]{24,}")


def scrub(text: str) -> str:
    """`text` without e-mail addresses and without anything long enough to be a token. Ids (UUIDs) stay."""
    text = EMAIL.sub("[address]", text)
    return LONG_WORD.sub(lambda word: word[0] if UUID.match(word[0]) else "[token]", text)


def route_of(request) -> str:
    match = getattr(request, "resolver_match", None)
    return match.route if match else "an unknown address"


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self._message(record),
        }
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__qualname__
            line["places"] = self._places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=True)

    def _message(self, record: logging.LogRecord) -> str:
        request = getattr(record, "request", None)
        if hasattr(request, "method"):
            return f"{getattr(record, 'status_code', '')} {request.method} {route_of(request)}".strip()
        if record.name.startswith("django.security"):
            return "A request was refused."  # its text quotes the header or path that was hostile
        if record.name == "celery.app.trace":
            return (
                f"Task {getattr(record, 'data', {}).get('name', '')} failed"  # its text quotes the exception
            )
        if record.name == "gunicorn.error":
            # It names the whole address of a request that was cut off, with the words that somebody searched for.
            return scrub(PATH.sub(r"\1 [path]", record.getMessage()))
        return scrub(record.getMessage())

    @staticmethod
    def _places(trace) -> list[str]:
        """The lines of our own code on the way to the error, and the line that raised it."""
        frames = traceback.extract_tb(trace)
        told = [frame for frame in frames if "site-packages" not in frame.filename or frame is frames[-1]]
        return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in told]


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "logbook_site.foundation.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Django gives these two handlers of their own; ours is enough. No mail to admins: it would hold the request.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        # They tell of every glyph and of every task.
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        # It quotes the files that people hand in.
        "pypdf": {"level": "CRITICAL"},
        "celery": {"level": "WARNING"},
    },
}
