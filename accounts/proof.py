"""Before somebody takes everything along, deletes it, or adds a way in: is it really them?"""

from collections.abc import Callable
from functools import wraps

from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.reauthentication import (
    get_reauthentication_flows,
    raise_if_reauthentication_required,
)
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
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


def proven(
    view: Callable[..., HttpResponse], *, a_look_too: bool, allauth_asks: bool = True
) -> Callable[..., HttpResponse]:
    """Asks where allauth does not: whom it can ask for neither password nor second factor; or, on some pages, nobody.

    What was posted without a proof is not kept for later, as allauth would in the session: it may be a password.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        is_asked = (request.method == "POST" or a_look_too) and request.user.is_authenticated
        if is_asked and not (allauth_asks and get_reauthentication_flows(request.user)):
            try:
                require_proof(request)
            except ReauthenticationRequired:
                if request.method == "POST":
                    return redirect(request.path)
                raise
        return view(request, *args, **kwargs)

    return guarded
