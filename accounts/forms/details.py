"""Forms of Account Settings and My Details."""

import zoneinfo
from functools import cache
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role, Visibility
from accounts.models import MediatorProfile, User
from logbook_site.foundation.forms import CheckboxInput, one_line, validate_plain_words
from logbook_site.foundation.languages import language_choices
from logbook_site.foundation.text import search_words


def clean_name(name: str) -> str:
    """A name on one line. It stands in mail to parties: it is refused without a letter, and with addresses in it."""
    name = one_line(name)
    if not search_words(name):  # also one of marks and signs alone, which nobody sees
        raise forms.ValidationError(_("Enter your name."))
    validate_plain_words(name)
    return name


class AccountForm(forms.ModelForm):
    """Name and time zone."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Times on your pages are shown in this zone.")
    )

    class Meta:
        model = User
        fields = ["name", "time_zone"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}
        help_texts = {"name": _("Parties, your Reviewer and directories see this name.")}
        error_messages = {"name": {"required": _("Enter your name.")}}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = time_zone_choices()

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])


class RoleForm(forms.Form):
    """The one role that people may add to an account they already have."""

    add = forms.ChoiceField(
        choices=[(Role.MEDIATOR.value, Role.MEDIATOR.label)],
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(["required", "invalid_choice"], _("This role cannot be added here.")),
    )


class VisibilityForm(forms.Form):
    """The question of the first visit. Nothing is preselected: silence means private."""

    visibility = forms.ChoiceField(
        label=_("May directories see your totals?"),
        choices=Visibility,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no. You can change it at any time.")},
    )


class ManyChoices(forms.CheckboxSelectMultiple):
    """Two groups of ticks; the second and longer one is folded."""

    template_name = "partials/_many_choices.html"


class DetailsForm(forms.ModelForm):
    """My Details: what directories may see, and what a mediator says about themselves."""

    # Not required here: who has not answered stays private.
    visibility = forms.ChoiceField(
        label=_("May directories see your totals?"),
        choices=Visibility,
        widget=forms.RadioSelect,
        required=False,
    )
    # The answer that the page showed: an older page shall not answer anew what was answered since.
    visibility_shown = forms.CharField(widget=forms.HiddenInput, required=False)
    accepts_general_shown = forms.CharField(widget=forms.HiddenInput, required=False)
    imi_profile = forms.URLField(
        label=_("Link to your IMI profile"),
        help_text=_("For example https://imimediation.org/… Leave it empty if you have none."),
        max_length=300,
        required=False,
        assume_scheme="https",
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages you mediate in"), required=False, widget=ManyChoices
    )

    class Meta:
        model = MediatorProfile
        fields = ["visibility", "imi_profile", "country", "languages", "about", "accepts_general"]
        widgets = {"accepts_general": CheckboxInput()}
        help_texts = {
            "about": _("A few sentences about your work. Directories see them if your totals are visible."),
            "accepts_general": _(
                "Not only those you ask. They confirm an e-mail address first, and your Reviewer sees such feedback "
                "marked as “not invited”. Off: the link does not work, but who has written before can still confirm."
            ),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.initial["visibility_shown"] = self.initial["visibility"]
        self.initial["accepts_general_shown"] = self.initial["accepts_general"] or ""
        self.fields["languages"].choices = language_choices(self["languages"].value() or [])

    def clean_visibility(self) -> str:
        answer = self.cleaned_data["visibility"]
        # Who sees "no" chosen, and saves, means it, whatever was answered since.
        is_new = answer == Visibility.PRIVATE or answer != self.data.get("visibility_shown")
        return answer if answer and is_new else self.initial["visibility"]

    def clean_accepts_general(self) -> bool:
        """A tick that the page showed, and that was taken away since, is no new one."""
        is_new = self.initial["accepts_general"] or not self.data.get("accepts_general_shown")
        return bool(self.cleaned_data["accepts_general"] and is_new)

    def clean_imi_profile(self) -> str:
        """An address on imimediation.org, for every browser and for every eye."""
        address = self.cleaned_data["imi_profile"]
        parts = urlsplit(address)
        host = parts.netloc.lower()
        theirs = host == "imimediation.org" or host.endswith(".imimediation.org")
        plain = parts.scheme in {"http", "https"} and not set(host) & set("\\@:")
        if address and not (theirs and plain):
            raise forms.ValidationError(_("Enter an address on imimediation.org, or leave this empty."))
        return address


def time_zone_choices() -> list[tuple[str, str]]:
    """Every zone by its place name, for example “Europe/Berlin”; UTC first."""
    return [("UTC", _("UTC (world time)"))] + [(zone, zone.replace("_", " ")) for zone in _zones()]


@cache
def _zones() -> list[str]:
    """Python reads some 600 files to name them."""
    return sorted(
        zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith("Etc/")
    )
