"""A download of what a Reviewer may read about one mediator: one row a piece, without anything about who wrote it."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from feedback import exports
from feedback.choices import YesNo
from feedback.querysets import FeedbackQuerySet
from feedback.surveys import Survey


def headings(surveys: list[Survey], *, is_checked: bool) -> list:
    """Whom IMI has not checked gets the columns of My Feedback, and no more."""
    if not is_checked:
        return exports.headings(surveys)
    own = [_("Year"), _("Shared with the mediator"), _("Invited by the mediator")]
    return [*own, *exports.headings(surveys)]


def rows(pieces: FeedbackQuerySet, surveys: list[Survey], *, is_checked: bool) -> Iterator[list]:
    """In the order of `pieces`."""
    for piece in pieces.iterator(chunk_size=exports.CHUNK):
        own = [piece.year, _yes_or_no(piece.shared), _yes_or_no(piece.invited)] if is_checked else []
        yield [*own, *exports.row(piece, surveys)]


def _yes_or_no(is_so: bool) -> str:
    return str((YesNo.YES if is_so else YesNo.NO).label)
