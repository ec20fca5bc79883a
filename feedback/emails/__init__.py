"""Everything we write about feedback.

Each function takes an id and returns the mail, or None when there is nothing to say any more. The outbox calls them,
once for each try, and keeps nothing of what they return.
"""

from feedback.emails.members import not_sent, notice, report
from feedback.emails.parties import confirmation, invitation, kept_time, preview, reminder, reminder_day

__all__ = [
    "confirmation",
    "invitation",
    "kept_time",
    "not_sent",
    "notice",
    "preview",
    "reminder",
    "reminder_day",
    "report",
]
