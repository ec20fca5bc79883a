"""The form for an access code."""

from django import forms
from django.utils.translation import gettext_lazy as _

CODE_LENGTH = 60  # with room for what people put between the groups


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Access code"),
        help_text=_("For example ABCD-EFGH-JKLM. Capitals, spaces and hyphens do not matter."),
        max_length=CODE_LENGTH,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
        error_messages={"required": _("Enter the code that you were given.")},
    )
