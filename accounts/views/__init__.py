"""Account Settings, My Details, access, the shop, long work, and answers to invitations to an organisation."""

from .access import access
from .details import my_details, visibility
from .jobs import job
from .places import place_invitation
from .settings import account_settings, roles, sessions
from .shop import woocommerce
from .ways_in import activate_app, add_passkey, change_email, set_password

__all__ = [
    "access",
    "account_settings",
    "activate_app",
    "add_passkey",
    "change_email",
    "job",
    "my_details",
    "place_invitation",
    "roles",
    "sessions",
    "set_password",
    "visibility",
    "woocommerce",
]
