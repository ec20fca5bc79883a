"""The words of a CPD entry."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CpdKind(TextChoices):
    TRAINING = "training", _("Training course")
    PRESENTATION = "presentation", _("Presentation or teaching")
    WORKSHOP = "workshop", _("Workshop")
    CONFERENCE = "conference", _("Conference")
    PUBLICATION = "publication", _("Publication")
    SUPERVISION = "supervision", _("Supervision")
    SELF_STUDY = "self_study", _("Self-study")
    OTHER = "other", _("Other")
