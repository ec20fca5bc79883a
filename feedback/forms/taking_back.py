"""Taking feedback back, with the code from the thank-you page."""

from django import forms
from django.utils.translation import gettext_lazy as _

WITHDRAW, UNSHARE = "withdraw", "unshare"
LANGUAGE = "language"  # the page again, in another language, with what was typed
CODE_LENGTH = 60  # with room for what people put between the groups


class TakingBackForm(forms.Form):
    code = forms.CharField(
        label=_("Your code"),
        help_text=_("You saw it when you sent your feedback, for example ABCD-EFGH-IJKL-MNOP-QRST."),
        max_length=CODE_LENGTH,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "dir": "ltr", "spellcheck": "false", "autocapitalize": "characters"}
        ),
        error_messages={"required": _("Enter the code that you saw when you sent your feedback.")},
    )
    # Two buttons.
    action = forms.ChoiceField(
        choices=[(WITHDRAW, WITHDRAW), (UNSHARE, UNSHARE)],
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(["required", "invalid_choice"], _("Choose one of the two buttons.")),
    )
