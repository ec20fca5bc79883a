"""The mail that tells a mediator that feedback was left: one for each mediator and slot."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.models.pieces import Feedback
from logbook_site.foundation.sealing import SealedText


class Notice(models.Model):
    """Waits for its slot, then for its mail to be sent, and is gone after that."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mediator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # Empty once the slot has passed and the mail is queued.
    release_on = models.DateField(null=True, blank=True)
    # What the mail says; known at the release.
    any_shared = models.BooleanField(default=False)
    any_unnamed = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(
                fields=["mediator", "release_on"],
                condition=Q(release_on__isnull=False),
                name="notice_one_a_slot",
            ),
        ]
        indexes = [
            models.Index(fields=["release_on"], condition=Q(release_on__isnull=False), name="notice_waiting")
        ]

    def __str__(self) -> str:
        return str(self.id)


class NoticeName(models.Model):
    """The name of a respondent who allowed it. Goes with the notice, and with the feedback if that is withdrawn."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="names")
    feedback = models.OneToOneField(Feedback, on_delete=models.CASCADE, related_name="+")
    name_sealed = models.BinaryField()

    name = SealedText("name_sealed")

    class Meta:
        verbose_name = _("name in a notice")
        verbose_name_plural = _("names in notices")

    def __str__(self) -> str:
        return str(self.id)
