"""Long work that somebody waits for: PostgreSQL knows what is due, a worker does it, its owner watches."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import JobState
from accounts.querysets import JobQuerySet
from logbook_site.foundation import clock


class Job(models.Model):
    """One piece of work. Its result, if that is a file, lies sealed outside the database under the job's id."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="jobs")
    # Dotted name of a function that takes the job's id.
    work = models.CharField(max_length=200)
    # The id of what it is about, if the owner can have several such works at a time.
    about = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=JobState, default=JobState.DUE)
    # Until then one worker holds it; afterwards it is due again.
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    # Where its owner is sent when it is done: an address of this site.
    result = models.CharField(max_length=300, blank=True, default="")

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False)
                | ~Q(state="running") & Q(lease_until__isnull=True),
                name="job_lease_while_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["due", "running"], finished_at__isnull=True)
                | ~Q(state__in=["due", "running"]) & Q(finished_at__isnull=False),
                name="job_finished_has_date",
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(state__in=["due", "running"]), name="job_open")
        ]

    def __str__(self) -> str:
        return str(self.id)
