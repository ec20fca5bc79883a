"""Professional development: list, entries, evidence, deleted items, export and print.

Every object comes from `visible_to`.
"""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import Role
from accounts.models import Import
from accounts.permissions import adding, only
from accounts.services import imports, saved_views
from accounts.services.people import remember_page_size
from cpd import exports, services
from cpd.evidence import place_of
from cpd.facts import facts
from cpd.forms import CpdForm
from cpd.imports import PLAN
from cpd.listing import CpdListing
from cpd.models import CpdEntry
from cpd.querysets import CpdEntryQuerySet
from logbook_site.foundation.clock import local_today
from logbook_site.foundation.documents import TYPES, WORDS
from logbook_site.foundation.entries import GET_OR_POST, days, delete_page, deleted_page, own_entry, sent
from logbook_site.foundation.importing.pages import Importing
from logbook_site.foundation.lists import SavedViews, downloaded, printed
from logbook_site.foundation.lost_texts import readable

# What the form offers from the entry that was added last.
USUAL = ["kind", "country"]
DRAFT = "cpd-add"


def _all(request: HttpRequest) -> CpdEntryQuerySet:
    return CpdEntry.objects.visible_to(request.user)


def _live(request: HttpRequest) -> CpdEntryQuerySet:
    return _all(request).live()


@only(Role.MEDIATOR)
@require_http_methods(GET_OR_POST)
def cpd(request: HttpRequest) -> HttpResponse:
    """The list; a post saves, deletes or brings back a view of it."""
    listing = CpdListing(request, _live(request))
    views = SavedViews(request, listing, saved_views)
    if request.method == "POST" and (answer := views.posted()):
        return answer
    remember_page_size(person=request.user, name=listing.name, size=listing.asked.page_size)
    return render(request, "cpd/cpd.html", listing.context() | {"views": views})


@only(Role.MEDIATOR)
@require_http_methods(GET_OR_POST)
@adding
def add(request: HttpRequest) -> HttpResponse:
    last = _live(request).order_by("-created_at").values(*USUAL).first() or {}
    initial = last | {"completed_on": local_today()}
    return _entry_form(request, CpdEntry(owner=request.user), DRAFT, initial)


@only(Role.MEDIATOR)
@own_entry(_live)
@require_http_methods(GET_OR_POST)
def edit(request: HttpRequest, stored: CpdEntry) -> HttpResponse:
    return _entry_form(request, stored, str(stored.pk), None)


def _entry_form(request: HttpRequest, entry: CpdEntry, draft: str, initial: dict | None) -> HttpResponse:
    """The message also tells the page that the draft of this form on the device has done its work."""
    is_new = entry._state.adding
    form = CpdForm(
        sent(request), request.FILES or None, instance=entry, earlier=_live(request), initial=initial
    )
    if request.method == "POST" and form.may_be_saved:
        services.save_entry(
            entry=form.save(commit=False),
            by=request.user,
            document=form.document,
            without_evidence=form.cleaned_data.get("without_evidence", False),
        )
        said = _("Saved: %(title)s, %(worth)s.") % {"title": entry.title, "worth": entry.worth}
        messages.success(request, said, draft)
        return redirect("cpd_entry", entry.pk)
    context = {"form": form, "entry": None if is_new else entry, "draft": draft}
    return render(request, "cpd/entry_form.html", context | days(), status=409 if form.is_stale else 200)


@only(Role.MEDIATOR)
@own_entry(_live)
@require_safe
def entry(request: HttpRequest, stored: CpdEntry) -> HttpResponse:
    kind_of_file = WORDS.get(_ending(stored), "")
    takeaways = readable(stored, "takeaways")
    context = {"entry": stored, "facts": facts(stored), "kind_of_file": kind_of_file, "takeaways": takeaways}
    return render(request, "cpd/entry.html", context)


@only(Role.MEDIATOR)
@own_entry(_live)
@require_safe
def evidence(request: HttpRequest, stored: CpdEntry) -> HttpResponseBase:
    """The file, to keep and not to look at: nothing in it can act as a page of ours."""
    ending = _ending(stored)
    if not ending:
        raise Http404
    try:
        file = place_of(stored.evidence_file).open("rb")
    except FileNotFoundError as error:  # the database was restored, the folder was not
        raise Http404 from error
    name = f"cpd-evidence-{stored.completed_on.isoformat()}.{ending}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[ending])


def _ending(entry: CpdEntry) -> str:
    return entry.evidence_file.rpartition(".")[2]


@only(Role.MEDIATOR)
@own_entry(_live)
@require_http_methods(GET_OR_POST)
def delete(request: HttpRequest, stored: CpdEntry) -> HttpResponse:
    return delete_page(request, stored, delete=services.delete_entry, template="cpd/delete.html", then="cpd")


@only(Role.MEDIATOR)
@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    return deleted_page(request, _all(request), "cpd/deleted.html")


@only(Role.MEDIATOR)
@own_entry(_all)
@require_POST
def restore(request: HttpRequest, stored: CpdEntry) -> HttpResponse:
    services.restore_entry(entry=stored, by=request.user)
    messages.success(request, _("Back in your CPD list: %(title)s.") % {"title": stored.title})
    return redirect("cpd_entry", stored.pk)


@only(Role.MEDIATOR)
@require_safe
def print_page(request: HttpRequest) -> HttpResponse:
    """A PDF of what the page shows: its rows, totals and charts, and the filters in words."""
    listing = CpdListing(request, _live(request))
    return printed(request, "cpd", "cpd/cpd_pdf.html", [listing], listing.context)


@only(Role.MEDIATOR)
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Every row of the current view, in its order. What is not understood is refused, not left out."""
    return downloaded(request, CpdListing(request, _live(request)), exports.headings, exports.rows)


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
