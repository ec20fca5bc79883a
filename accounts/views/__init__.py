"""Account Settings, My Details, long work, and the answer to an invitation to the staff of an organisation."""

from .details import my_details, visibility
from .jobs import job
from .places import place_invitation
from .settings import account_settings, roles, sessions

__all__ = ["account_settings", "job", "my_details", "place_invitation", "roles", "sessions", "visibility"]
