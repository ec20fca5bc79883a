"""Taking one's own data along: the door, the file, and what is left when its time is over."""

import os
import subprocess
import sys
from datetime import date, timedelta

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import connection

from accounts.choices import Role, Verb
from accounts.models import AuditEvent, Job, User
from accounts.services import jobs
from accounts.tests.doors import code_in
from accounts.tests.factories import (
    PASSWORD,
    make_mediator,
    make_person,
    signed_in,
)
from cpd.tests.factories import a_pdf, make_cpd
from feedback.tests.canaries import found_in
from logbook.tests.factories import make_entry
from logbook_site.foundation import clock
from logbook_site.own_data.services import downloads
from logbook_site.own_data.tests.hands import (
    DOWNLOAD,
    address_of_file,
    at_the_door,
    downloaded,
)
from logbook_site.tasks import forget_downloads

pytestmark = pytest.mark.django_db


def in_hours(hours: float):
    return time_machine.travel(clock.now() + timedelta(hours=hours), tick=False)


def files_in(folder) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


class TestTheFile:
    def test_is_sealed_on_the_disk(self, folder):
        ann = make_mediator(name="Ann Canary", email="canary@example.org")
        make_entry(ann, learnings="Canary learned")
        downloaded(at_the_door(ann))
        (file,) = folder.iterdir()
        content = file.read_bytes()
        assert content[:2] != b"PK" and b"README" not in content
        assert found_in({"": content}, ["Canary", "canary@example.org"]) == set()
        assert file.stat().st_mode & 0o077 == 0

    def test_comes_as_a_file_that_nobody_keeps(self):
        client = at_the_door(make_mediator())
        downloaded(client)
        answer = client.get(address_of_file(client.get(DOWNLOAD)))
        assert answer.headers["Content-Disposition"] == f'attachment; filename="my-data-{clock.today()}.zip"'
        assert answer.headers["Cache-Control"] == "no-store, private"
        assert answer.headers["Content-Type"] == "application/zip"
        head = client.head(address_of_file(client.get(DOWNLOAD)))
        assert head.headers["Content-Length"] == answer.headers["Content-Length"] and not head.getvalue()

    @pytest.mark.parametrize("roles", [(), *[(role,) for role in Role]])
    def test_is_its_owners_alone(self, roles, client):
        owner = at_the_door(make_mediator())
        downloaded(owner)
        address = address_of_file(owner.get(DOWNLOAD))
        other = at_the_door(make_person(*roles))
        assert other.get(address).status_code == 404
        assert other.get(DOWNLOAD).context["ready"] is None
        assert client.get(address).url == f"/accounts/login/?next={address}"

    def test_can_be_fetched_until_its_time_is_over(self, settings, folder):
        client = at_the_door(make_mediator())
        downloaded(client)
        address = address_of_file(client.get(DOWNLOAD))
        with in_hours(settings.DOWNLOAD_LIVES_HOURS - 0.01):
            forget_downloads()
            page = client.get(address)
            assert page.url.startswith("/accounts/reauthenticate/")  # so long ago: who is it?
            assert len(files_in(folder)) == 1
        with in_hours(settings.DOWNLOAD_LIVES_HOURS):
            # Nobody has tidied up yet.
            assert client.get(address).status_code == 404
            assert client.get(DOWNLOAD).context["ready"] is None
            forget_downloads()
        assert (files_in(folder), Job.objects.count()) == ([], 0)

    def test_says_that_it_is_as_it_was_when_it_was_prepared(self):
        client = at_the_door(make_mediator())
        downloaded(client)
        assert "what was taken back since is still in it" in client.get(DOWNLOAD).text

    def test_a_new_one_takes_the_place_of_the_old_one(self, folder):
        client = at_the_door(make_mediator())
        downloaded(client)
        first = address_of_file(client.get(DOWNLOAD))
        downloaded(client)
        second = address_of_file(client.get(DOWNLOAD))
        assert first != second and client.get(first).status_code == 404
        assert files_in(folder) == [second.split("/")[-2]]
        downloaded(at_the_door(make_mediator()))
        assert client.get(second).status_code == 200

    def test_whatever_was_left_behind_is_removed_and_nothing_else(self, folder):
        client = at_the_door(make_mediator())
        downloaded(client)
        (done,) = files_in(folder)
        running, _is_new = jobs.begin_job(owner=make_person(), work=downloads.WORK)
        gone = "0f0e0d0c-0000-4000-8000-000000000000"
        for name in (gone, f"{gone}.00ff.part", f"{done}.00ff.part", f"{running.pk}.00ff.part", "notes.txt"):
            (folder / name).write_bytes(b"half")
        forget_downloads()
        forget_downloads()
        assert files_in(folder) == sorted([done, f"{running.pk}.00ff.part", "notes.txt"])

    def test_that_could_not_be_written_leaves_nothing_and_can_be_tried_again(self, folder, monkeypatch):
        client = at_the_door(make_mediator())
        with monkeypatch.context() as full:
            full.setattr(os, "fsync", disk_is_full)
            waiting = client.post(DOWNLOAD).url
            for _try in range(3):
                jobs.run_next()
                assert files_in(folder) == []
        page = client.get(waiting)
        assert "Try again" in page.text
        assert not AuditEvent.objects.filter(verb=Verb.DATA_DOWNLOADED).exists()
        again = client.post(waiting).url
        jobs.run_next()
        assert client.get(again).url == DOWNLOAD
        assert len(files_in(folder)) == 1

    def test_somebody_who_is_gone_meanwhile_leaves_nothing(self, folder, monkeypatch):
        ann = make_mediator()
        downloads.begin_download(by=ann)
        # The last moment before the file is there.
        monkeypatch.setattr(os, "fsync", lambda _handle: User.objects.filter(pk=ann.pk).delete())
        jobs.run_next()
        assert (files_in(folder), Job.objects.count()) == ([], 0)
        assert not AuditEvent.objects.filter(verb=Verb.DATA_DOWNLOADED).exists()

    def test_each_is_in_the_audit_trail(self):
        ann = make_mediator()
        downloaded(at_the_door(ann))
        (event,) = AuditEvent.objects.filter(verb=Verb.DATA_DOWNLOADED)
        assert (event.actor_id, event.object_id) == (ann.pk, str(ann.pk))


def disk_is_full(_handle: int) -> None:
    raise OSError(28, "No space left on device")


class TestTheDoor:
    def test_asks_who_it_is_before_it_prepares_and_then_goes_on(self, client):
        from accounts.tests.doors import sign_in

        ann = make_mediator(password=PASSWORD)
        sign_in(client, ann)
        answer = client.post(DOWNLOAD)
        assert answer.url.startswith("/accounts/reauthenticate/?next=")
        assert not Job.objects.exists()
        after = client.post(answer.url, {"password": PASSWORD, "next": DOWNLOAD})
        assert after.url == f"/jobs/{Job.objects.get().pk}/"

    def test_asks_again_before_the_file(self):
        ann = make_mediator(password=PASSWORD)
        first = at_the_door(ann)
        downloaded(first)
        address = address_of_file(first.get(DOWNLOAD))
        # An open browser, some time later, in other hands.
        assert signed_in(ann).get(address).url.startswith("/accounts/reauthenticate/?next=")

    def test_who_signs_in_with_codes_alone_must_have_done_so_just_now(self, client, mailoutbox):
        ann = make_mediator()  # without a password
        with in_hours(-1):
            old = signed_in(ann)
        answer = old.post(DOWNLOAD, {"form_key": "one"})
        assert answer.url == f"/accounts/login/?next={DOWNLOAD}"
        assert not Job.objects.exists()
        assert "Sign in once more" in old.get(answer.url).text
        client.post("/accounts/login/code/", {"email": ann.email})
        client.post("/accounts/login/code/confirm/", {"code": code_in(mailoutbox[-1])})
        assert client.post(DOWNLOAD).url == f"/jobs/{Job.objects.get().pk}/"

    def test_a_second_press_finds_the_first_one(self):
        client = at_the_door(make_mediator())
        assert client.post(DOWNLOAD).url == client.post(DOWNLOAD).url
        assert "See how far it is" in client.get(DOWNLOAD).text
        assert Job.objects.count() == 1

    def test_a_look_begins_nothing(self):
        client = at_the_door(make_mediator())
        assert client.get(DOWNLOAD).status_code == 200
        assert not Job.objects.exists()

    def test_is_found_in_account_settings(self):
        assert f'href="{DOWNLOAD}"' in signed_in(make_person()).get("/account-settings/").text


LARGE = """
import resource, sys
import django; django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from accounts.models import Job
from logbook_site.own_data.services import downloads
job = Job.objects.get()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
downloads.prepare(job.pk)
size = sum(len(piece) for piece in downloads.open_download(job))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, size)
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_large_one_needs_little_memory(folder):
    """10,000 entries with texts, and 100 MB of evidence."""
    from logbook import services as logbook_services
    from logbook.models import LogbookEntry

    ann = make_mediator()
    entries = [
        LogbookEntry(
            owner=ann, title=f"Matter {number}", ended_on=date(2026, 3, 4), role="lead", medium="online", minutes=60,
            learnings=f"{number} " * 400,
        )
        for number in range(10_000)
    ]  # fmt: skip
    logbook_services.save_entries(entries=entries, by=ann)
    for _number in range(20):
        make_cpd(ann, evidence=a_pdf() + b"%" + os.urandom(5 * 1024 * 1024))
    downloads.begin_download(by=ann)
    environment = os.environ | {
        "DOWNLOAD_DIR": str(django_settings.DOWNLOAD_DIR),
        "EVIDENCE_DIR": str(django_settings.EVIDENCE_DIR),
    }
    ran = subprocess.run(
        [sys.executable, "-c", LARGE, connection.settings_dict["NAME"]],
        env=environment, cwd=django_settings.BASE_DIR, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    grown, size = map(int, ran.stdout.split()[-2:])
    assert size > 100 * 1024 * 1024
    assert grown < 50 * 1024  # KiB
