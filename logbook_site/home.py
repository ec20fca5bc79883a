"""The first page: a landing page for strangers, a Home for everyone else."""

from typing import NamedTuple
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_not_required
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.choices import Role
from accounts.forms import VisibilityForm
from accounts.models import Appointment, MediatorProfile, StaffPlace, User
from accounts.summaries import ends_soon
from directory.forms import SearchForm
from feedback.models import Feedback
from feedback.summaries import is_any_undelivered
from logbook.choices import EntryRole, Medium
from logbook.models import LogbookEntry
from logbook.summaries import RoleHours, Totals, YearHours, online_since, totals_of
from logbook_site.desk.needs import needs
from logbook_site.foundation.clock import local_today
from logbook_site.foundation.hours import show_hours
from logbook_site.foundation.languages import language_names
from reviewers.models import Digest
from reviewers.querysets import mediators_of, vetting_of
from reviewers.summaries import proposals_to, reviewed

MEDIATORS_ON_HOME = 5
MOST_TO_DO = 5
ONLINE_YEARS = 3  # IMI counts online mediations of the last 36 months


class ToDo(NamedTuple):
    sentence: str
    word: str
    address: str


class Number(NamedTuple):
    """A number in words, and the address of the list that it counts."""

    label: str
    shown: str
    detail: str
    address: str


class Access(NamedTuple):
    """An organisation that can look up mediators, and the names of its staff."""

    name: str
    people: list[str]


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "home/landing.html")
    roles = request.user.roles
    is_admin = Role.ADMIN in roles
    context = {"is_admin": is_admin, "needs": needs() if is_admin else []}
    context |= _of_directory(request.user) | _of_mediator(request.user) | _of_reviewer(request.user)
    context["to_do"] = _to_do(request.user, context["profile"])
    return render(request, "home/home.html", context)


def _of_mediator(user: User) -> dict[str, object]:
    profile = MediatorProfile.objects.visible_to(user).first()
    if profile is None:
        return {
            "profile": None,
            "visibility_form": None,
            "languages": [],
            "numbers": [],
            "organisations": [],
            "shared": 0,
        }
    return {
        "profile": profile,
        "visibility_form": None if profile.visibility else VisibilityForm(),
        "languages": language_names(profile.languages),
        "numbers": _numbers(user),
        # How many pieces may be read in My Feedback. Of others nothing is told.
        "shared": Feedback.objects.visible_to(user).count(),
        "organisations": _organisations(),
    }


def _organisations() -> list[Access]:
    """Everybody who may look up mediators today, by organisation; a private mediator sees them, too."""
    places = StaffPlace.objects.with_access().select_related("organisation", "person")
    staff: dict[str, list[str]] = {}
    for place in places.order_by("organisation__name", "person__name", "id"):
        staff.setdefault(place.organisation.name, []).append(place.person.name)
    return [Access(name, people) for name, people in staff.items()]


def _of_directory(user: User) -> dict[str, object]:
    return {
        "is_directory": Role.DIRECTORY in user.roles,
        "search_form": SearchForm() if Role.DIRECTORY in user.roles_today else None,
    }


def _numbers(user: User) -> list[Number]:
    """What this logbook adds up to; nothing for an empty one."""
    entries = LogbookEntry.objects.visible_to(user).live()
    totals = totals_of(entries)
    if not totals.number:
        return []
    today = local_today()
    last_of_february = (today.month, today.day) == (2, 29)
    since = today.replace(year=today.year - ONLINE_YEARS, day=28 if last_of_february else today.day)
    year = next((row for row in totals.by_year if row.year == today.year), None)
    lead = next((row for row in totals.by_role if row.role == EntryRole.LEAD), None)
    online = online_since(entries, since)
    return [
        _hours(_("This year"), year, {"year": today.year}),
        _hours(_("All years"), totals, {}),
        _hours(_("As lead mediator"), lead, {"role": EntryRole.LEAD.value}),
        Number(
            _("Online, last %(months)d months") % {"months": 12 * ONLINE_YEARS},
            str(online),
            ngettext("mediation", "mediations", online),
            _list_of({"medium": Medium.ONLINE.value, "date_from": since.isoformat()}),
        ),
    ]


def _hours(label: str, row: Totals | YearHours | RoleHours | None, filters: dict[str, object]) -> Number:
    number = (row.real_number if isinstance(row, Totals) else row.number) if row else 0
    detail = ngettext("%(number)d mediation", "%(number)d mediations", number) % {"number": number}
    return Number(label, show_hours(row.minutes if row else 0, grouped=True), detail, _list_of(filters))


def _list_of(filters: dict[str, object]) -> str:
    return reverse("logbook") + (f"?{urlencode(filters)}" if filters else "")


def _of_reviewer(user: User) -> dict[str, object]:
    """The mediators of whom most is new; all of them are on a page of their own."""
    context = {"is_reviewer": Role.REVIEWER in user.roles, "proposals": proposals_to(user), "reviewed": []}
    if context["is_reviewer"]:
        work = reviewed(mediators_of(user).order_by(Lower("name"), "id"), by=user)
        context |= {
            "reviewed": sorted(work, key=lambda each: -each.new)[:MEDIATORS_ON_HOME],
            "vetting": vetting_of(user),
        }
    return context


def _to_check(user: User) -> list[ToDo]:
    """A Feedback Digest that waits for the mediator's check of facts."""
    waiting = Digest.objects.visible_to(user).in_check().filter(commented_at__isnull=True)
    if not waiting.exists():
        return []
    sentence = _("Check the facts in your Feedback Digest before it is final.")
    return [ToDo(sentence, _("Feedback Digest"), reverse("my_digest"))]


def _to_do(user: User, profile: MediatorProfile | None) -> list[ToDo]:
    """What needs a hand, then what makes the account better; what is done is not named."""
    to_do = _to_check(user)
    if profile and ends_soon(user):
        sentence = _("Your access ends on %(day)s.") % {"day": date_format(user.access_until)}
        to_do.append(ToDo(sentence, _("Renew your access"), reverse("access")))
    if profile and is_any_undelivered(user):
        sentence = _("An invitation to give feedback could not be delivered.")
        to_do.append(ToDo(sentence, _("Look at it"), reverse("feedback_requests")))
    if profile and not Appointment.objects.visible_to(user).named_by(user).exists():
        sentence = _("Name a Reviewer: somebody independent who reads the feedback about you.")
        to_do.append(ToDo(sentence, _("Name a Reviewer"), reverse("my_reviewer")))
    if profile and not (profile.country and profile.languages and profile.about):
        to_do.append(
            ToDo(_("Say where you work and in which languages."), _("My Details"), reverse("my_details"))
        )
    if not is_mfa_enabled(user):
        sentence = _("Add a passkey: you sign in with your finger or face.")
        to_do.append(ToDo(sentence, _("Add a passkey"), reverse("mfa_index")))
    return to_do[:MOST_TO_DO]
