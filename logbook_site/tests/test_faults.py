"""A short part of `make faults`: a few kills while people use the site, and who refuses a restored database."""

import random
import subprocess

import pytest
from django.conf import settings
from django.db import connection

from accounts.services import ledger
from accounts.tests.factories import make_mediator
from accounts.tests.test_outbox import in_another_process
from feedback.tests.whole_site import WholeSite
from logbook_site.faults import invariants
from logbook_site.faults.chance import say, seed
from logbook_site.faults.kills import SETTINGS, hurt
from logbook_site.faults.visitors import Visitors
from logbook_site.foundation.ledger_file import LedgerFile

WEB = "import logbook_site.wsgi; print('begun')"
# The moment at which Celery would begin.
WORKER = """
from celery.signals import worker_init
import logbook_site.celery
worker_init.send(sender=None)
print("begun")
"""
EXCHANGED = """
import time
from django.conf import settings
from django.db import OperationalError, connection
from logbook_site.foundation.ledger_file import LedgerFile
from accounts.models import User
from logbook_site.start import check_at_start
check_at_start()
print(User.objects.count(), flush=True)
while LedgerFile(settings.LEDGER_FILE).number() < 1000:
    time.sleep(0.05)
connection.close()
for _time in range(2):
    try:
        print(User.objects.count())
    except OperationalError as error:
        print(type(error).__name__)
"""


@pytest.mark.slow
def test_a_few_kills_while_people_use_the_site() -> None:
    site = WholeSite(**SETTINGS)
    try:
        with Visitors(site) as visitors:
            hurt(site, random.Random(seed("a few")), 8)
        say(invariants.check(site, visitors))
        assert visitors.answers
    finally:
        site.remove()


def run(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    process = in_another_process(code, **variables)
    said, errors = process.communicate(timeout=60)
    return subprocess.CompletedProcess([], process.returncode, said, errors)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestARestoredDatabase:
    @pytest.fixture
    def file(self, tmp_path, settings) -> LedgerFile:
        """Beside a database that holds somebody."""
        settings.LEDGER_FILE = tmp_path / "ledger"
        make_mediator()
        ledger.advance()
        return LedgerFile(settings.LEDGER_FILE)

    @pytest.mark.parametrize("code", [WEB, WORKER], ids=["web", "worker"])
    def test_is_refused_until_the_ledger_was_read(self, code: str, file: LedgerFile) -> None:
        ours = {"LEDGER_FILE": str(file.path)}
        begun = run(code, **ours)
        assert begun.stdout == "begun\n", begun.stderr
        file.raise_to(1000)
        refused = run(code, **ours)
        assert refused.returncode != 0 and "begun" not in refused.stdout
        assert "Run `python manage.py after_restore`, then start again." in refused.stderr
        run("from django.core.management import call_command; call_command('after_restore')", **ours)
        assert run(code, **ours).stdout == "begun\n"

    def test_is_not_shown_by_a_process_that_had_begun_before(self, file: LedgerFile) -> None:
        process = in_another_process(EXCHANGED, LEDGER_FILE=str(file.path))
        assert process.stdout.readline() == "1\n"
        file.raise_to(1000)
        said, errors = process.communicate(timeout=60)
        assert said == "RestoredDatabase\nRestoredDatabase\n", errors

    def test_without_a_table_for_the_mark_it_waits_for_migrate(self, file: LedgerFile) -> None:
        table = ledger.LedgerMark._meta.db_table
        file.raise_to(1000)
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} RENAME TO aside")
        try:
            assert run(WEB, LEDGER_FILE=str(file.path)).stdout == "begun\n"
        finally:
            with connection.cursor() as cursor:
                cursor.execute(f"ALTER TABLE aside RENAME TO {table}")


def test_the_tests_write_their_ledger_where_they_write_everything() -> None:
    assert settings.LEDGER_FILE.is_relative_to(settings.VAR_DIR)
