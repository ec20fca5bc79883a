"""Who may read whom. Lives on the ground floor, because feedback names the Reviewer."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.choices import AppointmentState, VettingState
from accounts.querysets import AppointmentQuerySet, VettingQuerySet
from logbook_site.foundation import clock


class Appointment(models.Model):
    """A mediator names a Reviewer; it counts once the Reviewer has accepted.

    At most one is accepted and one pending for each mediator: the accepted Reviewer stays until the new one accepts.
    Rows are kept as the history of who could read what.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mediator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="appointments_made"
    )
    # Empty while an invitation by e-mail waits for its answer.
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="appointments_held",
        null=True,
        blank=True,
    )
    # In lower case, and kept only while the invitation waits: it may belong to somebody without an account.
    invite_email = models.EmailField(blank=True, default="")
    state = models.CharField(max_length=20, choices=AppointmentState, default=AppointmentState.PENDING)
    # The three statements of the Reviewer, made on accepting.
    not_family = models.BooleanField(default=False)
    not_subordinate = models.BooleanField(default=False)
    not_reciprocal = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            models.UniqueConstraint(
                fields=["mediator"], condition=Q(state="accepted"), name="appointment_one_accepted"
            ),
            models.UniqueConstraint(
                fields=["mediator"], condition=Q(state="pending"), name="appointment_one_pending"
            ),
            models.CheckConstraint(condition=~Q(mediator=F("reviewer")), name="appointment_not_oneself"),
            models.CheckConstraint(
                condition=~Q(state="pending")
                | Q(reviewer__isnull=False, invite_email="")
                | Q(reviewer__isnull=True) & ~Q(invite_email=""),
                name="appointment_names_one_person",
            ),
            models.CheckConstraint(
                condition=Q(invite_email="") | Q(state="pending"), name="appointment_address_while_pending"
            ),
            models.CheckConstraint(
                condition=Q(invite_email=Lower("invite_email")), name="appointment_address_lower_case"
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted")
                | Q(
                    reviewer__isnull=False,
                    accepted_at__isnull=False,
                    not_family=True,
                    not_subordinate=True,
                    not_reciprocal=True,
                ),
                name="appointment_accepted_with_statements",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "accepted"], ended_at__isnull=True)
                | Q(ended_at__isnull=False) & ~Q(state__in=["pending", "accepted"]),
                name="appointment_ended_has_date",
            ),
        ]
        indexes = [models.Index(fields=["reviewer", "state"], name="appointment_by_reviewer")]

    def __str__(self) -> str:
        return str(self.id)


class Vetting(models.Model):
    """IMI's check of a Reviewer, once. Without it a Reviewer reads only what was shared and released."""

    reviewer = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="vetting"
    )
    state = models.CharField(max_length=20, choices=VettingState, default=VettingState.WAITING)
    asked_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = VettingQuerySet.as_manager()

    class Meta:
        verbose_name = _("vetting")
        verbose_name_plural = _("vettings")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | Q(state__in=["vetted", "refused"], decided_at__isnull=False),
                name="vetting_decided_has_date",
            ),
        ]

    def __str__(self) -> str:
        return str(self.reviewer_id)
