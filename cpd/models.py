"""CPD entries: what a mediator did to learn, and what they took away from it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from cpd.choices import CpdKind
from cpd.points import MOST_POINTS, show_points
from cpd.querysets import CpdEntryQuerySet
from logbook_site.foundation import clock
from logbook_site.foundation.hours import MOST_HOURS, show_hours
from logbook_site.foundation.sealing import SealedText


class CpdEntry(models.Model):
    """Hours (as minutes), points, or both; neither is ever made from the other. Takeaways are sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cpd_entries")
    completed_on = models.DateField(_("When did it end?"))
    title = models.CharField(_("What was it?"), max_length=200)
    kind = models.CharField(_("Kind"), max_length=20, choices=CpdKind)
    provider = models.CharField(_("Provider"), max_length=120, blank=True, default="")
    minutes = models.PositiveIntegerField(_("Hours"), null=True, blank=True)
    points = models.DecimalField(_("Points"), max_digits=7, decimal_places=2, null=True, blank=True)
    country = CountryField(_("Country"), blank=True, default="")
    takeaways_sealed = models.BinaryField(null=True)
    # The name of a file in EVIDENCE_DIR; it names neither the person nor the entry.
    evidence_file = models.CharField(max_length=48, blank=True, default="", editable=False)
    # Title and provider, without case and accents: for the search by words.
    folded = models.CharField(max_length=800, editable=False, default="")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    changed_at = models.DateTimeField(default=clock.now, editable=False)
    # Deleted entries can come back for UNDO_HOURS.
    deleted_at = models.DateTimeField(null=True, editable=False)
    # The file from which it came, while that can be taken back.
    imported_in = models.ForeignKey(
        "accounts.Import",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        db_index=False,
        related_name="+",
    )

    takeaways = SealedText("takeaways_sealed")

    objects = CpdEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("CPD entry")
        verbose_name_plural = _("CPD entries")
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__isnull=False) | Q(points__isnull=False), name="cpd_has_hours_or_points"
            ),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__gte=1, minutes__lte=MOST_HOURS * 60),
                name="cpd_minutes_in_range",
            ),
            models.CheckConstraint(
                condition=Q(points__isnull=True) | Q(points__gt=0, points__lte=MOST_POINTS),
                name="cpd_points_in_range",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="cpd_has_title"),
            models.CheckConstraint(condition=Q(kind__in=CpdKind.values), name="cpd_kind_known"),
            # Serves the task that removes files which no row names, too.
            models.UniqueConstraint(
                fields=["evidence_file"], condition=~Q(evidence_file=""), name="cpd_evidence_of_one_entry"
            ),
        ]
        indexes = [
            # Carries the list, its totals and the filter by year: nothing else of a live entry is read for them.
            models.Index(
                F("owner"),
                F("completed_on").desc(),
                F("id").desc(),
                include=["kind", "country", "minutes", "points"],
                condition=Q(deleted_at__isnull=True),
                name="cpd_live_by_date",
            ),
            # Carries its part of the page Learnings, above.
            models.Index(
                F("owner"),
                F("completed_on").desc(),
                F("id").desc(),
                condition=Q(deleted_at__isnull=True, takeaways_sealed__isnull=False),
                name="cpd_learned_by_date",
            ),
            # Serves the undo of an import, and its end.
            models.Index(fields=["imported_in"], condition=Q(imported_in__isnull=False), name="cpd_imported"),
            # Serves "Deleted items" and the purge.
            models.Index(
                fields=["owner", "deleted_at"], condition=Q(deleted_at__isnull=False), name="cpd_deleted"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def worth(self) -> str:
        """Hours and points, as far as there are any: "3 h 30 min, 6 points"."""
        hours = [show_hours(self.minutes)] if self.minutes else []
        return ", ".join(hours + ([show_points(self.points)] if self.points else []))

    @property
    def in_brief(self) -> str:
        """Beside the title, where an entry is only named."""
        return f"{date_format(self.completed_on)}, {self.worth}"
