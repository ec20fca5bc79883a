"""Who is signed in where, and how they prove who they are: what an admin, or a command, may end."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import permissions
from accounts.choices import Verb
from accounts.models import User
from accounts.services.audit import record
from accounts.services.outbox import queue_message


def end_sign_ins(*, of: User) -> None:
    """Every browser in which `of` is signed in has forgotten them with its next request."""
    known = UserSession.objects.filter(user=of)
    Session.objects.filter(session_key__in=known.values("session_key")).delete()
    known.delete()


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
