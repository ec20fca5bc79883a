"""Sign-ins of one person: Django's sessions know whose they are only inside, so each is opened."""

import json
from collections.abc import Iterator

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from accounts.models import User


def end_sign_ins(person: User, *, but_for: str | None) -> None:
    """Sign them out everywhere but in the session with the key `but_for`."""
    own = [
        key for key, content in _sessions() if content.get(SESSION_KEY) == str(person.pk) and key != but_for
    ]
    Session.objects.filter(pk__in=own).delete()
    UserSession.objects.filter(user=person).exclude(session_key=but_for or "").delete()


def forget_sessions(*, marks: set[str]) -> None:
    """Delete every session that holds one of `marks` (ids, addresses in lower case).

    That is more than their sign-ins: what they began before they were signed in names them, too.
    """
    naming = [
        key
        for key, content in _sessions()
        if any(mark in json.dumps(content, default=str).lower() for mark in marks)
    ]
    Session.objects.filter(pk__in=naming).delete()


def _sessions() -> Iterator[tuple[str, dict]]:
    for session in Session.objects.iterator():
        yield session.pk, session.get_decoded()
