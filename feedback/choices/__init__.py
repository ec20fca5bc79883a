"""Every status and every answer that is not a rating, with its words on screen."""

from feedback.choices.answers import ActedAs, Outcome, PartyRole, UseAgain, YesNo
from feedback.choices.states import LinkState, ReportState, RequestKind, Sending

__all__ = [
    "ActedAs",
    "LinkState",
    "Outcome",
    "PartyRole",
    "ReportState",
    "RequestKind",
    "Sending",
    "UseAgain",
    "YesNo",
]
