"""Help, the contact form, and privacy: open to everybody, with an account or without."""

from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import MessageKind, Role
from accounts.limits import is_over
from accounts.services.messages import send_message
from feedback.services.secrets import open_receipt, seal_receipt
from logbook_site.foundation.entries import GET_OR_POST, sent
from logbook_site.foundation.text import fold
from logbook_site.help.forms import ContactForm
from logbook_site.help.own_pages import own_page
from logbook_site.help.told import told

SEARCH_LETTERS = 100
RECEIPT = "contact"
THANKS_SHOWN_HOURS = 1


class Section(NamedTuple):
    """Questions of one kind of reader, and the roles for whom they come first."""

    name: str
    title: Promise
    template: str
    roles: frozenset[Role]


SECTIONS = [
    Section("parties", gettext_lazy("Parties"), "help/_parties.html", frozenset()),
    Section("mediators", gettext_lazy("Mediators"), "help/_mediators.html", frozenset({Role.MEDIATOR})),
    Section("reviewers", gettext_lazy("Reviewers"), "help/_reviewers.html", frozenset({Role.REVIEWER})),
    Section(
        "directories", gettext_lazy("Directories"), "help/_directories.html", frozenset({Role.DIRECTORY})
    ),
    Section("everybody", gettext_lazy("Everybody"), "help/_everybody.html", frozenset(Role)),
]


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    asked = " ".join(request.GET.get("q", "").replace("\0", "").split())[:SEARCH_LETTERS]
    context = _facts() | {"wanted": fold(asked).split()}
    rendered = [
        (section, render_to_string(section.template, context, request)) for section in _in_order_for(request)
    ]
    sections = [(section, questions) for section, questions in rendered if questions.strip()]
    shown = {"asked": asked, "sections": sections, "KNOWN_ISSUES_URL": settings.KNOWN_ISSUES_URL}
    return render(request, "help/help.html", shown)


def _in_order_for(request: HttpRequest) -> list[Section]:
    """What the reader's roles ask first, then what everybody asks, then the rest. Strangers are parties, most often."""
    roles = request.user.roles if request.user.is_authenticated else frozenset()
    return sorted(SECTIONS, key=lambda section: (not section.roles & roles, len(section.roles)))


def _facts() -> dict[str, object]:
    """What answers and the privacy page tell of this site as it is set up."""
    return {
        "told": told(),
        "is_paid": settings.ACCESS_MODE == "paid",
        "SHOP_URL": settings.SHOP_URL,
        "is_vetting": settings.REVIEWER_VETTING,
        "languages": [name for _code, name in settings.LANGUAGES],
        "release_at": settings.FEEDBACK_RELEASE_AT,
        "evidence_megabytes": settings.EVIDENCE_BYTES_MAX / 1024 / 1024,
        "COMPLAINTS_URL": settings.COMPLAINTS_URL,
        "DIGEST_INFO_URL": settings.DIGEST_INFO_URL,
    }


@login_not_required
@require_safe
def mentorship(request: HttpRequest) -> HttpResponse:
    return render(request, "help/mentorship.html")


@login_not_required
@require_safe
def career_path(request: HttpRequest) -> HttpResponse:
    return render(request, "help/career_path.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    cookies = {"session_cookie": settings.SESSION_COOKIE_NAME, "csrf_cookie": settings.CSRF_COOKIE_NAME}
    return render(request, "help/privacy.html", _facts() | cookies)


@login_not_required
@require_http_methods(GET_OR_POST)
def contact(request: HttpRequest) -> HttpResponse:
    if "sent" in request.GET:
        return _thanks(request)
    form = ContactForm(sent(request), initial=_known(request))
    if not (request.method == "POST" and form.is_valid()):
        return render(request, "help/contact.html", {"form": form})
    if is_over("contact", request):
        return HttpResponse(status=429)
    if not request.POST.get("subject"):  # a field that people never see: only a program fills it
        written = form.cleaned_data
        send_message(
            kind=MessageKind(written["kind"]),
            name=written["name"],
            email=written["email"],
            page=written["page"],
            text=written["message"],
            by=request.user if request.user.is_authenticated else None,
        )
    receipt = seal_receipt(RECEIPT, THANKS_SHOWN_HOURS, email=form.cleaned_data["email"])
    return HttpResponseRedirect(f"{reverse('contact')}?{urlencode({'sent': receipt})}")


def _known(request: HttpRequest) -> dict[str, str]:
    """What the form knows before anything is typed: who is signed in, the page, and words that help did not find."""
    searched = request.GET.get("searched", "").replace("\0", "")[:SEARCH_LETTERS]
    known = {"page": own_page(request.GET.get("page", ""))}
    if searched:
        known["message"] = _("I searched for: %(words)s") % {"words": searched} + "\n\n"
    if request.user.is_authenticated:
        known |= {"name": request.user.name, "email": request.user.email}
    return known


def _thanks(request: HttpRequest) -> HttpResponse:
    """With the address, for as long as the receipt opens; after that without."""
    receipt = open_receipt(RECEIPT, request.GET["sent"])
    return render(request, "help/contact_sent.html", {"email": receipt["email"] if receipt else ""})
