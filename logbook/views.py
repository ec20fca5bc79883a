"""The Logbook: list, entries, deleted items, export and print. Every object comes from `visible_to`."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import Role
from accounts.models import Import
from accounts.permissions import adding, only
from accounts.services import imports, saved_views
from accounts.services.people import remember_page_size
from cpd.listing import CpdListing
from cpd.models import CpdEntry
from logbook import exports, services
from logbook.facts import facts, learned
from logbook.forms import EntryForm
from logbook.imports import PLAN
from logbook.listing import LearningsListing, LogbookListing
from logbook.models import LogbookEntry
from logbook.querysets import LogbookEntryQuerySet
from logbook_site.foundation.clock import local_today
from logbook_site.foundation.entries import GET_OR_POST, days, delete_page, deleted_page, own_entry, sent
from logbook_site.foundation.hours import show_hours
from logbook_site.foundation.importing.pages import Importing
from logbook_site.foundation.lists import SavedViews, downloaded, printed

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


@only(Role.MEDIATOR)
@require_http_methods(GET_OR_POST)
def logbook(request: HttpRequest) -> HttpResponse:
    """The list; a post saves, deletes or brings back a view of it."""
    listing, cpd = _both_lists(request)
    views = SavedViews(request, listing, saved_views)
    if request.method == "POST" and (answer := views.posted()):
        return answer
    for one in (listing, cpd):
        remember_page_size(person=request.user, name=one.name, size=one.asked.page_size)
    context = {"cpd": cpd, "views": views, "cpd_views": SavedViews(request, cpd, saved_views)}
    return render(request, "logbook/logbook.html", listing.context() | context)


def _both_lists(request: HttpRequest) -> tuple[LogbookListing, CpdListing]:
    listing = LogbookListing(request, _live(request))
    cpd = CpdEntry.objects.visible_to(request.user).live()
    return listing, CpdListing(request, cpd, prefix="cpd-", beside=listing, anchor="#cpd")


@only(Role.MEDIATOR)
@require_http_methods(GET_OR_POST)
@adding
def add(request: HttpRequest) -> HttpResponse:
    entry = LogbookEntry(owner=request.user)
    draft = f"like-{request.GET['like'][:36]}" if request.GET.get("like") else "add"
    form = EntryForm(sent(request), instance=entry, earlier=_live(request), initial=_offered(request))
    if request.method == "POST" and form.may_be_saved:
        services.save_entry(entry=form.save(commit=False), by=request.user)
        _tell_saved(request, entry, draft)
        return redirect("logbook_entry", entry.pk)
    return render(request, "logbook/entry_form.html", {"form": form, "entry": None, "draft": draft} | days())


def _offered(request: HttpRequest) -> dict[str, object]:
    """Values to start from: a whole entry for "add another like this", else what was used last."""
    live = _live(request)
    wanted = request.GET.get("like", "")
    if wanted:
        model = _model(live, wanted)
        if model is not None:
            copied = {name: getattr(model, name) for name in COPIED}
            return copied | {
                "ended_on": local_today(),
                "hours": model.minutes,
                "preparation_hours": model.preparation_minutes or None,
            }
    last = live.order_by("-created_at").values(*USUAL).first() or {}
    return last | {"ended_on": local_today()}


def _model(live: LogbookEntryQuerySet, wanted: str) -> LogbookEntry | None:
    """The entry to copy: the one with this id, or the one that was added last."""
    if wanted == "last":
        return live.order_by("-created_at").first()
    try:
        return live.filter(pk=UUID(wanted)).first()
    except ValueError:
        return None


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
    form = EntryForm(sent(request), instance=stored, earlier=_live(request))
    if request.method == "POST" and form.may_be_saved:
        services.save_entry(entry=form.save(commit=False), by=request.user)
        _tell_saved(request, stored, str(stored.pk))
        return redirect("logbook_entry", stored.pk)
    context = {"form": form, "entry": stored, "draft": str(stored.pk)}
    return render(request, "logbook/entry_form.html", context | days(), status=409 if form.is_stale else 200)


@only(Role.MEDIATOR)
@own_entry(_live)
@require_http_methods(GET_OR_POST)
def delete(request: HttpRequest, stored: LogbookEntry) -> HttpResponse:
    return delete_page(
        request, stored, delete=services.delete_entry, template="logbook/delete.html", then="logbook"
    )


@only(Role.MEDIATOR)
@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    return deleted_page(request, _all(request), "logbook/deleted.html")


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
    listing, cpd = _both_lists(request)

    def context() -> dict[str, object]:
        return listing.context() | {"cpd": cpd}

    return printed(request, "logbook", "logbook/logbook_pdf.html", [listing, cpd], context)


@only(Role.MEDIATOR)
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Every row of the current view, in its order. What is not understood is refused, not left out."""
    return downloaded(request, LogbookListing(request, _live(request)), exports.headings, exports.rows)


def _learnings(request: HttpRequest) -> LearningsListing:
    return LearningsListing(request, _live(request), CpdEntry.objects.visible_to(request.user).live())


@only(Role.MEDIATOR)
@require_http_methods(GET_OR_POST)
def learnings(request: HttpRequest) -> HttpResponse:
    """What was learned, from mediations and from CPD, to read; a post is about a saved view, as in the logbook."""
    listing = _learnings(request)
    views = SavedViews(request, listing, saved_views)
    if request.method == "POST" and (answer := views.posted()):
        return answer
    remember_page_size(person=request.user, name=listing.name, size=listing.asked.page_size)
    return render(request, "logbook/learnings.html", listing.context() | {"views": views})


@only(Role.MEDIATOR)
@require_safe
def print_learnings(request: HttpRequest) -> HttpResponse:
    listing = _learnings(request)
    return printed(request, "learnings", "logbook/learnings_pdf.html", [listing], listing.context)


@only(Role.MEDIATOR)
@require_safe
def export_learnings(request: HttpRequest) -> HttpResponseBase:
    return downloaded(request, _learnings(request), exports.learning_headings, exports.learning_rows)


_importing = Importing(
    PLAN, imports, own=lambda request: Import.objects.visible_to(request.user), adding=adding
)


@only(Role.MEDIATOR)
@require_http_methods(GET_OR_POST)
def import_file(request: HttpRequest) -> HttpResponse:
    """Bring a spreadsheet."""
    return _importing.start(request)


@only(Role.MEDIATOR)
def import_step(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """From its headings to its entries; then what came of it."""
    return _importing.step(request, import_id)


@only(Role.MEDIATOR)
def import_undo(request: HttpRequest, import_id: UUID) -> HttpResponse:
    return _importing.undo(request, import_id)


@only(Role.MEDIATOR)
def import_rejected(request: HttpRequest, import_id: UUID) -> HttpResponseBase:
    return _importing.rejected(request, import_id)
