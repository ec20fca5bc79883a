"""Saved views on the page of a list: their links, the form for one more, and what these forms post.

A view is what the list reads from its address: filters, order, page size. It holds nothing that the list does not
understand. Where views are stored is not known here: `store` is a service of the ground floor.
"""

from functools import cached_property, lru_cache
from typing import NamedTuple, Protocol
from urllib.parse import parse_qsl, urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from logbook_site.foundation.forms import one_line
from logbook_site.foundation.lists.asked import Asked

NAME_LETTERS = 60
VERBS = {"view_name", "delete_view", "restore_view"}  # in a post


class SavedView(NamedTuple):
    """`query` is the view as it stands in an address. The view that was deleted last can come back."""

    id: str
    name: str
    query: str
    is_deleted: bool = False


class ViewRefused(Exception):
    """The view cannot be saved; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Store(Protocol):
    """Where the views of a person lie. Each list has a name of its own."""

    def views_of(self, person, name: str) -> list[SavedView]: ...
    def save_view(self, *, person, of: str, name: str, query: str) -> None: ...
    def delete_view(self, *, person, of: str, view: str) -> None: ...
    def restore_view(self, *, person, of: str, view: str) -> None: ...


class ViewLink(NamedTuple):
    id: str
    name: str
    address: str
    is_current: bool


class ViewForm(forms.Form):
    view_name = forms.CharField(
        label=gettext_lazy("Name of this view"),
        max_length=NAME_LETTERS,
        help_text=gettext_lazy("It keeps the filters, the order and the rows on a page, as they are now."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter a name, for example: this year, online.")},
    )

    def clean_view_name(self) -> str:
        name = one_line(self.cleaned_data["view_name"])
        if not name:
            raise forms.ValidationError(self.fields["view_name"].error_messages["required"])
        return name


def _drawn(form: ViewForm) -> str:
    return form["view_name"].as_field_group()


@lru_cache
def _empty_name_field(_language: str) -> str:
    """The same on every page: drawn once."""
    return _drawn(ViewForm())


class SavedViews:
    """The views of one list, for its page."""

    def __init__(self, request: HttpRequest, listing, store: Store) -> None:
        """`listing` has a `name` and what is `asked` of it."""
        self.request, self.store = request, store
        self.name: str = listing.name
        self.asked: Asked = listing.asked

    @cached_property
    def form(self) -> ViewForm:
        return ViewForm(self.request.POST if self.request.method == "POST" else None)

    @property
    def has_errors(self) -> bool:
        return self.request.method == "POST" and bool(self.form.errors)

    @property
    def name_field(self) -> str:
        """As HTML."""
        return _drawn(self.form) if self.request.method == "POST" else _empty_name_field(get_language())

    @cached_property
    def _stored(self) -> list[SavedView]:
        return self.store.views_of(self.request.user, self.name)

    @cached_property
    def links(self) -> list[ViewLink]:
        now = sorted(self.asked.view)
        views = [(view, parse_qsl(view.query)) for view in self._stored if not view.is_deleted]
        return [
            ViewLink(view.id, view.name, self.asked.with_view(asks), sorted(asks) == now)
            for view, asks in views
        ]

    @property
    def deleted(self) -> SavedView | None:
        """The one that can come back."""
        return next((view for view in self._stored if view.is_deleted), None)

    def posted(self) -> HttpResponse | None:
        """Does what was posted, and goes back to the list. None: nothing was saved, and the form says why."""
        if not VERBS & {*self.request.POST}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        try:
            said = self._done()
        except ViewRefused as refused:
            if self._is_of_form:
                self.form.add_error("view_name", refused.sentence)
                return None
            messages.error(self.request, refused.sentence)
        else:
            if said is None:
                return None
            messages.success(self.request, said)
        for sentence in self.asked.complaints:
            messages.warning(self.request, sentence)
        return redirect(f"{self.request.path}{self.asked.address()}")

    @property
    def _is_of_form(self) -> bool:
        return not {"delete_view", "restore_view"} & {*self.request.POST}

    def _done(self) -> str | None:
        """What was done, in words; None for a form that is not complete."""
        post = self.request.POST
        whose = {"person": self.request.user, "of": self.name}
        if "delete_view" in post:
            self.store.delete_view(**whose, view=post["delete_view"])
            # The button belongs to a form that the page has beside the list.
            return format_html(
                '{} <button class="text-button" type="submit" form="restore-view">{}</button>',
                _("The view is deleted."),
                _("Bring it back"),
            )
        if "restore_view" in post:
            self.store.restore_view(**whose, view=post["restore_view"])
            return _("The view is back.")
        if not self.form.is_valid():
            return None
        name = self.form.cleaned_data["view_name"]
        self.store.save_view(**whose, name=name, query=urlencode(self.asked.view))
        return _("This view is saved. You find it above the list.")
