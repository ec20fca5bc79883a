"""The ground floor: account, roles, sign-ins, appointments, access, and what somebody did."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    AccessGrant,
    Appointment,
    AuditEvent,
    MediatorProfile,
    OrderLine,
    StaffPlace,
    User,
    Vetting,
)
from logbook_site.foundation.languages import language_names
from logbook_site.own_data.tables import Column, Table

NUMBER = "A number that means nothing outside the site."
YOU = "The person whose download it is."


def _own_actions(person: User) -> QuerySet:
    """What they did to what is theirs. What an admin did to others is not about the admin."""
    named = Appointment.objects.filter(Q(mediator=person) | Q(reviewer=person))
    held = StaffPlace.objects.filter(person=person)
    own = {person.pk, *named.values_list("pk", flat=True), *held.values_list("pk", flat=True)}
    return AuditEvent.objects.filter(actor_id=person.pk, object_id__in=map(str, own)).order_by("at", "id")


def _reviewing(person: User) -> QuerySet:
    open_to_them = Appointment.objects.awaiting(person).values("pk")
    held = Appointment.objects.filter(Q(reviewer=person) | Q(pk__in=open_to_them))
    return held.select_related("mediator").order_by("created_at", "id")


def _places(person: User) -> QuerySet:
    open_to_them = StaffPlace.objects.awaiting(person).values("pk")
    held = StaffPlace.objects.filter(Q(person=person) | Q(pk__in=open_to_them))
    return held.select_related("organisation").order_by("created_at", "id")


def _name_of_passkey(authenticator: Authenticator) -> str:
    return authenticator.data.get("name", "") if authenticator.type == Authenticator.Type.WEBAUTHN else ""


APPOINTMENT = {
    "state": _("State"),
    "created_at": _("Asked"),
    "expires_at": _("Can be answered until"),
    "accepted_at": _("Accepted"),
    "ended_at": _("Ended"),
    "not_family": _("Not family"),
    "not_subordinate": _("Not employed by or subordinate to the mediator"),
    "not_reciprocal": _("Not each other’s Reviewer"),
}

TOLD = {
    "accounts.User": (
        Table(
            "account",
            _("Your account: name, address, roles, settings."),
            lambda person: User.objects.filter(pk=person.pk),
            {
                "name": _("Name"),
                "email": _("E-mail address"),
                "time_zone": _("Time zone"),
                "is_mediator": _("Mediator"),
                "is_reviewer": _("Reviewer"),
                "is_directory": _("Directory"),
                "is_admin": _("Admin"),
                "is_active": _("Active"),
                "joined_at": _("Joined"),
                "last_login": _("Last sign-in"),
                "access_until": _("Access until"),
                "access_reminded_on": _("Last reminder that access ends"),
                "deletion_due_at": _("To be deleted"),
                "page_sizes": _("Rows on a page, by list"),
                "saved_views_sealed": Column(
                    _("Saved views, by list"), lambda person: person.saved_views_json or "{}"
                ),
            },
            {"id": NUMBER, "password": "Only a hash of it is kept; whoever has it could try to guess."},
        ),
    ),
    "account.EmailAddress": (
        Table(
            "email-addresses",
            _("Your e-mail addresses."),
            lambda person: EmailAddress.objects.filter(user=person).order_by("pk"),
            {"email": _("E-mail address"), "verified": _("Confirmed"), "primary": _("Main address")},
            {"id": NUMBER, "user": YOU},
        ),
    ),
    "mfa.Authenticator": (
        Table(
            "second-factors",
            _("Your passkeys, authenticator app and recovery codes: the kinds, not the secrets."),
            lambda person: Authenticator.objects.filter(user=person).order_by("pk"),
            {
                "type": _("Kind"),
                "name": Column(_("Name"), _name_of_passkey),
                "created_at": _("Added"),
                "last_used_at": _("Last used"),
            },
            {"id": NUMBER, "user": YOU, "data": "The secrets; the name of a passkey is told."},
        ),
    ),
    "usersessions.UserSession": (
        Table(
            "sign-ins",
            _("Where you are signed in."),
            lambda person: UserSession.objects.filter(user=person).order_by("pk"),
            {
                "created_at": _("Since"),
                "last_seen_at": _("Last seen"),
                "ip": _("Network address"),
                "user_agent": _("Browser"),
            },
            {"id": NUMBER, "user": YOU, "session_key": "Opens the account.", "data": "Stays empty."},
        ),
    ),
    "accounts.MediatorProfile": (
        Table(
            "details",
            _("My Details, as a mediator."),
            lambda person: MediatorProfile.objects.filter(person=person),
            {
                "visibility": _("Visibility"),
                "imi_profile": _("IMI profile"),
                "country": _("Country"),
                "languages": Column(
                    _("Languages"), shown=lambda profile: ", ".join(language_names(profile.languages))
                ),
                "about": _("About me"),
                "accepts_general": _("General link switched on"),
                "general_code": _("Code of the general link"),
            },
            {"person": YOU},
        ),
    ),
    "accounts.AccessGrant": (
        Table(
            "access",
            _("Access that you were given."),
            lambda person: AccessGrant.objects.filter(person=person).order_by("granted_on", "id"),
            {"granted_on": _("Granted"), "months": _("Months"), "source": _("By"), "ended_at": _("Ended")},
            {"id": NUMBER, "person": YOU, "code": "Others may use the same one."},
        ),
    ),
    "accounts.OrderLine": (
        Table(
            "orders",
            _("Orders in the shop that gave you access."),
            lambda person: OrderLine.objects.filter(grant__person=person).order_by("order_id", "line_id"),
            {
                "order_id": _("Order"),
                "line_id": _("Line"),
                "months": _("Months"),
                "state": _("State"),
                "received_at": _("Received"),
                "partly_refunded": _("Refunded in part"),
            },
            {"id": NUMBER, "grant": "Told as access.", "email": "Empty when access was granted."},
        ),
    ),
    "accounts.Appointment": (
        Table(
            "my-reviewers",
            _("Whom you named or asked as your Reviewer."),
            lambda person: (
                Appointment.objects.filter(mediator=person)
                .select_related("reviewer")
                .order_by("created_at", "id")
            ),
            {
                "reviewer": Column(
                    _("Reviewer"), lambda row: row.reviewer.name if row.reviewer else row.invite_email
                )
            }
            | APPOINTMENT,
            {"id": NUMBER, "mediator": YOU, "invite_email": "Told as the Reviewer while it waits."},
        ),
        Table(
            "reviewing",
            _("Who named or asked you as their Reviewer."),
            _reviewing,
            {"mediator": Column(_("Mediator"), lambda row: row.mediator.name)} | APPOINTMENT,
            {"id": NUMBER, "reviewer": YOU, "invite_email": "Your own address, while it waits."},
        ),
    ),
    "accounts.Vetting": (
        Table(
            "reviewer-check",
            _("The check of you as a Reviewer."),
            lambda person: Vetting.objects.filter(reviewer=person),
            {"state": _("State"), "asked_at": _("Asked"), "decided_at": _("Decided")},
            {"reviewer": YOU},
        ),
    ),
    "accounts.StaffPlace": (
        Table(
            "staff-places",
            _("Organisations for which you look up mediators."),
            _places,
            {
                "organisation": Column(_("Organisation"), lambda row: row.organisation.name),
                "state": _("State"),
                "created_at": _("Invited"),
                "expires_at": _("Can be answered until"),
                "accepted_at": _("Accepted"),
                "ended_at": _("Ended"),
            },
            {"id": NUMBER, "person": YOU, "invite_email": "Your own address, while it waits."},
        ),
    ),
    "accounts.AuditEvent": (
        Table(
            "actions",
            _("Important changes that you made, from the audit trail."),
            _own_actions,
            {"at": _("When"), "verb": _("What"), "reason": _("Detail")},
            {"id": NUMBER, "actor_id": YOU, "object_type": "Told by what was done.", "object_id": NUMBER},
        ),
    ),
}
