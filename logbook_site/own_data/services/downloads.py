"""A download of one's own data: prepared by a worker, kept sealed for DOWNLOAD_LIVES_HOURS, fetched by its owner."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.choices import JobState, Verb
from accounts.models import Job, User
from accounts.services import jobs
from accounts.services.audit import record
from logbook_site.foundation import clock
from logbook_site.foundation.sealed_files import UNFINISHED, sealed_file, size_of, unsealed
from logbook_site.own_data.archive import write_archive

# A sealed download, or what a killed worker left of one.
UUID_LETTERS = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NAME = re.compile(rf"(?P<job>{UUID_LETTERS})(?P<rest>\.[0-9a-f]+{re.escape(UNFINISHED)})?")
WORK = "logbook_site.own_data.services.downloads.prepare"


class Download(NamedTuple):
    """One that can be fetched."""

    job: Job
    size: int
    ends_at: datetime


def begin_download(*, by: User) -> Job:
    """Let a worker prepare the download of `by`; the one that is being prepared, if there is one."""
    return jobs.begin_job(owner=by, work=WORK)[0]


def prepare(job_id: UUID) -> str:
    """The worker's part. Earlier downloads of the same person go when the new one is there."""
    job = Job.objects.select_related("owner").get(pk=job_id)
    with sealed_file(place_of(job_id), about=_about(job_id)) as file:
        write_archive(file, job.owner)
    with transaction.atomic():
        earlier = Job.objects.finished().filter(owner=job.owner, work=WORK)
        forgotten = list(earlier.values_list("pk", flat=True))
        earlier.delete()
        if Job.objects.select_for_update().filter(pk=job_id).exists():
            record(Verb.DATA_DOWNLOADED, by=job.owner, about=job.owner)
        else:  # the account was deleted meanwhile
            forgotten.append(job_id)
    remove_files(forgotten)
    return reverse("download")


def download_of(person: User) -> Download | None:
    """The one that `person` can fetch now: the newest, while its time is not over."""
    done = Job.objects.visible_to(person).filter(work=WORK, state=JobState.DONE)
    job = done.order_by("-finished_at").first()
    if job is None:
        return None
    ends_at = job.finished_at + clock.hours(settings.DOWNLOAD_LIVES_HOURS)
    try:
        return Download(job, size_of(place_of(job.pk)), ends_at) if clock.now() < ends_at else None
    except FileNotFoundError:  # the database was restored, the folder was not
        return None


def running_download_of(person: User) -> Job | None:
    return Job.objects.visible_to(person).unfinished().filter(work=WORK).first()


def open_download(job: Job) -> Iterator[bytes]:
    """Its bytes. Raises FileNotFoundError."""
    return unsealed(place_of(job.pk), about=_about(job.pk))


def forget_downloads() -> None:
    """Each minute: forget those whose time is over, then remove every file that no job knows.

    A killed worker, a failed one and a deleted account leave such files. A row goes before its file, so that a crash
    between the two leaves nothing that can be fetched.
    """
    over = clock.now() - clock.hours(settings.DOWNLOAD_LIVES_HOURS)
    jobs.forget_jobs(work=WORK, finished_before=over)
    if not settings.DOWNLOAD_DIR.is_dir():
        return
    for file in settings.DOWNLOAD_DIR.iterdir():
        if ours := NAME.fullmatch(file.name):
            job = Job.objects.filter(pk=ours["job"], work=WORK)
            known = job.unfinished() if ours["rest"] else job
            if not known.exists():
                file.unlink(missing_ok=True)


def remove_files(job_ids: list[UUID]) -> None:
    """Those of downloads that are forgotten. One that is gone already is no error."""
    for job_id in job_ids:
        place_of(job_id).unlink(missing_ok=True)


def place_of(job_id: UUID) -> Path:
    return settings.DOWNLOAD_DIR / str(job_id)


def _about(job_id: UUID) -> str:
    return f"download:{job_id}"
