"""A backup from before: restored with the tools of PostgreSQL, refused, and brought up to date with the ledger."""

import email
import json
import os
import re
import subprocess
import time
from collections import Counter
from pathlib import Path

import psycopg2
import pytest

from cpd.tests.factories import a_pdf
from feedback.tests.whole_site import Browser, WholeSite
from logbook_site.embedded import Postgres
from logbook_site.embedded.postgres import _programs
from logbook_site.faults import invariants
from logbook_site.faults.chance import say
from logbook_site.faults.visitors import CODE, LINK
from logbook_site.own_data.tests.test_forgotten_account import Person
from logbook_site.tests.test_run import ROOT, free_port, wait_for

ANSWER = {"share": "yes", "clear": "4", "action": "send"}
TO_ASK = ["used", "withdrawn", "unshared", "cancelled", "open"]


class Party:
    """Somebody who was asked, and has the link from the mail."""

    def __init__(self, site: WholeSite, name: str) -> None:
        self.site, self.name, self.address = site, name, f"{name}@example.net"
        self.token, self.code = "", ""

    def read_mail(self) -> None:
        wait_for(lambda: self.site.mails_to(self.address))
        self.token = LINK.search(self.site.mails_to(self.address)[0].replace(b"=\r\n", b""))[1].decode()

    def answer(self) -> None:
        words = {"helpful": f"Words of {self.name}", "form_key": self.name}
        reached, page = Browser(self.site.port).post(f"/give-feedback/{self.token}/", ANSWER | words)
        assert reached.startswith("/give-feedback/thank-you/")
        self.code = CODE.search(page)[0]

    def take_back(self, action: str) -> None:
        fields = {"code": self.code, "action": action}
        reached, _page = Browser(self.site.port).post("/give-feedback/withdraw/", fields)
        assert "done=" in reached

    def link_is_open(self) -> bool:
        try:
            page = Browser(self.site.port).get(f"/give-feedback/{self.token}/")
        except OSError:  # 410
            return False
        return "share" in page


def restore(site: WholeSite, dump: bytes) -> None:
    """As an operator does it: the site stands still, and a new database takes the place of the old one."""
    server = Postgres(site.home)
    assert server.claim()
    server.start()
    try:
        site.program("psql", "--command", "DROP DATABASE logbook", database="postgres")
        site.program("psql", "--command", "CREATE DATABASE logbook", database="postgres")
        site.program("psql", "--quiet", "--set", "ON_ERROR_STOP=1", entered=dump)
    finally:
        server.stop()


def refusal(site: WholeSite, *command: str) -> str:
    """What a process of the site says when it does not start."""
    code = f"import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-m', *{list(command)!r}]))"
    process = site.start_python(code)
    said, errors = process.communicate(timeout=60)
    assert process.returncode != 0, said
    return said + errors


@pytest.mark.slow
def test_a_backup_from_before_shows_nothing_that_is_gone() -> None:
    site = WholeSite(ACCOUNT_DELETION_HOURS="0.001", CONTACT_KEPT_HOURS=str(600 / 3600))
    try:
        amina = Person(site.port)
        amina.sign_in("amina@example.org")
        parties = {name: Party(site, name) for name in TO_ASK}
        for party in parties.values():
            amina.ask(name=party.name, email=party.address, reference="A matter")
            party.read_mail()
        for name in ("withdrawn", "unshared"):
            parties[name].answer()

        # The backup. One more mail is due in it, and leaves afterwards.
        wait_for(lambda: invariants.query(site, invariants.OPEN) == [(0,)])
        site.mail.answers["CONNECT"] = "421 not now"
        amina.ask(name="late", email="late@example.net", reference="A matter")
        due = "SELECT count(*) FROM accounts_outboxmessage WHERE state = 'due' AND attempts > 0"
        wait_for(lambda: invariants.query(site, due) == [(1,)])
        dump = site.program("pg_dump", "--no-owner")
        site.mail.answers.clear()
        site.python(invariants.SWEEP, CLOCK_OFFSET_HOURS="0.1")
        wait_for(lambda: site.mails_to("late@example.net"))

        # What happens after it.
        parties["used"].answer()
        parties["withdrawn"].take_back("withdraw")
        parties["unshared"].take_back("unshare")
        page = amina.get("/feedback/requests/")
        request = site.python(
            "from feedback.models import FeedbackRequest; from feedback.services.secrets import hash_of\n"
            f"print(FeedbackRequest.objects.get(token_hash=hash_of({parties['cancelled'].token!r})).pk)"
        )
        assert request in page
        amina.send(f"/feedback/requests/{request}/cancel/")
        stop = re.search(r"/stop/[\w:-]+/", _plain(site.mails_to("open@example.net")[0]))[0]
        Browser(site.port).post(stop, {})
        ben = Person(site.port)
        ben.sign_in("ben@example.org")
        ben.send("/account-settings/delete/", password="demo-logbook-2026")
        people = "SELECT count(*) FROM accounts_user WHERE email = 'ben@example.org'"
        wait_for(lambda: invariants.query(site, people) == [(0,)], 120)
        assert "Words of unshared" not in amina.get("/feedback/")
        mails = Counter(email.message_from_bytes(text)["Message-ID"] for text in site.mail.accepted)

        # All is lost but the ledger.
        assert site.end() == 0
        restore(site, dump)

        # Nothing starts: not the site, not a web server, not a worker.
        with pytest.raises(AssertionError):
            site.start()
        assert site.said("Run `python manage.py after_restore`"), site.lines
        assert not site.said("Ready: ")
        bind = f"127.0.0.1:{free_port()}"
        web = ("gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", bind, "--workers", "1")
        for command in (web, ("celery", "--quiet", "-A", "logbook_site", "worker", "--pool", "solo")):
            with _servers(site):
                assert "after_restore" in refusal(site, *command), command
        with _servers(site):
            said = site.python(
                "from django.core.management import call_command; call_command('after_restore')"
            )
        say("; ".join(line.strip() for line in said.splitlines() if not line.strip().startswith("0 ")))

        # Then it starts, and shows nothing that should be gone.
        site.start()
        amina = Person(site.port)
        amina.sign_in("amina@example.org")
        for name, party in parties.items():
            assert party.link_is_open() == (name == "open"), name
        assert invariants.query(site, people) == [(0,)]
        shown = amina.get("/feedback/")
        assert "Words of unshared" not in shown and "Words of withdrawn" not in shown
        words = invariants.query(site, "SELECT helpful FROM feedback_feedback WHERE helpful LIKE 'Words%'")
        assert words == [("Words of unshared",)]
        # Who asked to be left alone gets nothing; and no mail comes twice.
        amina.ask(name="open", email="open@example.net", reference="Once more")
        amina.ask(name="new", email="new@example.net", reference="A new matter")
        wait_for(lambda: site.mails_to("new@example.net"))
        time.sleep(2)
        again = Counter(email.message_from_bytes(text)["Message-ID"] for text in site.mail.accepted)
        assert set(again.values()) == {1}
        assert len(again) == len(mails) + 1
        assert json.loads(site.python(invariants.TOTALS)) == []
        uncertain = "SELECT count(*) FROM accounts_outboxmessage WHERE last_error = 'restored'"
        assert invariants.query(site, uncertain)[0][0] >= 1
    finally:
        site.remove()


def _plain(text: bytes) -> str:
    return (
        email.message_from_bytes(text).get_payload(0).get_payload(decode=True).decode()
        if (email.message_from_bytes(text).is_multipart())
        else text.decode()
    )


class _servers:
    """PostgreSQL and Redis of a site that stands still."""

    def __init__(self, site: WholeSite) -> None:
        from logbook_site.embedded import Redis

        self.servers = [Redis(site.home), Postgres(site.home)]

    def __enter__(self) -> None:
        for server in self.servers:
            assert server.claim()
            server.start()

    def __exit__(self, *error: object) -> None:
        for server in reversed(self.servers):
            server.stop()


@pytest.mark.slow
def test_the_scripts_for_operators_go_the_whole_way(tmp_path: Path) -> None:
    """deploy/backup.sh and deploy/restore.sh, with a ledger that knows of more than the backup."""
    site = WholeSite(ACCOUNT_DELETION_HOURS="0.001")
    evidence = site.var_dir / "evidence"
    try:
        amina = Person(site.port)
        amina.sign_in("amina@example.org")
        course = {"completed_on": "2026-03-02", "title": "With paper", "kind": "training", "hours": "3"}
        amina.upload("/cpd/add/", "evidence", a_pdf(), **course)
        files = sorted(file.read_bytes() for file in evidence.rglob("*") if file.is_file())
        assert files
        backup = script(site, "backup.sh", BACKUP_DIR=str(tmp_path), BACKUP_ENCRYPT="base64")
        assert backup.returncode == 0, backup.stderr
        folder = backup.stdout.split()[-1]

        # After it somebody leaves.
        ben = Person(site.port)
        ben.sign_in("ben@example.org")
        ben.send("/account-settings/delete/", password="demo-logbook-2026")
        people = "SELECT count(*) FROM accounts_user WHERE email = 'ben@example.org'"
        wait_for(lambda: invariants.query(site, people) == [(0,)], 120)
        refused = script(site, "restore.sh", folder, BACKUP_DECRYPT="base64 -d")
        assert refused.returncode == 1 and "This database is not empty." in refused.stderr

        assert site.end() == 0
        with _servers(site):
            site.program("psql", "--command", "DROP DATABASE logbook", database="postgres")
            site.program("psql", "--command", "CREATE DATABASE logbook", database="postgres")
            refused = script(site, "restore.sh", folder, BACKUP_DECRYPT="base64 -d")
            assert refused.returncode == 1 and "evidence is not empty." in refused.stderr
            evidence.rename(site.var_dir / "aside")
            refused = script(site, "restore.sh", folder)
            assert refused.returncode == 1 and "This backup is encrypted" in refused.stderr
            restored = script(site, "restore.sh", folder, BACKUP_DECRYPT="base64 -d")
            assert restored.returncode == 0, restored.stderr
        assert "1 accounts deleted" in restored.stdout and restored.stdout.endswith("desk of the admin.\n")
        say("; ".join(line.strip() for line in restored.stdout.splitlines() if line.strip()[:2] != "0 "))
        site.start()
        assert invariants.query(site, people) == [(0,)]
        titles = "SELECT count(*) FROM cpd_cpdentry WHERE title = 'With paper'"
        assert invariants.query(site, titles) == [(1,)]
        assert sorted(file.read_bytes() for file in evidence.rglob("*") if file.is_file()) == files
    finally:
        site.remove()


def script(site: WholeSite, name: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """One of `deploy/`, as an operator runs it, with the programs of the PostgreSQL that the site runs on."""
    ours = {
        "PATH": f"{_programs()}:{os.environ['PATH']}", "LOGBOOK_MODE": "demo", "VAR_DIR": str(site.var_dir),
        "DATABASE_URL": site.database_url, "REDIS_URL": site.redis_url, "KEYS_REDIS_URL": site.keys_url,
    }  # fmt: skip
    return subprocess.run(
        [ROOT / "deploy" / name, *arguments],
        env=os.environ | ours | site.variables | variables,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.slow
def test_a_database_that_is_exchanged_under_a_running_site_is_not_shown() -> None:
    """Nobody stopped anything: every new connection asks, and the web server answers 503."""
    site = WholeSite()
    try:
        dump = site.program("pg_dump", "--no-owner")
        time.sleep(1)
        site.python(invariants.SWEEP)
        connection = psycopg2.connect(site.database_url.replace("/logbook?", "/postgres?"))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE logbook WITH (FORCE)")
            cursor.execute("CREATE DATABASE logbook")
        connection.close()
        site.program("psql", "--quiet", "--set", "ON_ERROR_STOP=1", entered=dump)
        for path in ("/", "/healthz", "/accounts/login/", "/give-feedback/abc/"):
            wait_for(lambda path=path: site.get(path) in (200, 503))
        assert [site.get(path) for path in ("/healthz", "/give-feedback/abc/")] == [503, 503]
        site.python("from django.core.management import call_command; call_command('after_restore')")
        wait_for(lambda: site.get("/healthz") == 200)
        assert site.get("/give-feedback/abc/") == 410
    finally:
        site.remove()
