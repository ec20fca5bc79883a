"""The rows of a list: filtered, in order, in pages."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple

import django_filters
from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Expression, F, QuerySet
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import get_language

from logbook_site.foundation.lists.asked import Asked
from logbook_site.foundation.lists.filters import Several


class Chip(NamedTuple):
    """One filter in words, and the address of the list without it."""

    words: str
    address: str


class CountedPaginator(Paginator):
    """A paginator that is told how many rows there are: the totals have counted them already."""

    def __init__(self, rows: QuerySet, per_page: int, *, count: int) -> None:
        super().__init__(rows, per_page)
        self.count = count


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
        choices: Callable[[], Mapping[str, list]] = dict,
    ) -> None:
        """`orders` gives the expression of each sortable column; `ties` decide between equal rows (the date, the id).

        `choices` gives the values offered for filters whose values come from the rows.
        """
        self.asked, self.rows = asked, rows
        self.prefix = asked.prefix.removesuffix("-") or None
        self.filterset_of, self.choices = filterset, choices
        self.orders, self.ties = orders, ties

    @cached_property
    def offered(self) -> Mapping[str, list]:
        return self.choices()

    @cached_property
    def filterset(self) -> django_filters.FilterSet:
        filterset = self.filterset_of(self._named(self.asked), queryset=self.rows, prefix=self.prefix)
        for name, offered in self.offered.items():
            filterset.form.fields[name].choices = offered
        return filterset

    @cached_property
    def view(self) -> QuerySet:
        """The rows that pass the filters. Without any, no filter is made: that takes as long as the rows of a page."""
        return self.filterset.qs if self.asked.filters else self.rows

    @staticmethod
    def _named(asked: Asked) -> QueryDict:
        """The filters under the names that they have in the form."""
        named = QueryDict(mutable=True)
        for name, values in asked.filters.lists():
            named.setlist(asked.prefix + name, values)
        return named

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

    @property
    def fields(self) -> str:
        """The fields of the filters, as HTML."""
        if self.asked.filters:
            return _drawn(self.filterset.form)
        offered = tuple((name, tuple(values)) for name, values in self.offered.items())
        return _untouched_fields(self.filterset_of, self.prefix, offered, get_language())

    @cached_property
    def chips(self) -> list[Chip]:
        """The filters in words, as they stand in the address."""
        if not self.asked.filters:
            return []
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


@lru_cache(maxsize=200)
def _untouched_fields(
    filterset: type[django_filters.FilterSet], prefix: str | None, offered: tuple, _language: str
) -> str:
    """The fields of filters of which none is set: to draw them takes longer than all the rows of a page.

    They show nothing but what is `offered`, the values of each name. Kept in memory, in the language of the reader.
    """
    # Nothing is asked of the rows: a filter of Learnings is about two tables, and so about no model.
    untouched = filterset(QueryDict(), prefix=prefix, queryset=QuerySet())
    for name, values in offered:
        untouched.form.fields[name].choices = list(values)
    return _drawn(untouched.form)


def _drawn(form: forms.Form) -> str:
    return format_html_join("", "{}", ((field.as_field_group(),) for field in form))
