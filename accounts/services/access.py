"""Paid access: granted by an admin, by a code, or by an order of the shop; how long follows from all grants."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import permissions
from accounts.choices import AccessSource, Verb
from accounts.models import AccessCode, AccessGrant, User
from accounts.services.audit import record
from accounts.services.outbox import queue_message
from logbook_site.foundation import clock


@transaction.atomic
def grant_access(*, to: User, months: int, by: User) -> AccessGrant:
    """An admin gives `months` (1 to 120), from the end of the present access on. Raises PermissionDenied."""
    if not permissions.may_grant_access(by):
        raise PermissionDenied
    return add_grant(to=to, months=months, source=AccessSource.ADMIN, by=by)


@transaction.atomic
def end_access(*, of: User, by: User) -> None:
    """An admin ends all that was granted, from today on; its owner is told. Raises PermissionDenied."""
    if not permissions.may_grant_access(by):
        raise PermissionDenied
    _hold(of)
    had_any = of.access_grants.filter(ended_at=None).update(ended_at=clock.now())
    record(Verb.ACCESS_ENDED, by=by, about=of)
    reckon(of)
    if had_any:
        _tell(of)


def add_grant(
    *, to: User, months: int, source: AccessSource, by: User | None, code: AccessCode | None = None
) -> AccessGrant:
    """Store a grant, audited, and reckon its owner's access anew. Call it in a transaction."""
    _hold(to)
    grant = AccessGrant.objects.create(person=to, months=months, source=source, code=code)
    record(Verb.ACCESS_GRANTED, by=by, about=to, reason=f"{months} months, {source}")
    reckon(to)
    return grant


def end_grant(grant: AccessGrant) -> None:
    """The order behind a grant was called off: its months count no more. Call it in a transaction."""
    _hold(grant.person)
    if AccessGrant.objects.filter(pk=grant.pk, ended_at=None).update(ended_at=clock.now()):
        record(Verb.ACCESS_ENDED, by=None, about=grant.person, reason="order called off")
        reckon(grant.person)
        _tell(grant.person)


def reckon(person: User) -> None:
    """Write the last day of access, which follows from the grants that still count.

    Whoever just learned of the day (a grant is shown or mailed) needs no reminder of it on the same day.
    """
    grants = person.access_grants.filter(ended_at=None).order_by("granted_on", "id")
    person.access_until = last_day_of([(grant.granted_on, grant.months) for grant in grants])
    person.access_reminded_on = clock.today()
    person.save(update_fields=["access_until", "access_reminded_on"])


def last_day_of(grants: list[tuple[date, int]]) -> date | None:
    """The last day that `grants` (day, months), in the order of their days, cover.

    Each begins when the one before is over, or on its own day if that is later. A month ends on the day before
    the same day of the next: 31 January and one month end on 27 February (28 in a leap year).
    """
    end = None  # the first day without access
    for granted_on, months in grants:
        start = granted_on if end is None else max(end, granted_on)
        end = start + relativedelta(months=months)
    return end - relativedelta(days=1) if end else None


def _hold(person: User) -> None:
    """Two grants at once: the second waits, and counts on from the first."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)


def _tell(person: User) -> None:
    queue_message(message="accounts.emails.access_ended", object_id=person.pk)
