"""What we write to the staff of organisations, to buyers, and to those whose access ends.

Each takes an id; None when there is nothing to say any more.
"""

from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from accounts.choices import OrderState
from accounts.models import OrderLine, StaffPlace, User
from accounts.services.invitations import token_of
from accounts.summaries import ends_soon
from logbook_site.foundation import clock
from logbook_site.foundation.mail import write_mail


def place_invitation(place_id: UUID) -> EmailMessage | None:
    """To the address that an admin invited: what it is, and where to answer."""
    place = StaffPlace.objects.open().filter(pk=place_id).select_related("organisation").first()
    if place is None:
        return None
    context = {
        "organisation": place.organisation,
        "expires_at": place.expires_at,
        "link": settings.SITE_URL + reverse("place_invitation", args=[token_of(place_id)]),
    }
    return write_mail(
        "accounts/place_invitation", context, to=place.invite_email, language=settings.LANGUAGE_CODE
    )


def order_granted(line_id: UUID) -> EmailMessage | None:
    """To whoever has got the access they bought: until when. Who is no mediator yet reads how to become one."""
    line = (
        OrderLine.objects.filter(pk=line_id, state=OrderState.GRANTED).select_related("grant__person").first()
    )
    person = line.grant.person if line and line.grant else None
    if person is None or not person.is_active or person.access_until is None:
        return None
    is_mediator = person.is_mediator
    page = reverse("home" if is_mediator else "account_settings")
    context = {"person": person, "is_mediator": is_mediator, "link": settings.SITE_URL + page}
    return write_mail("accounts/order_granted", context, to=person.email, language=settings.LANGUAGE_CODE)


def order_waits(line_id: UUID) -> EmailMessage | None:
    """To a buyer without an account: to sign up with the very address this goes to."""
    line = OrderLine.objects.filter(pk=line_id, state=OrderState.WAITING).first()
    if line is None:
        return None
    context = {
        "address": line.email,
        "waits_until": line.received_at + clock.hours(settings.ORDER_WAITS_HOURS),
        "link": settings.SITE_URL + reverse("account_signup"),
    }
    return write_mail("accounts/order_waits", context, to=line.email, language=settings.LANGUAGE_CODE)


def access_ends(person_id: UUID) -> EmailMessage | None:
    """To a mediator: until when, how to renew, what stays. Who has renewed meanwhile gets none."""
    person = User.objects.filter(pk=person_id, is_active=True, is_mediator=True, deletion_due_at=None).first()
    if person is None or not ends_soon(person):
        return None
    link = settings.SITE_URL + reverse("access")
    context = {"person": person, "link": link, "SHOP_URL": settings.SHOP_URL}
    return write_mail("accounts/access_ends", context, to=person.email, language=settings.LANGUAGE_CODE)
