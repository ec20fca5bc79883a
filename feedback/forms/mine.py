"""What a mediator writes about a piece: a note for themselves, and a report to whoever runs the site."""

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.models import FeedbackReport

NOTE_LETTERS = 20_000


class LongText(forms.CharField):
    """Counts and keeps a new line as one letter, as the person who typed it does."""

    def to_python(self, value: str | None) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class NoteForm(forms.Form):
    note = LongText(
        label=_("Your note"),
        max_length=NOTE_LETTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReportForm(forms.Form):
    reason = LongText(
        label=_("What is wrong with it?"),
        max_length=FeedbackReport._meta.get_field("reason").max_length,
        error_messages={"required": _("Say in a sentence what is wrong with it.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
