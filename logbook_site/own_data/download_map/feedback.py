"""Feedback, as its mediator's pages show it: what was shared, and nothing of who left it, when, or in which order."""

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from feedback import exports
from feedback.models import Feedback, FeedbackNote, FeedbackReport, FeedbackRequest
from logbook_site.own_data.download_map.people import NUMBER, YOU
from logbook_site.own_data.tables import Column, Table
from reviewers.basis import kept_basis
from reviewers.models import Digest

ANSWERED = "Would tell whether somebody answered."
FORGOTTEN = "Forgotten after five days; a file would keep it."
BASIS = "Names pieces that were not shared; the page tells their number."


def _requests(person: User) -> QuerySet:
    """One row for each press of the button, as the list of requests shows them when their contacts are forgotten."""
    batches = FeedbackRequest.objects.filter(mediator=person).values("batch")
    return batches.annotate(
        created_at=Min("created_at"),
        kind=Min("kind"),
        ended_on=Min("ended_on"),
        acted_as=Min("acted_as"),
        language=Min("language"),
        number=Count("pk"),
        reminded=Count("pk", filter=Q(remind=True)),
        cancelled=Count("pk", filter=Q(cancelled_at__isnull=False)),
        lost=Count("pk", filter=Q(is_lost=True)),
    ).order_by("created_at", "batch")


def _feedback_sheet(person: User) -> tuple[list, object]:
    pieces = Feedback.objects.visible_to(person)
    surveys = exports.surveys_in(pieces)
    return list(map(str, exports.headings(surveys))), exports.rows(pieces, surveys)


def _about_me(person: User) -> QuerySet:
    return Digest.objects.visible_to(person).select_related("reviewer").order_by("created_at", "id")


def _by_me(person: User) -> QuerySet:
    return Digest.objects.filter(reviewer=person).select_related("mediator").order_by("created_at", "id")


def _author(digest: Digest) -> str:
    return digest.reviewer_name or (digest.reviewer.name if digest.reviewer else "")


def _final_day(digest: Digest) -> object:
    return digest.final_on


TOLD = {
    "feedback.FeedbackRequest": (
        Table(
            "feedback-requests",
            _("When you asked for feedback, and how many. Whom you asked is forgotten after some days."),
            _requests,
            {
                "created_at": _("Asked"),
                "kind": _("How"),
                "number": _("Number"),
                "ended_on": _("End of the mediation"),
                "acted_as": _("Survey about the"),
                "language": _("Language"),
                "reminded": _("With a reminder"),
                "cancelled": _("Cancelled"),
                "lost": _("Not sent"),
            },
            {
                "id": NUMBER, "batch": NUMBER, "mediator": YOU, "token_hash": ANSWERED, "link_ends_at": ANSWERED,
                "link_state": ANSWERED, "sealed": FORGOTTEN, "unreadable_at": "Five days after it was asked.",
                "remind": "Told as a number.", "cancelled_at": "Told as a number.", "is_lost": "Told as a number.",
            },
        ),
    ),
    "feedback.Feedback": (
        Table(
            "feedback",
            _("Feedback that was shared with you, as My Feedback shows it, in no order of time."),
            Feedback.objects.visible_to,
            dict.fromkeys(
                [
                    "id", "survey", "party_role", "ratings", "use_again", "outcome", "outcome_satisfied",
                    "helpful", "better", "quote", "may_quote",
                ],
                "",
            ),
            {
                "mediator": YOU, "language": "That of the form; it might tell whose words these are.",
                "year": "Not told on the mediator’s pages either.",
                "invited": "Not told on the mediator’s pages either.", "shared": "Always yes.",
                "release_on": "Always empty.", "code_hash": "Belongs to who left it.",
            },
            _feedback_sheet,
        ),
    ),
    "feedback.FeedbackNote": (
        Table(
            "feedback-notes",
            _("Your own notes on feedback. The number leads to the piece in everything.json."),
            lambda person: FeedbackNote.objects.filter(feedback__mediator=person).order_by("feedback"),
            {"feedback": Column(_("Piece"), lambda row: row.feedback_id), "note": _("Note")},
        ),
    ),
    "feedback.FeedbackReport": (
        Table(
            "feedback-reports",
            _("Feedback that you reported, and why."),
            lambda person: FeedbackReport.objects.filter(feedback__mediator=person).order_by("created_at", "id"),
            {
                "feedback": Column(_("Piece"), lambda row: row.feedback_id),
                "created_at": _("Reported"),
                "reason": _("Reason"),
                "state": _("State"),
            },
            {"id": NUMBER},
        ),
    ),
    "reviewers.Digest": (
        Table(
            "digests-about-me",
            _("Feedback Digests about you, and your comments on their facts."),
            _about_me,
            {
                "final_at": Column(_("Final"), _final_day),
                "state": _("State"),
                "reviewer_name": Column(_("Written by"), _author),
                "basis": Column(_("Based on"), lambda digest: kept_basis(digest).line),
                "text": _("Text"),
                "facts_until": _("Facts could be checked until"),
                "comment": _("Comment"),
                "commented_at": _("Commented"),
            },
            {
                "id": NUMBER, "mediator": YOU, "reviewer": "Told by name.", "based_on": BASIS,
                "first_year": "Told as what it is based on.", "last_year": "Told as what it is based on.",
                "version": NUMBER, "created_at": "When its Reviewer began.", "changed_at": "When its Reviewer wrote.",
            },
        ),
        Table(
            "digests-by-me",
            _("Feedback Digests that you wrote as a Reviewer, drafts, too."),
            _by_me,
            {
                "mediator": Column(_("Mediator"), lambda digest: digest.mediator.name),
                "state": _("State"),
                "created_at": _("Begun"),
                "changed_at": _("Changed"),
                "facts_until": _("Facts could be checked until"),
                "final_at": Column(_("Final"), _final_day),
                "first_year": _("First year"),
                "last_year": _("Last year"),
                "text": _("Text"),
            },
            {
                "id": NUMBER, "reviewer": YOU, "reviewer_name": YOU, "version": NUMBER, "based_on": BASIS,
                "comment": "Written by the mediator.", "commented_at": "Written by the mediator.",
            },
        ),
    ),
}  # fmt: skip
