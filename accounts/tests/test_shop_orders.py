"""Orders of the shop: through the signed call, the mail that arrived, and the sign-up that follows."""

import json
import random
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.core import mail
from django.test import Client

from accounts.choices import Verb
from accounts.models import AccessGrant, AuditEvent, OrderLine, ShopProduct, User
from accounts.services import outbox
from accounts.services.access import end_access
from accounts.tasks import settle_orders
from accounts.tests.doors import SIGN_UP, code_in, proves_who
from accounts.tests.factories import (
    PASSWORD,
    make_address,
    make_admin,
    make_mediator,
    make_reviewer,
    signed_in,
)
from accounts.tests.shop import BUYER, SECRET, deliver, deliver_bytes, item, order, sell
from accounts.tests.threads import at_once
from logbook_site.foundation import clock

pytestmark = pytest.mark.django_db(transaction=True)
LONG_AGO = "2026-05-04T10:00:00Z"


@pytest.fixture(autouse=True)
def shop(settings) -> None:
    settings.ACCESS_MODE = "paid"
    settings.WOOCOMMERCE_SECRET = SECRET
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    sell()


@pytest.fixture
def bea() -> User:
    return make_mediator(email=BUYER, name="Bea Buyer")


def delivered() -> list:
    before = len(mail.outbox)
    outbox.deliver_due()
    return mail.outbox[before:]


def months_of(person: User) -> list[int]:
    return sorted(person.access_grants.filter(ended_at=None).values_list("months", flat=True))


def states() -> list[tuple[str, str]]:
    return sorted(OrderLine.objects.values_list("state", "email"))


def until(person: User):
    return User.objects.get(pk=person.pk).access_until


class TestAPaidOrder:
    @pytest.mark.parametrize(("domain", "alike"), [("imi.org", "ımi.org"), ("sun.org", "ſun.org")])
    def test_is_not_given_to_an_address_that_is_the_same_in_capitals_only(self, domain, alike):
        """Another domain, which anybody can register."""
        attacker = make_mediator(id=UUID(int=1), email=f"bea@{alike}")
        buyer = make_mediator(id=UUID(int=2), email=f"bea@{domain}")
        deliver(order(email=f"bea@{domain}"))
        assert (months_of(attacker), months_of(buyer)) == ([], [12])

    @pytest.mark.parametrize("status", ["processing", "completed"])
    @pytest.mark.parametrize("topic", ["order.created", "order.updated"])
    def test_gives_a_known_buyer_access_at_once_and_says_until_when(self, bea, status, topic):
        with time_machine.travel(LONG_AGO):
            answer = deliver(order(status, email=" Bea@Example.ORG "), topic=topic)
            (message,) = delivered()
        assert (answer.status_code, answer.cookies) == (200, {})
        assert until(bea).isoformat() == "2027-05-03"
        assert (message.to, "May 3, 2027" in message.subject or "3 May 2027" in message.subject) == (
            [BUYER],
            True,
        )
        assert states() == [("granted", "")]
        granted = AuditEvent.objects.get(verb=Verb.ACCESS_GRANTED)
        assert (granted.actor_id, granted.object_id) == (None, str(bea.pk))

    @pytest.mark.parametrize("status", ["pending", "on-hold", "checkout-draft", "whatever", ""])
    def test_before_it_is_paid_nothing_is_kept(self, bea, status):
        assert deliver(order(status)).status_code == 200
        assert not OrderLine.objects.exists()
        assert until(bea) is None

    def test_a_second_address_that_is_confirmed_counts_too(self):
        person = make_mediator()
        make_address(person, BUYER)
        deliver(order())
        assert months_of(person) == [12]
        (message,) = delivered()
        assert message.to == [person.email]

    def test_an_address_that_nobody_confirmed_gives_its_owner_nothing(self):
        squatter = make_mediator()
        make_address(squatter, BUYER, verified=False)
        deliver(order())
        assert months_of(squatter) == []
        assert states() == [("waiting", BUYER)]

    def test_who_is_no_mediator_yet_reads_how_to_become_one(self):
        reviewer = make_reviewer(email=BUYER)
        deliver(order())
        (message,) = delivered()
        assert "role of mediator" in message.body
        assert not User.objects.get(pk=reviewer.pk).is_mediator
        assert months_of(reviewer) == [12]

    def test_other_goods_are_none_of_our_business(self, bea):
        assert deliver(order("completed", BUYER, item(product_id=4712))).status_code == 200
        assert deliver(order("refunded", BUYER, item(product_id=4712))).status_code == 200
        assert not OrderLine.objects.exists()
        assert delivered() == []

    def test_each_line_counts_times_its_quantity_up_to_ten_years(self, bea):
        sell(4800, months=6)
        sell(4801, months=3)
        lines = [
            item(1, quantity=2),
            item(2, 4800, variation_id=4801),  # the variation decides
            item(3, 4800, variation_id=99),
            item(4, quantity=1_000_000),
            item(5, quantity=0),
            item(6, 4712, quantity=0.5),
            item(7, product_id=0),
            item(8, product_id=None, variation_id=None),
        ]
        deliver(order("completed", BUYER, *lines))
        assert months_of(bea) == [3, 6, 24, 120]
        assert len(delivered()) == 1

    def test_the_same_line_twice_in_one_order_is_one(self, bea):
        deliver(order("completed", BUYER, item(1), item(1)))
        assert months_of(bea) == [12]

    def test_two_orders_follow_each_other(self, bea):
        with time_machine.travel(LONG_AGO):
            deliver(order())
            deliver(order())
        assert until(bea).isoformat() == "2028-05-03"


class TestHeardAgain:
    def test_a_hundred_deliveries_give_one_period(self, bea):
        told = order()
        body = json.dumps(told).encode()
        for number in range(100):
            status = ["processing", "completed"][number % 2]
            assert deliver_bytes(body.replace(b"processing", status.encode())).status_code == 200
        assert months_of(bea) == [12]
        assert len(delivered()) == 1
        assert AuditEvent.objects.filter(verb=Verb.ACCESS_GRANTED).count() == 1

    @pytest.mark.parametrize("known", [True, False])
    def test_twenty_at_once_give_one_period(self, known):
        if known:
            make_mediator(email=BUYER)
        told = order("completed", BUYER, item(1), item(2))
        answers = at_once(*[lambda: deliver(told).status_code for _delivery in range(20)])
        assert answers == [200] * 20
        assert OrderLine.objects.count() == 2
        assert AccessGrant.objects.count() == (2 if known else 0)
        assert len(delivered()) == 1

    def test_orders_and_refunds_at_once_end_without_access(self, bea):
        told = order()
        refund = told | {"status": "refunded"}
        calls = [lambda: deliver(told).status_code, lambda: deliver(refund).status_code] * 10
        assert set(at_once(*calls)) == {200}
        assert states() == [("refunded", "")]
        assert (months_of(bea), until(bea)) == ([], None)

    def test_what_an_admin_ended_does_not_come_back(self, bea):
        told = order()
        deliver(told)
        delivered()
        end_access(of=bea, by=make_admin())
        end_access(of=bea, by=make_admin())
        deliver(told | {"status": "completed"})
        assert months_of(bea) == []
        assert ["your access has ended" in letter.subject for letter in delivered()] == [True]

    def test_a_repeated_delivery_asks_little(self, bea, django_assert_max_num_queries):
        lines = [item(number) for number in range(1, 30)]
        told = order("completed", BUYER, *lines)
        deliver(told)
        with django_assert_max_num_queries(6):
            deliver(told)


class TestAnOrderThatIsCalledOff:
    @pytest.mark.parametrize("status", ["refunded", "cancelled", "failed", "trash"])
    def test_ends_what_it_gave_and_never_gives_again(self, bea, status):
        with time_machine.travel(LONG_AGO):
            deliver(order())
            told = order()
            deliver(told)
        for later in [status, "completed", "processing", status, "completed"]:
            deliver(told | {"status": later})
        assert months_of(bea) == [12]
        assert until(bea).isoformat() == "2027-05-03"
        assert AuditEvent.objects.filter(verb=Verb.ACCESS_ENDED, object_id=bea.pk).count() == 1

    def test_is_told_to_its_owner_once(self, bea):
        told = order()
        deliver(told)
        delivered()
        for status in ["refunded", "completed", "cancelled"]:
            deliver(told | {"status": status})
        (letter,) = delivered()
        assert letter.to == [BUYER]
        assert "your access has ended" in letter.subject
        assert "/account-settings/access/" in letter.body

    def test_leaves_what_other_orders_gave_and_says_until_when(self, bea):
        with time_machine.travel(LONG_AGO):
            deliver(order())
            told = order()
            deliver(told)
            delivered()
            deliver(told | {"status": "refunded"})
            (letter,) = delivered()
        assert "your access now ends on 3 May 2027" in letter.subject

    def test_a_refund_that_comes_first_is_remembered(self, bea):
        told = order("refunded")
        deliver(told)
        deliver(told | {"status": "completed"})
        assert states() == [("refunded", "")]
        assert until(bea) is None
        assert delivered() == []

    @pytest.mark.parametrize("status", ["failed", "cancelled"])
    def test_a_payment_that_failed_may_succeed_later(self, bea, status):
        told = order(status)
        deliver(told)
        assert not OrderLine.objects.exists()
        deliver(told | {"status": "processing"})
        assert months_of(bea) == [12]

    def test_a_refund_of_what_waits_forgets_the_address(self):
        told = order()
        deliver(told)
        deliver(told | {"status": "refunded"})
        assert states() == [("refunded", "")]
        assert delivered() == []

    def test_a_refund_counts_when_the_product_is_not_sold_any_more(self, bea):
        told = order()
        deliver(told)
        ShopProduct.objects.all().delete()
        deliver(told | {"status": "refunded"})
        assert until(bea) is None

    @pytest.mark.long
    def test_any_order_of_deliveries_with_a_refund_ends_without_access(self, bea):
        for seed in range(20):
            told = order()
            stages = ["pending", "failed", "processing", "completed", "completed", "refunded"]
            random.Random(seed).shuffle(stages)
            for status in stages:
                deliver(told | {"status": status})
        assert months_of(bea) == []

    @pytest.mark.parametrize("first", [[], [{"id": 9, "reason": "", "total": "-10.00"}]])
    def test_a_refund_of_a_part_is_flagged_and_ends_nothing(self, bea, first):
        told = order("completed", refunds=first)
        deliver(told)
        deliver(told | {"refunds": [{"id": 9, "reason": "", "total": "-10.00"}]})
        deliver(told | {"refunds": []})  # a late one
        line = OrderLine.objects.get()
        assert (line.partly_refunded, line.state, months_of(bea)) == (True, "granted", [12])
        desk = signed_in(make_admin()).get("/admin/accounts/orderline/?partly_refunded__exact=1")
        assert f"{line.order_id}" in desk.text


class TestABuyerWithoutAccount:
    def test_is_invited_signs_up_and_has_access(self):
        with time_machine.travel(LONG_AGO):
            deliver(order())
            deliver(order())
            first, _second = delivered()
            assert first.to == [BUYER]
            assert BUYER in first.body
            assert "/accounts/signup/" in first.body
            assert states() == [("waiting", BUYER)] * 2
            browser = Client()
            browser.post("/accounts/signup/", SIGN_UP | {"email": "Bea@example.org", "name": "Bea Buyer"})
            assert states() == [("waiting", BUYER)] * 2  # not before the address is confirmed
            browser.post("/accounts/confirm-email/", {"code": code_in(mail.outbox[-1])})
            person = User.objects.get(email=BUYER)
            assert (until(person).isoformat(), months_of(person)) == ("2028-05-03", [12, 12])
            assert states() == [("granted", "")] * 2
            (told,) = delivered()
            assert "2028" in told.subject
            assert browser.get("/logbook/add/").status_code == 200

    def test_a_new_address_of_somebody_who_is_here_counts_when_it_is_confirmed(self):
        person = make_mediator(password=PASSWORD)
        deliver(order())
        browser = signed_in(person)
        proves_who(browser)
        browser.post("/accounts/email/", {"email": BUYER, "action_add": ""})
        assert months_of(person) == []
        browser.post("/accounts/confirm-email/", {"code": code_in(mail.outbox[-1])})
        assert months_of(person) == [12]

    def test_a_code_to_sign_in_confirms_it_as_well(self):
        person = make_mediator(email=BUYER)
        person.emailaddress_set.update(verified=False)
        deliver(order())
        browser = Client()
        browser.post("/accounts/login/code/", {"email": BUYER})
        browser.post("/accounts/login/code/confirm/", {"code": code_in(mail.outbox[-1])})
        assert months_of(person) == [12]

    def test_whose_address_was_confirmed_in_the_same_moment_gets_it_with_the_next_sweep(self):
        deliver(order())
        person = make_mediator(email=BUYER)  # past the door: nothing rang
        settle_orders()
        settle_orders()
        assert (months_of(person), states()) == ([12], [("granted", "")])

    def test_a_mail_that_is_not_wanted_any_more_is_not_sent(self):
        deliver(order())
        make_mediator(email=BUYER)
        settle_orders()
        (message,) = delivered()
        assert "is on until" in message.subject

    def test_after_a_year_the_address_is_forgotten(self, settings):
        told = order()
        deliver(told)
        with time_machine.travel(clock.now() + timedelta(hours=settings.ORDER_WAITS_HOURS - 1)):
            settle_orders()
            assert states() == [("waiting", BUYER)]
        with time_machine.travel(clock.now() + timedelta(hours=settings.ORDER_WAITS_HOURS + 1)):
            settle_orders()
            settle_orders()
            deliver(told | {"status": "completed"})
            assert states() == [("lapsed", "")]

    def test_without_an_address_to_write_to_it_waits_for_an_admin(self):
        odd = [
            "", None, "bea", "a@b", "bea@example.org\nBcc: x@example.org", '"b e a"@example.org',
            "b\u00eba@example.org", "bea@ex\ud800mple.org", "bea\0@example.org", f"{'b' * 64}@{'e' * 250}.org",
        ]  # fmt: skip
        for email in odd:
            assert deliver(order(email=email)).status_code == 200, email
        assert states() == [("lapsed", "")] * len(odd)
        assert delivered() == []

    def test_the_shop_may_leave_the_whole_billing_part_empty(self):
        for billing in ([], {}, None):
            assert deliver(order(billing=billing)).status_code == 200
        assert states() == [("lapsed", "")] * 3
