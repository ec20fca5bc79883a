"""A spreadsheet that somebody brings in: first its rows wait on the disk, then entries came from it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import ImportKind
from accounts.querysets import ImportQuerySet
from logbook_site.foundation import clock


class Import(models.Model):
    """What the file said is never here, nor its name: until it is saved, that lies sealed outside the database.

    Entries that came from it name it, so that all of them can be taken away again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="imports")
    kind = models.CharField(max_length=20, choices=ImportKind)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    saved_at = models.DateTimeField(null=True, editable=False)
    # How many entries came in.
    number = models.PositiveIntegerField(default=0)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ImportKind.values), name="import_kind_known"),
            models.CheckConstraint(
                condition=Q(saved_at__isnull=False) | Q(number=0), name="import_number_when_saved"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
