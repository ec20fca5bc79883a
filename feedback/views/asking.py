"""Request Feedback: asking parties by e-mail or with links, and what was sent.

What is typed about parties goes to the vault and to the page that comes back, nowhere else: no message, no
session and no log holds it.
"""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Role
from accounts.models import Appointment, MediatorProfile
from accounts.permissions import adding, only
from accounts.summaries import general_link
from feedback import emails
from feedback.choices import RequestKind
from feedback.forms.asking import (
    BLANK_ROWS,
    PARTIES_AT_MOST,
    ROWS_READ,
    EmailForm,
    LinksForm,
    MediationForm,
    PartyRows,
    party_rows,
    rows_posted,
)
from feedback.listing import RequestListing
from feedback.models import FeedbackRequest
from feedback.services import requests as services
from logbook_site.foundation.entries import days
from logbook_site.foundation.periods import in_words
from logbook_site.foundation.qr import qr_code
from logbook_site.foundation.vault import VaultClosed

GET_OR_POST = ["GET", "HEAD", "POST"]
# What a page that carries a form on makes anew.
NOT_CARRIED = {"csrfmiddlewaretoken", "form_key", "action"}


@only(Role.MEDIATOR)
@require_http_methods(GET_OR_POST)
def ask(request: HttpRequest) -> HttpResponse:
    """Both ways of asking; and, with a receipt, the links that were made."""
    if request.method != "POST" and "links" in request.GET:
        return _links_page(request)
    return _ask(request)


@adding
def _ask(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return (
            _links_posted(request) if request.POST.get("kind") == RequestKind.LINK else _email_posted(request)
        )
    if request.GET.get("kind") == RequestKind.LINK:
        return _form_page(request, LinksForm(), None)
    return _form_page(request, EmailForm(), party_rows(None, request.user))


def _email_posted(request: HttpRequest) -> HttpResponse:
    action = request.POST.get("action", "")
    if action == "more":
        return _with_more_rows(request)
    form, rows = EmailForm(request.POST), party_rows(request.POST, request.user)
    is_valid = all([form.is_valid(), rows.is_valid()])  # both are asked, so that all is said at once
    if is_valid and action == "send":
        return _done_or_refused(request, form, rows, lambda: _send(request, form, rows))
    if is_valid and action != "change":
        return _preview(request, form, rows)
    return _form_page(request, form, rows)


def _with_more_rows(request: HttpRequest) -> HttpResponse:
    """The form as it was typed, unchecked, with new rows: the page's script does this without asking."""
    number = min(rows_posted(request.POST), ROWS_READ)
    typed = [
        {name: request.POST.get(f"parties-{row}-{name}", "") for name in ("name", "email")}
        for row in range(number)
    ]
    more = max(number, min(number + BLANK_ROWS, PARTIES_AT_MOST))
    form = EmailForm(
        initial={name: request.POST[name] for name in EmailForm.base_fields if name in request.POST}
    )
    return _form_page(request, form, party_rows(None, request.user, rows=more, typed=typed))


def _send(request: HttpRequest, form: EmailForm, rows: PartyRows) -> HttpResponse:
    asked = services.ask_by_email(
        mediator=request.user,
        parties=rows.parties,
        mediation=form.mediation,
        remind=form.cleaned_data["remind"],
        by=request.user,
    )
    number, forgotten_at = len(asked), min(one.unreadable_at for one in asked)
    sent = ngettext("Sent to one person.", "Sent to %(number)d people.", number) % {"number": number}
    # Messages lie in the session, in the database: nothing about the parties may be in them.
    kept = _("Names, addresses and the reference are deleted on %(day)s.") % {
        "day": date_format(timezone.localtime(forgotten_at), "MONTH_DAY_FORMAT")
    }
    messages.success(request, f"{sent} {kept}")
    return redirect("feedback_requests")


def _links_posted(request: HttpRequest) -> HttpResponse:
    form = LinksForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, None)
    return _done_or_refused(request, form, None, lambda: _make_links(request, form))


def _make_links(request: HttpRequest, form: LinksForm) -> HttpResponse:
    receipt = services.make_links(
        mediator=request.user, count=form.cleaned_data["count"], mediation=form.mediation, by=request.user
    )
    return redirect(f"{reverse('feedback_request')}?links={receipt}")


def _done_or_refused(
    request: HttpRequest, form: MediationForm, rows: PartyRows | None, act: Callable[[], HttpResponse]
) -> HttpResponse:
    """What `act` answers; or the filled form with the reason why nothing was done."""
    try:
        return act()
    except services.LimitReached as error:
        sentence, status = error.sentence, 429
    except services.RequestRefused as error:  # an address became one's own meanwhile
        sentence, status = error.sentence, 200
    except VaultClosed:
        sentence, status = (
            _(
                "We cannot keep addresses safe at this moment, so nothing was sent. Try again in some minutes."
            ),
            503,
        )
    form.add_error(None, sentence)
    return _form_page(request, form, rows, status=status)


def _form_page(
    request: HttpRequest, form: MediationForm, rows: PartyRows | None, *, status: int = 200
) -> HttpResponse:
    profile = MediatorProfile.objects.visible_to(request.user).get()
    context = {
        "form": form,
        "rows": rows,
        "rows_at_most": PARTIES_AT_MOST,
        "general_link": general_link(profile),
        "per_day": settings.REQUESTS_PER_DAY,
    }
    context |= _who_reads(request) | days()
    return render(request, "feedback/request.html", context, status=status)


def _who_reads(request: HttpRequest) -> dict[str, object]:
    return {
        "reviewer": Appointment.objects.reviewer_of(request.user),
        "kept_time": emails.kept_time(),
        "reminder_day": emails.reminder_day(),
    }


def _preview(request: HttpRequest, form: EmailForm, rows: PartyRows) -> HttpResponse:
    """The mail to the first party, and who gets one. Everything typed is carried on in hidden fields."""
    context = {
        "mail": emails.preview(request.user, rows.parties[0], form.mediation),
        "mail_language": form.mediation.language,
        "parties": rows.parties,
        "remind": form.cleaned_data["remind"],
        "carried": [pair for pair in request.POST.items() if pair[0] not in NOT_CARRIED],
    }
    return render(request, "feedback/request_preview.html", context | _who_reads(request))


def _links_page(request: HttpRequest) -> HttpResponse:
    shown = services.shown_links(receipt=request.GET["links"], by=request.user)
    context = {
        "links": [(address, qr_code(address)) for address in shown.addresses] if shown else [],
        "card_language": get_language_info(shown.language if shown else settings.LANGUAGE_CODE),
        "is_over": shown is None,
        "shown_for": in_words(settings.LINKS_SHOWN_HOURS),
    }
    status = 410 if shown is None else 200
    return render(request, "feedback/request_links.html", context | _who_reads(request), status=status)


@only(Role.MEDIATOR)
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    listing = RequestListing(request)
    listing.remember_page_size()
    return render(request, "feedback/requests.html", listing.context() | _who_reads(request))


def own_request(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets the request that its address names. Whatever the method: another's is unknown, 404."""

    @wraps(view)
    def with_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
        return view(
            request, get_object_or_404(FeedbackRequest.objects.visible_to(request.user), pk=request_id)
        )

    return with_request


@only(Role.MEDIATOR)
@own_request
@require_http_methods(GET_OR_POST)
def cancel(request: HttpRequest, stored: FeedbackRequest) -> HttpResponse:
    if request.method == "POST":
        services.cancel_request(request=stored, by=request.user)
        messages.success(request, _("Cancelled. The link does not work any more, and no reminder is sent."))
        return redirect("feedback_requests")
    return render(request, "feedback/request_cancel.html", {"stored": stored})
