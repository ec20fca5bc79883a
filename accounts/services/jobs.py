"""Long work that somebody waits for: kept in PostgreSQL, done by a worker, at least once and never by two at a time.

    due -> running -> done
     ^________|-----> failed   after TRIES

Celery and Redis only ring the bell. A worker holds its job until `lease_until`; the job of one that died is due again
after that. So the work may run more than once: it writes its result anew each time.
"""

import logging
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from accounts.choices import JobState
from accounts.models import Job, User
from accounts.services import bell
from logbook_site.foundation import clock

log = logging.getLogger(__name__)

TRIES = 3


@transaction.atomic
def begin_job(*, owner: User, work: str, about: UUID | None = None) -> tuple[Job, bool]:
    """The job that does `work` for `owner`, and whether it is new: while one is unfinished, there is no second one.

    `work` is the dotted name of a function that takes the job's id, does the work anew on each call, and returns the
    address of this site where its owner finds the result. `about` is the id of what it works on, where there may be
    several at a time.
    """
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    same = Job.objects.unfinished().filter(owner=owner, work=work, about=about)
    if unfinished := same.first():
        return unfinished, False
    job = Job.objects.create(owner=owner, work=work, about=about)
    transaction.on_commit(_ring_the_bell)
    return job, True


def _ring_the_bell() -> None:
    from accounts.tasks import run_job  # it imports this module

    bell.ring(run_job)


def sweep_jobs() -> None:
    """Once a minute: give back what dead workers held, and announce all that is due."""
    recover_jobs()
    for _job in Job.objects.due():
        _ring_the_bell()


def run_next() -> None:
    """Do one job, the oldest that is due. If it fails, the next sweep announces it again."""
    if job := claim_job():
        _run(job)


@transaction.atomic(durable=True)
def claim_job() -> Job | None:
    """Take the oldest job that is due, for JOB_LEASE_HOURS. What another is taking is passed over."""
    job = Job.objects.due().select_for_update(skip_locked=True).first()
    if job:
        job.state, job.lease_until = JobState.RUNNING, clock.now() + clock.hours(settings.JOB_LEASE_HOURS)
        # Counted now: a worker that the work itself kills cannot count afterwards.
        job.attempts += 1
        job.save()
    return job


@transaction.atomic(durable=True)
def recover_jobs() -> None:
    """What a lost worker held is due again, or has failed."""
    for job in Job.objects.left_behind().select_for_update(skip_locked=True):
        log.warning("Job %s: its worker was lost", job.pk)
        _give_up_or_again(job)


def forget_jobs(*, work: str, finished_before: datetime) -> int:
    """Forget jobs whose result nobody can fetch any more; returns how many."""
    return Job.objects.finished().filter(work=work, finished_at__lte=finished_before).delete()[0]


def _run(job: Job) -> None:
    try:
        result = import_string(job.work)(job.pk)
    except Exception as error:  # a time limit, too: Celery raises it in the work
        log.warning("Job %s failed: %s", job.pk, type(error).__name__)
        _give_up_or_again(job)
    else:
        _step(job, state=JobState.DONE, lease_until=None, finished_at=clock.now(), result=result)


def _give_up_or_again(job: Job) -> None:
    if job.attempts >= TRIES:
        _step(job, state=JobState.FAILED, lease_until=None, finished_at=clock.now())
    else:
        _step(job, state=JobState.DUE, lease_until=None)


@transaction.atomic
def _step(job: Job, **changes: object) -> None:
    """Counts only while this worker still holds the job."""
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING, lease_until=job.lease_until).update(**changes)
