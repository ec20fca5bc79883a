"""The way of a Feedback Digest."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DigestState(TextChoices):
    DRAFT = "draft", _("Draft")
    # The mediator reads it and may comment on facts; nobody edits it meanwhile.
    FACTS = "facts", _("With the mediator, for a check of facts")
    FINAL = "final", _("Final")
