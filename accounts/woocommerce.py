"""What the shop (WooCommerce) sends to its webhook: a signed order, as JSON.

Nothing of it is believed before the signature is right; after that, nothing is believed to have the right form.
"""

import base64
import hmac
import json
from typing import NamedTuple

from django.conf import settings

LARGEST_NUMBER = 2**63 - 1  # of a PositiveBigIntegerField


class NotAnOrder(Exception):
    """What was sent cannot be read as an order. Says nothing more: it would end up in a log."""


class Line(NamedTuple):
    """One line of an order: what was bought (a variation first, then its product), and how many of it."""

    line_id: int
    products: tuple[int, ...]
    quantity: int


class Order(NamedTuple):
    """As the shop sees it now. `email` may be empty or no address at all."""

    order_id: int
    status: str
    email: str
    lines: list[Line]
    has_refunds: bool


def is_signed(body: bytes, signature: str) -> bool:
    """Does `signature` (base64 of an HMAC with SHA-256) fit the bytes that were sent? Without a secret none does."""
    if not settings.WOOCOMMERCE_SECRET:
        return False
    expected = base64.b64encode(hmac.digest(settings.WOOCOMMERCE_SECRET.encode(), body, "sha256"))
    return hmac.compare_digest(expected, signature.encode())


def read_order(body: bytes) -> Order | None:
    """The order in a body; None when the shop tells that it has none. Raises NotAnOrder."""
    try:
        told = json.loads(body.decode(), object_pairs_hook=_each_name_once, parse_constant=_no_such_number)
        return _order(told)
    except (ValueError, OverflowError, RecursionError):
        raise NotAnOrder from None


def _order(told: object) -> Order | None:
    told = _object(told)
    if "id" not in told and "code" in told:  # deleted in the shop before it was sent: an error in its place
        return None
    return Order(
        order_id=_number(told.get("id")),
        status=_text(told.get("status")),
        email=_text(_object(told.get("billing") or {}).get("email") or ""),
        lines=[_line(_object(line)) for line in _list(told.get("line_items"))],
        has_refunds=bool(_list(told.get("refunds") or [])),
    )


def _line(told: dict) -> Line:
    bought = [told.get(name) or 0 for name in ("variation_id", "product_id")]
    return Line(
        line_id=_number(told.get("id")),
        products=tuple(_number(product) for product in bought if product != 0),
        quantity=_quantity(told.get("quantity")),
    )


def _number(value: object) -> int:
    if type(value) is not int or not 0 < value <= LARGEST_NUMBER:
        raise NotAnOrder
    return value


def _quantity(value: object) -> int:
    """Other goods may be sold by weight."""
    if type(value) not in {int, float}:
        raise NotAnOrder
    return max(int(value), 0)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise NotAnOrder
    return value


def _list(value: object) -> list:
    if not isinstance(value, list):
        raise NotAnOrder
    return value


def _object(value: object) -> dict:
    if not isinstance(value, dict):
        raise NotAnOrder
    return value


def _each_name_once(pairs: list[tuple[str, object]]) -> dict:
    """Two readers may not see two different orders in the same bytes."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotAnOrder
    return found


def _no_such_number(name: str) -> None:
    raise NotAnOrder
