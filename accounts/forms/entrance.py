"""allauth's forms in our words. A label stands beside each field; a placeholder would repeat it and then vanish."""

from allauth.account import forms as account
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkey
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.details import clean_name

GOOD_PASSWORD = _("At least 12 characters. Three or four words that do not belong together work well.")
# The same field has the same words on every page: label, hint.
WORDS = {
    "login": (_("E-mail address"), ""),
    "email": (_("E-mail address"), ""),
    "password": (_("Password"), ""),
    "oldpassword": (_("Password now"), ""),
    "password1": (_("New password"), GOOD_PASSWORD),
    "password2": (_("The same password again"), ""),
    "code": (_("Code"), ""),
}


class OurWords:
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in WORDS:
                field.label, field.help_text = WORDS[name]


class LoginForm(OurWords, account.LoginForm):
    pass


class SignupForm(OurWords, account.SignupForm):
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("As colleagues know you. Parties you ask for feedback will read it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
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

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])


class AddEmailForm(OurWords, account.AddEmailForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")


class ChangePasswordForm(OurWords, account.ChangePasswordForm):
    pass


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
    pass


class ConfirmEmailVerificationCodeForm(OurWords, account.ConfirmEmailVerificationCodeForm):
    pass


class ConfirmPasswordResetCodeForm(OurWords, account.ConfirmPasswordResetCodeForm):
    pass


class SecondFactorForm(OurWords, second_factor.AuthenticateForm):
    pass


class SecondFactorAgainForm(OurWords, second_factor.ReauthenticateForm):
    pass


class ActivateTOTPForm(OurWords, totp.ActivateTOTPForm):
    pass


class AddPasskeyForm(OurWords, passkey.AddWebAuthnForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("A name for it")
        self.fields["name"].help_text = _("For example: my phone.")
        self.fields["passwordless"].label = _("Sign in with it alone, without a password")
        self.fields["passwordless"].help_text = ""
        self.fields["passwordless"].initial = True


class RenamePasskeyForm(OurWords, passkey.EditWebAuthnForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("A name for it")
