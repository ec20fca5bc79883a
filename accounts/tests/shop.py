"""What the shop does, for the tests: orders as WooCommerce writes them, signed and delivered."""

import base64
import hmac
import json
from itertools import count

from django.http import HttpResponse
from django.test import Client

from accounts.models import ShopProduct

HOOK = "/hooks/woocommerce/"
SECRET = "seventeen brass lanterns"
PRODUCT = 4711
BUYER = "bea@example.org"
_orders = count(1001)


def sell(product_id: int = PRODUCT, months: int = 12) -> ShopProduct:
    return ShopProduct.objects.create(product_id=product_id, name="Logbook, one year", months=months)


def item(line_id: int = 1, product_id: int = PRODUCT, **more: object) -> dict:
    usual = {"name": "Logbook, one year", "variation_id": 0, "quantity": 1, "total": "90.00", "meta_data": []}
    return {"id": line_id, "product_id": product_id, **usual, **more}


def order(status: str = "processing", email: str = BUYER, *lines: dict, **more: object) -> dict:
    """The shape of the shop's REST interface (v3), with some of what we do not read."""
    usual = {
        "id": next(_orders),
        "parent_id": 0,
        "number": "1001",
        "status": status,
        "currency": "EUR",
        "date_modified_gmt": "2026-05-03T10:00:00",
        "total": "90.00",
        "customer_id": 0,
        "billing": {"first_name": "Bea", "last_name": "Buyer", "email": email, "phone": ""},
        "line_items": list(lines) or [item()],
        "refunds": [],
    }
    return usual | more


def signature_of(body: bytes, secret: str = SECRET) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


def deliver_bytes(body: bytes, *, topic: str = "order.updated", signature: str | None = None) -> HttpResponse:
    headers = {
        "X-WC-Webhook-Topic": topic,
        "X-WC-Webhook-Signature": signature_of(body) if signature is None else signature,
        "X-WC-Webhook-Delivery-ID": "36e520ebabc2fa72",
    }
    client = Client(enforce_csrf_checks=True)
    return client.post(HOOK, body, content_type="application/json", headers=headers)


def deliver(told: object, **how: object) -> HttpResponse:
    return deliver_bytes(json.dumps(told).encode(), **how)
