"""What is in a download, table by table."""

import json
from datetime import date
from zipfile import ZipFile

import pytest
from django.conf import settings as django_settings

from accounts.choices import AccessSource, Role
from accounts.models import AccessGrant, Appointment, User
from accounts.services import appointments
from accounts.tests.factories import (
    make_address,
    make_appointment,
    make_mediator,
    make_organisation,
    make_pending,
    make_person,
    make_place,
    make_reviewer,
)
from cpd.tests.factories import a_pdf, make_cpd
from directory.services import record_look
from feedback.services.pieces import report_piece, save_note
from feedback.tests.factories import make_piece
from feedback.tests.links import make_link, send
from logbook.tests.factories import make_entry
from logbook_site.demo.load import load_demo
from logbook_site.own_data.download_map import NOT_TOLD, TABLES
from logbook_site.own_data.tests.hands import (
    at_the_door,
    downloaded,
    everything_in,
    objects,
    sheet,
)
from reviewers.tests.factories import make_draft, make_final

pytestmark = pytest.mark.django_db


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

    @pytest.mark.long
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
            "id", "survey", "party_role", "ratings", "use_again", "outcome", "outcome_satisfied",
            "helpful", "better", "quote", "may_quote",
        }  # fmt: skip
        (note,), (report,) = objects(archive, "feedback-notes"), objects(archive, "feedback-reports")
        assert note == {"feedback": str(shared.pk), "note": "More of this"}
        assert (report["feedback"], report["reason"]) == (str(shared.pk), "Not my case")

    def test_the_language_of_a_form_is_not_told(self):
        ann = make_mediator()
        make_piece(ann, ratings={"clear": 2}, language="fr")
        make_piece(ann, helpful="Ruhe", language="de")
        archive = downloaded(at_the_door(ann))
        assert [piece for piece in objects(archive, "feedback") if "language" in piece] == []
        told = str(sheet(archive, "feedback"))
        assert "Ruhe" in told
        assert "German" not in told and "French" not in told

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
        assert [(row["Organisation"], row["Name today"]) for row in sheet(archive, "looks")] == [
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
