"""A download of what a Reviewer may read about one mediator: one row a piece, without anything about who wrote it."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from feedback import exports
from feedback.choices import YesNo
from feedback.models import Feedback
from feedback.querysets import FeedbackQuerySet
from feedback.surveys import Survey
from logbook_site.foundation.languages import language_name


def headings(surveys: list[Survey], *, is_checked: bool) -> list:
    """Whom IMI has not checked gets the columns of My Feedback, and no more."""
    if not is_checked:
        return exports.headings(surveys)
    own = [_("Year"), _("Shared with the mediator"), _("Invited by the mediator"), _("Language")]
    return [*own, *exports.headings(surveys)]


def rows(pieces: FeedbackQuerySet, surveys: list[Survey], *, is_checked: bool) -> Iterator[list]:
    """In the order of `pieces`."""
    for piece in pieces.iterator(chunk_size=exports.CHUNK):
        yield [*(_own(piece) if is_checked else []), *exports.row(piece, surveys)]


def _own(piece: Feedback) -> list:
    language = language_name(piece.language)
    return [piece.year, _yes_or_no(piece.shared), _yes_or_no(piece.invited), language]


def _yes_or_no(is_so: bool) -> str:
    return str((YesNo.YES if is_so else YesNo.NO).label)
