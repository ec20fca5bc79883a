"""Rules that hold for every request: who somebody is, for how long, and in which language they read."""

import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime

from allauth.account.middleware import AccountMiddleware
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from accounts.choices import Role
from accounts.models import FormKey, User
from accounts.permissions import is_without_required_second_factor
from accounts.services import sign_ins
from logbook_site.foundation import clock
from logbook_site.foundation.languages import language_of

SIGNED_IN_AT = "signed_in_at"  # seconds since 1970, in the session
# Here nobody is anybody: a party answers by link, a mail program unsubscribes, a shop reports an order. The views under
# these addresses are exempt from the check against forged posts, because there is no sign-in to misuse.
PARTY_ADDRESSES = ("/give-feedback/", "/stop/", "/hooks/")
# Where somebody who must add a second factor may still go: to add it, to prove who they are, or to leave.
SECOND_FACTOR_ADDRESSES = ("/accounts/2fa/", "/accounts/reauthenticate/", "/accounts/logout/", "/static/")
# Where somebody who waits for the deletion of their account may still go: to keep it, to take what is theirs along
# (for which they prove who they are), to ask us, or to leave.
LEAVING_ADDRESSES = (
    "/account-settings/restore/", "/account-settings/download/", "/jobs/", "/accounts/reauthenticate/",
    "/accounts/2fa/reauthenticate/", "/accounts/2fa/webauthn/reauthenticate/", "/accounts/logout/", "/help/",
    "/privacy/", "/static/", "/demo/",
)  # fmt: skip


def remember_sign_in(request: HttpRequest, user: User, **kwargs: object) -> None:
    """Write the time of this sign-in into its session: how long it lasts is counted from there.

    Of many sign-ins of one person the oldest give way.
    """
    request.session[SIGNED_IN_AT] = int(clock.now().timestamp())
    sign_ins.make_room(of=user)


def _hours_of(person: User) -> float:
    """How long a sign-in lasts; the roles of today decide."""
    only_mediator = person.roles <= {Role.MEDIATOR}
    return settings.SESSION_HOURS_MEDIATOR if only_mediator else settings.SESSION_HOURS_OTHERS


class PartyMiddleware:
    """The pages of parties know nobody: no cookie is read there, no session, no person; so none is written.

    A mediator may open a link on their own device, and a session that is touched tells the time by its expiry.
    `SignInMiddleware` and `FormKeyMiddleware` see a stranger here, and do nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(PARTY_ADDRESSES):
            request.COOKIES = {}
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        """Before Django asks the session who this is."""
        if request.path_info.startswith(PARTY_ADDRESSES):
            request.user = AnonymousUser()


class LanguageMiddleware:
    """Parties read in the language of `?lang=`, else in that of their browser; members in English, all of it.

    The pages of members are not translated. In the language of their browser, sentences of Django and of allauth
    would stand among ours in another one. It is around all that makes pages, error pages too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_of_party = request.path_info.startswith(PARTY_ADDRESSES)
        language = language_of(request) if is_of_party else settings.LANGUAGE_CODE
        with translation.override(language):
            response = self.get_response(request)
        response.headers["Content-Language"] = language
        if is_of_party:
            patch_vary_headers(response, ["Accept-Language"])
        return response


class SignInMiddleware:
    """Ends a sign-in that is too old for the person's roles, asks for a missing second factor, sets the time zone.

    Who has asked for the deletion of their account finds one page behind every address. Session and cookie end with the
    sign-in: so nothing comes to life again when a role is taken away. What strangers begin ends soon: each look at some
    pages makes a session, and whatever ends sign-ins must open them all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._answer(request)
        session = request.session
        if session.modified and not session.is_empty():
            if request.user.is_authenticated:
                ends = datetime.fromtimestamp(self._ends_at(request), UTC)
            else:
                ends = clock.now() + clock.hours(settings.SESSION_HOURS_STRANGERS)
            session.set_expiry(clock.elsewhere(ends))
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return self.get_response(request)
        # The page without a network shows a draft on this device so long, and no longer.
        request.sign_in_ends_at = self._ends_at(request)
        if clock.now().timestamp() > request.sign_in_ends_at:
            logout(request)
            return self.get_response(request)
        # The page where one adds it says why one is there.
        request.lacks_second_factor = is_without_required_second_factor(request.user)
        if request.lacks_second_factor:
            if not request.path_info.startswith(SECOND_FACTOR_ADDRESSES):
                return redirect("mfa_index")
        elif request.user.is_leaving and not request.path_info.startswith(LEAVING_ADDRESSES):
            return redirect("restore_account")
        with timezone.override(zoneinfo.ZoneInfo(request.user.time_zone)):
            response = self.get_response(request)
        if not request.user.is_authenticated:
            # Signed out just now: drafts on this device go, too. The next person may use it.
            response.headers["Clear-Site-Data"] = '"storage"'
        return response

    @staticmethod
    def _ends_at(request: HttpRequest) -> int:
        """Seconds since 1970. Counted from sign-in, not from the last visit."""
        return int(request.session.get(SIGNED_IN_AT, 0) + _hours_of(request.user) * 3600)


class FormKeyMiddleware:
    """A form with a `form_key` has one effect and one answer, however often it is sent.

    The key is taken before the view runs and in the same transaction: a second post waits for the first, then gets
    the first one's redirect. A refused form (no redirect) gives the key back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        # allauth answers by exception ("prove who you are", "too many tries"); Django asks for that answer
        # only around its own call of a view.
        self.answer_of = AccountMiddleware(get_response).process_exception

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        if request.method != "POST" or not request.user.is_authenticated:
            return None
        key = request.POST.get("form_key", "").replace("\0", "")
        if not key:
            return None
        # Another button of the same page is another form: who has invited somebody can still end what there is.
        key = f"{key[:50]} {request.POST.get('action', '').replace(chr(0), '')}"[:64].rstrip()
        try:
            return self._once(key, request, view, args, kwargs)
        except Exception as error:  # rolled back: nothing happened, and the key is free again
            if answer := self.answer_of(request, error):
                return answer
            raise

    @staticmethod
    def _once(key: str, request: HttpRequest, view, args, kwargs) -> HttpResponse:
        with transaction.atomic():
            taken, is_new = FormKey.objects.get_or_create(
                person=request.user, address=request.path[:300], key=key
            )
            if not is_new:
                return HttpResponseRedirect(taken.redirect)
            response = view(request, *args, **kwargs)
            if isinstance(response, HttpResponseRedirect):
                fits = len(response.url) <= FormKey._meta.get_field("redirect").max_length
                taken.redirect = response.url if fits else request.path
                taken.save(update_fields=["redirect"])
            else:
                taken.delete()
            return response
