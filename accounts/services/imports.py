"""Spreadsheets that people bring in: the row that stands for one, from its file to the end of its undo."""

from functools import partial
from uuid import UUID

from django.db import transaction

from accounts.choices import JobState
from accounts.models import Import, Job, User
from accounts.services import jobs
from logbook_site.foundation import clock
from logbook_site.foundation.importing import kept

# Of each person. A file of some kilobytes can unpack to tens of megabytes, and nobody shall fill the disk with them.
FILES_AT_MOST = 3


@transaction.atomic
def begin_import(*, owner: User, kind: str) -> Import:
    """A new one, before anything is known about the file.

    Of what waits, and of rows that were not taken, the newest are kept: FILES_AT_MOST of each. What is being saved, or
    waits for a worker to do it, is left alone: its owner has decided.
    """
    own = Import.objects.filter(owner=owner)
    undecided = own.waiting().without_work().select_for_update(skip_locked=True)
    for stored in undecided.order_by("-created_at")[FILES_AT_MOST - 1 :]:
        forget_import(stored)
    for stored in own.with_rejected_rows().order_by("-saved_at")[FILES_AT_MOST - 1 :]:
        kept.remove_rejected(stored.pk)
    return Import.objects.create(owner=owner, kind=kind)


def hold(import_id: UUID) -> Import | None:
    """The import, locked for this transaction; None when it was undone or forgotten meanwhile."""
    return Import.objects.select_for_update().filter(pk=import_id).first()


def finish_import(stored: Import, *, number: int) -> None:
    """So many entries came in, all in this transaction. What the file said goes when it is committed."""
    stored.saved_at, stored.number = clock.now(), number
    stored.save(update_fields=["saved_at", "number"])
    transaction.on_commit(partial(kept.remove_file, stored.pk))


def begin_work(stored: Import, *, work: str) -> Job:
    """Let a worker do it; the job that is at it already, if there is one."""
    return jobs.begin_job(owner=stored.owner, work=work, about=stored.pk)[0]


def running_job(stored: Import) -> Job | None:
    """The work that is not done yet, or has failed and can be tried again."""
    job = Job.objects.filter(about=stored.pk).order_by("-created_at").first()
    return None if job is None or job.state == JobState.DONE else job


def of_job(job_id: UUID) -> Import | None:
    """What the job is about; None when it was forgotten meanwhile."""
    about = Job.objects.filter(pk=job_id).values("about")
    return Import.objects.select_related("owner").filter(pk__in=about).first()


@transaction.atomic
def forget_import(stored: Import) -> None:
    """No trace of it is left; entries that came from it stay, and do not name it any more."""
    Job.objects.filter(about=stored.pk).delete()
    transaction.on_commit(partial(kept.remove_all_files, stored.pk))
    stored.delete()


def forget_imports() -> None:
    """Each minute: forget those that are over, then every file that nobody can open any more.

    A row goes before its file. Rows that were not taken are written before what was saved is committed: until then
    their file is nobody's. So a row must say that its file is over; a file of which none knows gets an hour.
    """
    with transaction.atomic():
        # But for one that is being saved, or waits for a worker: its owner has decided in time.
        for stored in Import.objects.over().without_work().select_for_update(skip_locked=True):
            forget_import(stored)
    for file in kept.files():
        rows = Import.objects.filter(pk=file.import_id)
        over = rows.without_rejected_rows() if file.is_rejected else rows.exclude(saved_at=None)
        if over.exists() or (file.is_old and not rows.exists()):
            file.path.unlink(missing_ok=True)
