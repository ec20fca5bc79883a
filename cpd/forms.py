"""Add CPD Entry. First what takes a minute; then evidence; the rest is folded; then what was taken away."""

from datetime import date

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cpd.models import CpdEntry
from cpd.points import PointsField
from logbook_site.foundation.documents import TYPES, Document, most_size, read_document
from logbook_site.foundation.entry_forms import EntryFormBase, not_in_future
from logbook_site.foundation.forms import CheckboxInput, DateInput, LongTextField, one_line
from logbook_site.foundation.hours import HoursField


class CpdForm(EntryFormBase):
    """It may ask about a possible duplicate. `document` is the evidence that came with it, fit to be kept."""

    hours = HoursField(
        label=gettext_lazy("Hours"),
        required=False,
        help_text=gettext_lazy("For example 3:30, 3.5 or 45 min."),
    )
    points = PointsField(
        label=gettext_lazy("Points"),
        required=False,
        help_text=gettext_lazy("Enter hours, points, or both."),
    )
    evidence = forms.FileField(
        label=gettext_lazy("Certificate or programme"),
        required=False,
        # With types of pictures in it, phones offer the camera beside the gallery and the files. Not `capture`: that
        # opens the camera at once and hides the other two, and a certificate mostly came by mail.
        widget=forms.FileInput(attrs={"accept": ",".join(TYPES.values())}),
        error_messages={"empty": gettext_lazy("This file is empty. Choose another one.")},
    )
    without_evidence = forms.BooleanField(
        label=gettext_lazy("Remove the file that is there now"),
        required=False,
        widget=CheckboxInput,
        help_text=gettext_lazy("It cannot come back. Download it first if you may need it."),
    )
    takeaways = LongTextField(label=gettext_lazy("What I take away"))

    DAY = "completed_on"
    FAST = ["completed_on", "title", "kind"]
    WORTH = ["hours", "points"]
    MORE = ["provider", "country"]
    PRIVATE = ["takeaways"]

    class Meta:
        model = CpdEntry
        fields = ["completed_on", "title", "kind", "provider", "country", "points"]
        widgets = {
            "completed_on": DateInput(),
            "title": forms.TextInput(attrs={"autocomplete": "off"}),
            "kind": forms.RadioSelect,
        }
        help_texts = {"title": gettext_lazy("For example: Online mediation, advanced course.")}
        error_messages = {
            "completed_on": {
                "required": gettext_lazy("Enter the day on which it ended."),
                "invalid": gettext_lazy("Enter a date, for example 2026-03-04."),
            },
            "kind": {"required": gettext_lazy("Choose what kind it was.")},
            "title": {"required": gettext_lazy("Enter what it was, for example: advanced course.")},
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.document: Document | None = None
        self.offer_no_empty_choice("kind")
        self.offer_not_given("country")
        hint = _("PDF, JPEG or PNG, at most %(size)s. Only you can open it.") % {"size": most_size()}
        # For the script that makes a large photo smaller before it is sent.
        limits = {
            "data-most-bytes": settings.EVIDENCE_BYTES_MAX,
            "data-most-pixels": settings.EVIDENCE_PIXELS_MAX,
        }
        self.fields["evidence"].widget.attrs |= limits
        if self.instance.evidence_file:
            hint = f"{hint} {_('A new file takes the place of the one that is there now, which cannot come back.')}"
        else:
            del self.fields["without_evidence"]
        self.fields["evidence"].help_text = hint

    def stored(self) -> dict[str, object]:
        return super().stored() | {"hours": self.instance.minutes}

    def groups(self) -> dict[str, list[forms.BoundField]]:
        names = [name for name in ("evidence", "without_evidence") if name in self.fields]
        return super().groups() | {
            "worth": [self[name] for name in self.WORTH],
            "evidence": [self[name] for name in names],
        }

    def clean_completed_on(self) -> date:
        return not_in_future(self.cleaned_data["completed_on"])

    def clean_title(self) -> str:
        title = one_line(self.cleaned_data["title"])
        if not title:
            raise forms.ValidationError(_("Enter what it was, for example: advanced course."))
        return title

    def clean_provider(self) -> str:
        return one_line(self.cleaned_data["provider"])

    def clean_evidence(self) -> None:
        file = self.cleaned_data["evidence"]
        if file:
            self.document = read_document(file)

    def clean(self) -> dict:
        cleaned = super().clean()
        self.instance.minutes = cleaned.get("hours")
        if not {"hours", "points"} & {*self.errors} and not (cleaned.get("hours") or cleaned.get("points")):
            self.add_error("hours", _("Enter hours or points, at least one of them."))
        if not self.errors:
            self.ask_about_changes(cleaned)
            question = _("You have an entry of that day with the same title. Save this one, too?")
            self.ask_about_duplicates(cleaned, question)
        if self.document and (self.errors or self.questions):
            self.document = None
            self.add_error("evidence", _("Choose the file once more: it is not kept until all is saved."))
        return cleaned
