"""What parties said. No row of it holds a time, or a key that leads to a request."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.choices import Outcome, PartyRole, ReportState, UseAgain, YesNo
from feedback.querysets import FeedbackQuerySet, FeedbackReportQuerySet
from logbook_site.foundation import clock
from logbook_site.foundation.sealing import SealedText


class Feedback(models.Model):
    """One party's answers. The year is that of the mediation's end; Reviewers see it, the mediator does not."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mediator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feedback_received"
    )
    # Name and version of the questions, see surveys.py.
    survey = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField(_("Year"))
    # False: left through the general link, by somebody who confirmed an address.
    invited = models.BooleanField(_("Invited"))
    shared = models.BooleanField(_("Shared with the mediator"))
    # The slot it waits for; empty once it is released.
    release_on = models.DateField(null=True, blank=True)
    party_role = models.CharField(max_length=20, choices=PartyRole, blank=True, default="")
    # {key of the question: 1 to 5, or "na"}; questions that were skipped are missing.
    ratings = models.JSONField(default=dict)
    use_again = models.CharField(max_length=10, choices=UseAgain, blank=True, default="")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="")
    # "1" to "5", "na" or empty.
    outcome_satisfied = models.CharField(max_length=2, blank=True, default="")
    helpful = models.TextField(blank=True, default="")
    better = models.TextField(blank=True, default="")
    quote = models.TextField(blank=True, default="")
    may_quote = models.CharField(max_length=3, choices=YesNo, blank=True, default="")
    # SHA-256, in hexadecimal, of the code with which the party takes it back.
    code_hash = models.CharField(max_length=64, unique=True)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        indexes = [
            # Serves Reviewers.
            models.Index(fields=["mediator", "year", "id"], name="feedback_by_year"),
            # Serves My Feedback.
            models.Index(
                fields=["mediator", "id"],
                condition=Q(shared=True, release_on__isnull=True),
                name="feedback_for_mediator",
            ),
            # Serves the release, each minute.
            models.Index(
                fields=["release_on"], condition=Q(release_on__isnull=False), name="feedback_waiting"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Respondent(models.Model):
    """What a respondent said about themselves. Read by the admin's pages alone, with a reason, and audited."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    feedback = models.OneToOneField(Feedback, on_delete=models.CASCADE, related_name="+")
    name_sealed = models.BinaryField(null=True)
    email_sealed = models.BinaryField(null=True)
    # The first of a month: nothing finer tells when the feedback came.
    erase_on = models.DateField(_("Erased on"), db_index=True)

    name = SealedText("name_sealed")
    email = SealedText("email_sealed")

    class Meta:
        verbose_name = _("respondent")
        verbose_name_plural = _("respondents")

    def __str__(self) -> str:
        return str(self.id)


class FeedbackNote(models.Model):
    """What the mediator noted for themselves about a piece. Sealed: nobody else reads it."""

    feedback = models.OneToOneField(
        Feedback, on_delete=models.CASCADE, primary_key=True, related_name="note_of_mediator"
    )
    note_sealed = models.BinaryField(null=True)

    note = SealedText("note_sealed")

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def __str__(self) -> str:
        return str(self.pk)


class FeedbackReport(models.Model):
    """A mediator asks IMI to look at a piece. IMI may withdraw it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="reports")
    reason = models.TextField(_("Reason"), max_length=2000)
    state = models.CharField(_("State"), max_length=10, choices=ReportState, default=ReportState.OPEN)
    created_at = models.DateTimeField(_("Reported"), default=clock.now, editable=False)

    objects = FeedbackReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(fields=["feedback"], condition=Q(state="open"), name="report_one_open"),
        ]

    def __str__(self) -> str:
        return str(self.id)
