import pytest
from django.db import transaction

from accounts.choices import Role, Verb
from accounts.models import AuditEvent
from accounts.services.audit import record
from accounts.services.people import add_role
from accounts.tests.factories import make_admin, make_mediator, make_pending, make_person

pytestmark = pytest.mark.django_db


def test_who_did_what_to_which_object():
    admin, person = make_admin(), make_person()
    event = record(Verb.PERSON_CHANGED_BY_ADMIN, by=admin, about=person, reason="She asked by telephone.")
    event.refresh_from_db()
    assert (event.actor_id, event.verb) == (admin.pk, Verb.PERSON_CHANGED_BY_ADMIN)
    assert (event.object_type, event.object_id) == ("accounts.user", str(person.pk))
    assert event.reason == "She asked by telephone."


def test_the_system_itself_has_no_name():
    assert record(Verb.APPOINTMENT_EXPIRED, by=None, about=make_pending()).actor_id is None


def test_the_trail_keeps_no_name_and_no_address():
    person = make_mediator(name="Ines Calder", email="ines@example.org")
    make_pending(mediator=person)
    kept = [str(value) for event in AuditEvent.objects.values_list() for value in event]
    assert kept
    assert not [value for value in kept if "ines" in value.lower() or "calder" in value.lower()]


def test_the_trail_stays_when_the_account_goes():
    person = make_mediator()
    before = AuditEvent.objects.count()
    person.delete()
    assert AuditEvent.objects.count() == before > 0


def test_a_change_that_is_undone_leaves_no_trace():
    person = make_person()
    before = set(AuditEvent.objects.values_list("pk", flat=True))
    with pytest.raises(RuntimeError), transaction.atomic():
        add_role(to=person, role=Role.MEDIATOR, by=person)
        raise RuntimeError
    assert set(AuditEvent.objects.values_list("pk", flat=True)) == before
