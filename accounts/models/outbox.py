"""What is due to be mailed. The queue of record: Celery and Redis only ring the bell."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import OutboxState
from accounts.querysets import OutboxQuerySet
from logbook_site.foundation import clock


class OutboxMessage(models.Model):
    """One mail: which function writes it, about which object. No address and no text is kept here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Dotted name of a function in some app's `emails.py`, resolved with `import_string` by the sender.
    message = models.CharField(max_length=200)
    object_id = models.UUIDField()
    state = models.CharField(max_length=20, choices=OutboxState, default=OutboxState.DUE)
    # Not tried before; every failed try moves it on.
    not_before = models.DateTimeField(default=clock.now)
    # Until then one sender holds it; afterwards the sweep decides what became of it.
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # A short code such as "smtp 451" or "TimeoutError"; never the server's own sentence, it quotes addresses.
    last_error = models.CharField(max_length=60, blank=True, default="")
    created_at = models.DateTimeField(default=clock.now)
    # The first moment it could leave: tries end MAIL_RETRIED_HOURS later. (A reminder is made days before.)
    first_due_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("outbox")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["claimed", "sending"], lease_until__isnull=False)
                | Q(lease_until__isnull=True) & ~Q(state__in=["claimed", "sending"]),
                name="outbox_lease_while_held",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["due", "claimed", "sending"], finished_at__isnull=True)
                | Q(finished_at__isnull=False) & ~Q(state__in=["due", "claimed", "sending"]),
                name="outbox_finished_has_date",
            ),
        ]
        indexes = [
            # Serves the claim and the sweep; finished mail is not in it.
            models.Index(
                fields=["not_before"],
                condition=Q(state__in=["due", "claimed", "sending"]),
                name="outbox_open",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
