"""What the address asks of one list, read once."""

from collections.abc import Callable, Iterable
from functools import cached_property
from urllib.parse import urlencode

import django_filters
from django import forms
from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext as _

from logbook_site.foundation.forms import one_line

PAGE_SIZES = (10, 25, 50, 100)
USUAL_PAGE_SIZE = 25
NUMBER_LETTERS = 9  # of a number in the address: no list has a page after that


class NotUnderstood(BadRequest):
    """The address of an export or print asks something that nobody understands. A page would leave it out."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__()
        self.sentences = sentences


class Asked:
    """What the address asks of one list. `complaints` are sentences about what was not understood.

    Links of the page are made from `params`, where that is left out, too: so Print works where the page does.
    `is_usual` is a list as it comes by itself: no filter, no other order or page size.
    Two lists on one page have names of their own: one of them has a `prefix`, stands `beside` the other, and its
    links lead to its `anchor`. Each keeps what the address asks of the other.
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
        beside: "Asked | None" = None,
        anchor: str = "",
    ) -> None:
        # What is not understood is not in any link either: so two lists of one page share their parameters.
        self.params = beside.params if beside else params.copy()
        self.prefix, self.anchor = prefix, anchor
        self.names = {prefix + name for name in (*filterset.base_filters, "sort", "page", "per_page")}
        self.complaints: list[str] = []
        self.filters = self._understood(filterset)
        self.sort = self._sort(set(sorts), usual_sort)
        self.page_size = self._number("per_page", _("page size"), page_size, PAGE_SIZES.__contains__)
        self.is_usual = not self.filters and (self.sort, self.page_size) == (usual_sort, page_size)
        self.page_number = self._number("page", _("page"), 1, lambda number: number > 0)

    @property
    def is_plain(self) -> bool:
        """Nothing is asked, of this list or another one: no word that anybody typed is in it."""
        return not self.params

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Asked) and self._as_values == other._as_values

    def __hash__(self) -> int:
        return hash(self._as_values)

    @cached_property
    def _as_values(self) -> tuple:
        """What all that is drawn of it depends on; the names of filters come with the order."""
        return self.prefix, self.anchor, self.sort, self.page_size, tuple(pair for pair, _text in self._pairs)

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

    def address(self) -> str:
        """The query string of this page; other lists' names stay as they are."""
        return f"?{'&'.join(text for _pair, text in self._pairs)}{self.anchor}"

    def without(self, name: str, value: str) -> str:
        """The query string without this one value of a filter, on the first page."""
        left_out, page = (self.prefix + name, value), f"{self.prefix}page"
        kept = [text for pair, text in self._pairs if pair != left_out and pair[0] != page]
        return f"?{'&'.join(kept)}{self.anchor}"

    def rest(self, *names: str) -> str:
        """The query string without these names of this list, to go on with: "" or "role=lead&"."""
        left_out = {self.prefix + name for name in names}
        return "".join(f"{text}&" for (name, _value), text in self._pairs if name not in left_out)

    @property
    def cleared(self) -> str:
        """The query string without all that this list was asked; "" when nothing else is in it."""
        kept = [text for (name, _value), text in self._pairs if name not in self.names]
        return (f"?{'&'.join(kept)}" if kept else "") + self.anchor

    @property
    def others(self) -> list[tuple[str, str]]:
        """(name, value) of what belongs to another list: the form of this one carries it along."""
        return [pair for pair, _text in self._pairs if pair[0] not in self.names]

    @property
    def own(self) -> list[tuple[str, str]]:
        """(name without prefix, value) of this view but for its page: for a form that asks for all of its rows."""
        pairs = [pair for pair, _text in self._pairs if pair[0] in self.names]
        plain = [(name.removeprefix(self.prefix), value) for name, value in pairs]
        return [(name, value) for name, value in plain if name != "page"]

    @property
    def view(self) -> list[tuple[str, str]]:
        """(name without prefix, value) of all that was understood: filters, order and page size, said or not."""
        filters = [(name, value) for name, values in self.filters.lists() for value in dict.fromkeys(values)]
        return [*filters, ("sort", self.sort), ("per_page", str(self.page_size))]

    def with_view(self, view: list[tuple[str, str]]) -> str:
        """The query string that asks this `view` of this list; what it asks of another list stays."""
        pairs = [*self.others, *((self.prefix + name, value) for name, value in view)]
        return f"?{urlencode(pairs)}{self.anchor}"

    @cached_property
    def _pairs(self) -> list[tuple[tuple[str, str], str]]:
        """((name, value), both as they stand in an address). Made once: there may be hundreds."""
        pairs = [(name, value) for name, values in self.params.lists() for value in values]
        return [(pair, urlencode([pair])) for pair in pairs]
