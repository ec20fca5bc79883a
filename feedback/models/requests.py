"""What mediators ask of parties. Nothing here leads to an answer, and no answer leads here."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.choices import ActedAs, LinkState, RequestKind
from feedback.querysets import FeedbackRequestQuerySet
from logbook_site.foundation import clock


class FeedbackRequest(models.Model):
    """One party who is asked by e-mail, or one link that the mediator hands over.

    Name, address and reference are in `sealed` (with the raw token, so that a retry and the reminder carry the
    same link); nobody can read it from `unreadable_at` on, see foundation/vault.py.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mediator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feedback_requests"
    )
    # The same for all that were made with one press of the button.
    batch = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(_("Kind"), max_length=10, choices=RequestKind)
    ended_on = models.DateField(_("End of the mediation"))
    acted_as = models.CharField(_("Survey about the"), max_length=10, choices=ActedAs)
    language = models.CharField(_("Language"), max_length=10)
    remind = models.BooleanField(_("One reminder"), default=False)
    created_at = models.DateTimeField(_("Made"), default=clock.now, editable=False)
    # Of the raw token, SHA-256 in hexadecimal. Empty when the link has ended in time: the row is only a number then.
    token_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001
    link_ends_at = models.DateTimeField(_("Link ends"))
    link_state = models.CharField(_("Link"), max_length=10, choices=LinkState, default=LinkState.OPEN)
    cancelled_at = models.DateTimeField(_("Cancelled"), null=True, blank=True)
    sealed = models.BinaryField(null=True)
    unreadable_at = models.DateTimeField()
    # The contact was lost before the mail had left: the mediator was told.
    is_lost = models.BooleanField(_("Lost before it was sent"), default=False)

    objects = FeedbackRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback request")
        verbose_name_plural = _("feedback requests")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(link_state__in=LinkState.values), name="request_link_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=RequestKind.values), name="request_kind_known"
            ),
        ]
        indexes = [
            # Serves the list and the limits per day and month.
            models.Index(fields=["mediator", "-created_at"], name="request_by_mediator"),
            # Serves the mail that tells of those asked together; many may be told of at once.
            models.Index(fields=["batch"], name="request_by_batch"),
            # Serves the task that forgets, each minute.
            models.Index(
                fields=["unreadable_at"], condition=models.Q(sealed__isnull=False), name="request_readable"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class PendingFeedback(models.Model):
    """An answer to the general survey that waits until its writer confirms their address. All of it is sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mediator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField()
    unreadable_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("unconfirmed feedback")
        verbose_name_plural = _("unconfirmed feedback")

    def __str__(self) -> str:
        return str(self.id)


class Suppression(models.Model):
    """Somebody who asked not to be asked again. Only a keyed hash of the mailbox is kept, and no time."""

    address_hash = models.CharField(max_length=64, primary_key=True)

    class Meta:
        verbose_name = _("address that is never asked")
        verbose_name_plural = _("addresses that are never asked")

    def __str__(self) -> str:
        return self.address_hash[:8]
