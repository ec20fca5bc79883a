"""Before somebody takes everything along or deletes it: is it really them?"""

from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.reauthentication import (
    get_reauthentication_flows,
    raise_if_reauthentication_required,
)
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.middleware import SIGNED_IN_AT
from logbook_site.foundation import clock


def require_proof(request: HttpRequest) -> None:
    """Goes on only if, in the last minutes, they gave their password or second factor.

    Who has neither signs in with mailed codes alone: then the sign-in itself must be as new. Raises an answer that
    asks.
    """
    if get_reauthentication_flows(request.user):
        raise_if_reauthentication_required(request, app="allauth.account")
    elif clock.now().timestamp() - request.session.get(SIGNED_IN_AT, 0) > REAUTHENTICATION_TIMEOUT:
        path = request.path
        logout(request)
        messages.info(request, _("Sign in once more with a mailed code, to show that it is you."))
        raise ImmediateHttpResponse(redirect_to_login(path))
