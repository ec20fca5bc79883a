"""What a list of CPD entries can be filtered by."""

import django_filters
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from cpd.choices import CpdKind
from cpd.models import CpdEntry
from logbook_site.foundation.lists import (
    AnyOfFilter,
    FromDateFilter,
    OpenAnyOfFilter,
    ToDateFilter,
    WordsFilter,
    YearFilter,
)


class CpdFilter(django_filters.FilterSet):
    q = WordsFilter(field_name="folded", label=_("Words"))
    date_from = FromDateFilter(field_name="completed_on", label=_("From"))
    date_to = ToDateFilter(field_name="completed_on", label=_("To"))
    year = YearFilter(field_name="completed_on", label=_("Year"))
    kind = AnyOfFilter(choices=CpdKind.choices, label=_("Kind"))
    country = OpenAnyOfFilter(is_possible=lambda code: code in countries, label=_("Country"))

    class Meta:
        model = CpdEntry
        fields: list[str] = []
