"""The contact form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import MessageKind
from logbook_site.foundation.addresses import validate_can_be_written_to
from logbook_site.foundation.forms import LongTextField, one_line
from logbook_site.help.own_pages import without_token


class ContactForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("We answer to this address."),
        max_length=254,
        validators=[validate_can_be_written_to],
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Enter your e-mail address."),
            "invalid": _("Enter an e-mail address like name@example.org."),
        },
    )
    kind = forms.ChoiceField(
        label=_("What is it about?"),
        choices=MessageKind,
        initial=MessageKind.QUESTION,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(["required", "invalid_choice"], _("Choose what it is about.")),
    )
    page = forms.CharField(
        label=_("Page"),
        help_text=_("If it is about one page: its address, or what it is called."),
        max_length=300,
        required=False,
    )
    message = LongTextField(
        label=_("Message"),
        help_text=_("Please write no names of parties, and nothing from a mediation."),
        required=True,
        rows=8,
        error_messages={"required": _("Write what you want to tell us.")},
    )

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Enter your name."))
        return name

    def clean_page(self) -> str:
        """Somebody may paste the address of a survey: its token opens it, and must not lie in our mailbox."""
        return without_token(one_line(self.cleaned_data["page"]))
