"""Many processes on one PostgreSQL and one Redis, and a new release while people use the site.

The site of `make run` is one of them: two web processes, a worker, beat. Beside it stand two web servers, two workers
and another beat, as on three machines.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import pytest

from feedback.tests.whole_site import WholeSite
from logbook_site.faults import invariants
from logbook_site.faults.chance import say
from logbook_site.faults.kills import SETTINGS
from logbook_site.faults.visitors import Visitors
from logbook_site.tests.test_run import ROOT, free_port, wait_for

CELERY = ["celery", "--quiet", "-A", "logbook_site"]


class Door:
    """Another web server of the same site: what `Visitors` need to know of it."""

    def __init__(self, site: WholeSite, port: int) -> None:
        self.port, self.mail = port, site.mail


def start(site: WholeSite, *command: str) -> subprocess.Popen:
    ours = {
        "LOGBOOK_MODE": "demo", "VAR_DIR": str(site.var_dir), "DATABASE_URL": site.database_url,
        "REDIS_URL": site.redis_url, "KEYS_REDIS_URL": site.keys_url, "DJANGO_SETTINGS_MODULE": "logbook_site.settings",
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", *command],
        cwd=ROOT,
        env=os.environ | ours | site.variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def start_web(site: WholeSite, workers: int = 2) -> tuple[subprocess.Popen, Door]:
    door = Door(site, free_port())
    bind = ("--bind", f"127.0.0.1:{door.port}", "--workers", str(workers), "--log-level", "critical")
    process = start(site, "gunicorn", "--config", "deploy/gunicorn.conf.py", *bind)
    wait_for(lambda: _get(door.port) == 200, 60)
    return process, door


def _get(port: int) -> int:
    site = WholeSite.__new__(WholeSite)
    site.port = port
    return site.get("/healthz")


@contextmanager
def ended(processes: list[subprocess.Popen]) -> Iterator[None]:
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.slow
def test_three_web_servers_three_workers_and_two_timetables_double_nothing() -> None:
    site = WholeSite(CONTACT_KEPT_HOURS=str(60 / 3600), **SETTINGS)
    webs = [start_web(site) for _number in range(2)]
    workers = [
        start(site, *CELERY, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle")
        for _number in range(2)
    ]
    beat = start(site, *CELERY, "beat", "--schedule", str(site.var_dir / "second"), "--pidfile=")
    try:
        with ended([*[process for process, _door in webs], *workers, beat]):
            doors = [site, *[door for _process, door in webs]]
            visitors = [Visitors(door, pause=0.05) for door in doors]
            for each in visitors:
                each.__enter__()
            time.sleep(75)  # a timetable rings every minute
            for each in visitors:
                each.__exit__(None, None, None)
            say(invariants.check(site, *visitors))
    finally:
        site.remove()


@pytest.mark.slow
def test_a_new_release_while_people_use_the_site() -> None:
    """HUP loses no request; TERM finishes what is under way; a migration makes nobody wait."""
    site = WholeSite(**SETTINGS)
    process, door = start_web(site)
    try:
        with ended([process]):
            with Visitors(door, pause=0.02) as visitors:
                for _time in range(5):
                    time.sleep(2)
                    process.send_signal(signal.SIGHUP)
                    wait_for(lambda: _get(door.port) == 200, 60)
                time.sleep(2)
            say(f"HUP five times: {visitors.answers} answers, {visitors.refusals} refused")
            assert visitors.reasons == set()

            with Visitors(door, pause=0.02) as others:
                time.sleep(2)
                process.terminate()
                process.wait(40)
                again = ("--bind", f"127.0.0.1:{door.port}", "--workers", "2", "--log-level", "critical")
                process = start(site, "gunicorn", "--config", "deploy/gunicorn.conf.py", *again)
                time.sleep(5)
                slowest = migrate_beside(site)
                wait_for(lambda: _get(door.port) == 200)
            say(f"a migration beside it: the slowest page took {slowest:.1f} s")
            assert slowest < 4
        say(invariants.check(site, visitors, others))
    finally:
        process.terminate()
        process.wait(40)
        site.remove()


# As `manage.py migrate` applies one that the next release brings: a column, an index, and a word in each row.
MIGRATION = """
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
def fill(apps, editor):
    entries = apps.get_model("logbook", "LogbookEntry").objects
    assert entries.filter(later="").update(later="filled") == entries.count() > 0
class Later(migrations.Migration):
    operations = [
        migrations.AddField("logbookentry", "later", models.CharField(max_length=20, db_default="")),
        migrations.AddIndex("logbookentry", models.Index(fields=["later"], name="logbook_later")),
        migrations.RunPython(fill),
    ]
state = MigrationLoader(connection).project_state()
with connection.schema_editor(atomic=True) as editor:
    Later("later", "logbook").apply(state, editor)
"""


def migrate_beside(site: WholeSite) -> float:
    """Somebody reads for long, a migration wants the table: with lock_timeout it gives way. The slowest page, in s.

    When nobody reads any more it gets the table, and the code of the old release runs on.
    """
    options = {"PGOPTIONS": "-c lock_timeout=2s"}  # as docs/operations.md says
    reader = psycopg2.connect(site.database_url)
    reader.cursor().execute("SELECT count(*) FROM logbook_logbookentry")  # its transaction stays open
    slowest = 0.0

    def look() -> None:
        nonlocal slowest
        began = time.monotonic()
        assert site.get("/healthz") == 200 and site.get("/") == 200
        slowest = max(slowest, time.monotonic() - began)

    migration = site.start_python(MIGRATION, **options)
    while migration.poll() is None:
        look()
    assert "LockNotAvailable" in migration.communicate()[1]
    reader.close()
    migration = site.start_python(MIGRATION, **options)
    while migration.poll() is None:
        look()
    _said, errors = migration.communicate()
    assert migration.returncode == 0, errors
    for _number in range(20):
        look()
    later = "SELECT count(*) FILTER (WHERE later = 'filled') > 0 FROM logbook_logbookentry"
    assert invariants.query(site, later) == [(True,)]
    return slowest
