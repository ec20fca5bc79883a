"""Every status and every answer of a survey that is not a rating, with its words on screen."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RequestKind(TextChoices):
    EMAIL = "email", _("By e-mail")
    # Handed over by the mediator: no name and no address is known.
    LINK = "links", _("Link to hand over")


class LinkState(TextChoices):
    """Known to the site and to admins. No page of the mediator reads it: it tells who answered."""

    OPEN = "open", _("Open")
    # Answered or declined; which of the two is kept nowhere.
    CLOSED = "closed", _("Closed by the party")


class Sending(TextChoices):
    """What the mediator may know, for as long as the contact is kept, about the mail to a party."""

    WAITING = "waiting", _("On its way")
    SENT = "sent", _("Sent")
    RETRIED = "retried", _("Not delivered yet; we try again")
    FAILED = "failed", _("Not delivered: no mail server took it. Check the address and ask again.")
    UNCERTAIN = "uncertain", _("Perhaps delivered: the connection broke. We do not send it twice.")
    LOST = "lost", _("Not sent. Please enter it again.")
    CANCELLED = "cancelled", _("Cancelled")
    HANDED_OVER = "handed_over", _("Handed over by you")


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


class ReportState(TextChoices):
    OPEN = "open", _("Waiting")
    SETTLED = "settled", _("Settled")
