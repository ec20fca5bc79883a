"""Who is signed in where, and how they prove who they are: what leaving, an admin, or a command ends."""

import json
import re
from collections.abc import Iterator
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts import permissions
from accounts.choices import Verb
from accounts.models import User
from accounts.services.audit import record
from accounts.services.outbox import queue_message
from logbook_site.foundation import clock

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def end_sign_ins(*, of: User, but_for: str | None = None) -> None:
    """Sign `of` out everywhere but in the session with the key `but_for`.

    Django's sessions know whose they are only inside, so each is opened.
    """
    own = [key for key, content in _sessions() if content.get(SESSION_KEY) == str(of.pk) and key != but_for]
    Session.objects.filter(pk__in=own).delete()
    UserSession.objects.filter(user=of).exclude(session_key=but_for or "").delete()


def make_room(*, of: User) -> None:
    """Before one more sign-in of `of`: end all but their newest, so that there are SIGN_INS_AT_ONCE at most.

    The page that shows them opens each, and so does the next sign-in.
    """
    newest_first = UserSession.objects.filter(user=of).order_by("-created_at", "-pk")
    _end(UserSession.objects.filter(pk__in=newest_first.values("pk")[settings.SIGN_INS_AT_ONCE - 1 :]))


def end_outlived() -> None:
    """End sign-ins that are over for those who have another role than that of a mediator today.

    That role may have come after the sign-in, whose session lives as long as a mediator's.
    """
    others = Q(user__is_reviewer=True) | Q(user__is_directory=True) | Q(user__is_admin=True)
    begun = clock.elsewhere(clock.now() - clock.hours(settings.SESSION_HOURS_OTHERS))
    _end(UserSession.objects.filter(others, created_at__lt=begun))


def _end(sign_ins: QuerySet[UserSession]) -> None:
    """Two statements, however many there are; no session is opened."""
    keys = list(sign_ins.values_list("session_key", flat=True))
    Session.objects.filter(pk__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()


def forget_begun(request: HttpRequest, user: User, **kwargs: object) -> None:
    """The address or the password of `user` has changed: what was begun with the old one, and not finished, ends.

    Whoever reads the old mailbox may wait with a code from there, and whoever knew the password at the second factor.
    Where `user` is signed in, they stay.
    """
    begun = [
        key
        for key, content in _sessions()
        if content.get(SESSION_KEY) != str(user.pk)
        and key != request.session.session_key
        and str(user.pk) in _text_of(content)
    ]
    Session.objects.filter(pk__in=begun).delete()


def forget_sessions(*, marks: set[str]) -> None:
    """Delete every session that holds one of `marks` (ids, addresses in lower case).

    That is more than their sign-ins: what they began before they were signed in names them, too.
    """
    # Whole ones: `n@example.org` is not named where `ben@example.org` is.
    named = re.compile("|".join(rf"(?<![\w.+-]){re.escape(mark)}(?!\.?[\w-])" for mark in marks))
    naming = [key for key, content in _sessions() if named.search(_text_of(content).lower())]
    Session.objects.filter(pk__in=naming).delete()


def forget_sessions_of(people: set[UUID]) -> None:
    """Delete every session that holds the id of one of `people`: signed in or half-way. Quick for many, too."""
    ids = {str(person) for person in people}
    naming = [key for key, content in _sessions() if not ids.isdisjoint(ID.findall(_text_of(content)))]
    Session.objects.filter(pk__in=naming).delete()


def _text_of(content: dict) -> str:
    return json.dumps(content, default=str, ensure_ascii=False).replace("\\n", " ")


def _sessions() -> Iterator[tuple[str, dict]]:
    """Those that are not over."""
    for session in Session.objects.filter(expire_date__gt=clock.elsewhere(clock.now())).iterator():
        yield session.pk, session.get_decoded()


@transaction.atomic
def reset_second_factor(*, of: User, by: User | None) -> bool:
    """Forget the app, passkeys and recovery codes of somebody who lost them; they are told. False: there are none.

    All their sign-ins end. `by` is None when a command does it. Raises PermissionDenied.
    """
    if by and not permissions.may_manage_people(by, of):
        raise PermissionDenied
    forgotten, _by_table = Authenticator.objects.filter(user=of).delete()
    if not forgotten:
        return False
    end_sign_ins(of=of)
    record(Verb.SECOND_FACTOR_RESET, by=by, about=of)
    queue_message(message="accounts.emails.second_factor_reset", object_id=of.pk)
    return True


@transaction.atomic
def send_way_in(*, to: User, by: User) -> None:
    """Mail somebody who never confirmed their address where a new code comes from. Raises PermissionDenied.

    The code itself is known to the browser alone in which it was asked for.
    """
    if not permissions.may_manage_people(by, to):
        raise PermissionDenied
    record(Verb.PERSON_CHANGED_BY_ADMIN, by=by, about=to, reason="way to a new code sent")
    queue_message(message="accounts.emails.way_in", object_id=to.pk)
