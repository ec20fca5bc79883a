"""What pages tell of the ground floor's rows."""

from django.conf import settings
from django.urls import reverse

from accounts.models import MediatorProfile


def general_link(profile: MediatorProfile) -> str:
    """The address where anybody may leave feedback about this mediator; empty while it is switched off."""
    if not (profile.accepts_general and profile.general_code):
        return ""
    return settings.SITE_URL + reverse("general_to", args=[profile.general_code])
