"""What a mediator writes about a piece: a note for themselves, and a report to whoever runs the site."""

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.models import FeedbackNote, FeedbackReport
from logbook_site.foundation.forms import LongTextField
from logbook_site.foundation.lost_texts import LeavesLostTexts


class NoteForm(LeavesLostTexts, forms.Form):
    note = LongTextField(label=_("Your note"), rows=4)
    # The page sends it along with a stored note: one that was emptied is asked about, once.
    ask_first = forms.CharField(required=False, widget=forms.HiddenInput, initial="1")

    def __init__(self, *args, stored: FeedbackNote, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.find_lost(stored, ["note"])
        self.is_stored = not stored._state.adding
        if not self.lost:
            self.initial["note"] = stored.note

    @property
    def asks(self) -> bool:
        """Emptied and not confirmed: the note is not thrown away yet."""
        return (
            self.is_bound
            and self.is_valid()
            and self.is_stored
            and not self.lost
            and bool(self.cleaned_data["ask_first"])
            and not self.cleaned_data["note"].strip()
        )


class ReportForm(forms.Form):
    reason = LongTextField(
        label=_("What is wrong with it?"),
        max_length=FeedbackReport._meta.get_field("reason").max_length,
        error_messages={"required": _("Say in a sentence what is wrong with it.")},
        required=True,
        rows=4,
    )
