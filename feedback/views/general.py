"""The general survey: anybody may leave feedback about a mediator who allows it, and confirms it by mail."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.limits import is_over
from accounts.models import User
from accounts.querysets import UserQuerySet
from feedback.choices import ActedAs
from feedback.emails import kept_time
from feedback.forms.general import GeneralSurveyForm
from feedback.services import answers
from feedback.services.secrets import address_hash
from feedback.surveys import CURRENT
from feedback.views import answering
from feedback.views.door import READ_AND_SEND, filled_in_here, lead_to, party_page, sent, thank, unknown_link
from logbook_site.foundation import vault
from logbook_site.foundation.text import fold

LETTERS_AT_LEAST = 2
SHOWN_AT_MOST = 20
LOOKED_AT = 5000  # names are compared here, so that accents and case do not count


@party_page(READ_AND_SEND)
@filled_in_here
def general_survey(request: HttpRequest) -> HttpResponse:
    """Looks for a mediator by name; with `mediator`, the survey about that one."""
    wanted = request.POST.get("mediator") or request.GET.get("mediator")
    if wanted is None:
        return _search_page(request, request.GET.get("q", ""))
    mediator = User.objects.found_by_anybody().filter(pk=_id_in(wanted)).first()
    return _survey(request, mediator, wanted=mediator.pk) if mediator else unknown_link(request)


@party_page(READ_AND_SEND)
@filled_in_here
def general_to(request: HttpRequest, code: str) -> HttpResponse:
    """The link that a mediator gives away; it works for private ones, too."""
    known = User.objects.accepting_general() if code.isprintable() else User.objects.none()
    mediator = known.filter(mediator_profile__general_code=code).first()
    return _survey(request, mediator) if mediator else unknown_link(request)


@party_page(READ_AND_SEND)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link in the mail shows a button, because mail scanners open links; the button confirms."""
    is_sent = answers.thanks_again(token, "") is not None
    if not is_sent and answers.find_pending(token) is None:
        return unknown_link(request)
    page = {"is_sent": is_sent, "is_closed": False}
    if request.method == "POST":
        try:
            thanks = answers.confirm(token=token)
        except vault.VaultClosed:
            page["is_closed"] = True
        else:
            return thank(request, thanks) if thanks else unknown_link(request)
    return render(request, "feedback/party/confirm.html", page)


def _id_in(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _search_page(request: HttpRequest, typed: str) -> HttpResponse:
    words = fold(typed).split()
    is_too_short = bool(typed) and len("".join(words)) < LETTERS_AT_LEAST
    found = [] if is_too_short or not words else _named(User.objects.found_by_anybody(), words)
    context = {"q": typed, "is_too_short": is_too_short, "found": found, "is_searched": bool(words)}
    return render(request, "feedback/party/search.html", context)


def _named(among: UserQuerySet, words: list[str]) -> list[User]:
    """Those whose name holds every word, as a part of it, without case and accents."""
    people = among.select_related("mediator_profile").order_by("name", "pk")[:LOOKED_AT]
    names = ((person, fold(person.name)) for person in people)
    return [person for person, name in names if all(word in name for word in words)][:SHOWN_AT_MOST]


def _survey(request: HttpRequest, mediator: User, wanted: UUID | None = None) -> HttpResponse:
    """`wanted`: the id, where the address names the mediator by it."""
    asked = request.POST.get("acted_as") or request.GET.get("acted_as")
    acted_as = ActedAs(asked) if asked in ActedAs.values else ActedAs.MEDIATOR
    form = GeneralSurveyForm(sent(request), survey=CURRENT[acted_as], mediator=mediator.name)
    about = {
        "acted_as": acted_as,
        "choices_of_acting": ActedAs.choices,
        "is_general": True,
        "wanted": wanted,
        "kept_time": kept_time(),
    }
    if answering.is_sent(request, form):
        told = form.answers()
        if is_over("general_survey", request):
            return HttpResponse(status=429)
        # A refusal would tell a stranger, who only has to write in a party's name, that the party wrote today.
        # The count lies in the database with its times: the address, under a key that the database does not hold.
        if is_over("general_survey_of_address", request, key=address_hash(told.respondent_email)):
            return lead_to(request, "thank_you", confirm="1")
        try:
            answers.keep_until_confirmed(
                mediator=mediator,
                acted_as=acted_as,
                year=form.cleaned_data["year"],
                answers=told,
                language=get_language(),
                form_key=answering.form_key_of(request),
            )
        except vault.VaultClosed:
            form.add_error(
                None, _("We cannot keep your answers safe at the moment. Wait a minute and send them again.")
            )
        else:
            return lead_to(request, "thank_you", confirm="1")
    return answering.survey_page(request, form, mediator, about)
