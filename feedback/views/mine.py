"""My Feedback: the list, one piece, export and print. Every piece comes from `visible_to`."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.choices import Role
from accounts.permissions import only
from feedback import exports
from feedback.choices import ReportState
from feedback.forms.mine import NoteForm, ReportForm
from feedback.listing import Card, FeedbackListing
from feedback.models import Feedback, FeedbackNote, FeedbackReport
from feedback.services import pieces
from logbook_site.foundation.lists import NotUnderstood
from logbook_site.foundation.pdf import PdfNotPossible, pdf_response
from logbook_site.foundation.spreadsheets import csv_response, xlsx_response


def own_piece(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets its piece. Whatever the method: what is not shared with this mediator is unknown, 404."""

    @wraps(view)
    def with_piece(request: HttpRequest, piece_id: UUID) -> HttpResponse:
        return view(request, get_object_or_404(Feedback.objects.visible_to(request.user), pk=piece_id))

    return with_piece


@only(Role.MEDIATOR)
@require_safe
def my_feedback(request: HttpRequest) -> HttpResponse:
    listing = FeedbackListing(request)
    listing.remember_page_size()
    return render(request, "feedback/my_feedback.html", listing.context())


@only(Role.MEDIATOR)
@own_piece
@require_safe
def piece(request: HttpRequest, stored: Feedback) -> HttpResponse:
    return _piece_page(request, stored)


def _piece_page(request: HttpRequest, piece: Feedback, refused: forms.Form | None = None) -> HttpResponse:
    """The piece with its two forms; the one that was `refused` holds what was typed."""
    context = {
        "card": Card(piece),
        "note_form": NoteForm(stored=_note_of(piece)),
        "report_form": ReportForm(),
        "is_reported": FeedbackReport.objects.filter(feedback=piece, state=ReportState.OPEN).exists(),
        "form": refused,
    }
    if isinstance(refused, NoteForm):
        context["note_form"] = refused
    elif refused:
        context["report_form"] = refused
    return render(request, "feedback/piece.html", context)


def _note_of(piece: Feedback) -> FeedbackNote:
    """The stored note, or an empty one."""
    return FeedbackNote.objects.filter(feedback=piece).first() or FeedbackNote(feedback=piece)


@only(Role.MEDIATOR)
@own_piece
@require_POST
def note(request: HttpRequest, stored: Feedback) -> HttpResponse:
    form = NoteForm(request.POST, stored=_note_of(stored))
    if not form.is_valid() or form.asks:
        return _piece_page(request, stored, form)
    if not form.leaves("note"):
        note = form.cleaned_data["note"]
        pieces.save_note(piece=stored, note=note, by=request.user)
        messages.success(request, _("Your note is saved.") if note.strip() else _("Your note is removed."))
    return _back_to(stored)


@only(Role.MEDIATOR)
@own_piece
@require_POST
def report(request: HttpRequest, stored: Feedback) -> HttpResponse:
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _piece_page(request, stored, form)
    pieces.report_piece(piece=stored, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, _("Your report was sent."))
    return _back_to(stored)


def _back_to(piece: Feedback) -> HttpResponse:
    """To the part of the page below the answers, where the forms are."""
    return redirect(reverse("feedback_piece", args=[piece.pk]) + "#yours")


@only(Role.MEDIATOR)
@require_safe
def print_pdf(request: HttpRequest) -> HttpResponse:
    """A PDF of what the page shows: the summary, and the pieces of this page."""
    listing = FeedbackListing(request)
    if listing.asked.complaints:
        raise NotUnderstood(listing.asked.complaints)
    try:
        context = listing.context() | {"person": request.user}
        return pdf_response("my-feedback.pdf", "feedback/my_feedback_pdf.html", context)
    except PdfNotPossible as error:
        messages.error(request, error.sentence)
        return redirect("my_feedback")


@only(Role.MEDIATOR)
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Every piece of the current view. What is not understood is refused, not left out."""
    listing = FeedbackListing(request)
    answers = {"csv": csv_response, "xlsx": xlsx_response}
    wanted = request.GET.get("format", "csv")
    if wanted not in answers:
        listing.asked.complaints.append(_("A download is “csv” or “xlsx”."))
    if listing.asked.complaints:
        raise NotUnderstood(listing.asked.complaints)
    view = listing.filtered.ordered
    surveys = exports.surveys_in(view)
    return answers[wanted](f"my-feedback.{wanted}", exports.headings(surveys), exports.rows(view, surveys))
