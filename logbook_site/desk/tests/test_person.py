"""One page about a person: states, dates and numbers, and not one private word."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.choices import AccessSource, OrderState, Role
from accounts.models import AccessGrant, Job, MediatorProfile, OrderLine, User
from accounts.services.appointments import choose_reviewer, invite_reviewer
from accounts.tests.doors import sign_in
from accounts.tests.factories import (
    PASSWORD,
    make_address,
    make_admin,
    make_appointment,
    make_directory,
    make_mediator,
    make_person,
    make_reviewer,
    signed_in,
)
from cpd.tests.factories import a_pdf, make_cpd
from directory.models import Look
from feedback.models import Respondent
from feedback.services import pieces
from feedback.tests.factories import make_piece, make_request
from logbook.tests.factories import make_entry
from logbook_site.desk.tests.doors import page_about, seen
from logbook_site.foundation import clock
from reviewers.services import digests

pytestmark = pytest.mark.django_db
CANARY = "Canary"
PRIVATE_APPS = {"logbook", "cpd", "feedback", "reviewers", "directory", "mfa", "usersessions"}


@pytest.fixture
def amina() -> User:
    """With something in every drawer, and the word "Canary" in every text."""
    amina = make_mediator(name="Amina Okafor", email="amina@example.org", password=PASSWORD)
    MediatorProfile.objects.filter(person=amina).update(
        about=f"{CANARY} about", languages=["en"], country="KE"
    )
    words = {
        name: f"{CANARY} {name}"
        for name in ("title", "subject", "provider", "did_well", "challenges", "learnings")
    }
    make_entry(amina, **words)
    make_entry(amina, deleted=True, **words)
    make_cpd(amina, title=f"{CANARY} course", provider=CANARY, takeaways=CANARY, evidence=a_pdf())
    make_request(amina, name=f"{CANARY} Party", email="canary@example.org", reference=f"{CANARY} reference")
    rosa = make_reviewer(vetted=True, name="Rosa Lindqvist")
    make_appointment(amina, rosa)
    piece = make_piece(amina, helpful=CANARY, better=CANARY, quote=CANARY)
    make_piece(amina, shared=False, helpful=CANARY)
    pieces.save_note(piece=piece, note=CANARY, by=amina)
    pieces.report_piece(piece=piece, reason=CANARY, by=amina)
    Respondent.objects.create(feedback=piece, name=CANARY, email="canary@example.org", erase_on=clock.today())
    digests.save_draft(mediator=amina, text=f"{CANARY} draft", version=0, by=rosa)
    Look.objects.create(mediator=amina, person_id=rosa.pk, organisation_name=CANARY, day=clock.today())
    Authenticator.objects.create(user=amina, type="totp", data={"secret": CANARY})
    sign_in(Client(headers={"user-agent": f"{CANARY} browser"}), amina)
    Authenticator.objects.create(user=amina, type="recovery_codes", data={"seed": CANARY})
    return amina


def overwrite_private_texts() -> int:
    """Every text field of the apps that hold private things says something else; returns how many columns."""
    changed = 0
    for model in apps.get_models():
        if model._meta.app_label not in PRIVATE_APPS:
            continue
        for field in model._meta.concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField) and not isinstance(
                field, models.UUIDField
            )
            if is_text and not (field.choices or field.unique or field.primary_key):
                if field.max_length and field.max_length < 8:
                    continue
                changed += bool(model.objects.exclude(**{field.name: ""}).update(**{field.name: "Sparrow"}))
            elif isinstance(field, models.BinaryField):
                changed += bool(
                    model.objects.filter(**{f"{field.name}__isnull": False}).update(
                        **{field.name: b"Sparrow"}
                    )
                )
            elif isinstance(field, models.JSONField):
                changed += bool(model.objects.update(**{field.name: {"Sparrow": 1}}))
    return changed


def test_not_one_private_word_and_other_words_give_the_same_bytes(amina) -> None:
    desk = signed_in(make_admin())
    page = seen(desk.get(page_about(amina)))
    assert "canary" not in page.lower()
    assert overwrite_private_texts() > 20
    MediatorProfile.objects.filter(person=amina).update(about="Sparrow")
    assert seen(desk.get(page_about(amina))) == page


def facts_of(desk: Client, person: User) -> dict[str, list[str]]:
    parts = desk.get(page_about(person)).context["parts"]
    return {fact.label: [line.text for line in fact.lines] for part in parts for fact in part.facts}


def test_what_it_tells_of_a_mediator(amina) -> None:
    make_address(amina, "second@example.org", verified=False)
    facts = facts_of(signed_in(make_admin()), amina)
    assert facts["State"] == ["Open"]
    assert facts["Roles"] == ["Mediator"]
    assert facts["E-mail addresses"] == [
        "amina@example.org, confirmed, signs in with it",
        "second@example.org, not confirmed",
    ]
    assert facts["Second factor"] == ["Recovery codes", "Authenticator app"]
    assert facts["Open sign-ins"] == [str(UserSession.objects.filter(user=amina).count())]
    assert facts["Totals are seen by"] == ["Nobody: the question is not answered yet"]
    assert facts["Reviewer"] == ["Rosa Lindqvist: Accepted"]
    numbers = {
        "Logbook entries": "1",
        "CPD entries": "1",
        "Deleted entries that can come back": "1",
        "Feedback requests": "1",
        "Pieces of feedback": "2",
        "Final Feedback Digests": "0",
        "Feedback Digests in work": "1",
        "Looks by directories": "1",
    }
    assert {label: facts[label] for label in numbers} == {label: [text] for label, text in numbers.items()}


def test_somebody_invited_by_e_mail_is_not_named() -> None:
    ben = make_mediator()
    invite_reviewer(mediator=ben, email="judge@example.org", by=ben)
    desk = signed_in(make_admin())
    assert facts_of(desk, ben)["Reviewer"] == ["Somebody invited by e-mail: Waiting for an answer"]
    for address in (page_about(ben), "/admin/accounts/appointment/"):
        assert "judge@" not in desk.get(address).text
    pending = ben.appointments_made.get()
    assert "judge@" not in desk.get(f"/admin/accounts/appointment/{pending.pk}/change/").text


def test_what_it_tells_of_a_reviewer_and_of_a_directory() -> None:
    desk, rosa = signed_in(make_admin()), make_reviewer()
    ben = make_mediator(name="Ben Aldous")
    make_appointment(ben, rosa)
    ended = make_mediator(name="Chloé Marchetti")
    choose_reviewer(mediator=ended, reviewer=rosa, by=ended)
    facts = facts_of(desk, rosa)
    assert facts["Check"] == ["Waiting for a check"]
    assert set(facts["Mediators"]) == {"Ben Aldous: Accepted", "Chloé Marchetti: Waiting for an answer"}
    dana = make_directory()
    assert facts_of(desk, dana)["Places"] == [f"{dana.place.organisation.name}: Accepted"]
    assert f"/admin/vetting/{rosa.pk}/" in desk.get(page_about(rosa)).text


def test_what_it_tells_of_access_orders_and_work(settings) -> None:
    settings.ACCESS_MODE = "paid"
    desk, amina = signed_in(make_admin()), make_mediator()
    assert facts_of(desk, amina)["Today"] == ["None"]
    grant = AccessGrant.objects.create(person=amina, months=3, source=AccessSource.ORDER)
    OrderLine.objects.create(order_id=77, line_id=1, months=3, state=OrderState.GRANTED, grant=grant)
    OrderLine.objects.create(order_id=78, line_id=1, months=3, state=OrderState.WAITING, email=amina.email)
    User.objects.filter(pk=amina.pk).update(access_until=clock.today() + timedelta(days=90))
    Job.objects.create(owner=amina, work="x.y")
    facts = facts_of(desk, amina)
    assert facts["Today"][0].startswith("Until ")
    assert facts["Given"][0].startswith("3 months, ")
    assert set(facts["Orders"]) == {
        "Order 77: Access granted",
        "Order 78: Waiting for the buyer to sign up",
    }
    assert ["Waiting"] in facts.values()
    settings.ACCESS_MODE = "open"
    assert facts_of(desk, amina)["Today"] == ["Open to everybody: nobody pays here"]
    assert "Today" not in facts_of(desk, make_mediator())


def test_the_trail_tells_of_both_sides_by_name_and_of_nobody_else(amina) -> None:
    admin = make_admin(name="Alex Admin")
    desk = signed_in(admin)
    ben = make_mediator(name="Ben Aldous")
    desk.post(f"{page_about(amina)}close/", {})
    desk.post(f"{page_about(ben)}close/", {})
    trail = desk.get(page_about(amina)).context["trail"]
    assert ("Person changed by an admin", "Alex Admin", "Amina Okafor", "deactivated") in [
        (event.what, event.by, event.about, event.reason) for event in trail
    ]
    assert "Ben Aldous" not in {event.about for event in trail}
    assert {"Amina Okafor", "Ben Aldous"} <= {
        event.about for event in desk.get(page_about(admin)).context["trail"]
    }
    ben.delete()
    assert "Somebody who is gone" in desk.get(page_about(admin)).text


def test_the_page_asks_as_often_for_much_as_for_little(amina, settings) -> None:
    settings.ACCESS_MODE = "paid"
    desk = signed_in(make_admin())
    counts = []
    for _time in range(2):
        desk.get(page_about(amina))
        with CaptureQueriesContext(connection) as asked:
            desk.get(page_about(amina))
        counts.append(len(asked))
        for _number in range(3):
            make_entry(amina)
            make_piece(amina)
            Job.objects.create(owner=amina, work="x.y")
            grant = AccessGrant.objects.create(person=amina, months=3, source=AccessSource.ADMIN)
            OrderLine.objects.create(
                order_id=make_entry(amina).pk.int % 10**9, line_id=1, months=3, state="granted", grant=grant
            )
    assert counts[0] == counts[1]


@pytest.mark.parametrize("role", [None, Role.MEDIATOR, Role.REVIEWER, Role.DIRECTORY])
def test_nobody_else_has_a_desk(role, amina) -> None:
    client = signed_in(make_person(*[role] if role else []))
    steps = ("", "code/", "access/", "end-access/", "second-factor/", "close/", "open/", "delete-account/")
    for address in ["/admin/person/", *[f"{page_about(amina)}{step}" for step in steps]]:
        for method in (client.get, client.post, client.head):
            answer = method(address)
            assert answer.status_code == 404, address
            assert "Amina" not in answer.text
        assert Client().post(address).url == f"/accounts/login/?next={address}"
    amina.refresh_from_db()
    assert amina.is_active


def test_the_name_is_shown_as_text() -> None:
    person = make_person(name="<script>alert(1)</script>")
    page = signed_in(make_admin()).get(page_about(person)).text
    assert "<script>alert" not in page
