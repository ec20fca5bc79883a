"""Logbook entries: one mediation each, and what its mediator learned from it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from logbook.choices import EntryRole, FullScale, Medium, Outcome, Paid, Setting
from logbook.groups import TOTALS_GROUP
from logbook.querysets import LogbookEntryQuerySet
from logbook_site.foundation import clock
from logbook_site.foundation.hours import show_hours
from logbook_site.foundation.sealing import SealedText

MOST_MINUTES = 10_000 * 60
# What the headings of the list sort by, but for the date.
HEADINGS = {
    "title": Lower("title"),
    "role": F("role"),
    "medium": F("medium"),
    "country": F("country"),
    "hours": F("minutes"),
}


class LogbookEntry(models.Model):
    """Durations are whole minutes. The three texts of what was learned are sealed: only their owner reads them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="logbook_entries"
    )
    ended_on = models.DateField(_("When did it end?"))
    started_on = models.DateField(_("When did it start?"), null=True, blank=True)
    # The mediator's own reference: no names of parties.
    title = models.CharField(_("A reference only you understand"), max_length=120)
    role = models.CharField(_("Your role"), max_length=20, choices=EntryRole)
    medium = models.CharField(_("How did you meet?"), max_length=20, choices=Medium)
    minutes = models.PositiveIntegerField(_("Hours"))
    preparation_minutes = models.PositiveIntegerField(_("Hours of preparation"), default=0)
    subject = models.CharField(_("Subject"), max_length=120, blank=True, default="")
    country = CountryField(_("Country"), blank=True, default="")
    language = models.CharField(_("Language"), max_length=2, blank=True, default="")  # ISO 639-1
    parties = models.PositiveSmallIntegerField(_("Number of parties"), null=True, blank=True)
    outcome = models.CharField(_("Outcome"), max_length=20, choices=Outcome, blank=True, default="")
    provider = models.CharField(_("Provider or programme"), max_length=120, blank=True, default="")
    setting = models.CharField(_("Real or simulated?"), max_length=20, choices=Setting, default=Setting.REAL)
    paid = models.CharField(_("Paid or pro bono?"), max_length=20, choices=Paid, blank=True, default="")
    full_scale = models.CharField(
        _("A mediation through all its phases?"), max_length=3, choices=FullScale, blank=True, default=""
    )
    did_well_sealed = models.BinaryField(null=True)
    challenges_sealed = models.BinaryField(null=True)
    learnings_sealed = models.BinaryField(null=True)
    # Title, subject and provider, and the subject alone, without case and accents: for the search by words.
    folded = models.CharField(max_length=800, editable=False, default="")
    folded_subject = models.CharField(max_length=260, editable=False, default="")
    # Year, role, medium and setting in one number, written by the database. Null only for what the checks refuse.
    totals_group = models.GeneratedField(
        expression=TOTALS_GROUP, output_field=models.IntegerField(), db_persist=True, null=True
    )
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

    did_well = SealedText("did_well_sealed")
    challenges = SealedText("challenges_sealed")
    learnings = SealedText("learnings_sealed")

    objects = LogbookEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("logbook entry")
        verbose_name_plural = _("logbook entries")
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=MOST_MINUTES), name="entry_minutes_in_range"
            ),
            models.CheckConstraint(
                condition=Q(preparation_minutes__lte=MOST_MINUTES), name="entry_preparation_in_range"
            ),
            models.CheckConstraint(
                condition=Q(started_on__isnull=True) | Q(started_on__lte=F("ended_on")),
                name="entry_starts_before_it_ends",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="entry_has_title"),
            models.CheckConstraint(condition=Q(role__in=EntryRole.values), name="entry_role_known"),
            models.CheckConstraint(condition=Q(medium__in=Medium.values), name="entry_medium_known"),
            models.CheckConstraint(condition=Q(setting__in=Setting.values), name="entry_setting_known"),
        ]
        indexes = [
            # Carries totals of a whole logbook: in the order of their groups, so nothing is hashed or sorted, and
            # small, as the database keeps what is alike once.
            models.Index(
                fields=["owner", "totals_group", "country", "minutes", "preparation_minutes"],
                condition=Q(deleted_at__isnull=True),
                name="entry_live_by_group",
            ),
            # Carries the list, and the totals of what filters leave of it: nothing else of a live entry is read.
            models.Index(
                F("owner"),
                F("ended_on").desc(),
                F("id").desc(),
                include=["totals_group", "country", "minutes", "preparation_minutes", "role", "medium"],
                condition=Q(deleted_at__isnull=True),
                name="entry_live_by_date",
            ),
            # Each serves the list in the order of one heading: a page reads its own rows, whatever the others are.
            *(
                models.Index(
                    F("owner"),
                    order,
                    F("ended_on").desc(),
                    condition=Q(deleted_at__isnull=True),
                    name=f"entry_live_by_{name}",
                )
                for name, order in HEADINGS.items()
            ),
            # Carries the page Learnings, its count and its years: entries without a text are not in it.
            models.Index(
                F("owner"),
                F("ended_on").desc(),
                F("id").desc(),
                condition=Q(deleted_at__isnull=True)
                & (
                    Q(did_well_sealed__isnull=False)
                    | Q(challenges_sealed__isnull=False)
                    | Q(learnings_sealed__isnull=False)
                ),
                name="entry_learned_by_date",
            ),
            # Serves the undo of an import, and its end.
            models.Index(
                fields=["imported_in"], condition=Q(imported_in__isnull=False), name="entry_imported"
            ),
            # Serves "Deleted items" and the purge.
            models.Index(
                fields=["owner", "deleted_at"], condition=Q(deleted_at__isnull=False), name="entry_deleted"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def in_brief(self) -> str:
        """Beside the title, where an entry is only named."""
        return f"{date_format(self.ended_on)}, {show_hours(self.minutes)}"
