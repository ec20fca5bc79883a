"""All that an admin may know about a person: states, dates and numbers. No title, reference, text or party.

Each part is a heading and its facts; a fact is a label and one or more lines.
"""

from datetime import date, datetime
from typing import NamedTuple

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import Role, VettingState, Visibility
from accounts.models import Appointment, AuditEvent, Job, OrderLine, StaffPlace, User, Vetting
from accounts.permissions import has_access
from cpd.models import CpdEntry
from directory.models import Look
from feedback.models import Feedback, FeedbackRequest
from logbook.models import LogbookEntry
from logbook_site.foundation import clock
from logbook_site.foundation.languages import language_names
from reviewers.models import Digest

TRAIL_SHOWN = 20


class Line(NamedTuple):
    text: str
    address: str = ""


class Fact(NamedTuple):
    label: str
    lines: list[Line]


class Part(NamedTuple):
    title: str
    facts: list[Fact]


class Event(NamedTuple):
    """One line of the audit trail, in words."""

    at: datetime
    what: str
    by: str
    about: str
    reason: str


def parts_of(person: User) -> list[Part]:
    """In the order of the page; only what fits the person's roles and history."""
    parts = [Part(_("Account"), _account(person)), Part(_("Signing in"), _signing_in(person))]
    if person.is_mediator:
        parts.append(Part(_("As a mediator"), _mediator(person)))
        parts.append(Part(_("What is here"), _numbers(person)))
    if facts := _access(person):
        parts.append(Part(_("Paid access"), facts))
    if facts := _reviewer(person):
        parts.append(Part(_("As a Reviewer"), facts))
    if facts := _places(person):
        parts.append(Part(_("For directories"), facts))
    if facts := _jobs(person):
        parts.append(Part(_("Long work"), facts))
    return parts


def _account(person: User) -> list[Fact]:
    state = _("Open") if person.is_active else _("Closed by an admin")
    roles = [str(role.label) for role in Role if role in person.roles]
    facts = [
        _fact(_("State"), state),
        _fact(_("Roles"), ", ".join(roles) or _("None")),
        Fact(_("E-mail addresses"), [Line(text) for text in _addresses(person)]),
        _fact(_("Joined"), _day(person.joined_at)),
        _fact(_("Time zone"), person.time_zone),
    ]
    if person.deletion_due_at:
        facts.insert(1, _fact(_("To be deleted"), _moment(person.deletion_due_at)))
    return facts


def _addresses(person: User) -> list[str]:
    stored = EmailAddress.objects.filter(user=person).order_by("-primary", "email")
    words = [
        f"{each.email}, {_('confirmed') if each.verified else _('not confirmed')}"
        + (f", {_('signs in with it')}" if each.email.lower() == person.email else "")
        for each in stored
    ]
    return words or [f"{person.email}, {_('not confirmed')}"]


def _signing_in(person: User) -> list[Fact]:
    keys = UserSession.objects.filter(user=person).values("session_key")
    open_ones = Session.objects.filter(session_key__in=keys, expire_date__gt=clock.now()).count()
    kinds = (
        Authenticator.objects.filter(user=person).values_list("type").annotate(Count("pk")).order_by("type")
    )
    words = {
        Authenticator.Type.TOTP: lambda number: _("Authenticator app"),
        Authenticator.Type.WEBAUTHN: lambda number: (
            ngettext("%(number)d passkey", "%(number)d passkeys", number) % {"number": number}
        ),
        Authenticator.Type.RECOVERY_CODES: lambda number: _("Recovery codes"),
    }
    factors = [Line(str(words[kind](number))) for kind, number in kinds]
    return [
        _fact(_("Last sign-in"), _moment(person.last_login) if person.last_login else _("Never")),
        _fact(_("Open sign-ins"), str(open_ones)),
        _fact(
            _("Password"),
            _("Yes") if person.has_usable_password() else _("No: signs in with codes by e-mail"),
        ),
        Fact(_("Second factor"), factors or [Line(_("None"))]),
    ]


def _mediator(person: User) -> list[Fact]:
    profile = person.mediator_profile
    appointments = Appointment.objects.filter(mediator=person).select_related("reviewer")
    named = [
        Line(
            f"{one.reviewer.name if one.reviewer else _('Somebody invited by e-mail')}: {one.get_state_display()}",
            _page_of(one.reviewer) if one.reviewer else "",
        )
        for one in appointments.order_by("-created_at", "id")
    ]
    seen_by = {
        Visibility.DIRECTORIES: _("Directories"),
        Visibility.PRIVATE: _("Nobody"),
        "": _("Nobody: the question is not answered yet"),
    }
    return [
        _fact(_("Totals are seen by"), seen_by[profile.visibility]),
        _fact(_("Country"), profile.country.name or _("Not given")),
        _fact(_("Languages"), ", ".join(language_names(profile.languages)) or _("Not given")),
        Fact(_("IMI profile"), [Line(profile.imi_profile or _("Not given"), profile.imi_profile)]),
        _fact(_("General link"), _("On") if profile.accepts_general else _("Off")),
        Fact(_("Reviewer"), named or [Line(_("Nobody named"))]),
    ]


def _numbers(person: User) -> list[Fact]:
    live, deleted = Count("pk", filter=Q(deleted_at=None)), Count("pk", filter=~Q(deleted_at=None))
    entries = LogbookEntry.objects.filter(owner=person).aggregate(live=live, deleted=deleted)
    cpd = CpdEntry.objects.filter(owner=person).aggregate(live=live, deleted=deleted)
    states = Digest.objects.filter(mediator=person).aggregate(
        final=Count("pk", filter=Q(final_at__isnull=False)), open=Count("pk", filter=Q(final_at=None))
    )
    numbers = [
        (_("Logbook entries"), entries["live"]),
        (_("CPD entries"), cpd["live"]),
        (_("Deleted entries that can come back"), entries["deleted"] + cpd["deleted"]),
        (_("Feedback requests"), FeedbackRequest.objects.filter(mediator=person).count()),
        (_("Pieces of feedback"), Feedback.objects.filter(mediator=person).count()),
        (_("Final Feedback Digests"), states["final"]),
        (_("Feedback Digests in work"), states["open"]),
        (_("Looks by directories"), Look.objects.filter(mediator=person).count()),
    ]
    return [_fact(label, str(number)) for label, number in numbers]


def _access(person: User) -> list[Fact]:
    grants = [
        Line(
            ngettext("%(months)d month", "%(months)d months", grant.months) % {"months": grant.months}
            + f", {_day(grant.granted_on)}, {grant.get_source_display()}"
            + (f", {_('ended')}" if grant.ended_at else "")
        )
        for grant in person.access_grants.order_by("-granted_on", "id")
    ]
    addresses = EmailAddress.objects.filter(user=person).values("email")
    bought = OrderLine.objects.filter(
        Q(grant__person=person) | Q(email=person.email) | Q(email__in=addresses)
    )
    orders = [
        Line(
            _("Order %(number)s: %(state)s") % {"number": line.order_id, "state": line.get_state_display()},
            reverse("admin:accounts_orderline_change", args=[line.pk]),
        )
        for line in bought.order_by("-received_at", "id")
    ]
    if not grants and not orders and (settings.ACCESS_MODE == "open" or not person.is_mediator):
        return []
    if settings.ACCESS_MODE == "open":
        today = _("Open to everybody: nobody pays here")
    elif person.access_until is None:
        today = _("None")
    elif has_access(person):
        today = _("Until %(day)s") % {"day": _day(person.access_until)}
    else:
        today = _("Ended on %(day)s") % {"day": _day(person.access_until)}
    facts = [_fact(_("Today"), today), Fact(_("Given"), grants or [Line(_("Nothing"))])]
    return facts + ([Fact(_("Orders"), orders)] if orders else [])


def _reviewer(person: User) -> list[Fact]:
    held = [
        Line(f"{one.mediator.name}: {one.get_state_display()}", _page_of(one.mediator))
        for one in Appointment.objects.filter(reviewer=person)
        .select_related("mediator")
        .order_by("-created_at", "id")
    ]
    if not person.is_reviewer and not held:
        return []
    vetting = Vetting.objects.filter(reviewer=person).first()
    state = vetting.get_state_display() if vetting else _("Not checked yet")
    if vetting and vetting.state != VettingState.WAITING:
        state = f"{state}, {_day(vetting.decided_at)}"
    page = reverse("vetting", args=[person.pk]) if person.is_reviewer else ""
    return [
        Fact(_("Check"), [Line(state, page)]),
        Fact(_("Mediators"), held or [Line(_("Nobody"))]),
    ]


def _places(person: User) -> list[Fact]:
    places = (
        StaffPlace.objects.filter(person=person).select_related("organisation").order_by("-created_at", "id")
    )
    lines = [
        Line(
            f"{place.organisation.name}: {place.get_state_display()}",
            reverse("admin:accounts_staffplace_change", args=[place.pk]),
        )
        for place in places
    ]
    if not lines and not person.is_directory:
        return []
    return [Fact(_("Places"), lines or [Line(_("None"))])]


def _jobs(person: User) -> list[Fact]:
    jobs = Job.objects.filter(owner=person).order_by("-created_at", "id")
    return [_fact(_moment(job.created_at), str(job.get_state_display())) for job in jobs]


def trail_of(person: User) -> list[Event]:
    """The newest of what this person did, or was done to. Other people by name, everything else by its kind."""
    events = AuditEvent.objects.filter(Q(actor_id=person.pk) | Q(object_id=str(person.pk)))
    events = list(events.order_by("-at", "id")[:TRAIL_SHOWN])
    people = "accounts.user"
    ids = {event.actor_id for event in events} | {
        event.object_id for event in events if event.object_type == people
    }
    names = {str(pk): name for pk, name in User.objects.filter(pk__in=ids - {None}).values_list("pk", "name")}
    gone = _("Somebody who is gone")

    def about(event: AuditEvent) -> str:
        if event.object_type == people:
            return names.get(event.object_id, gone)
        return str(apps.get_model(event.object_type)._meta.verbose_name)

    return [
        Event(
            at=event.at,
            what=str(event.get_verb_display()),
            by=names.get(str(event.actor_id), gone) if event.actor_id else _("The site"),
            about=about(event),
            reason=event.reason,
        )
        for event in events
    ]


def _fact(label: str, text: str) -> Fact:
    return Fact(label, [Line(text)])


def _page_of(person: User) -> str:
    return reverse("admin:person", args=[person.pk])


def _day(when: date | datetime) -> str:
    return date_format(localtime(when) if isinstance(when, datetime) else when)


def _moment(when: datetime) -> str:
    return date_format(localtime(when), "DATETIME_FORMAT")
