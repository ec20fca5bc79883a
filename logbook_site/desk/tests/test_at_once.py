"""Two presses at the same moment, or two admins: the form was checked before the other one came."""

import time
from threading import Event

import pytest
from django.db import transaction

from accounts.models import StaffPlace
from accounts.services.organisations import invite_staff
from accounts.tests.factories import make_admin, make_organisation, signed_in
from accounts.tests.threads import at_once


@pytest.mark.django_db(transaction=True)
def test_who_comes_second_is_told_so() -> None:
    admin, organisation, is_invited = make_admin(), make_organisation(), Event()
    client, add = signed_in(admin), "/admin/accounts/staffplace/add/"
    client.get(add)  # what the first page loads takes longer than that moment

    @transaction.atomic
    def another() -> None:
        invite_staff(organisation=organisation, email="new@example.org", by=admin)
        is_invited.set()
        time.sleep(0.4)  # what is posted meanwhile waits

    def press() -> int:
        is_invited.wait(timeout=20)
        typed = {"organisation": organisation.pk, "invite_email": "new@example.org"}
        return client.post(add, typed).status_code

    assert at_once(another, press) == [None, 302]
    assert "This address is invited already" in client.get(add).text
    assert StaffPlace.objects.count() == 1
