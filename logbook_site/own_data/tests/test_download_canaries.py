"""What is in no byte of a download. First it is made, then every file is searched, in every spelling."""

from datetime import date, time

import pytest

from accounts.choices import Verb
from accounts.models import AuditEvent
from accounts.tests.factories import (
    make_admin,
    make_mediator,
    make_reviewer,
)
from cpd.tests.factories import a_pdf, make_cpd
from feedback.models import FeedbackRequest, NoticeName, Respondent
from feedback.services.pieces import save_note
from feedback.tests.canaries import found_in
from feedback.tests.factories import make_piece
from feedback.tests.links import make_link, send
from logbook.tests.factories import make_entry
from logbook_site.own_data.tests.hands import (
    at_the_door,
    downloaded,
    everything_in,
    objects,
)
from reviewers.tests.factories import make_checked, make_draft, make_final_digest

pytestmark = pytest.mark.django_db


def test_nothing_of_others_and_nothing_that_was_not_shared(settings):
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
        "Canary", "canary", "ben.canary@example.org", "2031-07-19", "2032-08", ann.password,
        client.session.session_key, str(unshared.pk), str(waiting.pk), str(ben.pk), str(ben_piece.pk),
        str(event.pk), str(draft.reviewer.pk), shared.code_hash, request.token_hash,
        bytes(request.sealed)[:12].hex(),
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


def test_a_reviewer_takes_no_feedback_along():
    rosa = make_reviewer(vetted=True)
    checked = make_checked(reviewer=rosa, mediator=make_mediator(email="canary@example.org"), text="My words")
    make_piece(checked.mediator, helpful="Canary of a party")
    type(checked).objects.filter(pk=checked.pk).update(comment="Canary comment")
    archive = downloaded(at_the_door(rosa))
    words = ["Canary", "canary@example.org", *map(str, checked.based_on), str(checked.mediator_id)]
    assert found_in(everything_in(archive), words) == set()
    assert "My words" in str(objects(archive, "digests-by-me"))


def test_an_admin_takes_nothing_of_others_along():
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
    reason = {"reason": "Canary asked by mail", "action": "delete"}
    assert client.post(f"/admin/person/{ann.pk}/delete-account/", reason).status_code == 302
    assert AuditEvent.objects.filter(actor_id=admin.pk, object_id=str(ann.pk)).count() >= 2
    archive = downloaded(client)
    assert found_in(everything_in(archive), ["Canary", "canary@example.org", str(ann.pk)]) == set()
    assert "actions.csv" not in archive.namelist()


def test_second_factors_without_their_secrets():
    from accounts.tests.test_second_factor import switch_on

    client = at_the_door(ann := make_mediator())
    secret, codes = switch_on(client)
    archive = downloaded(client)
    assert {row["type"] for row in objects(archive, "second-factors")} == {"totp", "recovery_codes"}
    secrets = [str(value) for each in ann.authenticator_set.all() for value in each.data.values() if value]
    assert found_in(everything_in(archive), [secret, *codes, *secrets]) == set()
