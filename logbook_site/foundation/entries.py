"""What all entries of a person have in common: found among one's own, deleted with time to undo, brought back."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from logbook_site.foundation import clock
from logbook_site.foundation.hours import show_hours

GET_OR_POST = ["GET", "HEAD", "POST"]
MOST_DELETED = 500  # on one page


class EntryQuerySet(QuerySet):
    """Rows with an `owner`, and with `deleted_at` while they lie among the deleted ones."""

    def live(self):
        return self.filter(deleted_at__isnull=True)

    def deleted(self):
        return self.filter(deleted_at__isnull=False)

    def beyond_undo(self):
        """What was deleted more than UNDO_HOURS ago."""
        return self.filter(deleted_at__lt=clock.now() - clock.hours(settings.UNDO_HOURS))

    def came_from(self, stored: Model, *, untouched_only: bool = False):
        """What this import brought, deleted ones too; `untouched_only`: without those changed since."""
        brought = self.filter(imported_in=stored)
        return brought.filter(changed_at__lte=stored.saved_at) if untouched_only else brought

    def put_aside(self, entry: Model, *, by: Model) -> None:
        """Put the entry among the deleted ones. A second time changes nothing."""
        require_owner(entry, by)
        self.live().filter(pk=entry.pk).update(deleted_at=clock.now())

    def bring_back(self, entry: Model, *, by: Model) -> None:
        """Bring a deleted entry back as it was."""
        require_owner(entry, by)
        self.deleted().filter(pk=entry.pk).update(deleted_at=None)


def hold(entry: Model) -> None:
    """Lock the row of an entry that is to be changed. Raises Http404 where an undone import or a purge took it."""
    get_object_or_404(type(entry).objects.select_for_update(), pk=entry.pk)


def require_owner(entry: Model, by: Model) -> None:
    """Raises PermissionDenied when the entry is another's."""
    if entry.owner_id != by.pk:
        raise PermissionDenied


def changeable(model: type[Model]) -> set[str]:
    """The columns that a change writes: an entry that was deleted, or whose file was forgotten meanwhile, stays so."""
    return {field.name for field in model._meta.concrete_fields} - {
        "id",
        "owner",
        "created_at",
        "deleted_at",
        "imported_in",
    }


# --- For views -------------------------------------------------------------------------------------


def own_entry(among: Callable[[HttpRequest], QuerySet]) -> Callable:
    """The view gets its entry, found `among` these. Whatever the method: another's entry is unknown, 404."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def with_entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
            return view(request, get_object_or_404(among(request), pk=entry_id))

        return with_entry

    return decorate


def sent(request: HttpRequest) -> QueryDict | None:
    """What was posted; an empty form was posted, too."""
    return request.POST if request.method == "POST" else None


def days() -> dict[str, date]:
    """What the buttons beside the date put into it."""
    today = clock.local_today()
    return {"today": today, "yesterday": today - timedelta(days=1)}


def undo_time() -> str:
    """How long a deleted entry can be brought back, in words."""
    number = int(settings.UNDO_HOURS / 24)
    if number:
        return ngettext("%d day", "%d days", number) % number
    return show_hours(round(settings.UNDO_HOURS * 60))


def delete_page(
    request: HttpRequest, entry: Model, *, delete: Callable[..., None], template: str, then: str
) -> HttpResponse:
    """Asks first, then does it and goes to the list `then`."""
    if request.method == "POST":
        delete(entry=entry, by=request.user)
        messages.success(
            request,
            format_html(
                '{} <a href="{}">{}</a>',
                _("Deleted. You can bring it back:"),
                reverse(f"{then}_deleted"),
                _("Deleted items"),
            ),
        )
        return redirect(then)
    return render(request, template, {"entry": entry, "undo_time": undo_time()})


def deleted_page(request: HttpRequest, entries: EntryQuerySet, template: str) -> HttpResponse:
    """What can still be brought back, the last deleted first."""
    rows = entries.deleted().order_by("-deleted_at", "id")[:MOST_DELETED]
    return render(request, template, {"entries": rows, "undo_time": undo_time()})
