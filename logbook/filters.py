"""What the pages Logbook and Learnings can be filtered by."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from logbook.choices import EntryRole, Learned, Medium, Outcome
from logbook.learnings import with_texts, with_words
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


class LearningFilter(django_filters.FilterSet):
    """For the entries of one table, of the logbook or of CPD."""

    q = WordsFilter(label=_("Words"))
    kind = AnyOfFilter(choices=Learned.choices, label=_("What I wrote"))
    year = YearFilter(field_name="date", label=_("Year"))

    def filter_queryset(self, entries: QuerySet) -> QuerySet:
        """Words last: for them texts are unsealed, and so only those that are asked for."""
        asked = self.form.cleaned_data
        rows = with_texts(entries, asked["kind"] or Learned.values)
        rows = self.filters["year"].filter(rows, asked["year"])
        return with_words(rows, asked["q"]) if asked["q"] else rows
