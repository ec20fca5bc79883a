"""What a Reviewer can filter by."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from feedback.choices import YesNo
from feedback.models import Feedback
from feedback.querysets import FeedbackQuerySet
from logbook_site.foundation.lists import AnyOfFilter, OpenAnyOfFilter, WordsFilter, is_year
from logbook_site.foundation.text import fold


class NameFilter(WordsFilter):
    """Mediators whose name holds all these words. Folded here: a Reviewer has a few dozen at most."""

    def filter(self, rows: QuerySet, value: list[str]) -> QuerySet:
        if not value:
            return rows
        groups = [fold(words).split() for words in value]
        names = [(key, fold(name)) for key, name in rows.values_list("pk", "name")]
        found = [key for key, name in names if any(all(word in name for word in words) for words in groups)]
        return rows.filter(pk__in=found)


class MediatorFilter(django_filters.FilterSet):
    q = NameFilter(label=_("Name"))

    class Meta:
        model = User
        fields: list[str] = []


class TextsFilter(WordsFilter):
    """Pieces that hold all these words in what the party wrote."""

    def filter(self, rows: FeedbackQuerySet, value: list[str]) -> FeedbackQuerySet:
        return rows.with_words(value) if value else rows


class YesNoFilter(AnyOfFilter):
    """Rows in which something is so, or is not."""

    def __init__(self, **kwargs) -> None:
        super().__init__(choices=YesNo.choices, **kwargs)

    def filter(self, rows: QuerySet, value: list[str]) -> QuerySet:
        return super().filter(rows, [each == YesNo.YES for each in value])


class UncheckedFilter(django_filters.FilterSet):
    """Of a Reviewer whom IMI has not checked."""

    q = TextsFilter(label=_("Words"))

    class Meta:
        model = Feedback
        fields: list[str] = []


class ReviewFilter(UncheckedFilter):
    year = OpenAnyOfFilter(field_name="year", is_possible=is_year, label=_("Year"))
    share = YesNoFilter(field_name="shared", label=_("Shared with the mediator"))
    invited = YesNoFilter(field_name="invited", label=_("Invited by the mediator"))
