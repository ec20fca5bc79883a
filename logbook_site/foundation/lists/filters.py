"""Filters of a list. Each reads every value of its name in the address; several values mean "or"."""

from collections.abc import Callable
from datetime import date

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict

from logbook_site.foundation.text import fold


class SeveralInput(forms.TextInput):
    """One box, but every value of its name in the address is read."""

    def value_from_datadict(self, data: QueryDict, files, name: str) -> list[str]:
        return data.getlist(name)

    def format_value(self, value: list[str] | None) -> str:
        return " ".join(value or [])


class SeveralDates(SeveralInput):
    input_type = "date"

    def format_value(self, value: list[str] | None) -> str:
        return value[0] if value else ""


class Several(forms.Field):
    """Any number of values, each read by the field `one`."""

    def __init__(self, one: forms.Field, **kwargs) -> None:
        self.one = one
        super().__init__(**kwargs)

    def clean(self, value: list[str] | None) -> list:
        return [self.one.clean(each) for each in value or [] if each.strip()]


class WordsField(forms.CharField):
    """Text with a word in it: without one, all rows would match."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if not fold(value).split():
            raise forms.ValidationError("no words")


class WordsFilter(django_filters.Filter):
    """Rows whose folded text holds all these words; case and accents do not count."""

    field_class = Several

    def __init__(self, **kwargs) -> None:
        super().__init__(one=WordsField(max_length=200), widget=SeveralInput, **kwargs)

    def filter(self, rows: QuerySet, value: list[str]) -> QuerySet:
        if not value:
            return rows
        wanted = Q()
        for words in value:
            all_words = Q()
            for word in fold(words).split():
                all_words &= Q(**{f"{self.field_name}__contains": word})
            wanted |= all_words
        return rows.filter(wanted)


class FromDateFilter(django_filters.Filter):
    """Rows on or after the date; of several, the earliest."""

    field_class = Several
    lookup, choose = "gte", staticmethod(min)

    def __init__(self, **kwargs) -> None:
        super().__init__(one=forms.DateField(), widget=SeveralDates, **kwargs)

    def filter(self, rows: QuerySet, value: list[date]) -> QuerySet:
        return rows.filter(**{f"{self.field_name}__{self.lookup}": self.choose(value)}) if value else rows


class ToDateFilter(FromDateFilter):
    """Rows on or before the date; of several, the latest."""

    lookup, choose = "lte", staticmethod(max)


class OpenChoiceField(forms.MultipleChoiceField):
    """Offers the values that occur, but understands every value that `is_possible`."""

    def __init__(self, *, is_possible: Callable[[str], bool], **kwargs) -> None:
        self.is_possible = is_possible
        super().__init__(**kwargs)

    def valid_value(self, value: str) -> bool:
        return self.is_possible(value)


def is_year(value: str) -> bool:
    return len(value) == 4 and value.isascii() and value.isdecimal() and 1900 <= int(value) <= 2200


class YearFilter(django_filters.Filter):
    """Rows in any of the years. Each is a span of dates, so that an index serves it."""

    field_class = OpenChoiceField

    def __init__(self, **kwargs) -> None:
        super().__init__(is_possible=is_year, widget=forms.CheckboxSelectMultiple, **kwargs)

    def filter(self, rows: QuerySet, value: list[str]) -> QuerySet:
        wanted = Q()
        for year in map(int, value or []):
            wanted |= Q(**{f"{self.field_name}__range": (date(year, 1, 1), date(year, 12, 31))})
        return rows.filter(wanted)


class AnyOfFilter(django_filters.Filter):
    """Rows whose field is one of the chosen values."""

    field_class = forms.MultipleChoiceField

    def __init__(self, **kwargs) -> None:
        super().__init__(widget=forms.CheckboxSelectMultiple, **kwargs)

    def filter(self, rows: QuerySet, value: list[str]) -> QuerySet:
        return rows.filter(**{f"{self.field_name}__in": value}) if value else rows


class OpenAnyOfFilter(AnyOfFilter):
    field_class = OpenChoiceField
