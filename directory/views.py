"""Verify Experience: for directories. And what its mediators see of it."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.choices import Role, Visibility
from accounts.limits import is_over
from accounts.models import User
from accounts.permissions import only
from directory import exports
from directory.forms import SearchForm
from directory.listing import ExperienceListing
from directory.looks import LookListing
from directory.search import SearchResults
from directory.services import record_look
from logbook_site.foundation.lists import NotUnderstood
from logbook_site.foundation.pdf import PdfNotPossible, pdf_response
from logbook_site.foundation.spreadsheets import csv_response, xlsx_response


def open_mediator(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view gets a mediator who is open to directories; everybody else is unknown, 404."""

    @wraps(view)
    def with_mediator(request: HttpRequest, mediator_id: UUID) -> HttpResponseBase:
        among = User.objects.open_to_directories().select_related("mediator_profile")
        return view(request, get_object_or_404(among, pk=mediator_id))

    return with_mediator


@only(Role.DIRECTORY)
@require_safe
def verify_experience(request: HttpRequest) -> HttpResponse:
    """The search. What was typed is counted, so that nobody copies the list."""
    form = SearchForm(request.GET if "q" in request.GET else None)
    context = {"form": form, "results": None, "asked": None, "is_over": False}
    if form.is_valid():
        if is_over("directory_search", request):
            return render(request, "directory/search.html", context | {"is_over": True}, status=429)
        results = SearchResults(form.cleaned_data["q"], request.GET)
        context |= {"results": results, "asked": results.asked}
    return render(request, "directory/search.html", context)


@only(Role.DIRECTORY)
@open_mediator
@require_safe
def mediator(request: HttpRequest, mediator: User) -> HttpResponse:
    record_look(mediator=mediator, place=request.user.place)
    return render(request, "directory/mediator.html", ExperienceListing(mediator, request.GET).context())


@only(Role.DIRECTORY)
@open_mediator
@require_safe
def export(request: HttpRequest, mediator: User) -> HttpResponseBase:
    listing = ExperienceListing(mediator, request.GET)
    answers = {"csv": csv_response, "xlsx": xlsx_response}
    wanted = request.GET.get("format", "csv")
    if wanted not in answers:
        listing.asked.complaints.append(_("A download is “csv” or “xlsx”."))
    if request.GET.get("list", "") not in {"", "cpd"}:
        listing.asked.complaints.append(_("There is no such list."))
    if listing.complaints:
        raise NotUnderstood(listing.complaints)
    record_look(mediator=mediator, place=request.user.place)
    if request.GET.get("list"):
        return answers[wanted](f"cpd.{wanted}", exports.cpd_headings(), exports.cpd_rows(listing))
    return answers[wanted](f"experience.{wanted}", exports.headings(), exports.rows(listing))


@only(Role.DIRECTORY)
@open_mediator
@require_safe
def print_page(request: HttpRequest, mediator: User) -> HttpResponse:
    """A PDF of what the page shows."""
    listing = ExperienceListing(mediator, request.GET)
    if listing.complaints:
        raise NotUnderstood(listing.complaints)
    record_look(mediator=mediator, place=request.user.place)
    try:
        return pdf_response("experience.pdf", "directory/mediator_pdf.html", listing.context())
    except PdfNotPossible as error:
        messages.error(request, error.sentence)
        return redirect("verify_mediator", mediator.pk)


@only(Role.MEDIATOR)
@require_safe
def what_they_see(request: HttpRequest) -> HttpResponse:
    """The mediator's own page as a directory gets it: the same template and the same numbers."""
    listing = ExperienceListing(request.user, request.GET)
    is_open = listing.profile.visibility == Visibility.DIRECTORIES
    return render(
        request, "directory/mediator.html", listing.context() | {"is_preview": True, "is_open": is_open}
    )


@only(Role.MEDIATOR)
@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    """Who looked at the mediator's totals, and on which day."""
    return render(request, "directory/looks.html", LookListing(request.user, request.GET).context())
