"""What people write to us through the contact form."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import MessageKind
from accounts.querysets import ContactMessageQuerySet
from logbook_site.foundation import clock
from logbook_site.foundation.sealing import SealedText


class ContactMessage(models.Model):
    """Kept, sealed, until its mail has left; then it is in our mailbox, and gone here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("About"), max_length=20, choices=MessageKind)
    name_sealed = models.BinaryField(null=True)
    email_sealed = models.BinaryField(null=True)
    page_sealed = models.BinaryField(null=True)
    text_sealed = models.BinaryField(null=True)
    # Of whoever was signed in: role values with commas between, so that we know which pages they saw.
    roles = models.CharField(_("Roles of the sender"), max_length=60, blank=True, default="")
    created_at = models.DateTimeField(_("Received"), default=clock.now, editable=False)

    name = SealedText("name_sealed")
    email = SealedText("email_sealed")
    page = SealedText("page_sealed")
    text = SealedText("text_sealed")

    objects = ContactMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self) -> str:
        return str(self.id)
