from .notices import Notice, NoticeName
from .pieces import Feedback, FeedbackNote, FeedbackReport, Respondent
from .requests import FeedbackRequest, PendingFeedback, Suppression

__all__ = [
    "Feedback",
    "FeedbackNote",
    "FeedbackReport",
    "FeedbackRequest",
    "Notice",
    "NoticeName",
    "PendingFeedback",
    "Respondent",
    "Suppression",
]
