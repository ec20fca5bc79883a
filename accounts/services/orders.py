"""Orders of the shop: each line of a paid order gives its months once, however often and in whatever order we hear.

    (new) -> granted    somebody here has confirmed the buyer's address
         |-> waiting    nobody has: they are invited to sign up; confirming the address makes it granted
         |-> lapsed     nobody did in time, or there is no address to write to; an admin may still give it
    any of them -> refunded, for good

A payment that failed, or an order that was cancelled, may still be paid later: where nothing was granted, nothing
is kept of it. A refund is remembered even when it comes before its order.
"""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts import permissions
from accounts.choices import AccessSource, OrderState, Verb
from accounts.models import OrderLine, ShopProduct, User
from accounts.models.access import MOST_MONTHS
from accounts.services.access import add_grant, end_grant
from accounts.services.audit import record
from accounts.services.outbox import queue_message
from accounts.woocommerce import Order
from logbook_site.foundation import clock
from logbook_site.foundation.addresses import plain_address, validate_can_be_written_to

PAID = {"processing", "completed"}
REFUNDED = "refunded"
CALLED_OFF = {REFUNDED, "cancelled", "failed", "trash"}
# States from which an admin may give an order to somebody.
OPEN_TO_GIVE = {OrderState.WAITING, OrderState.LAPSED}


class OrderRefused(Exception):
    """The order cannot be given. `sentence` says why, for the admin."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@transaction.atomic
def receive_order(order: Order) -> None:
    """Do what the shop's word of an order means for access; hearing it again changes nothing."""
    if order.status in PAID:
        _paid(order)
    elif order.status in CALLED_OFF:
        _called_off(order)


def _paid(order: Order) -> None:
    known = OrderLine.objects.filter(order_id=order.order_id)
    if order.has_refunds:
        known.filter(partly_refunded=False).update(partly_refunded=True)
    new = _months_by_line(order)
    for line_id in known.values_list("line_id", flat=True):
        new.pop(line_id, None)
    if not new:
        return
    email = _address_of(order)
    owner = User.objects.with_confirmed_address(email).first() if email else None
    state = OrderState.GRANTED if owner else OrderState.WAITING if email else OrderState.LAPSED
    stored = []
    for line_id, months in sorted(new.items()):
        # Two deliveries at once: the second waits here for the first, and finds its row.
        line, is_new = OrderLine.objects.get_or_create(
            order_id=order.order_id,
            line_id=line_id,
            defaults={
                "months": months,
                "state": state,
                "email": email if state == OrderState.WAITING else "",
                "partly_refunded": order.has_refunds,
            },
        )
        if is_new:
            stored.append(line)
            if owner:
                _grant(line, owner, by=None)
    if stored and email:
        _tell("order_granted" if owner else "order_waits", stored[0])


def _called_off(order: Order) -> None:
    if order.status == REFUNDED:
        for line_id, months in sorted(_months_by_line(order).items()):
            OrderLine.objects.get_or_create(
                order_id=order.order_id,
                line_id=line_id,
                defaults={"months": months, "state": OrderState.REFUNDED},
            )
    lines = OrderLine.objects.filter(order_id=order.order_id).exclude(state=OrderState.REFUNDED)
    for line in lines.select_for_update().order_by("line_id"):
        if line.grant:
            end_grant(line.grant)
        line.state, line.email = OrderState.REFUNDED, ""
        line.save(update_fields=["state", "email"])


def _months_by_line(order: Order) -> dict[int, int]:
    """The lines that are about access, and what each of them is worth."""
    months_of = dict(ShopProduct.objects.values_list("product_id", "months"))
    found: dict[int, int] = {}
    for line in order.lines:
        product = next((product for product in line.products if product in months_of), None)
        if product is not None and line.quantity:
            found.setdefault(line.line_id, min(line.quantity * months_of[product], MOST_MONTHS))
    return found


def _address_of(order: Order) -> str:
    """The buyer's address as we keep it; empty when we could not write to it."""
    address = plain_address(order.email)
    try:
        validate_email(address)
        validate_can_be_written_to(address)
    except ValidationError:
        return ""
    return address if address.isascii() and len(address) <= 254 else ""


@transaction.atomic
def give_waiting(*, address: str) -> None:
    """Somebody has confirmed `address`: what was bought with it is theirs, and they are told."""
    owner = User.objects.with_confirmed_address(address).first()
    if owner is None:
        return
    waiting = OrderLine.objects.filter(state=OrderState.WAITING, email=plain_address(address))
    lines = list(waiting.select_for_update().order_by("order_id", "line_id"))
    for line in lines:
        _grant(line, owner, by=None)
    if lines:
        _tell("order_granted", lines[0])


def take_in_orders(email_address: EmailAddress, **kwargs: object) -> None:
    """The sign-up, a code or a new password has just confirmed an address."""
    give_waiting(address=email_address.email)


@transaction.atomic
def give_order(*, line: OrderLine, to: User, by: User) -> None:
    """An admin gives an order to somebody who bought with another address. Raises OrderRefused, PermissionDenied."""
    _require_admin(by)
    line = OrderLine.objects.select_for_update().get(pk=line.pk)
    if line.state not in OPEN_TO_GIVE:
        raise OrderRefused(_("This order is settled already."))
    _grant(line, to, by=by)
    _tell("order_granted", line)


@transaction.atomic
def keep_access(*, line: OrderLine, by: User) -> None:
    """An admin leaves access as it is after a partial refund, until the shop tells of one again. PermissionDenied."""
    _require_admin(by)
    line = OrderLine.objects.select_for_update().get(pk=line.pk)
    if line.partly_refunded and line.grant:
        line.partly_refunded = False
        line.save(update_fields=["partly_refunded"])
        record(Verb.ACCESS_GRANTED, by=by, about=line.grant.person, reason="kept after a partial refund")


def settle_orders() -> None:
    """Give what somebody can have by now (an address was confirmed in the same moment), forget what waited too long."""
    confirmed = EmailAddress.objects.filter(verified=True).values_list(Lower("email"))
    waiting = OrderLine.objects.filter(state=OrderState.WAITING)
    for address in set(waiting.filter(email__in=confirmed).values_list("email", flat=True)):
        give_waiting(address=address)
    too_old = clock.now() - clock.hours(settings.ORDER_WAITS_HOURS)
    waiting.filter(received_at__lt=too_old).update(state=OrderState.LAPSED, email="")


@transaction.atomic
def save_product(*, product: ShopProduct, by: User) -> None:
    """Store what in the shop is access. What was bought before stays as it was. Raises PermissionDenied."""
    _require_admin(by)
    what = "added" if product._state.adding else "changed"
    product.save()
    _record_product(product, what, by)


@transaction.atomic
def delete_product(*, product: ShopProduct, by: User) -> None:
    """From now on, orders of it are none of our business. Raises PermissionDenied."""
    _require_admin(by)
    _record_product(product, "deleted", by)
    product.delete()


def _record_product(product: ShopProduct, what: str, by: User) -> None:
    reason = f"{what}: {product.product_id}, {product.months} months"
    record(Verb.SHOP_PRODUCT_CHANGED, by=by, about=product, reason=reason)


def _require_admin(by: User) -> None:
    if not permissions.may_grant_access(by):
        raise PermissionDenied


def _grant(line: OrderLine, owner: User, *, by: User | None) -> None:
    line.grant = add_grant(to=owner, months=line.months, source=AccessSource.ORDER, by=by)
    line.state, line.email = OrderState.GRANTED, ""
    line.save(update_fields=["grant", "state", "email"])


def _tell(mail: str, line: OrderLine) -> None:
    queue_message(message=f"accounts.emails.{mail}", object_id=line.pk)
