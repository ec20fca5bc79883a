"""Limits on what strangers may try. How many: ACCOUNT_RATE_LIMITS in the settings, counted in the cache."""

from allauth.core.internal import ratelimit  # the public door leaves GET uncounted
from django.http import HttpRequest


def is_over(action: str, request: HttpRequest, *, key: str | None = None) -> bool:
    """Count one more `action` of this visitor; True when it is one too many (it is not counted then)."""
    usage = ratelimit.consume(request, app="allauth.account", action=action, key=key, limit_get=True)
    return usage is None
