"""Taking one's own data along, waiting for it, and deleting one's account."""

import re
from datetime import timedelta

from playwright.sync_api import Page

from accounts.choices import JobState
from accounts.models import Job
from accounts.services import jobs
from logbook_site.demo.people import PASSWORD
from logbook_site.foundation import clock
from logbook_site.tests.hands import fill, follow, go, press
from logbook_site.tests.pages.desk import open_first
from logbook_site.tests.pages.state import ADMIN, AMINA, AS_BEFORE, CHLOE, ROSA, State, pressing

DOWNLOAD, DELETE = "/account-settings/download/", "/account-settings/delete/"
DELETING, DESK = "own_data/delete_account.html", "own_data/desk_delete_account.html"
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def prepare(page: Page) -> None:
    press(page, "Prepare my download")
    if "/reauthenticate/" in page.url:
        fill(page, password=PASSWORD)
        press(page, "Continue")


def make_late() -> None:
    Job.objects.update(created_at=clock.now() - timedelta(minutes=10))


def let_fail() -> None:
    Job.objects.update(state=JobState.FAILED, finished_at=clock.now())


def finish() -> None:
    Job.objects.update(state=JobState.DUE, finished_at=None)
    jobs.run_next()


def see_how_far(page: Page) -> None:
    follow(page, "See how far it is")


def open_job(page: Page) -> None:
    go(page, f"/jobs/{Job.objects.get().pk}/")


def open_deletion(page: Page) -> None:
    """The page about the first person of a list in the admin."""
    open_first(page)
    go(page, f"/admin/person/{ID.search(page.url)[0]}/delete-account/")


def delete_without_reason(page: Page) -> None:
    open_deletion(page)
    press(page, "Delete this account")


STATES = [
    State("own_data/download.html", "download", CHLOE, DOWNLOAD),
    State("accounts/job.html", "job", AS_BEFORE, DOWNLOAD, prepare),
    State("own_data/download.html", "download-running", AS_BEFORE, DOWNLOAD),
    State("accounts/job.html", "job-late", AS_BEFORE, DOWNLOAD, see_how_far, make_late),
    State("accounts/job.html", "job-failed", AS_BEFORE, DOWNLOAD, open_job, let_fail),
    State("own_data/download.html", "download-ready", AS_BEFORE, DOWNLOAD, in_database=finish),
    State(DELETING, "delete-account", AMINA, DELETE),
    State(
        DELETING,
        "delete-account-wrong",
        AS_BEFORE,
        DELETE,
        pressing("Delete my account", password="not mine"),
    ),
    State(DELETING, "delete-account-of-a-reviewer", ROSA, DELETE),
    State(DESK, "desk-delete", ADMIN, "/admin/accounts/user/?q=chlo", open_deletion),
    State(DESK, "desk-delete-wrong", AS_BEFORE, "/admin/accounts/user/?q=chlo", delete_without_reason),
    State(
        "own_data/leaving.html", "leaving", CHLOE, DELETE, pressing("Delete my account", password=PASSWORD)
    ),
    State("own_data/download.html", "leaving-download", AS_BEFORE, DOWNLOAD),
    State(DESK, "desk-stop", ADMIN, "/admin/accounts/user/?q=chlo", open_deletion),
    State("home/home.html", "kept", CHLOE, "/account-settings/restore/", pressing("Keep my account")),
]
