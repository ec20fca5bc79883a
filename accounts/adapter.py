"""Where allauth asks us: who signs up as what, how its mail is written, what happens when mail is away."""

import logging
import smtplib
from ipaddress import IPv6Address

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import Role
from accounts.models import User
from accounts.services import second_factors
from accounts.services.people import add_role
from accounts.tables import browser_name
from logbook_site.foundation.sealing import CannotUnseal

log = logging.getLogger(__name__)
CODE_SENT = {"account/messages/email_confirmation_sent.txt", "account/messages/login_code_sent.txt"}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy(
            "The e-mail address or the password is not right. Try again."
        ),
        "incorrect_password": gettext_lazy("This password is not right. Try again."),
        "incorrect_code": gettext_lazy("This code is not right. Look at the newest e-mail and try again."),
        "too_many_login_attempts": gettext_lazy("Too many tries. Wait some minutes, then try again."),
        "email_taken": gettext_lazy("This e-mail address cannot be used. Enter another one."),
        "same_as_current": gettext_lazy("This is your address already. Enter another one."),
        "enter_current_password": gettext_lazy("This is not your password now. Try again."),
    }

    def validation_error(self, code: str, *args) -> ValidationError:
        """Over a limit the answer is the same page everywhere, with status 429."""
        if code in {"too_many_login_attempts", "rate_limited"}:
            raise ImmediateHttpResponse(respond_429(self.request))
        return super().validation_error(code, *args)

    def is_safe_url(self, url: str) -> bool:
        """An address that nobody can read (`//[`) is not safe."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Who came past the proxies (their header is too short, or missing) is who stands at our door.

        A server that listens for IPv6 and IPv4 at once writes `::ffff:192.0.2.1`. The network that such an address
        belongs to, which is what limits count, is all of IPv4.
        """
        try:
            address = super().get_client_ip(request)
        except ImproperlyConfigured:
            address = request.META["REMOTE_ADDR"]
        try:
            return str(IPv6Address(address).ipv4_mapped or address)
        except ValueError:
            return address

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: str) -> str:
        """Wrong passwords count by account. allauth counts each spelling of the Host header for itself."""
        return credentials.get("email", "").lower()

    @transaction.atomic
    def save_user(self, request: HttpRequest, user: User, form, commit: bool = True) -> User:
        """A new account with the name and the role that were chosen on the sign-up page."""
        user.email = form.cleaned_data["email"]
        user.name = form.cleaned_data["name"]
        user.set_password(form.cleaned_data["password1"])
        user.save()
        if kind := form.cleaned_data.get("kind"):
            add_role(to=user, role=Role(kind), by=user)
        return user

    def set_password(self, user: User, password: str) -> None:
        """The password alone: to hash it takes half a second, and an admin may close the account meanwhile."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to where one came from, not to the same form again."""
        return reverse("account_settings")

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Codes are sent while the person waits, 10 seconds at most. When that fails, they can ask again."""
        try:
            super().send_mail(template_prefix, email, {"SITE_NAME": settings.SITE_NAME} | context)
        except (smtplib.SMTPException, OSError) as error:
            log.warning("Account mail was not sent: %s", type(error).__name__)
            self.request.mail_failed = True
            messages.error(
                self.request,
                _("We could not send the e-mail just now. Wait a minute, then ask for a new code."),
            )

    def add_message(
        self, request: HttpRequest, level: int, message_template: str = "", *args, **kwargs
    ) -> None:
        """Never "we sent a code" beside "we could not send it"."""
        if not (message_template in CODE_SENT and getattr(request, "mail_failed", False)):
            super().add_message(request, level, message_template, *args, **kwargs)

    def render_mail(self, template_prefix, email, context, headers=None) -> EmailMessage:
        # allauth renders the subject without the request, so without what every template may use.
        context = context | {"SITE_NAME": settings.SITE_NAME}
        if "user_agent" in context:
            context["browser"] = browser_name(context["user_agent"])
        mail = super().render_mail(template_prefix, email, context, headers)
        mail.attach_alternative(self._in_html(mail.body, context), "text/html")
        mail.extra_headers["Auto-Submitted"] = "auto-generated"
        if settings.SUPPORT_EMAIL:
            mail.reply_to = [settings.SUPPORT_EMAIL]
        return mail

    def _in_html(self, text: str, context: dict) -> str:
        """The same as the plain text, so that all mail of the site looks alike. Only addresses of ours are links."""
        message, _rule, _below = text.partition("\n--\n")
        paragraphs = [[line.strip() for line in part.splitlines()] for part in message.strip().split("\n\n")]
        links = [context[name] for name in ("password_reset_url", "signup_url") if name in context]
        page = {"paragraphs": paragraphs, "links": links, "code": context.get("code")}
        return render_to_string("account/email/message.html", page, self.request)


class SecretLost(ImmediateHttpResponse):
    """No key opens the secret of a second factor. Where its codes would be shown, a page says so and offers new ones;
    where one is typed, see `TypedCode` in `accounts/forms/entrance.py`."""


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This code is not right. Enter the one your app shows now."),
        "secret_lost": gettext_lazy(
            "This code is not right, or we cannot check it any more: a key is missing on our side. "
            "Use a passkey, or write to us."
        ),
    }

    def encrypt(self, text: str) -> str:
        return second_factors.seal_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return second_factors.open_secret(encrypted_text)
        except CannotUnseal as error:
            log.error("The secret of a second factor cannot be opened")
            raise SecretLost(TemplateResponse(self.request, "mfa/recovery_codes/lost.html")) from error

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """What the name of a new passkey says before the person changes it."""
        number = user.authenticator_set.filter(type=type).count() + 1
        return _("Passkey") if number == 1 else _("Passkey %(number)s") % {"number": number}

    def get_totp_issuer(self) -> str:
        return settings.SITE_NAME
