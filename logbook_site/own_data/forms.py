"""The last question before an account is closed."""

from allauth.account.adapter import get_adapter
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User


class DeleteForm(forms.Form):
    """Asks for the password of those who have one."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("Enter your password.")},
    )

    def __init__(self, *args, person: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if not person.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        """Wrong ones count as they do at sign-in: who found an open browser shall not guess faster here."""
        password = self.cleaned_data["password"]
        if not get_adapter().reauthenticate(self.person, password):
            raise forms.ValidationError(_("This password is not right. Try again."))
        return password


class ReasonForm(forms.Form):
    """The length is that of the audit trail’s column."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Kept in the audit trail for good: write no names and no addresses."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
