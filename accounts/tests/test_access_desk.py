"""Products, orders and grants at the desk."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.choices import Role, Verb
from accounts.models import AccessGrant, AuditEvent, OrderLine, ShopProduct, User
from accounts.services import orders
from accounts.services.access import grant_access
from accounts.tests.factories import make_address, make_admin, make_mediator, make_person, signed_in
from accounts.tests.shop import BUYER, SECRET, deliver, order, sell

pytestmark = pytest.mark.django_db
LINES, PRODUCTS = "/admin/accounts/orderline/", "/admin/accounts/shopproduct/"


@pytest.fixture(autouse=True)
def shop(settings) -> None:
    settings.ACCESS_MODE = "paid"
    settings.WOOCOMMERCE_SECRET = SECRET


def trail(verb: Verb) -> list[tuple[str, str]]:
    rows = AuditEvent.objects.filter(verb=verb).order_by("at", "id")
    return list(rows.values_list("object_id", "reason"))


class TestProducts:
    def test_are_added_changed_and_deleted_with_a_trail(self):
        desk = signed_in(make_admin())
        form = {"product_id": "4711", "name": "One year", "months": "12"}
        assert desk.post(f"{PRODUCTS}add/", form).status_code == 302
        product = ShopProduct.objects.get()
        desk.post(f"{PRODUCTS}{product.pk}/change/", form | {"months": "24"})
        deliver(order("completed", make_mediator(email=BUYER).email))
        assert AccessGrant.objects.get().months == 24
        desk.post(f"{PRODUCTS}{product.pk}/delete/", {"post": "yes"})
        assert not ShopProduct.objects.exists()
        assert AccessGrant.objects.get().ended_at is None
        assert trail(Verb.SHOP_PRODUCT_CHANGED) == [
            (str(product.pk), "added: 4711, 12 months"),
            (str(product.pk), "changed: 4711, 24 months"),
            (str(product.pk), "deleted: 4711, 24 months"),
        ]

    def test_what_cannot_be_is_refused(self):
        sell()
        desk = signed_in(make_admin())
        for wrong in [
            {"product_id": "4711"},
            {"product_id": "-1"},
            {"months": "0"},
            {"months": "121"},
            {"name": ""},
        ]:
            form = {"product_id": "4712", "name": "One year", "months": "12"} | wrong
            assert desk.post(f"{PRODUCTS}add/", form).status_code == 200, wrong
        assert ShopProduct.objects.count() == 1


class TestAnOrder:
    def line(self) -> OrderLine:
        sell()
        deliver(order())
        return OrderLine.objects.get()

    def test_that_waits_is_given_to_somebody_with_another_address(self):
        line, admin, person = self.line(), make_admin(), make_mediator()
        make_address(person, "other@example.org")
        desk = signed_in(admin)
        page = f"{LINES}{line.pk}/change/"
        assert BUYER in desk.get(page).text
        answer = desk.post(page, {"give_to": " Other@example.org", "state": "refunded", "months": "99"})
        assert answer.status_code == 302
        line.refresh_from_db()
        assert (line.state, line.email, line.months, line.grant.person) == ("granted", "", 12, person)
        granted = AuditEvent.objects.get(verb=Verb.ACCESS_GRANTED)
        assert (granted.actor_id, granted.object_id) == (admin.pk, str(person.pk))
        assert BUYER not in desk.get(page).text

    @pytest.mark.parametrize("address", ["nobody@example.org", "unconfirmed@example.org", "no address"])
    def test_is_given_to_nobody_who_is_not_here(self, address):
        line = self.line()
        make_address(make_mediator(), "unconfirmed@example.org", verified=False)
        answer = signed_in(make_admin()).post(f"{LINES}{line.pk}/change/", {"give_to": address})
        assert answer.status_code == 200
        assert answer.context["adminform"].form.errors["give_to"]
        assert not AccessGrant.objects.exists()

    def test_that_is_settled_is_only_looked_at(self):
        line, person = self.line(), make_mediator()
        orders.give_order(line=line, to=person, by=make_admin())
        desk = signed_in(make_admin())
        page = f"{LINES}{line.pk}/change/"
        assert "give_to" not in desk.get(page).text
        assert desk.post(page, {"give_to": person.email}).status_code == 403
        with pytest.raises(orders.OrderRefused):
            orders.give_order(line=line, to=make_mediator(), by=make_admin())
        assert AccessGrant.objects.count() == 1

    def test_that_was_given_ends_with_its_refund(self):
        line, person = self.line(), make_mediator()
        orders.give_order(line=line, to=person, by=make_admin())
        deliver(order("refunded", id=line.order_id))
        assert User.objects.get(pk=person.pk).access_until is None

    def test_nothing_is_added_or_deleted(self):
        line, desk = self.line(), signed_in(make_admin())
        grant_access(to=make_mediator(), months=1, by=make_admin())
        grant = AccessGrant.objects.get()
        assert desk.get(f"{LINES}add/").status_code == 403
        assert desk.post(f"{LINES}{line.pk}/delete/", {"post": "yes"}).status_code == 403
        address = f"/admin/accounts/accessgrant/{grant.pk}/"
        assert desk.get(f"{address}change/").status_code == 200
        assert desk.post(f"{address}change/", {"months": "99"}).status_code == 403
        assert desk.post(f"{address}delete/", {"post": "yes"}).status_code == 403

    @pytest.mark.parametrize("role", [None, Role.MEDIATOR, Role.REVIEWER, Role.DIRECTORY])
    def test_nobody_else_decides(self, role):
        line, person = self.line(), make_person(*[role] if role else [])
        assert signed_in(person).get(f"{LINES}{line.pk}/change/").status_code == 404
        assert signed_in(person).get(PRODUCTS).status_code == 404
        with pytest.raises(PermissionDenied):
            orders.give_order(line=line, to=person, by=person)
        with pytest.raises(PermissionDenied):
            orders.save_product(product=ShopProduct(product_id=1, name="x", months=1), by=person)
        with pytest.raises(PermissionDenied):
            orders.delete_product(product=ShopProduct.objects.get(), by=person)
