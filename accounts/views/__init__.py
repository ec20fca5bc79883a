"""Account Settings, My Details, access, the shop, long work, and answers to invitations to an organisation."""

from .access import access
from .details import my_details, visibility
from .jobs import job
from .places import place_invitation
from .settings import account_settings, roles, sessions
from .shop import woocommerce

__all__ = [
    "access",
    "account_settings",
    "job",
    "my_details",
    "place_invitation",
    "roles",
    "sessions",
    "visibility",
    "woocommerce",
]
