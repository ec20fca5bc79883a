"""Forms that were already accepted, so that sending one twice has one effect and one answer."""

from django.conf import settings
from django.db import models

from logbook_site.foundation import clock


class FormKey(models.Model):
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=300)
    key = models.CharField(max_length=64)
    # Where the first post was sent; the second is sent there, too.
    redirect = models.CharField(max_length=500, blank=True, default="")
    created_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "address", "key"], name="form_key_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
