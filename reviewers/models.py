"""Feedback Digests: what a Reviewer writes about a mediator, in their own words."""

import uuid
from datetime import UTC, date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from logbook_site.foundation import clock
from reviewers.choices import DigestState
from reviewers.querysets import DigestQuerySet


class Digest(models.Model):
    """One version. A final one is never changed; the next begins as a new draft."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mediator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # Empty when the Reviewer's account is gone; their name stays on what was final.
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    reviewer_name = models.CharField(max_length=120, blank=True, default="")
    state = models.CharField(_("State"), max_length=10, choices=DigestState, default=DigestState.DRAFT)
    text = models.TextField(_("Text"), max_length=20000, blank=True, default="")
    # Counts saved changes: whoever edits names the one they began from.
    version = models.PositiveIntegerField(default=0)
    # The pieces it rests on, known when it left the Reviewer's hands; "new" are those that no final one names.
    based_on = ArrayField(models.UUIDField(), default=list, blank=True)
    first_year = models.PositiveSmallIntegerField(null=True, blank=True)
    last_year = models.PositiveSmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    changed_at = models.DateTimeField(default=clock.now, editable=False)
    # Final is possible after the mediator's comment, or from this moment on.
    facts_until = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(_("Comment"), max_length=5000, blank=True, default="")
    commented_at = models.DateTimeField(null=True, blank=True)
    final_at = models.DateTimeField(null=True, blank=True)

    objects = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = _("Feedback Digest")
        verbose_name_plural = _("Feedback Digests")
        constraints = [
            models.UniqueConstraint(
                fields=["mediator", "reviewer"], condition=~Q(state="final"), name="digest_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state="final", final_at__isnull=False)
                | ~Q(state="final") & Q(final_at__isnull=True),
                name="digest_final_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="facts") | Q(facts_until__isnull=False), name="digest_facts_have_an_end"
            ),
            models.CheckConstraint(condition=~Q(state="final") | ~Q(text=""), name="digest_final_has_text"),
        ]
        indexes = [models.Index(fields=["mediator", "-final_at"], name="digest_by_mediator")]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def final_on(self) -> date | None:
        """The day that stands on it: in UTC, so that it is the same for every reader."""
        return self.final_at.astimezone(UTC).date() if self.final_at else None


class News(models.Model):
    """What the weekly mail has told a Reviewer. No piece of feedback holds a time: what is new is known from here."""

    reviewer = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    # When the last one was queued; empty before the first.
    told_at = models.DateTimeField(null=True, blank=True)
    # The mediators it was about.
    mediators = ArrayField(models.UUIDField(), default=list, blank=True)
    # The pieces that the Reviewer could read then.
    pieces = ArrayField(models.UUIDField(), default=list, blank=True)

    class Meta:
        verbose_name = _("weekly mail")
        verbose_name_plural = _("weekly mails")

    def __str__(self) -> str:
        return str(self.pk)
