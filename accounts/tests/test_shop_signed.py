"""What the shop sends is believed only when it is signed, and even then it may be anything: never a fault, no trace."""

import json
import logging
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as how_long
from hypothesis import strategies as st

from accounts.models import OrderLine, User
from accounts.services import outbox
from accounts.tests.factories import make_mediator, signed_in
from accounts.tests.shop import (
    BUYER,
    HOOK,
    PRODUCT,
    SECRET,
    deliver,
    deliver_bytes,
    item,
    order,
    sell,
    signature_of,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def shop(settings) -> None:
    settings.ACCESS_MODE = "paid"
    settings.WOOCOMMERCE_SECRET = SECRET
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    sell()


@pytest.fixture
def bea() -> User:
    return make_mediator(email=BUYER, name="Bea Buyer")


class TestWhatIsBelieved:
    def test_without_the_right_signature_nothing(self, bea, settings):
        body = json.dumps(order()).encode()
        wrong = [
            "", " ", "x", "\u00e9", signature_of(body).lower(), signature_of(body)[:-1],
            signature_of(body + b" "), signature_of(body, "another secret"), signature_of(body, ""),
        ]  # fmt: skip
        for signature in wrong:
            assert deliver_bytes(body, signature=signature).status_code == 401, signature
        right = signature_of(body)
        assert deliver_bytes(body + b"\n", signature=right).status_code == 401  # the raw bytes count
        settings.WOOCOMMERCE_SECRET = ""
        assert deliver_bytes(body, signature=signature_of(body, "")).status_code == 401
        assert not OrderLine.objects.exists()
        settings.WOOCOMMERCE_SECRET = SECRET
        assert deliver_bytes(body, signature=right).status_code == 200
        assert bea.access_grants.count() == 1

    def test_a_ping_is_answered_and_does_nothing(self):
        def ping(body: str):
            return Client().post(HOOK, body, content_type="application/x-www-form-urlencoded").status_code

        assert ping("webhook_id=30") == 200
        assert [ping(body) for body in ("", "webhook_id=", "webhook_id=30&id=1", "id=30")] == [401] * 4

    @pytest.mark.parametrize("topic", ["order.deleted", "order.restored", "product.updated", "", "x" * 500])
    def test_other_topics_do_nothing(self, bea, topic):
        assert deliver(order(), topic=topic).status_code == 200
        assert deliver_bytes(b"{", topic=topic).status_code == 200
        assert not OrderLine.objects.exists()

    def test_an_error_of_the_shop_in_place_of_an_order_is_no_failure(self):
        told = {"code": "woocommerce_rest_shop_order_invalid_id", "message": "x", "data": {"status": 404}}
        assert deliver(told).status_code == 200

    def test_what_is_signed_but_no_order_is_refused_with_a_page(self):
        bodies = [
            b"", b"{", b"[]", b"null", b"1", b'"order"', b"NaN", b"{}", b"\xff\xfe{}", b"\xef\xbb\xbf{}",
            b'{"id": 1}', b'{"id": 1, "status": "completed"}', b'{"id": 1, "id": 2}',
            b"[" * 100_000, b'{"a":' * 50_000, b"1" * 5000, b'{"id": ' + b"9" * 5000 + b"}",
            '{"id": \u0663}'.encode(),
        ]  # fmt: skip
        whole = json.dumps(order()).encode()[:-1]  # an order but for what follows
        bodies += [
            whole,
            whole + b', "status": "refunded"}',
            whole + b', "x": NaN}',
            whole + b', "x": -Infinity}',
        ]
        for body in bodies:
            answer = deliver_bytes(body)
            assert answer.status_code == 400, body[:50]
            assert 'class="error-number"' in answer.text

    def test_odd_values_are_refused(self):
        odd = {
            "id": [None, "1", 0, -1, 1.0, True, 2**63, 10**400, [], {}],
            "status": [None, 1, [], {}],
            "billing": ["x", 1, [1], {"email": 1}, {"email": ["x"]}],
            "line_items": [None, {}, "x", [1], [None], [[]]],
            "refunds": [{"id": 1}, "x", 1],
        }
        for name, values in odd.items():
            for value in values:
                assert deliver(order("completed") | {name: value}).status_code == 400, (name, value)
        assert not OrderLine.objects.exists()

    def test_odd_lines_are_refused(self):
        odd = {
            "id": [None, "1", 2**63],
            "product_id": ["4711", -1, [1], 2**70, 4711.0],
            "quantity": ["1", None, True, float("inf")],
        }
        for name, values in odd.items():
            for value in values:
                told = order("completed", BUYER, item(1), item(2) | {name: value})
                body = json.dumps(told).replace("Infinity", "1e999")
                assert deliver_bytes(body.encode()).status_code == 400, (name, value)
        assert not OrderLine.objects.exists()

    @pytest.mark.long
    @how_long(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.dictionaries(
            st.sampled_from(["id", "status", "billing", "line_items", "refunds", "code"]),
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
                | st.sampled_from(["completed", "refunded", PRODUCT]),
                lambda inner: st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["id", "email", "product_id", "variation_id", "quantity"]), inner, max_size=5
                ),
                max_leaves=12,
            ),
        )
    )  # fmt: skip
    def test_nothing_signed_is_a_fault(self, told):
        assert deliver(told).status_code in {200, 400}

    def test_only_post_and_no_cookie(self):
        for method in ("get", "head", "put", "delete", "options", "patch"):
            answer = getattr(Client(), method)(HOOK)
            assert answer.status_code == 405, method
            assert answer.cookies == {}
        member = signed_in(make_mediator())
        answer = member.post(HOOK, b"{}", content_type="application/json")
        assert (answer.status_code, answer.cookies) == (401, {})

    def test_what_is_sent_stands_in_no_log(self, caplog, capsys, bea):
        with caplog.at_level(logging.DEBUG):
            deliver(order("completed", "canary@example.org", item(name="canary-words")))
            deliver(order("completed", 5, item(name="canary-words")))
            deliver_bytes(b'{"canary": 1, "canary": 2}')
            deliver_bytes(b'{"canary"', signature="canary")
            outbox.deliver_due()
        logged = "".join(f"{record.getMessage()}{record.exc_info}" for record in caplog.records
                         if not record.name.startswith("django.db"))  # fmt: skip
        assert "canary" not in logged + "".join(capsys.readouterr())


def test_ten_megabytes_are_refused_by_a_real_server(live_server):
    where = urlsplit(live_server.url)
    for size in (10_000_000, 2_000_000):
        connection = HTTPConnection(where.hostname, where.port, timeout=30)
        body = b'{"id": 1, "x": "' + b"x" * size + b'"}'
        connection.request("POST", HOOK, body, {"X-WC-Webhook-Signature": signature_of(body)})
        answer = connection.getresponse()
        assert answer.status == 413
        assert answer.getheader("Set-Cookie") is None
        connection.close()
