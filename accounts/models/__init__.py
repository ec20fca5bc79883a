from .access import AccessCode, AccessGrant, CodeBatch, OrderLine, ShopProduct
from .appointments import Appointment, Vetting
from .audit import AuditEvent
from .form_keys import FormKey
from .imports import Import
from .jobs import Job
from .ledger import LedgerMark
from .messages import ContactMessage
from .names import NameWord
from .organisations import Organisation, StaffPlace
from .outbox import OutboxMessage
from .people import MediatorProfile, User

__all__ = [
    "AccessCode",
    "AccessGrant",
    "Appointment",
    "AuditEvent",
    "CodeBatch",
    "ContactMessage",
    "FormKey",
    "Import",
    "Job",
    "LedgerMark",
    "MediatorProfile",
    "NameWord",
    "OrderLine",
    "Organisation",
    "OutboxMessage",
    "ShopProduct",
    "StaffPlace",
    "User",
    "Vetting",
]
