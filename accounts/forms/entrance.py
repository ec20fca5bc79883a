"""allauth's forms in our words. A label stands beside each field; a placeholder would vanish."""

import struct
from contextlib import suppress

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.utils import has_verified_email
from allauth.core import context
from allauth.mfa.adapter import get_adapter as second_factor_adapter
from allauth.mfa.base import forms as second_factor
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkey
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.adapter import SecretLost
from accounts.forms.details import clean_name
from accounts.models import User
from accounts.services import people
from logbook_site.foundation.addresses import validate_can_be_written_to

GOOD_PASSWORD = _("At least 12 characters. Three or four words that do not belong together work well.")
EMAIL_FORM = _("Enter an e-mail address like name@example.org.")
# The same field has the same words on every page: label, hint, what we say when it is empty.
WORDS = {
    "login": (_("E-mail address"), "", _("Enter your e-mail address.")),
    "email": (_("E-mail address"), "", _("Enter your e-mail address.")),
    "password": (_("Password"), "", _("Enter your password.")),
    "oldpassword": (_("Password now"), "", _("Enter the password you have now.")),
    "password1": (_("New password"), GOOD_PASSWORD, _("Choose a password.")),
    "password2": (_("The same password again"), "", _("Enter the same password again.")),
    "code": (_("Code"), "", _("Enter the code.")),
}


class OurWords:
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field, forms.EmailField):
                field.validators = [*field.validators, validate_can_be_written_to]
            if name in WORDS:
                field.label, field.help_text, field.error_messages["required"] = WORDS[name]
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = EMAIL_FORM


class LoginForm(OurWords, account.LoginForm):
    pass


class SignupForm(OurWords, account.SignupForm):
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("As colleagues know you. Parties you ask for feedback will read it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    kind = forms.ChoiceField(
        label=_("How will you use the logbook?"),
        choices=[
            ("mediator", _("I mediate, or I am a mediation advocate")),
            ("reviewer", _("I review a mediator’s feedback")),
        ],
        initial="mediator",
        widget=forms.RadioSelect,
    )
    field_order = ["kind", "name", "email", "password1", "password2"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("Password")
        asked = (
            context.request.POST.get("next") or context.request.GET.get("next", "") if context.request else ""
        )
        if asked.startswith("/invitation/place-"):
            del self.fields["kind"]  # the role comes with the place
        elif asked.startswith("/invitation/"):
            self.fields["kind"].initial = "reviewer"

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """A double click signs up twice at once: the second is told what a known address is told."""
        if self.account_already_exists:
            # A new account costs a hash, half a second: without one, the time of the answer would tell.
            make_password(self.cleaned_data["password1"])
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)


class AddEmailForm(OurWords, account.AddEmailForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")


class ChangePasswordForm(OurWords, account.ChangePasswordForm):
    def clean_oldpassword(self) -> str:
        """Wrong ones count as they do at sign-in: who found an open browser shall not guess faster here."""
        password = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password


class SetPasswordForm(OurWords, account.SetPasswordForm):
    pass


class ResetPasswordForm(OurWords, account.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(OurWords, account.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(OurWords, account.ReauthenticateForm):
    pass


class RequestLoginCodeForm(OurWords, account.RequestLoginCodeForm):
    pass


class ConfirmLoginCodeForm(OurWords, account.ConfirmLoginCodeForm):
    def clean_code(self) -> str:
        """A right code shows who reads the mail. If the address was never confirmed, a stranger may have
        signed up with it: the password they chose must not open the account."""
        code = super().clean_code()
        person = context.request._login_stage.login.user  # the one that allauth is about to sign in
        if not has_verified_email(person):
            people.forget_password(of=person)
        return code


class ConfirmEmailVerificationCodeForm(OurWords, account.ConfirmEmailVerificationCodeForm):
    pass


class ConfirmPasswordResetCodeForm(OurWords, account.ConfirmPasswordResetCodeForm):
    pass


class TypedCode(OurWords):
    """A code of the app, or a recovery code. When the secret of one cannot be opened, the other still counts."""

    def clean_code(self) -> str:
        with suppress(SecretLost):
            return super().clean_code()
        for factor in Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN):
            with suppress(SecretLost):
                if factor.wrap().validate_code(self.cleaned_data["code"]):
                    self.authenticator = factor
                    return self.cleaned_data["code"]
        raise second_factor_adapter().validation_error("secret_lost")


class SecondFactorForm(TypedCode, second_factor.AuthenticateForm):
    pass


class SecondFactorAgainForm(TypedCode, second_factor.ReauthenticateForm):
    pass


class ActivateTOTPForm(OurWords, totp.ActivateTOTPForm):
    pass


class CredentialField(forms.JSONField):
    """What a browser says about a passkey: JSON without escapes. It serves once, so it is not shown again."""

    def to_python(self, value: str) -> object:
        if value and "\\" in value:
            raise not_a_passkey()
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as error:
            raise not_a_passkey() from error

    def bound_data(self, data: str, initial: object) -> None:
        return None


# What the passkey library and its parts raise on an answer that no browser gives.
NOT_A_PASSKEY = (LookupError, TypeError, ValueError, AttributeError, struct.error)
NOT_A_PASSKEY += (InvalidSignature, UnsupportedAlgorithm)


def not_a_passkey() -> forms.ValidationError:
    return second_factor_adapter().validation_error("incorrect_code")


class AnyCredential(OurWords):
    """Nobody types a credential, and it may be anything: what cannot be read is refused like a wrong code."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = CredentialField(widget=forms.HiddenInput)

    def clean_credential(self) -> object:
        read = getattr(super(), "clean_credential", lambda: self.cleaned_data["credential"])
        try:
            return read()
        except NOT_A_PASSKEY as error:
            raise not_a_passkey() from error


class PasskeyLoginForm(AnyCredential, passkey.LoginWebAuthnForm):
    pass


class PasskeyAsSecondFactorForm(AnyCredential, passkey.AuthenticateWebAuthnForm):
    pass


class PasskeyAgainForm(AnyCredential, passkey.ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(AnyCredential, passkey.AddWebAuthnForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("A name for it")
        self.fields["name"].help_text = _("For example: my phone.")
        self.fields["name"].max_length = 120
        self.fields["passwordless"].label = _("Sign in with it alone, without a password")
        self.fields["passwordless"].help_text = ""
        self.fields["passwordless"].initial = True

    def clean(self) -> dict:
        try:
            return super().clean()
        except NOT_A_PASSKEY as error:
            raise not_a_passkey() from error


class RenamePasskeyForm(OurWords, passkey.EditWebAuthnForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("A name for it")
