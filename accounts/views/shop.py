"""Where the shop tells of its orders. Nobody is signed in here, and nothing of what it sends is logged."""

import re

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.services.orders import receive_order
from accounts.woocommerce import NotAnOrder, is_signed, read_order

TOPICS = {"order.created", "order.updated"}
# What the shop sends, unsigned, when its webhook is saved: it wants to hear 200, and nothing happens.
PING = re.compile(rb"webhook_id=\d{1,20}")


@csrf_exempt
@login_not_required
@require_POST
def woocommerce(request: HttpRequest) -> HttpResponse:
    """The shop goes away for good after some refusals: what is signed but does not concern us is fine."""
    signature = request.headers.get("X-WC-Webhook-Signature", "")
    if not signature and PING.fullmatch(request.body):
        return _well()
    if not is_signed(request.body, signature):
        return HttpResponse("The signature does not fit.\n", status=401, content_type="text/plain")
    if request.headers.get("X-WC-Webhook-Topic") not in TOPICS:
        return _well()
    try:
        order = read_order(request.body)
    except NotAnOrder:
        return HttpResponse(status=400)
    if order:
        receive_order(order)
    return _well()


def _well() -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")
