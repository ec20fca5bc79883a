"""The general survey: the same questions, with what an invitation would have told."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.choices import ActedAs
from feedback.forms.survey import SurveyForm
from logbook_site.foundation import clock

FIRST_YEAR = 1990
YEAR_NEEDED = gettext_lazy("Enter the year with four digits, from 1990 to this year.")


class GeneralSurveyForm(SurveyForm):
    """Nobody was asked, so the writer names the year and confirms an address."""

    acted_as = forms.ChoiceField(choices=ActedAs, required=False, widget=forms.HiddenInput)
    year = forms.IntegerField(
        label=gettext_lazy("In which year did the mediation end?"),
        min_value=FIRST_YEAR,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4, "autocomplete": "off"}),
        error_messages=dict.fromkeys(["required", "invalid", "min_value"], YEAR_NEEDED),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        address = self.fields["respondent_email"]
        address.required = True
        address.help_text = _("We send you a link. Your feedback counts when you press it.")

    def _names(self) -> list[list[str]]:
        first, *others = super()._names()
        return [["year", *first], *others]

    def clean_year(self) -> int:
        if self.cleaned_data["year"] > clock.today().year:
            raise forms.ValidationError(YEAR_NEEDED)
        return self.cleaned_data["year"]
