"""The search for a mediator."""

from django import forms
from django.utils.translation import gettext_lazy as _

from logbook_site.foundation.links import is_link
from logbook_site.foundation.text import search_words

LETTERS = 2


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Name or IMI profile"),
        help_text=_("The beginning of any part of the name is enough. Or paste the link to the IMI profile."),
        max_length=300,
        widget=forms.TextInput(
            attrs={"type": "search", "autocomplete": "off", "spellcheck": "false", "maxlength": None}
        ),
        error_messages={
            "required": _("Type at least two letters of the name."),
            "max_length": _("That is too long. Type a part of the name."),
            "null_characters_not_allowed": _("Type at least two letters of the name."),
        },
    )

    def clean_q(self) -> str:
        typed = self.cleaned_data["q"]
        if not is_link(typed) and max(map(len, search_words(typed)), default=0) < LETTERS:
            raise forms.ValidationError(_("Type at least two letters of the name."))
        return typed
