"""What we write to the staff of organisations, and about the contact form, to us too.

Each function takes an id, and returns None when there is nothing to say any more.
"""

from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from accounts.choices import Role
from accounts.models import ContactMessage, StaffPlace, User
from accounts.services.invitations import token_of
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
