"""The admin's page to delete an account for somebody who asked by mail."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import Role, Verb
from accounts.models import AuditEvent
from accounts.services.outbox import deliver_due
from accounts.tests.doors import assert_refused
from accounts.tests.factories import make_admin, make_mediator, make_person, make_reviewer, signed_in
from cpd.tests.factories import make_cpd
from feedback.tests.factories import make_piece
from logbook.tests.factories import make_entry
from logbook_site.own_data.services import leaving
from logbook_site.own_data.tests.hands import RESTORE
from reviewers.tests.factories import make_draft

pytestmark = pytest.mark.django_db
REASON = "Asked by mail on Monday"


def page_of(person) -> str:
    address = reverse("admin:delete_account", args=[person.pk])
    assert address == f"/admin/person/{person.pk}/delete-account/"
    return address


def test_says_what_will_happen_and_needs_a_reason():
    ann = make_mediator(name="Ann Lee")
    make_entry(ann, learnings="Secret words")
    make_cpd(ann)
    make_piece(ann, helpful="Secret words")
    client = signed_in(make_admin())
    page = client.get(page_of(ann)).text
    assert "Ann Lee" in page and "1 logbook entry" in page and "all feedback about them" in page
    assert "Secret words" not in page and "downloaded by them alone" in page
    for reason in ("", "   ", "x" * 1001):
        assert_refused(client.post(page_of(ann), {"reason": reason, "action": "delete"}), "reason")
    ann.refresh_from_db()
    assert not ann.is_leaving and not AuditEvent.objects.filter(verb=Verb.DELETION_ASKED).exists()


def test_closes_the_account_with_the_same_time_and_mail(mailoutbox, settings):
    ann, admin = make_mediator(email="ann@example.org"), make_admin()
    elsewhere = signed_in(ann)
    client = signed_in(admin)
    answer = client.post(page_of(ann), {"reason": REASON, "action": "delete"})
    assert answer.url == page_of(ann)
    ann.refresh_from_db()
    (event,) = AuditEvent.objects.filter(verb=Verb.DELETION_ASKED)
    assert (event.actor_id, event.object_id, event.reason) == (admin.pk, str(ann.pk), REASON)
    assert elsewhere.get("/account-settings/").url.startswith("/accounts/login/")
    deliver_due()
    assert [mail.to for mail in mailoutbox] == [["ann@example.org"]]
    # The person can keep it.
    assert signed_in(ann).post(RESTORE).url == "/"
    ann.refresh_from_db()
    assert not ann.is_leaving


def test_stops_it_likewise():
    ann, admin = make_mediator(), make_admin()
    leaving.ask_deletion(person=ann, by=ann)
    client = signed_in(admin)
    assert "Stop the deletion" in client.get(page_of(ann)).text
    assert_refused(client.post(page_of(ann), {"reason": "", "action": "stop"}), "reason")
    assert client.post(page_of(ann), {"reason": REASON, "action": "stop"}).url == page_of(ann)
    ann.refresh_from_db()
    (event,) = AuditEvent.objects.filter(verb=Verb.DELETION_STOPPED)
    assert (ann.is_leaving, event.actor_id, event.reason) == (False, admin.pk, REASON)


def test_what_the_page_offered_is_done_and_not_its_opposite():
    """A page that was open for long: the person has changed their mind, or asked, meanwhile."""
    ann, ben = make_mediator(), make_mediator()
    leaving.ask_deletion(person=ben, by=ben)
    client = signed_in(make_admin())
    client.post(page_of(ann), {"reason": REASON, "action": "stop"})
    client.post(page_of(ben), {"reason": REASON, "action": "delete"})
    ann.refresh_from_db(), ben.refresh_from_db()
    assert (ann.is_leaving, ben.is_leaving) == (False, True)


def test_the_last_admin_is_refused():
    admin = make_admin()
    page = signed_in(admin).post(page_of(admin), {"reason": REASON, "action": "delete"})
    assert "You are the last admin." in page.text
    admin.refresh_from_db()
    assert not admin.is_leaving


def test_names_nobody_whom_they_review():
    rosa = make_reviewer(vetted=True)
    draft = make_draft(reviewer=rosa, mediator=make_mediator(name="Named Nowhere"))
    page = signed_in(make_admin()).get(page_of(rosa)).text
    assert "They review 1 mediator" in page and draft.mediator.name not in page


@pytest.mark.parametrize("roles", [(), (Role.MEDIATOR,), (Role.REVIEWER,), (Role.DIRECTORY,)])
def test_is_for_admins_alone(roles):
    ann = make_mediator()
    client = signed_in(make_person(*roles))
    for method in ("get", "head", "post", "put", "delete"):
        assert getattr(client, method)(page_of(ann)).status_code == 404, method
    assert Client().get(page_of(ann)).url.startswith("/accounts/login/?next=")
    assert Client().post(page_of(ann), {"reason": REASON}).url.startswith("/accounts/login/?next=")
    ann.refresh_from_db()
    assert not ann.is_leaving


def test_an_unknown_person_is_unknown():
    gone = make_mediator()
    address = page_of(gone)
    gone.delete()
    assert signed_in(make_admin()).get(address).status_code == 404
