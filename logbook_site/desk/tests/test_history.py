"""Django's own history of the admin keeps names for ever: nothing is ever written into it."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import RequestFactory

from accounts.models import CodeBatch, Organisation, ShopProduct, StaffPlace
from accounts.tests.factories import make_admin, make_mediator, make_organisation, signed_in
from feedback.models import Suppression
from logbook_site.desk.tests.doors import PEOPLE, ask_in_bulk, confirm
from logbook_site.foundation.desk import NoHistory

pytestmark = pytest.mark.django_db
# What the desk knows. Entries, learnings, notes, notices, unconfirmed answers: not one of them has a list here.
TABLES = {
    "accounts.user", "accounts.organisation", "accounts.staffplace", "accounts.appointment", "accounts.vetting",
    "accounts.outboxmessage", "accounts.auditevent", "accounts.job", "accounts.contactmessage",
    "accounts.codebatch", "accounts.accesscode", "accounts.accessgrant", "accounts.shopproduct",
    "accounts.orderline",
    "feedback.feedbackrequest", "feedback.feedback", "feedback.feedbackreport", "feedback.respondent",
    "feedback.suppression",
    "reviewers.digest",
}  # fmt: skip


def test_what_has_a_list_in_the_admin() -> None:
    assert {model._meta.label_lower for model in admin.site._registry} == TABLES


@pytest.mark.parametrize("label", sorted(TABLES))
def test_no_list_writes_a_history(label) -> None:
    (desk,) = [one for model, one in admin.site._registry.items() if model._meta.label_lower == label]
    assert isinstance(desk, NoHistory)
    request = RequestFactory().get("/")
    request.user = make_admin()
    row = make_mediator()
    desk.log_addition(request, row, "Canary")
    desk.log_change(request, row, "Canary")
    desk.log_deletions(request, type(row).objects.filter(pk=row.pk))
    assert not LogEntry.objects.exists()


def test_a_days_changes_leave_no_history() -> None:
    """Everything that can be added, changed, deleted or done in bulk, through its page."""
    desk = signed_in(make_admin())
    amina = make_mediator()
    posts = [
        ("accounts/organisation/add/", {"name": "Lake Register", "is_active": "on"}),
        ("accounts/codebatch/add/", {"label": "School", "number": "2", "months": "12", "uses_each": "1"}),
        ("accounts/shopproduct/add/", {"product_id": "7", "name": "A year", "months": "12"}),
        (f"accounts/user/{amina.pk}/change/", {"name": "Amina K.", "time_zone": "UTC", "is_active": "on"}),
    ]
    for address, form in posts:
        assert desk.post(f"/admin/{address}", form).status_code == 302, address
    organisation, batch, product = (model.objects.get() for model in (Organisation, CodeBatch, ShopProduct))
    Suppression.objects.create(address_hash="a" * 64)
    more = [
        (f"accounts/organisation/{organisation.pk}/change/", {"name": "Sea Register", "is_active": "on"}),
        ("accounts/staffplace/add/", {"organisation": organisation.pk, "invite_email": "new@example.org"}),
        (f"accounts/codebatch/{batch.pk}/change/", {"switch_off": "on"}),
        (f"accounts/shopproduct/{product.pk}/change/", {"product_id": "7", "name": "Two", "months": "24"}),
        (f"accounts/shopproduct/{product.pk}/delete/", {"post": "yes"}),
        (f"feedback/suppression/{'a' * 64}/delete/", {"post": "yes"}),
    ]
    for address, form in more:
        assert desk.post(f"/admin/{address}", form).status_code == 302, address
    place = StaffPlace.objects.get()
    assert desk.post(f"/admin/accounts/staffplace/{place.pk}/change/", {"end_now": "on"}).status_code == 302
    confirm(desk, ask_in_bulk(desk, PEOPLE, "deactivate", [amina]))
    make_organisation()
    confirm(
        desk, ask_in_bulk(desk, "/admin/accounts/organisation/", "end_access", Organisation.objects.all())
    )
    assert not LogEntry.objects.exists()
