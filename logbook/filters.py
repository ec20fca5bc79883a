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
    subject = WordsFilter(field_name="folded_subject", label=_("Subject"))
    date_from = FromDateFilter(field_name="ended_on", label=_("From"))
    date_to = ToDateFilter(field_name="ended_on", label=_("To"))
    year = YearFilter(field_name="ended_on", label=_("Year"))
    role = AnyOfFilter(choices=EntryRole.choices, label=_("Role"))
    medium = AnyOfFilter(choices=Medium.choices, label=_("Medium"))
    outcome = AnyOfFilter(choices=Outcome.choices, label=_("Outcome"))
    country = OpenAnyOfFilter(is_possible=lambda code: code in countries, label=_("Country"))

    class Meta:
        model = LogbookEntry
        fields: list[str] = []
