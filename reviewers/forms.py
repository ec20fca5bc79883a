"""Naming a Reviewer, and answering; writing a digest, and commenting on it."""

from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from logbook_site.foundation.addresses import validate_can_be_written_to
from logbook_site.foundation.forms import LongTextField, one_line
from logbook_site.foundation.text import fold
from reviewers.models import Digest

LETTERS = 3
RESULTS = 10


class ChooseForm(forms.Form):
    """A Reviewer by exact address or by part of the name. `found` are those whom a name may mean."""

    most = RESULTS

    reviewer = forms.CharField(
        label=_("Name or e-mail address of a Reviewer"),
        help_text=_("Three letters of the name are enough. An e-mail address must be exact."),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter a name or an e-mail address.")},
    )

    def __init__(self, *args, among: QuerySet[User], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.among = among
        self.found: list[User] = []
        self.chosen: User | None = None

    def clean_reviewer(self) -> str:
        typed = one_line(self.cleaned_data["reviewer"])
        if "@" in typed:
            self.chosen = self.among.with_confirmed_address(typed).first()
        elif is_id(typed):
            self.chosen = self.among.filter(pk=typed).first()
        else:
            self.found = self._named(typed)
            return typed
        if self.chosen is None:
            raise forms.ValidationError(
                _("No checked Reviewer has this address. You can invite them by e-mail below.")
            )
        return typed

    def _named(self, typed: str) -> list[User]:
        """Each word stands somewhere in the name; case and accents do not count."""
        words = fold(typed).split()
        if len("".join(words)) < LETTERS:
            raise forms.ValidationError(_("Enter at least three letters of the name."))
        people = self.among.order_by("name", "pk").only("pk", "name")
        found = [person for person in people if all(word in fold(person.name) for word in words)][:RESULTS]
        if not found:
            raise forms.ValidationError(
                _("No checked Reviewer has this name. You can invite somebody by e-mail below.")
            )
        return found


class InviteForm(forms.Form):
    invite_email = forms.EmailField(
        label=_("Their e-mail address"),
        help_text=_(
            "They can answer for 30 days. They need no payment, and an account only when they accept."
        ),
        validators=[validate_can_be_written_to],
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Enter an e-mail address."),
            "invalid": _("Enter an e-mail address like name@example.org."),
        },
    )


class AnswerForm(forms.Form):
    """The three statements. Each must be true to accept; none is needed to decline."""

    REFUSALS = {
        "not_family": _("You can accept only if you are not family. Otherwise decline."),
        "not_subordinate": _("You can accept only if you do not work for the mediator. Otherwise decline."),
        "not_reciprocal": _("You can accept only if you do not review each other. Otherwise decline."),
    }

    not_family = forms.BooleanField(label=_("We are not family."), required=False)
    not_subordinate = forms.BooleanField(
        label=_("I am not employed by the mediator, and do not report to them."), required=False
    )
    not_reciprocal = forms.BooleanField(label=_("The mediator is not my own Reviewer."), required=False)

    def clean(self) -> dict[str, bool]:
        for name, refusal in self.REFUSALS.items():
            if not self.cleaned_data.get(name):
                self.add_error(name, refusal)
        return self.cleaned_data


def is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


class DigestText(LongTextField):
    """Not optional, as its label shall not say; and yet a draft may be saved while it is empty."""

    def validate(self, value: str) -> None:
        pass


class DigestForm(forms.Form):
    """The text, and the version that it was typed into."""

    text = DigestText(
        label=_("Your digest"),
        max_length=Digest._meta.get_field("text").max_length,
        required=True,
        rows=16,
    )
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    # How many answers the page said to have been taken back.
    gone = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args, needs_text: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.needs_text = needs_text

    def clean_text(self) -> str:
        if self.needs_text and not self.cleaned_data["text"]:
            raise forms.ValidationError(_("Write the digest first. It is still empty."))
        return self.cleaned_data["text"]

    def clean_version(self) -> int:
        """Who names none began from nothing."""
        return self.cleaned_data["version"] or 0

    def clean_gone(self) -> int:
        return self.cleaned_data["gone"] or 0


class CommentForm(forms.Form):
    """What the mediator says about the facts, and about which version."""

    comment = LongTextField(
        label=_("Your comment"),
        help_text=_(
            "Which facts are wrong or missing? If all is right, say so: then it can be finished sooner."
        ),
        max_length=Digest._meta.get_field("comment").max_length,
        error_messages={"required": _("Write a comment. “All correct” is enough.")},
        required=True,
        rows=6,
    )
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
