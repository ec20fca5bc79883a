"""Lists: what a reader asked for in the address, read once, for the page, the export and the print.

`sort` names a column (`-` before it: the other way round), `page`, `per_page`, and filters by name; a repeated filter
means "or". What is not understood becomes a complaint: the page names it and leaves it out, the export and the print
refuse. So nobody ever gets "everything" in silence.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlencode

import django_filters
from django import forms
from django.core.exceptions import BadRequest
from django.core.paginator import Page, Paginator
from django.db.models import Expression, F, Q, QuerySet
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_tables2.data import TableListData

from logbook_site.foundation.forms import one_line
from logbook_site.foundation.text import fold

PAGE_SIZES = (10, 25, 50, 100)
USUAL_PAGE_SIZE = 25
NUMBER_LETTERS = 9  # of a number in the address: no list has a page after that


# --- Filters --------------------------------------------------------------------------------------


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
    return value.isascii() and value.isdecimal() and 1900 <= int(value[:5]) <= 2200


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


class NotUnderstood(BadRequest):
    """The address of an export or print asks something that nobody understands. A page would leave it out."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__()
        self.sentences = sentences


# --- What was asked for ----------------------------------------------------------------------------


class Asked:
    """What the address asks of one list. `complaints` are sentences about what was not understood.

    Links of the page are made from `params`, where that is left out, too: so Print works where the page does.
    """

    def __init__(
        self,
        params: QueryDict,
        *,
        filterset: type[django_filters.FilterSet],
        sorts: Iterable[str],
        usual_sort: str,
        page_size: int = USUAL_PAGE_SIZE,
        prefix: str = "",
    ) -> None:
        self.params, self.prefix = params.copy(), prefix  # what is not understood is not in any link either
        self.complaints: list[str] = []
        self.filters = self._understood(filterset)
        self.sort = self._sort(set(sorts), usual_sort)
        self.page_size = self._number("per_page", _("page size"), page_size, PAGE_SIZES.__contains__)
        self.page_number = self._number("page", _("page"), 1, lambda number: number > 0)

    def _understood(self, filterset: type[django_filters.FilterSet]) -> QueryDict:
        understood = QueryDict(mutable=True)
        for name, each in filterset.base_filters.items():
            for value in self._values(name):
                try:
                    each.field.clean([value])
                except forms.ValidationError:
                    self._complain(name, value, each.label)
                else:
                    understood.appendlist(name, value)
        return understood

    def _sort(self, sorts: set[str], usual: str) -> str:
        sort = usual
        for value in self._values("sort"):
            if value.removeprefix("-") in sorts:
                sort = value
            else:
                self._complain("sort", value, _("the order"))
        return sort

    def _number(self, name: str, words: str, usual: int, is_possible: Callable[[int], bool]) -> int:
        number = usual
        for value in self._values(name):
            if value.isascii() and value.isdecimal() and is_possible(int(value[:NUMBER_LETTERS])):
                number = int(value[:NUMBER_LETTERS])
            else:
                self._complain(name, value, words)
        return number

    def _values(self, name: str) -> list[str]:
        return [value for value in self.params.getlist(self.prefix + name) if value.strip()]

    def _complain(self, name: str, value: str, words: str) -> None:
        name = self.prefix + name
        self.params.setlist(name, [each for each in self.params.getlist(name) if each != value])
        shown = one_line(value)
        shown = shown if len(shown) <= 40 else f"{shown[:40]}…"
        sentence = _("We did not understand “%(value)s” for %(words)s, and left it out.")
        self.complaints.append(sentence % {"value": shown, "words": words})

    def address(self, **changes: str | None) -> str:
        """The query string of this page with changes; None takes a name out. Other lists' names stay as they are."""
        params = self.params.copy()
        for name, value in changes.items():
            if value is None:
                params.pop(self.prefix + name, None)
            else:
                params[self.prefix + name] = value
        return f"?{params.urlencode()}"

    def without(self, name: str, value: str) -> str:
        """The query string without this one value of a filter, on the first page."""
        left_out, page = (self.prefix + name, value), f"{self.prefix}page"
        return "?" + "&".join(text for pair, text in self._pairs if pair != left_out and pair[0] != page)

    @cached_property
    def _pairs(self) -> list[tuple[tuple[str, str], str]]:
        """((name, value), both as they stand in an address). Made once: there may be hundreds."""
        pairs = [(name, value) for name, values in self.params.lists() for value in values]
        return [(pair, urlencode([pair])) for pair in pairs]


class Chip(NamedTuple):
    """One filter in words, and the address of the list without it."""

    words: str
    address: str


class CountedPaginator(Paginator):
    """A paginator that is told how many rows there are: the totals have counted them already."""

    def __init__(self, rows: QuerySet, per_page: int, *, count: int) -> None:
        super().__init__(rows, per_page)
        self.count = count


class RowsInOrder(TableListData):
    """The rows of one page for django-tables2, which would sort them again, in its own way."""

    def order_by(self, aliases: Iterable[str]) -> None:
        """The database has sorted them; the table only marks the heading."""


class FilteredList:
    """The rows that were asked for: filtered, in order, and cut into pages."""

    def __init__(
        self,
        asked: Asked,
        *,
        rows: QuerySet,
        filterset: type[django_filters.FilterSet],
        orders: Mapping[str, str | Expression],
        ties: tuple[str, ...],
        choices: Mapping[str, list] | None = None,
    ) -> None:
        """`orders` gives the expression of each sortable column; `ties` decide between equal rows (the date, the id).

        `choices` are the values offered for filters whose values come from the rows.
        """
        self.asked = asked
        self.filterset = filterset(asked.filters, queryset=rows)
        for name, offered in (choices or {}).items():
            self.filterset.form.fields[name].choices = offered
        self.view = self.filterset.qs
        self.orders, self.ties = orders, ties

    @property
    def ordered(self) -> QuerySet:
        """The whole view in its order."""
        name = self.asked.sort.removeprefix("-")
        downwards = self.asked.sort.startswith("-")
        order = self.orders[name]
        order = F(order) if isinstance(order, str) else order
        ties = [tie for tie in self.ties if tie.removeprefix("-") != name]
        if len(ties) < len(
            self.ties
        ):  # by the first tie itself: the others follow its direction, as the index does
            ties = [f"-{tie.removeprefix('-')}" if downwards else tie.removeprefix("-") for tie in ties]
        return self.view.order_by(order.desc() if downwards else order.asc(), *ties)

    def page(self, count: int) -> Page:
        """The page that was asked for; past the end, the last one. `count` is the number of rows in the view."""
        paginator = CountedPaginator(self.ordered, self.asked.page_size, count=count)
        return paginator.page(max(1, min(self.asked.page_number, paginator.num_pages)))

    @cached_property
    def chips(self) -> list[Chip]:
        """The filters in words, as they stand in the address."""
        chips = []
        fields = self.filterset.form.fields
        for name, values in self.asked.filters.lists():
            for value in dict.fromkeys(values):
                words = f"{fields[name].label}: {self._in_words(fields[name], value)}"
                chips.append(Chip(words, self.asked.without(name, value)))
        return chips

    @staticmethod
    def _in_words(field: forms.Field, value: str) -> str:
        if isinstance(field, Several):
            read = field.one.clean(value)
            return date_format(read) if isinstance(read, date) else str(read)
        return str(dict(field.choices).get(value, value))
