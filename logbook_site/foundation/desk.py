"""What the pages of every app in the Django admin have in common."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

# At once: as many as one form may hold, and one page may show.
MOST_IN_BULK = 500
ASKED_BY_FILTERS = {"exact", "isnull", "isempty"}


class NoHistory:
    """Django's own history would keep names for ever. The audit trail keeps ids."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """What the filters of the list ask, and no more: Django takes every lookup on a column, and fails on some."""
        offered = {one[0] if isinstance(one, tuple) else one for one in self.list_filter}
        name, asks = lookup.partition("__")[0], lookup.rpartition("__")[2]
        columns = {field.name for field in self.opts.get_fields()}
        is_offered = name == self.date_hierarchy or (name in offered and asks in ASKED_BY_FILTERS)
        return (is_offered or name not in columns) and super().lookup_allowed(lookup, value, request)

    def log_addition(self, request, obj, message) -> None:
        return None

    def log_change(self, request, obj, message) -> None:
        return None

    def log_deletions(self, request, queryset) -> None:
        return None


class ReadOnly(NoHistory):
    def has_add_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False


def desk_filter(**questions: str) -> type[admin.SimpleListFilter]:
    """A filter by what the desk counts: names of methods of the list's queryset, with their words."""

    class DeskFilter(admin.SimpleListFilter):
        title = gettext_lazy("what the desk counts")
        parameter_name = "desk"

        def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
            return list(questions.items())

        def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
            return getattr(queryset, self.value())() if self.value() in questions else queryset

    return DeskFilter


class InBulk:
    """A list with actions for many rows at once, made by `in_bulk`."""

    def name_of(self, row: Model) -> str:
        """How the page that asks calls a row."""
        return str(row)

    def response_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        try:
            return super().response_action(request, queryset)
        except ValidationError:  # ids that are none
            messages.error(request, _("These rows are unknown. Nothing was done."))
            return None


def in_bulk(
    *, word: str, sentence: str, refusals: type[Exception] | tuple[type[Exception], ...] = ()
) -> Callable:
    """Makes an action of a list out of a method that does something with one row.

    First comes a page that says what will happen, to how many and to which. Then it is done to exactly those,
    whatever the list shows by then. A row that refuses (one of `refusals`, with a `sentence`) is named with its
    reason, and holds none of the others up.
    """

    def decorate(do: Callable[[InBulk, HttpRequest, Model], None]) -> Callable:
        @admin.action(description=word)
        def action(desk: InBulk, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
            if "confirmed" in request.POST:
                return _do_each(desk, request, do, refusals)
            rows = list(queryset[: MOST_IN_BULK + 1])
            if len(rows) > MOST_IN_BULK:
                messages.error(
                    request, _("Choose %(most)d at most. Nothing was done.") % {"most": MOST_IN_BULK}
                )
                return None
            return _ask(desk, request, rows, name=do.__name__, word=word, sentence=sentence)

        action.__name__ = do.__name__
        return action

    return decorate


def _ask(
    desk: InBulk, request: HttpRequest, rows: list[Model], *, name: str, word: str, sentence: str
) -> HttpResponse:
    names = desk.opts.verbose_name if len(rows) == 1 else desk.opts.verbose_name_plural
    context = {
        "title": _("%(action)s: %(number)d %(names)s")
        % {"action": word, "number": len(rows), "names": names},
        "sentence": sentence,
        "word": word,
        "rows": [(row.pk, desk.name_of(row)) for row in rows],
        "chosen": ACTION_CHECKBOX_NAME,
        "action": name,
        "list_address": _list_of(desk),
    }
    return TemplateResponse(request, "desk/confirm.html", context)


def _do_each(desk: InBulk, request: HttpRequest, do: Callable, refusals) -> HttpResponse:
    """The rows named by the page that asked: the list's own filter could have lost some of them meanwhile."""
    asked = set(request.POST.getlist(ACTION_CHECKBOX_NAME))
    rows = list(desk.get_queryset(request).filter(pk__in=asked))
    done, refused = 0, []
    for row in rows:
        try:
            with transaction.atomic():
                do(desk, request, row)
            done += 1
        except refusals as refusal:
            refused.append(f"{desk.name_of(row)}: {refusal.sentence}")
    if done:
        messages.success(
            request, ngettext("Done for %(number)d.", "Done for %(number)d.", done) % {"number": done}
        )
    for sentence in refused:
        messages.error(request, _("Not done for %(which)s") % {"which": sentence})
    if gone := len(asked) - len(rows):
        sentence = ngettext("%(number)d is not there any more.", "%(number)d are not there any more.", gone)
        messages.warning(request, sentence % {"number": gone})
    return redirect(_list_of(desk))


def _list_of(desk: InBulk) -> str:
    return reverse(f"admin:{desk.opts.app_label}_{desk.opts.model_name}_changelist")
