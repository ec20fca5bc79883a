"""Every status of the ground floor, and its words on screen."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person may be; one account may hold several."""

    MEDIATOR = "mediator", _("Mediator")
    REVIEWER = "reviewer", _("Reviewer")
    DIRECTORY = "directory", _("Directory")
    ADMIN = "admin", _("Admin")


class Visibility(TextChoices):
    """May directories see a mediator's totals? An unanswered question ("") counts as private."""

    PRIVATE = "private", _("No, keep them private")
    DIRECTORIES = "directories", _("Yes, directories may see them")


class AppointmentState(TextChoices):
    PENDING = "pending", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    # Taken back by the mediator before there was an answer.
    TAKEN_BACK = "taken_back", _("Taken back")
    EXPIRED = "expired", _("Not answered in time")
    # Left by the Reviewer after acceptance.
    RESIGNED = "resigned", _("Ended by the Reviewer")
    # Ended by the mediator, or because the next Reviewer accepted.
    ENDED = "ended", _("Ended by the mediator")
    REPLACED = "replaced", _("Replaced by a new Reviewer")


class PlaceState(TextChoices):
    """Of somebody's place in the staff of an organisation."""

    PENDING = "pending", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Not answered in time")
    # Before or after it was accepted: by an admin, or because the person moved to another organisation.
    ENDED = "ended", _("Ended")


class VettingState(TextChoices):
    WAITING = "waiting", _("Waiting for a check")
    VETTED = "vetted", _("Checked")
    REFUSED = "refused", _("Refused")


class AccessSource(TextChoices):
    ADMIN = "admin", _("An admin")
    CODE = "code", _("A code")
    ORDER = "order", _("The shop")


class OrderState(TextChoices):
    """Of one line of an order."""

    # Nobody here has the buyer's address yet: they are invited to sign up.
    WAITING = "waiting", _("Waiting for the buyer to sign up")
    GRANTED = "granted", _("Access granted")
    REFUNDED = "refunded", _("Refunded")
    # Nobody signed up in time: the address is forgotten.
    LAPSED = "lapsed", _("Nobody signed up")


class JobState(TextChoices):
    DUE = "due", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class ImportKind(TextChoices):
    """Into which list a file was brought."""

    LOGBOOK = "logbook", _("Logbook")
    CPD = "cpd", _("CPD")


class MessageKind(TextChoices):
    QUESTION = "question", _("A question")
    PROBLEM = "problem", _("Something does not work")
    PRIVACY = "privacy", _("Privacy and my data")
    OTHER = "other", _("Something else")


class OutboxState(TextChoices):
    DUE = "due", _("Due")
    CLAIMED = "claimed", _("Being prepared")
    # Handed to the mail server; from here on, delivery may have happened.
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    # There was nothing to send any more: the matter ended, or the address is gone.
    DROPPED = "dropped", _("No longer needed")
    FAILED = "failed", _("Failed")
    # The connection broke after the message was handed over: never repeated, but told.
    UNCERTAIN = "uncertain", _("Delivery uncertain")


class Verb(TextChoices):
    """What the audit trail records."""

    ROLE_ADDED = "role_added", _("Role added")
    ROLE_REMOVED = "role_removed", _("Role removed")
    NAME_CHANGED = "name_changed", _("Name changed by its owner")
    VISIBILITY_CHANGED = "visibility_changed", _("Visibility changed")
    REVIEWER_PROPOSED = "reviewer_proposed", _("Reviewer proposed")
    APPOINTMENT_ACCEPTED = "appointment_accepted", _("Appointment accepted")
    APPOINTMENT_DECLINED = "appointment_declined", _("Appointment declined")
    APPOINTMENT_TAKEN_BACK = "appointment_taken_back", _("Appointment taken back")
    APPOINTMENT_RESIGNED = "appointment_resigned", _("Appointment ended by the Reviewer")
    APPOINTMENT_ENDED = "appointment_ended", _("Appointment ended by the mediator")
    APPOINTMENT_EXPIRED = "appointment_expired", _("Appointment not answered in time")
    APPOINTMENT_REPLACED = "appointment_replaced", _("Reviewer replaced by a new one")
    REVIEWER_VETTED = "reviewer_vetted", _("Reviewer checked")
    REVIEWER_REFUSED = "reviewer_refused", _("Reviewer refused")
    ORGANISATION_ADDED = "organisation_added", _("Organisation added")
    ORGANISATION_CHANGED = "organisation_changed", _("Organisation changed")
    STAFF_INVITED = "staff_invited", _("Invited to the staff of an organisation")
    PLACE_ACCEPTED = "place_accepted", _("Staff place accepted")
    PLACE_DECLINED = "place_declined", _("Staff place declined")
    PLACE_EXPIRED = "place_expired", _("Staff place not answered in time")
    PLACE_ENDED = "place_ended", _("Staff place ended")
    PERSON_CHANGED_BY_ADMIN = "person_changed_by_admin", _("Person changed by an admin")
    ACCESS_GRANTED = "access_granted", _("Access granted")
    ACCESS_ENDED = "access_ended", _("Access ended")
    CODES_MADE = "codes_made", _("Access codes made")
    CODES_ENDED = "codes_ended", _("Access codes switched off")
    SHOP_PRODUCT_CHANGED = "shop_product_changed", _("Product of the shop changed")
    DATA_DOWNLOADED = "data_downloaded", _("Own data prepared for download")
    DELETION_ASKED = "deletion_asked", _("Deletion of the account asked for")
    DELETION_STOPPED = "deletion_stopped", _("Deletion of the account stopped")
    ACCOUNT_DELETED = "account_deleted", _("Account deleted")
    SECOND_FACTOR_RESET = "second_factor_reset", _("Second factor reset")
    FEEDBACK_WITHDRAWN = "feedback_withdrawn", _("Feedback withdrawn by an admin")
    RESPONDENT_LOOKED_AT = "respondent_looked_at", _("Respondent looked at")
    REPORT_SETTLED = "report_settled", _("Report settled")
