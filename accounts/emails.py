"""What we write to the staff of organisations, to buyers, to those whose access ends, when an admin helped, and about
the contact form, to us too.

Each function takes an id, and returns None when there is nothing to say any more.
"""

from uuid import UUID

from allauth.account.utils import has_verified_email
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from accounts.choices import OrderState, Role
from accounts.models import ContactMessage, OrderLine, StaffPlace, User
from accounts.permissions import has_access
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


def access_ended(person_id: UUID) -> EmailMessage | None:
    """To a mediator whose access an admin or a refund ended, at once or sooner: what is left of it, and what stays."""
    person = User.objects.staying().filter(pk=person_id, is_mediator=True).first()
    if person is None or settings.ACCESS_MODE == "open":
        return None
    until = person.access_until if has_access(person) else None
    context = {"person": person, "until": until, "link": settings.SITE_URL + reverse("access")}
    return write_mail("accounts/access_ended", context, to=person.email, language=settings.LANGUAGE_CODE)


def way_in(person_id: UUID) -> EmailMessage | None:
    """To somebody who signed up and never confirmed the address: where a new code comes at once."""
    person = User.objects.staying().filter(pk=person_id).first()
    if person is None or has_verified_email(person):
        return None
    context = {"person": person, "link": settings.SITE_URL + reverse("account_login")}
    return write_mail("accounts/way_in", context, to=person.email, language=settings.LANGUAGE_CODE)


def second_factor_reset(person_id: UUID) -> EmailMessage | None:
    """To somebody whose second factor an admin took away: how to sign in now."""
    person = User.objects.staying().filter(pk=person_id).first()
    if person is None:
        return None
    context = {"person": person, "link": settings.SITE_URL + reverse("account_login")}
    return write_mail(
        "accounts/second_factor_reset", context, to=person.email, language=settings.LANGUAGE_CODE
    )


def mail_test(address: str) -> EmailMessage:
    """To whoever sets up the site: mail leaves it."""
    return write_mail("accounts/mail_test", {}, to=address, language=settings.LANGUAGE_CODE)


def nothing_to_say(object_id: UUID) -> None:
    """No mail at all: shows that a worker empties the outbox."""
    return None


def contact(message_id: UUID) -> EmailMessage | None:
    """To us: what somebody wrote. An answer goes straight to them; none of their words stand in the subject."""
    message = ContactMessage.objects.filter(pk=message_id).first()
    if message is None:
        return None
    roles = [str(Role(role).label) for role in message.roles.split(",") if role]
    mail = write_mail(
        "accounts/contact",
        {"message": message, "roles": ", ".join(roles)},
        to=settings.SUPPORT_EMAIL or settings.DEFAULT_FROM_EMAIL,
        language=settings.LANGUAGE_CODE,
    )
    mail.reply_to = [message.email]
    return mail


def contact_arrived(person_id: UUID) -> EmailMessage | None:
    """To somebody with an account: we have the message, and answer to the address they gave. Not what it says."""
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        return None
    return write_mail(
        "accounts/contact_arrived", {"name": person.name}, to=person.email, language=settings.LANGUAGE_CODE
    )
