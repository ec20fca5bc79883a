"""Every status, with its words on screen. Parties read none of them."""

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


class ReportState(TextChoices):
    OPEN = "open", _("Waiting")
    SETTLED = "settled", _("Settled")
