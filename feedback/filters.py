"""What My Feedback can be filtered by. Nothing here knows a day or a year."""

import django_filters
from django.utils.translation import gettext_lazy as _

from feedback.models import Feedback
from feedback.querysets import FeedbackQuerySet
from logbook_site.foundation.lists import WordsFilter


class TextsFilter(WordsFilter):
    """Pieces that hold all these words in what the party wrote."""

    def filter(self, rows: FeedbackQuerySet, value: list[str]) -> FeedbackQuerySet:
        return rows.with_words(value) if value else rows


class PieceFilter(django_filters.FilterSet):
    q = TextsFilter(label=_("Words"))

    class Meta:
        model = Feedback
        fields: list[str] = []
