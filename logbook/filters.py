"""What the Logbook page can be filtered by."""

import django_filters
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from logbook.choices import EntryRole, Medium, Outcome
from logbook.models import LogbookEntry
from logbook_site.foundation.lists import (
    AnyOfFilter,
    FromDateFilter,
    OpenAnyOfFilter,
    ToDateFilter,
    WordsFilter,
    YearFilter,
)


class EntryFilter(django_filters.FilterSet):
    q = WordsFilter(field_name="folded", label=_("Words"))
    role = AnyOfFilter(choices=EntryRole.choices, label=_("Role"))
    medium = AnyOfFilter(choices=Medium.choices, label=_("Medium"))
    year = YearFilter(field_name="ended_on", label=_("Year"))
    date_from = FromDateFilter(field_name="ended_on", label=_("From"))
    date_to = ToDateFilter(field_name="ended_on", label=_("To"))
    country = OpenAnyOfFilter(is_possible=lambda code: code in countries, label=_("Country"))
    subject = WordsFilter(field_name="folded_subject", label=_("Subject"))
    outcome = AnyOfFilter(choices=Outcome.choices, label=_("Outcome"))

    class Meta:
        model = LogbookEntry
        fields: list[str] = []
