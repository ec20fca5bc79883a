"""Paid access: what was granted, the codes that grant it, and orders of the shop."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.choices import AccessSource, OrderState
from accounts.querysets import AccessGrantQuerySet, OrderLineQuerySet
from logbook_site.foundation import clock

MOST_MONTHS = 120


class CodeBatch(models.Model):
    """Codes made together, for instance for the graduates of one training body."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    label = models.CharField(_("For whom"), max_length=120)
    months = models.PositiveSmallIntegerField(_("Months of access"), default=12)
    # By how many people each code can be used, each of them once.
    uses_each = models.PositiveIntegerField(_("Uses of each code"), default=1)
    last_day = models.DateField(_("Last day on which a code can be used"), null=True, blank=True)
    made_at = models.DateTimeField(_("Made"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("batch of codes")
        verbose_name_plural = _("access codes")
        constraints = [
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=MOST_MONTHS), name="batch_months_in_range"
            ),
            models.CheckConstraint(condition=Q(uses_each__gte=1), name="batch_uses_at_least_one"),
        ]

    def __str__(self) -> str:
        return self.label


class AccessCode(models.Model):
    """In capitals, without letters that look alike. How often it was used is the number of its grants."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(CodeBatch, on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(_("Code"), max_length=40, unique=True)
    # Grants go with their people; what was used stays used.
    uses = models.PositiveIntegerField(_("Uses"), default=0)

    class Meta:
        verbose_name = _("access code")
        verbose_name_plural = _("access codes")

    def __str__(self) -> str:
        return self.code


class AccessGrant(models.Model):
    """Some months of access. How long somebody has it follows from all their grants: `User.access_until`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="access_grants"
    )
    months = models.PositiveSmallIntegerField(_("Months"))
    granted_on = models.DateField(_("Granted"), default=clock.today)
    source = models.CharField(_("By"), max_length=20, choices=AccessSource)
    code = models.ForeignKey(
        AccessCode, on_delete=models.SET_NULL, related_name="grants", null=True, blank=True
    )
    # Refunded, or ended by an admin: it counts for nothing any more.
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True)

    objects = AccessGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("grant of access")
        verbose_name_plural = _("grants of access")
        constraints = [
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=MOST_MONTHS), name="grant_months_in_range"
            ),
            models.UniqueConstraint(fields=["person", "code"], name="grant_one_use_each"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ShopProduct(models.Model):
    """What in the shop is access, and for how long. Orders of anything else are none of our business."""

    # The product's number in the shop.
    product_id = models.PositiveBigIntegerField(_("Number in the shop"), unique=True)
    name = models.CharField(_("Name"), max_length=120)
    months = models.PositiveSmallIntegerField(_("Months of access"), default=12)

    class Meta:
        verbose_name = _("product of the shop")
        verbose_name_plural = _("products of the shop")
        constraints = [
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=MOST_MONTHS), name="product_months_in_range"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OrderLine(models.Model):
    """One line of a paid order: grants once, however often and in whatever order the shop tells of it.

    A refunded line never grants again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order_id = models.PositiveBigIntegerField(_("Order"))
    line_id = models.PositiveBigIntegerField(_("Line"))
    months = models.PositiveSmallIntegerField(_("Months of access"))
    state = models.CharField(_("State"), max_length=20, choices=OrderState)
    # The buyer's, in lower case; kept only while they have no account here.
    email = models.EmailField(_("E-mail address"), blank=True, default="")
    grant = models.OneToOneField(
        AccessGrant, on_delete=models.SET_NULL, related_name="order_line", null=True, blank=True
    )
    # Part of the order was paid back: the shop does not say for which line, so an admin decides what it means.
    partly_refunded = models.BooleanField(_("Partly refunded"), default=False)
    received_at = models.DateTimeField(_("Received"), default=clock.now, editable=False)

    objects = OrderLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("order of the shop")
        verbose_name_plural = _("orders of the shop")
        constraints = [
            models.UniqueConstraint(fields=["order_id", "line_id"], name="order_line_once"),
            models.CheckConstraint(
                condition=Q(state="waiting") & ~Q(email="") | ~Q(state="waiting") & Q(email=""),
                name="order_address_while_waiting",
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="order_address_lower_case"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.line_id}"
