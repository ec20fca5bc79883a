"""What the totals of a mediator can be filtered by. Years, never days."""

from datetime import date

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from logbook.choices import EntryRole, Medium
from logbook.models import LogbookEntry
from logbook_site.foundation.lists import AnyOfFilter, Several
from logbook_site.foundation.lists.filters import SeveralInput, is_year


class YearField(forms.CharField):
    def clean(self, value: str) -> int:
        if not is_year(value.strip()):
            raise forms.ValidationError("no year")
        return int(value)


class OneYear(SeveralInput):
    """A box for one year; of several in the address, the form shows the first."""

    def __init__(self) -> None:
        super().__init__(attrs={"inputmode": "numeric", "maxlength": 4, "autocomplete": "off"})

    def format_value(self, value: list[str] | None) -> str:
        return value[0] if value else ""


class YearFromFilter(django_filters.Filter):
    """Entries that ended in this year or later; of several, the earliest."""

    field_class = Several

    def __init__(self, **kwargs) -> None:
        super().__init__(one=YearField(), widget=OneYear(), **kwargs)

    def filter(self, rows: QuerySet, value: list[int]) -> QuerySet:
        return rows.filter(ended_on__gte=date(min(value), 1, 1)) if value else rows


class YearToFilter(YearFromFilter):
    """Entries that ended in this year or earlier; of several, the latest."""

    def filter(self, rows: QuerySet, value: list[int]) -> QuerySet:
        return rows.filter(ended_on__lte=date(max(value), 12, 31)) if value else rows


class ExperienceFilter(django_filters.FilterSet):
    role = AnyOfFilter(choices=EntryRole.choices, label=_("Role"))
    medium = AnyOfFilter(choices=Medium.choices, label=_("Medium"))
    year_from = YearFromFilter(label=_("From year"))
    year_to = YearToFilter(label=_("To year"))

    class Meta:
        model = LogbookEntry
        fields: list[str] = []


class NothingToFilter(django_filters.FilterSet):
    """Lists that only have pages."""
