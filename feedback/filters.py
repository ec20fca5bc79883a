"""What My Feedback can be filtered by. Nothing here knows a day or a year."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from feedback.facts import TEXTS
from feedback.models import Feedback
from logbook_site.foundation.lists import WordsFilter
from logbook_site.foundation.text import fold


class TextsFilter(WordsFilter):
    """Pieces that hold all these words in what the party wrote.

    Folded here, each time: a mediator has hundreds of pieces at most, and a column for it would be a second
    copy of what parties wrote.
    """

    def filter(self, rows: QuerySet, value: list[str]) -> QuerySet:
        if not value:
            return rows
        wanted = [fold(words).split() for words in value]
        found = []
        for key, *texts in rows.values_list("pk", *TEXTS):
            text = fold("\n".join(texts))
            if any(all(word in text for word in words) for words in wanted):
                found.append(key)
        return rows.filter(pk__in=found)


class PieceFilter(django_filters.FilterSet):
    q = TextsFilter(label=_("Words"))

    class Meta:
        model = Feedback
        fields: list[str] = []
