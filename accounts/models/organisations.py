"""Organisations that list mediators, and who works for them. Their places are what opens the directory pages."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.choices import PlaceState
from accounts.querysets import OrganisationQuerySet, StaffPlaceQuerySet
from logbook_site.foundation import clock


class Organisation(models.Model):
    """Has access while it is switched on, up to and with the last day, if one is given."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("Name"), max_length=120, unique=True)
    is_active = models.BooleanField(_("Active"), default=True)
    active_until = models.DateField(_("Last day of access"), null=True, blank=True)
    created_at = models.DateTimeField(_("Added"), default=clock.now, editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="organisation_has_name")]

    def __str__(self) -> str:
        return self.name


class StaffPlace(models.Model):
    """An admin invites an address to work for an organisation; the place counts once its owner has accepted.

    A person works for one organisation at a time. Rows are kept as the history of who could look.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="places")
    # Empty until the invitation is accepted.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="staff_places",
        null=True,
        blank=True,
    )
    # In lower case, and kept only while the invitation waits: it may belong to somebody without an account.
    invite_email = models.EmailField(_("E-mail address"), blank=True, default="")
    state = models.CharField(_("State"), max_length=20, choices=PlaceState, default=PlaceState.PENDING)
    created_at = models.DateTimeField(_("Invited"), default=clock.now, editable=False)
    expires_at = models.DateTimeField(_("Can be answered until"))
    accepted_at = models.DateTimeField(_("Accepted"), null=True, blank=True)
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True)

    objects = StaffPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("staff place")
        verbose_name_plural = _("staff places")
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(state="accepted"), name="place_one_each"),
            models.UniqueConstraint(
                fields=["organisation", "invite_email"],
                condition=Q(state="pending"),
                name="place_one_pending",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", person__isnull=True) & ~Q(invite_email="")
                | ~Q(state="pending") & Q(invite_email=""),
                name="place_address_while_pending",
            ),
            models.CheckConstraint(
                condition=Q(invite_email=Lower("invite_email")), name="place_address_lower_case"
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(person__isnull=False, accepted_at__isnull=False),
                name="place_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "accepted"], ended_at__isnull=True)
                | Q(ended_at__isnull=False) & ~Q(state__in=["pending", "accepted"]),
                name="place_ended_has_date",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
