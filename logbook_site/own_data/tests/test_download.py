"""Taking one's own data along: what is in the file, what is in no byte of it, and who gets it."""

import json
import os
import subprocess
import sys
from datetime import date, time, timedelta
from zipfile import ZipFile

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import connection

from accounts.choices import AccessSource, Role, Verb
from accounts.models import AccessGrant, Appointment, AuditEvent, Job, User
from accounts.services import appointments, jobs
from accounts.tests.doors import code_in
from accounts.tests.factories import (
    PASSWORD,
    make_address,
    make_admin,
    make_appointment,
    make_mediator,
    make_organisation,
    make_pending,
    make_person,
    make_place,
    make_reviewer,
    signed_in,
)
from cpd.tests.factories import a_pdf, make_cpd
from directory.services import record_look
from feedback.models import FeedbackRequest, NoticeName, Respondent
from feedback.services.pieces import report_piece, save_note
from feedback.tests.canaries import found_in
from feedback.tests.factories import make_piece
from feedback.tests.links import make_link, send
from logbook.tests.factories import make_entry
from logbook_site.demo.load import load_demo
from logbook_site.foundation import clock
from logbook_site.own_data.download_map import NOT_TOLD, TABLES
from logbook_site.own_data.services import downloads
from logbook_site.own_data.tests.hands import (
    DOWNLOAD,
    address_of_file,
    at_the_door,
    downloaded,
    everything_in,
    objects,
    sheet,
)
from logbook_site.tasks import forget_downloads
from reviewers.tests.factories import make_checked, make_draft, make_final, make_final_digest

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DOWNLOAD_DIR = tmp_path / "downloads"
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return settings.DOWNLOAD_DIR


def in_hours(hours: float):
    return time_machine.travel(clock.now() + timedelta(hours=hours), tick=False)


def files_in(folder) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


class TestWhatIsInIt:
    def test_of_somebody_who_has_just_come(self):
        archive = downloaded(at_the_door(make_person(name="Noor Haddad")))
        # They went through the door: that is known of them, and nothing else.
        assert set(archive.namelist()) == {
            "README.txt", "everything.json", "account.csv", "email-addresses.csv", "sign-ins.csv",
        }  # fmt: skip
        assert archive.testzip() is None
        readme = archive.read("README.txt").decode()
        assert "about Noor Haddad" in readme and "account.csv" in readme and "logbook.csv" not in readme
        assert all(str(why) in readme for why in NOT_TOLD.values())

    def test_of_the_demo_people_every_file_says_what_it_is(self):
        load_demo()
        seen = set()
        for person in User.objects.all():
            archive = downloaded(at_the_door(person))
            readme = archive.read("README.txt").decode()
            tables = [table for table in TABLES if f"{table.name}.csv" in archive.namelist()]
            for table in tables:
                assert f"{table.name}.csv\r\n    {table.about}\r\n" in readme
                assert len(sheet(archive, table.name)) == len(objects(archive, table.name)) > 0
            seen |= {table.name for table in tables}
        assert {"logbook", "cpd", "feedback", "digests-about-me", "digests-by-me", "reviewing"} <= seen

    def test_the_logbook_with_all_that_was_learned(self):
        ann = make_mediator()
        make_entry(
            ann, title="Roof", started_on=date(2026, 3, 1), minutes=215, preparation_minutes=30, subject="Rain",
            country="NZ", language="mi", parties=3, outcome="partly", provider="House", setting="simulated",
            paid="paid", full_scale="yes", did_well="Waited.", challenges="Anger\nand noise", learnings="Breathe",
        )  # fmt: skip
        make_entry(ann, title="Deleted one", ended_on=date(2026, 4, 1), deleted=True)
        archive = downloaded(at_the_door(ann))
        roof, deleted = sheet(archive, "logbook")
        assert roof.pop("Added") and roof.pop("Changed")
        assert roof == {
            "Start date": "2026-03-01", "End date": "2026-03-04", "Reference": "Roof", "Role": "Lead mediator",
            "Medium": "Online", "Hours": "3.58", "Preparation hours": "0.50", "Subject": "Rain",
            "Country": "New Zealand", "Language": "Māori", "Parties": "3", "Outcome": "Partly settled",
            "Provider": "House", "Setting": "Simulated", "Paid or pro bono": "Paid", "Full scale": "Yes",
            "Did well": "Waited.", "Challenges": "Anger\nand noise", "Learnings": "Breathe", "Deleted": "",
        }  # fmt: skip
        assert deleted["Reference"] == "Deleted one" and deleted["Deleted"]
        first = objects(archive, "logbook")[0]
        assert (first["minutes"], first["country"], first["learnings"]) == (215, "NZ", "Breathe")

    def test_development_with_its_evidence(self):
        ann = make_mediator()
        pdf = a_pdf(pages=3)
        entry = make_cpd(ann, title="Course", takeaways="Listen longer", evidence=pdf)
        make_cpd(ann, title="Without")
        gone = make_cpd(ann, title="Gone", completed_on=date(2026, 5, 1), evidence=a_pdf())
        (django_settings.EVIDENCE_DIR / gone.evidence_file).unlink()
        archive = downloaded(at_the_door(ann))
        name = f"evidence/2026-03-04-{entry.pk.hex[:8]}.pdf"
        assert archive.read(name) == pdf
        assert [name for name in archive.namelist() if "evidence" in name] == [name]
        files = {row["Title"]: (row["Takeaways"], row["File"]) for row in sheet(archive, "cpd")}
        assert files == {"Course": ("Listen longer", name), "Without": ("", ""), "Gone": ("", "")}
        assert {row["title"]: row["evidence_file"] for row in objects(archive, "cpd")} == {
            "Course": name, "Without": "", "Gone": "",
        }  # fmt: skip

    def test_feedback_as_my_feedback_shows_it(self):
        ann = make_mediator()
        shared = make_piece(
            ann, helpful="The calm room", party_role="party", ratings={"clear": 5, "pressed": 1}
        )
        save_note(piece=shared, note="More of this", by=ann)
        report_piece(piece=shared, reason="Not my case", by=ann)
        archive = downloaded(at_the_door(ann))
        (row,) = sheet(archive, "feedback")
        assert "The calm room" in row.values() and "2026" not in row.values()
        (piece,) = objects(archive, "feedback")
        assert set(piece) == {
            "id", "survey", "language", "party_role", "ratings", "use_again", "outcome", "outcome_satisfied",
            "helpful", "better", "quote", "may_quote",
        }  # fmt: skip
        (note,), (report,) = objects(archive, "feedback-notes"), objects(archive, "feedback-reports")
        assert note == {"feedback": str(shared.pk), "note": "More of this"}
        assert (report["feedback"], report["reason"]) == (str(shared.pk), "Not my case")

    def test_feedback_stands_in_no_order_of_time(self):
        ann = make_mediator()
        pieces = [make_piece(ann) for _number in range(12)]
        archive = downloaded(at_the_door(ann))
        told = [piece["id"] for piece in objects(archive, "feedback")]
        assert told == sorted(str(piece.pk) for piece in pieces)
        assert told != [str(piece.pk) for piece in pieces]

    def test_too_few_pieces_stay_closed_here_too(self, settings):
        settings.FEEDBACK_MIN_SHARED = 3
        ann = make_mediator()
        make_piece(ann)
        assert "feedback.csv" not in downloaded(at_the_door(ann)).namelist()

    def test_requests_are_told_the_same_whether_somebody_answered_or_not(self):
        """The whole download of one mediator, whose party answers between two of them."""
        ann = make_mediator()
        link = make_link(ann, name="Paula Party", email="paula@example.org", reference="Erbe 4711")
        client = at_the_door(ann)
        downloaded(client)  # from now on each one knows of an earlier one, in the audit trail
        before = told_in(downloaded(client))
        assert send(link, {"share": "no", "helpful": "Silent"}).status_code == 302
        archive = downloaded(client)
        assert told_in(archive) == before
        (row,) = objects(archive, "feedback-requests")
        assert (row["number"], row["kind"], row["cancelled"], row["lost"]) == (1, "email", 0, 0)

    def test_people_places_and_access(self):
        ann = make_mediator(name="Ann Lee")
        make_address(ann, "ann.second@example.org", verified=False)
        rosa = make_reviewer(name="Rosa Fuentes")
        make_appointment(ann, rosa)
        appointments.invite_reviewer(mediator=ann, email="new.one@example.org", by=ann)
        AccessGrant.objects.create(person=ann, months=12, source=AccessSource.ADMIN)
        place = make_place(make_person(Role.DIRECTORY, name="Dana Doe"), make_organisation("Register North"))
        record_look(mediator=ann, place=place)
        archive = downloaded(at_the_door(ann))
        assert {row["E-mail address"] for row in sheet(archive, "email-addresses")} == {
            ann.email, "ann.second@example.org",
        }  # fmt: skip
        assert {(row["Reviewer"], row["State"]) for row in sheet(archive, "my-reviewers")} == {
            ("Rosa Fuentes", "Accepted"), ("new.one@example.org", "Waiting for an answer"),
        }  # fmt: skip
        assert [(row["Months"], row["By"]) for row in sheet(archive, "access")] == [("12", "An admin")]
        assert [(row["Organisation"], row["Name"]) for row in sheet(archive, "looks")] == [
            ("Register North", "Dana Doe")
        ]
        assert {row["What"] for row in sheet(archive, "actions")} == {"Reviewer proposed"}
        (account,) = sheet(archive, "account")
        assert (account["Name"], account["Mediator"], account["Reviewer"]) == ("Ann Lee", "yes", "no")

    def test_what_a_reviewer_wrote(self):
        rosa = make_reviewer(vetted=True)
        make_final(reviewer=rosa, mediator=make_mediator(name="Ann Lee"), text="She listens.")
        former = make_draft(reviewer=rosa, mediator=make_mediator(name="Ben Bo"), text="A draft.")
        held = Appointment.objects.get(mediator=former.mediator)
        appointments.end_appointment(appointment=held, by=former.mediator)
        make_pending(make_mediator(name="Cem Can"), rosa)
        archive = downloaded(at_the_door(rosa))
        assert {(row["Mediator"], row["State"], row["Text"]) for row in sheet(archive, "digests-by-me")} == {
            ("Ann Lee", "Final", "She listens."), ("Ben Bo", "Draft", "A draft."),
        }  # fmt: skip
        assert {(row["Mediator"], row["State"]) for row in sheet(archive, "reviewing")} == {
            ("Ann Lee", "Accepted"), ("Ben Bo", "Ended by the mediator"), ("Cem Can", "Waiting for an answer"),
        }  # fmt: skip
        assert [row["State"] for row in sheet(archive, "reviewer-check")] == ["Checked"]

    def test_formulas_are_defused_and_odd_letters_do_no_harm(self):
        ann = make_mediator(name="=cmd|' /C calc'!A0")
        make_entry(ann, title="@SUM(1)", learnings="=1+1 \x0b\ufffe", provider="＝A1")
        profile = ann.mediator_profile
        profile.about = "+1 \x07"
        profile.save()
        archive = downloaded(at_the_door(ann))
        cells = [
            cell
            for table in TABLES
            if f"{table.name}.csv" in archive.namelist()
            for row in sheet(archive, table.name)
            for cell in row.values()
        ]
        assert [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "＝"}] == []
        assert "'@SUM(1)" in cells and "'=1+1 " in cells
        assert objects(archive, "logbook")[0]["title"] == "@SUM(1)"

    def test_a_text_whose_key_is_lost_does_not_stop_the_rest(self, settings):
        ann = make_mediator()
        make_entry(ann, title="Roof", learnings="Breathe")
        settings.SEALING_KEYS = ["only-for-this-test-only-for-this-test-only-"]
        (row,) = sheet(downloaded(at_the_door(ann)), "logbook")
        assert row["Learnings"] == "This text cannot be opened any more: its key is missing."


def told_in(archive: ZipFile) -> dict[str, object]:
    """All of it but the actions, one of which is the download itself."""
    files = everything_in(archive)
    everything = json.loads(files.pop("everything.json"))
    del files["actions.csv"], everything["actions"]
    return files | {"everything": everything}


class TestWhatIsInNoByteOfIt:
    """First it is made, then every file is searched, in every spelling."""

    def test_nothing_of_others_and_nothing_that_was_not_shared(self, settings):
        settings.FEEDBACK_RELEASE_AT = time(6)
        ann, ben = (
            make_mediator(name="Ann Lee"),
            make_mediator(name="Ben Canary", email="ben.canary@example.org"),
        )
        make_entry(ben, title="Canary title", learnings="Canary learned")
        make_cpd(ben, title="Canary course", takeaways="Canary takeaway", evidence=a_pdf() + b"%Canary pdf")
        ben_piece = make_piece(ben, helpful="Canary of Ben")
        save_note(piece=ben_piece, note="Canary note", by=ben)
        make_final_digest(ben, text="Canary digest", reviewer_name="Canary Reviewer")
        unshared = make_piece(ann, shared=False, helpful="Canary unshared", year=1987, invited=False)
        waiting = make_piece(ann, helpful="Canary waits", release_on=date(2031, 7, 19))
        shared = make_piece(ann, helpful="Hello", year=1986)
        Respondent.objects.create(
            feedback=shared,
            name="Canary Respondent",
            email="canary.resp@example.org",
            erase_on=date(2032, 8, 1),
        )
        link = make_link(ann, name="Canary Party", email="canary.party@example.org", reference="Canary 4711")
        send(
            link,
            {
                "share": "no",
                "respondent_name": "Canary Name",
                "name_in_notice": "on",
                "better": "Canary better",
            },
        )
        assert NoticeName.objects.exists()
        draft = make_draft(mediator=ann, text="Canary draft")
        based = make_final_digest(ann, text="Read me", based_on=[unshared], reviewer_name="Rosa")
        event = AuditEvent.objects.create(
            actor_id=ben.pk, verb=Verb.PERSON_CHANGED_BY_ADMIN, object_type="accounts.user", object_id=str(ann.pk),
            reason="Canary reason",
        )  # fmt: skip
        (request,) = FeedbackRequest.objects.filter(mediator=ann)
        client = at_the_door(ann)
        ann.refresh_from_db()
        words = [
            "Canary", "canary", "ben.canary@example.org", "1987", "1986", "2031-07-19", "2032-08", ann.password,
            client.session.session_key, str(unshared.pk), str(waiting.pk), str(ben.pk), str(ben_piece.pk),
            str(event.pk), str(draft.reviewer.pk), shared.code_hash, request.token_hash, bytes(request.sealed)[:12].hex(),
        ]  # fmt: skip
        archive = downloaded(client)
        places = everything_in(archive)
        assert found_in(places, words) == set()
        # It was looked for in the right place.
        assert "Hello" in str(objects(archive, "feedback")) and based.text in str(
            objects(archive, "digests-about-me")
        )
        places["everything.json"] += b"Canary"
        assert found_in(places, words)

    def test_a_reviewer_takes_no_feedback_along(self):
        rosa = make_reviewer(vetted=True)
        checked = make_checked(
            reviewer=rosa, mediator=make_mediator(email="canary@example.org"), text="My words"
        )
        make_piece(checked.mediator, helpful="Canary of a party")
        type(checked).objects.filter(pk=checked.pk).update(comment="Canary comment")
        archive = downloaded(at_the_door(rosa))
        words = ["Canary", "canary@example.org", *map(str, checked.based_on), str(checked.mediator_id)]
        assert found_in(everything_in(archive), words) == set()
        assert "My words" in str(objects(archive, "digests-by-me"))

    def test_an_admin_takes_nothing_of_others_along(self):
        admin, ann = make_admin(), make_mediator(name="Canary Lee", email="canary@example.org")
        client = at_the_door(admin)
        fields = {
            "name": "Canary Lee",
            "time_zone": "UTC",
            "is_mediator": "on",
            "is_reviewer": "on",
            "is_active": "on",
        }
        assert client.post(f"/admin/accounts/user/{ann.pk}/change/", fields).status_code == 302
        assert AuditEvent.objects.filter(actor_id=admin.pk, object_id=str(ann.pk)).exists()
        archive = downloaded(client)
        assert found_in(everything_in(archive), ["Canary", "canary@example.org", str(ann.pk)]) == set()

    def test_second_factors_without_their_secrets(self):
        from accounts.tests.test_second_factor import switch_on

        client = at_the_door(ann := make_mediator())
        secret, codes = switch_on(client)
        archive = downloaded(client)
        assert {row["type"] for row in objects(archive, "second-factors")} == {"totp", "recovery_codes"}
        secrets = [
            str(value) for each in ann.authenticator_set.all() for value in each.data.values() if value
        ]
        assert found_in(everything_in(archive), [secret, *codes, *secrets]) == set()


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
        answer = old.post(DOWNLOAD)
        assert answer.url == f"/accounts/login/?next={DOWNLOAD}"
        assert not Job.objects.exists()
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
