"""What we write to the staff of organisations. Takes an id; None when there is nothing to say any more."""

from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from accounts.models import StaffPlace
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
