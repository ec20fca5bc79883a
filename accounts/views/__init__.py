"""Account Settings, My Details, access, the shop, and the answer to an invitation to the staff of an organisation."""

from .access import access
from .details import my_details, visibility
from .places import place_invitation
from .settings import account_settings, roles, sessions
from .shop import woocommerce

__all__ = [
    "access",
    "account_settings",
    "my_details",
    "place_invitation",
    "roles",
    "sessions",
    "visibility",
    "woocommerce",
]
