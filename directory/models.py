"""Who looked at a mediator's totals."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.querysets import LookQuerySet


class Look(models.Model):
    """Somebody of an organisation looked at a mediator on this day: one row a day, however often, and no time of day.

    Who looked is kept as an id and the name of the organisation then: the row outlives the person's account.
    """

    # Random: rows of one day stand in no order.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mediator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="looks", db_index=False
    )
    person_id = models.UUIDField(_("Who"))
    organisation_name = models.CharField(_("Organisation"), max_length=120)
    day = models.DateField(_("Day"))

    objects = LookQuerySet.as_manager()

    class Meta:
        verbose_name = _("look")
        verbose_name_plural = _("looks")
        constraints = [
            # Its index also serves the mediator's own list.
            models.UniqueConstraint(
                fields=["mediator", "day", "person_id", "organisation_name"], name="look_once_a_day"
            ),
        ]
        # Serves the task that forgets.
        indexes = [models.Index(fields=["day"], name="look_by_day")]

    def __str__(self) -> str:
        return str(self.id)
