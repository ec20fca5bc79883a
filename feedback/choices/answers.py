"""Every answer of a survey that is not a rating, with its words on screen. Parties read all of them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ActedAs(TextChoices):
    """Whom the survey is about."""

    MEDIATOR = "mediator", _("Mediator")
    ADVOCATE = "advocate", _("Mediation advocate")


class PartyRole(TextChoices):
    PARTY = "party", _("A party")
    REPRESENTATIVE = "representative", _("A representative of a party")
    ADVISER = "adviser", _("An adviser or expert")
    CO_MEDIATOR = "co_mediator", _("A co-mediator")
    MEDIATOR = "mediator", _("The mediator")
    OBSERVER = "observer", _("An observer")


class UseAgain(TextChoices):
    YES = "yes", _("Yes")
    UNSURE = "unsure", _("Not sure")
    NO = "no", _("No")


class Outcome(TextChoices):
    FULL = "full", _("We agreed on everything")
    PARTIAL = "partial", _("We agreed on some points")
    NONE = "none", _("We did not agree")
    OPEN = "open", _("It is still open")


class YesNo(TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
