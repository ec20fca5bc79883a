from .appointments import Appointment, Vetting
from .audit import AuditEvent
from .form_keys import FormKey
from .outbox import OutboxMessage
from .people import MediatorProfile, User

__all__ = ["Appointment", "AuditEvent", "FormKey", "MediatorProfile", "OutboxMessage", "User", "Vetting"]
