"""The Logbook: list, entries, deleted items, export and print. Every object comes from `visible_to`."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import Role
from accounts.permissions import only
from logbook import exports, services
from logbook.facts import facts, learned
from logbook.forms import EntryForm
from logbook.listing import LogbookListing
from logbook.models import LogbookEntry
from logbook.querysets import LogbookEntryQuerySet
from logbook_site.foundation.hours import show_hours
from logbook_site.foundation.lists import NotUnderstood
from logbook_site.foundation.pdf import PdfNotPossible, pdf_response
from logbook_site.foundation.spreadsheets import csv_response, xlsx_response

GET_OR_POST = ["GET", "HEAD", "POST"]
# What "add another like this" copies; the day and what was learned are new.
COPIED = [
    "role", "medium", "minutes", "preparation_minutes", "title", "subject", "country", "language", "parties",
    "outcome", "provider", "setting", "paid", "full_scale",
]  # fmt: skip
# What the form offers from the entry that was added last.
USUAL = ["role", "medium", "country", "language"]


def _all(request: HttpRequest) -> LogbookEntryQuerySet:
    return LogbookEntry.objects.visible_to(request.user)


def _live(request: HttpRequest) -> LogbookEntryQuerySet:
    return _all(request).live()


def own_entry(among: Callable[[HttpRequest], LogbookEntryQuerySet]) -> Callable:
    """The view gets its entry, found `among` these. Whatever the method: another's entry is unknown, 404."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def with_entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
            return view(request, get_object_or_404(among(request), pk=entry_id))

        return with_entry

    return decorate


@only(Role.MEDIATOR)
@require_safe
def logbook(request: HttpRequest) -> HttpResponse:
    listing = LogbookListing(request)
    listing.remember_page_size()
    return render(request, "logbook/logbook.html", listing.context())


@only(Role.MEDIATOR)
@require_http_methods(GET_OR_POST)
def add(request: HttpRequest) -> HttpResponse:
    entry = LogbookEntry(owner=request.user)
    draft = f"like-{request.GET['like'][:36]}" if request.GET.get("like") else "add"
    form = EntryForm(_sent(request), instance=entry, earlier=_live(request), initial=_offered(request))
    if request.method == "POST" and form.may_be_saved:
        services.save_entry(entry=form.save(commit=False), by=request.user)
        _tell_saved(request, entry, draft)
        return redirect("logbook_entry", entry.pk)
    return render(request, "logbook/entry_form.html", {"form": form, "entry": None, "draft": draft} | _days())


def _days() -> dict[str, date]:
    """What the buttons beside the date put into it."""
    today = services.local_today()
    return {"today": today, "yesterday": today - timedelta(days=1)}


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was posted; an empty form was posted, too."""
    return request.POST if request.method == "POST" else None


def _offered(request: HttpRequest) -> dict[str, object]:
    """Values to start from: a whole entry for "add another like this", else what was used last."""
    live = _live(request)
    wanted = request.GET.get("like", "")
    if wanted:
        try:
            model = live.filter(pk=UUID(wanted)).first()
        except ValueError:
            model = None
        if model is not None:
            copied = {name: getattr(model, name) for name in COPIED}
            return copied | {
                "ended_on": services.local_today(),
                "hours": model.minutes,
                "preparation_hours": model.preparation_minutes or None,
            }
    last = live.order_by("-created_at").values(*USUAL).first() or {}
    return last | {"ended_on": services.local_today()}


def _tell_saved(request: HttpRequest, entry: LogbookEntry, draft: str) -> None:
    """The message also tells the page that the draft of this form on the device has done its work."""
    sentence = _("Saved: %(reference)s, %(hours)s.")
    messages.success(
        request, sentence % {"reference": entry.title, "hours": show_hours(entry.minutes)}, draft
    )


@only(Role.MEDIATOR)
@own_entry(_live)
@require_safe
def entry(request: HttpRequest, stored: LogbookEntry) -> HttpResponse:
    return render(
        request, "logbook/entry.html", {"entry": stored, "facts": facts(stored), "learned": learned(stored)}
    )


@only(Role.MEDIATOR)
@own_entry(_live)
@require_http_methods(GET_OR_POST)
def edit(request: HttpRequest, stored: LogbookEntry) -> HttpResponse:
    form = EntryForm(_sent(request), instance=stored, earlier=_live(request))
    if request.method == "POST" and form.may_be_saved:
        services.save_entry(entry=form.save(commit=False), by=request.user)
        _tell_saved(request, stored, str(stored.pk))
        return redirect("logbook_entry", stored.pk)
    context = {"form": form, "entry": stored, "draft": str(stored.pk)}
    return render(request, "logbook/entry_form.html", context | _days())


@only(Role.MEDIATOR)
@own_entry(_live)
@require_http_methods(GET_OR_POST)
def delete(request: HttpRequest, stored: LogbookEntry) -> HttpResponse:
    if request.method == "POST":
        services.delete_entry(entry=stored, by=request.user)
        messages.success(request, _("Deleted. You can bring it back from Deleted items."))
        return redirect("logbook")
    return render(request, "logbook/delete.html", {"entry": stored, "undo_time": _undo_time()})


@only(Role.MEDIATOR)
@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    entries = _all(request).deleted().order_by("-deleted_at", "id")
    return render(request, "logbook/deleted.html", {"entries": entries[:500], "undo_time": _undo_time()})


def _undo_time() -> str:
    days = int(settings.UNDO_HOURS / 24)
    return ngettext("%d day", "%d days", days) % days if days else show_hours(round(settings.UNDO_HOURS * 60))


@only(Role.MEDIATOR)
@own_entry(_all)
@require_POST
def restore(request: HttpRequest, stored: LogbookEntry) -> HttpResponse:
    services.restore_entry(entry=stored, by=request.user)
    messages.success(request, _("Back in your logbook: %(reference)s.") % {"reference": stored.title})
    return redirect("logbook_entry", stored.pk)


@only(Role.MEDIATOR)
@require_safe
def print_page(request: HttpRequest) -> HttpResponse:
    """A PDF of what the page shows: its rows, totals and charts, and the filters in words."""
    listing = LogbookListing(request)
    if listing.asked.complaints:
        raise NotUnderstood(listing.asked.complaints)
    try:
        return pdf_response(
            "logbook.pdf", "logbook/logbook_pdf.html", listing.context() | {"person": request.user}
        )
    except PdfNotPossible as error:
        messages.error(request, error.sentence)
        return redirect("logbook")


@only(Role.MEDIATOR)
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Every row of the current view, in its order. What is not understood is refused, not left out."""
    listing = LogbookListing(request)
    answers = {"csv": csv_response, "xlsx": xlsx_response}
    wanted = request.GET.get("format", "csv")
    if wanted not in answers:
        listing.asked.complaints.append(_("A download is “csv” or “xlsx”."))
    if listing.asked.complaints:
        raise NotUnderstood(listing.asked.complaints)
    with_learnings = bool(request.GET.get("learnings"))
    rows = exports.rows(listing.filtered.ordered, with_learnings)
    return answers[wanted](f"logbook.{wanted}", exports.headings(with_learnings), rows)
