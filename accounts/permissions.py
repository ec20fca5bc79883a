"""Who may do what to what they see: plain functions, a reason a line."""

from collections.abc import Callable
from functools import wraps

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from accounts.choices import Role
from accounts.models import User


def only(role: Role) -> Callable:
    """A view for one role: everyone else who is signed in gets 404, as if the address were unknown.

    Strangers never come this far: the login is required by default.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if role not in request.user.roles:
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def is_without_required_second_factor(user: User) -> bool:
    """Some roles (production: admin) may do nothing before they have a second factor."""
    return bool(user.roles & set(settings.TWO_FACTOR_REQUIRED_FOR)) and not is_mfa_enabled(user)
