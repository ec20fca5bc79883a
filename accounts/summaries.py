"""What pages tell of the ground floor's rows."""

from datetime import date, timedelta
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse

from accounts.models import AccessGrant, MediatorProfile, User
from accounts.permissions import has_access
from logbook_site.foundation import clock

# So long before its end a to-do on Home speaks of it, and the first reminder is sent.
ENDS_SOON_DAYS = 30


def general_link(profile: MediatorProfile) -> str:
    """The address where anybody may leave feedback about this mediator; empty while it is switched off."""
    if not (profile.accepts_general and profile.general_code):
        return ""
    return settings.SITE_URL + reverse("general_to", args=[profile.general_code])


class Access(NamedTuple):
    """How long a mediator has access, and what gave it, the latest first."""

    until: date | None
    is_on: bool
    grants: list[AccessGrant]


def access_of(person: User) -> Access:
    """What their own pages tell. `until` is read anew: a code may just have moved it."""
    until = User.objects.values_list("access_until", flat=True).get(pk=person.pk)
    person.access_until = until
    grants = AccessGrant.objects.filter(person=person).order_by("-granted_on", "id")
    return Access(until=until, is_on=has_access(person), grants=list(grants))


def ends_soon(person: User) -> bool:
    """Access is paid for, on today, and over within a month."""
    if settings.ACCESS_MODE == "open" or not has_access(person):
        return False
    return person.access_until <= clock.today() + timedelta(days=ENDS_SOON_DAYS)
