"""Who may do what to requests and feedback they see: plain functions, a reason a line."""

from accounts.models import User
from feedback.models import Feedback, FeedbackRequest


def may_ask(user: User, mediator: User) -> bool:
    """Mediators ask about their own work; nobody does it for them."""
    return user == mediator and user.is_mediator and user.is_active


def may_cancel(user: User, request: FeedbackRequest) -> bool:
    """Whoever asked."""
    return request.mediator_id == user.pk


def may_annotate(user: User, piece: Feedback) -> bool:
    """Notes and reports are for the mediator it is about, and only while they may read it."""
    return Feedback.objects.visible_to(user).filter(pk=piece.pk).exists()


def may_withdraw_for_all(user: User) -> bool:
    """IMI's staff alone, with a reason. The party has the code."""
    return user.is_active and user.is_admin
