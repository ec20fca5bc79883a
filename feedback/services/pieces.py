"""What a mediator, or IMI, does with a piece of feedback."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404

from accounts.choices import Verb
from accounts.models import User
from accounts.services.audit import record
from accounts.services.outbox import queue_message
from feedback import permissions
from feedback.choices import ReportState
from feedback.models import Feedback, FeedbackNote, FeedbackReport, Respondent
from logbook_site.foundation.lost_texts import readable

REPORT = "feedback.emails.report"


@transaction.atomic
def save_note(*, piece: Feedback, note: str, by: User) -> None:
    """Keep the mediator's note to self; an empty one is gone. Raises PermissionDenied and Http404."""
    _require(permissions.may_annotate(by, piece))
    _hold(piece)
    if note.strip():
        FeedbackNote.objects.update_or_create(feedback=piece, defaults={"note": note.strip()})
    else:
        FeedbackNote.objects.filter(feedback=piece).delete()


@transaction.atomic
def report_piece(*, piece: Feedback, reason: str, by: User) -> None:
    """Ask IMI to look at a piece. While one report waits, another adds nothing. Raises PermissionDenied and Http404."""
    _require(permissions.may_annotate(by, piece))
    _hold(piece)
    report, is_new = FeedbackReport.objects.get_or_create(
        feedback=piece, state=ReportState.OPEN, defaults={"reason": reason}
    )
    if is_new:
        queue_message(message=REPORT, object_id=report.pk)


@transaction.atomic
def settle_report(*, report: FeedbackReport, by: User, reason: str) -> None:
    """An admin has looked, and leaves the piece as it is. Audited. Raises PermissionDenied."""
    _require(permissions.may_withdraw_for_all(by))
    FeedbackReport.objects.filter(pk=report.pk).update(state=ReportState.SETTLED)
    record(Verb.REPORT_SETTLED, by=by, about=report, reason=reason)


@transaction.atomic
def withdraw_piece(*, piece: Feedback, by: User, reason: str) -> None:
    """An admin takes a piece away from everybody, for good. Audited. Raises PermissionDenied."""
    _require(permissions.may_withdraw_for_all(by))
    record(Verb.FEEDBACK_WITHDRAWN, by=by, about=piece, reason=reason)
    piece.delete()


@transaction.atomic
def look_at_respondent(*, respondent: Respondent, by: User, reason: str) -> tuple[str, str]:
    """(name, e-mail) as the respondent typed them. Each look is audited. Raises PermissionDenied."""
    _require(permissions.may_withdraw_for_all(by))
    record(Verb.RESPONDENT_LOOKED_AT, by=by, about=respondent, reason=reason)
    return readable(respondent, "name"), readable(respondent, "email")


def _hold(piece: Feedback) -> None:
    """Nobody takes it back meanwhile. Raises Http404 where somebody just did."""
    get_object_or_404(Feedback.objects.select_for_update(), pk=piece.pk)


def _require(permitted: bool) -> None:
    if not permitted:
        raise PermissionDenied
