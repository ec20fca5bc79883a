"""The audit trail: who did what to which object. Ids and reasons only, so that it can outlive people."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import Verb
from accounts.querysets import AuditEventQuerySet
from logbook_site.foundation import clock


class AuditEvent(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(_("When"), default=clock.now)
    # Not a foreign key: the trail stays when the account goes. Empty when the system itself acted.
    actor_id = models.UUIDField(_("Who"), null=True, blank=True)
    verb = models.CharField(_("What"), max_length=40, choices=Verb)
    object_type = models.CharField(_("Kind of object"), max_length=60)
    object_id = models.CharField(_("Object"), max_length=64)
    reason = models.CharField(_("Reason"), max_length=1000, blank=True, default="")

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit trail")
        ordering = ["-at", "id"]
        indexes = [models.Index(fields=["-at", "id"], name="audit_by_time")]

    def __str__(self) -> str:
        return str(self.id)
