"""The words of a logbook entry."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EntryRole(TextChoices):
    LEAD = "lead", _("Lead mediator")
    CO = "co", _("Co-mediator")
    ADVOCATE = "advocate", _("Mediation advocate")
    ASSISTANT = "assistant", _("Assistant")
    OBSERVER = "observer", _("Observer")
    OTHER = "other", _("Other")


class Medium(TextChoices):
    FACE_TO_FACE = "face_to_face", _("Face to face")
    ONLINE = "online", _("Online")
    HYBRID = "hybrid", _("Hybrid")


class Outcome(TextChoices):
    SETTLED = "settled", _("Settled")
    PARTLY = "partly", _("Partly settled")
    NOT_SETTLED = "not_settled", _("Not settled")
    ONGOING = "ongoing", _("Still going on")


class Setting(TextChoices):
    """Simulated mediations (role plays, training) are counted apart. Empty counts as real."""

    REAL = "real", _("Real")
    SIMULATED = "simulated", _("Simulated")


class Paid(TextChoices):
    PAID = "paid", _("Paid")
    PRO_BONO = "pro_bono", _("Pro bono")


class FullScale(TextChoices):
    """Whether the mediation went through all its phases; some accreditations count only those."""

    YES = "yes", _("Yes")
    NO = "no", _("No")


class Learned(TextChoices):
    """The sealed texts. The last belongs to CPD; all four are read together on the Learnings page."""

    DID_WELL = "did_well", _("What I did well")
    CHALLENGES = "challenges", _("What I found challenging")
    LEARNINGS = "learnings", _("What I will try next time")
    TAKEAWAYS = "takeaways", _("What I take away")
