from .appointments import Appointment, Vetting
from .audit import AuditEvent
from .form_keys import FormKey
from .names import NameWord
from .organisations import Organisation, StaffPlace
from .outbox import OutboxMessage
from .people import MediatorProfile, User

__all__ = [
    "Appointment",
    "AuditEvent",
    "FormKey",
    "MediatorProfile",
    "NameWord",
    "Organisation",
    "OutboxMessage",
    "StaffPlace",
    "User",
    "Vetting",
]
