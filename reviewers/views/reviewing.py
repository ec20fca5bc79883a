"""Review Feedback: the mediators who named a Reviewer, and what was said about each of them."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.choices import Role
from accounts.models import Appointment, User
from accounts.permissions import only
from accounts.services.appointments import AppointmentRefused
from feedback.exports import surveys_in
from logbook_site.foundation.lists import NotUnderstood
from logbook_site.foundation.pdf import PdfNotPossible, pdf_response
from logbook_site.foundation.spreadsheets import csv_response, xlsx_response
from reviewers import exports
from reviewers.listing import Comment, MediatorsListing, ReviewListing
from reviewers.querysets import feedback_read_by, mediators_of, reads_everything, vetting_of
from reviewers.services import appointing
from reviewers.summaries import proposals_to

# Printed in the request. A print of more would keep others waiting, and nobody reads it at one go.
PIECES_IN_A_PRINT = 300


def own_mediator(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets its mediator. Whatever the method: whom this Reviewer does not review now is unknown, 404."""

    @wraps(view)
    def with_mediator(request: HttpRequest, mediator_id: UUID, **more) -> HttpResponse:
        mediators = mediators_of(request.user).select_related("mediator_profile")
        return view(request, get_object_or_404(mediators, pk=mediator_id), **more)

    return with_mediator


@only(Role.REVIEWER)
@require_safe
def mediators(request: HttpRequest) -> HttpResponse:
    listing = MediatorsListing(request)
    listing.remember_page_size()
    context = listing.context() | {
        "proposals": proposals_to(request.user),
        "vetting": vetting_of(request.user),
    }
    return render(request, "reviewers/review.html", context)


@only(Role.REVIEWER)
@own_mediator
@require_safe
def mediator(request: HttpRequest, reviewed: User) -> HttpResponse:
    return render(request, "reviewers/mediator.html", ReviewListing(request, reviewed).context())


@only(Role.REVIEWER)
@own_mediator
def piece(request: HttpRequest, reviewed: User, piece_id: UUID) -> HttpResponse:
    readable = feedback_read_by(request.user).filter(mediator=reviewed)
    stored = get_object_or_404(readable, pk=piece_id)
    return _piece(request, reviewed, Comment(stored, is_checked=reads_everything(request.user)))


@require_safe
def _piece(request: HttpRequest, reviewed: User, comment: Comment) -> HttpResponse:
    return render(request, "reviewers/piece.html", {"mediator": reviewed, "comment": comment})


@only(Role.REVIEWER)
@own_mediator
@require_safe
def print_pdf(request: HttpRequest, reviewed: User) -> HttpResponse:
    listing = ReviewListing(request, reviewed)
    if listing.asked.complaints:
        raise NotUnderstood(listing.asked.complaints)
    if listing.number > PIECES_IN_A_PRINT:
        sentence = _("This is too much for one print: at most %(number)d pieces. Choose a year.")
        return _back(request, listing, sentence % {"number": PIECES_IN_A_PRINT})
    try:
        return pdf_response(_file_name(reviewed, "pdf"), "reviewers/mediator_pdf.html", listing.context())
    except PdfNotPossible as error:
        return _back(request, listing, error.sentence)


def _back(request: HttpRequest, listing: ReviewListing, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return redirect(reverse("review_mediator", args=[listing.mediator.pk]) + listing.asked.address())


@only(Role.REVIEWER)
@own_mediator
@require_safe
def export(request: HttpRequest, reviewed: User) -> HttpResponseBase:
    """Every piece of the current view. What is not understood is refused, not left out."""
    listing = ReviewListing(request, reviewed)
    answers = {"csv": csv_response, "xlsx": xlsx_response}
    wanted = request.GET.get("format", "csv")
    if wanted not in answers:
        listing.asked.complaints.append(_("A download is “csv” or “xlsx”."))
    if listing.asked.complaints:
        raise NotUnderstood(listing.asked.complaints)
    view = listing.filtered.ordered
    surveys = surveys_in(view)
    rows = exports.rows(view, surveys, is_checked=listing.is_checked)
    headings = exports.headings(surveys, is_checked=listing.is_checked)
    return answers[wanted](_file_name(reviewed, wanted), headings, rows)


def _file_name(reviewed: User, ending: str) -> str:
    """So that downloads about several mediators can be told apart."""
    return f"feedback-{slugify(reviewed.name) or 'mediator'}.{ending}"


@only(Role.REVIEWER)
@own_mediator
@require_POST
def resign(request: HttpRequest, reviewed: User) -> HttpResponse:
    """From now on this Reviewer reads nothing about the mediator, who is told."""
    held = Appointment.objects.reading(request.user).filter(mediator=reviewed).first()
    try:
        if held:
            appointing.resign(appointment=held, by=request.user)
            sentence = _("You no longer review %(name)s, who is told by e-mail.")
            messages.success(request, sentence % {"name": reviewed.name})
    except AppointmentRefused as refused:  # ended by the other side in this very moment
        messages.warning(request, refused.sentence)
    return redirect("review")
