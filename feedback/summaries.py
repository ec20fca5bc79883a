"""What becomes of a request, as far as its mediator may know; and what pieces of feedback say together."""

from collections import Counter
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise

from accounts.choices import OutboxState
from accounts.models import OutboxMessage, User
from feedback.choices import Outcome, RequestKind, Sending, UseAgain
from feedback.models import FeedbackRequest
from feedback.querysets import FeedbackQuerySet
from feedback.services.requests import INVITATION
from feedback.surveys import HIGHEST, LOWEST, NOT_APPLICABLE, SCALES, SURVEYS, Survey
from logbook_site.foundation import clock
from logbook_site.foundation.charts import Chart, chart

# A mail that was dropped looks as if it was sent: its reader may have asked never to be asked, and that is theirs.
SENDING = {
    OutboxState.DUE: Sending.WAITING,
    OutboxState.CLAIMED: Sending.WAITING,
    OutboxState.SENDING: Sending.WAITING,
    OutboxState.SENT: Sending.SENT,
    OutboxState.DROPPED: Sending.SENT,
    OutboxState.FAILED: Sending.FAILED,
    OutboxState.UNCERTAIN: Sending.UNCERTAIN,
}


def sending_of(requests: Iterable[FeedbackRequest]) -> dict[UUID, Sending]:
    """What happened to the invitation of each request, in one query. Of a reminder nothing is told."""
    requests = list(requests)
    mails = OutboxMessage.objects.filter(
        message=INVITATION, object_id__in=[request.pk for request in requests]
    ).values_list("object_id", "state", "attempts")
    found = {object_id: (state, attempts) for object_id, state, attempts in mails}
    return {request.pk: _sending(request, found.get(request.pk)) for request in requests}


def is_any_undelivered(mediator: User) -> bool:
    """Whether an invitation of these days did not arrive, or perhaps not; not among those that were cancelled."""
    kept = FeedbackRequest.objects.visible_to(mediator).filter(
        unreadable_at__gt=clock.now(), cancelled_at__isnull=True
    )
    troubled = OutboxMessage.objects.filter(
        message=INVITATION, object_id=OuterRef("pk"), state__in=[OutboxState.FAILED, OutboxState.UNCERTAIN]
    )
    return kept.filter(Q(is_lost=True) | Exists(troubled)).exists()


def _sending(request: FeedbackRequest, mail: tuple[str, int] | None) -> Sending:
    if request.cancelled_at:
        return Sending.CANCELLED
    if request.is_lost:
        return Sending.LOST
    if request.kind == RequestKind.LINK:
        return Sending.HANDED_OVER
    if mail is None:
        return Sending.WAITING
    state, attempts = mail
    return Sending.RETRIED if state == OutboxState.DUE and attempts else SENDING[OutboxState(state)]


# --- What pieces say together ----------------------------------------------------------------------


# What a summary is made from.
ANSWERS = ["survey", "ratings", "use_again", "outcome", "outcome_satisfied"]


class QuestionSummary(NamedTuple):
    """How often each answer was given to one question; answers that nobody gave are there with a 0."""

    key: str
    text: Promise
    counts: list[tuple[str, int]]  # (the answer in words, how often), in the order of the survey
    number: int  # answers that the average rests on; without an average: all answers
    average: Decimal | None = None  # 1.0 to 5.0, one decimal; None: nobody rated, or it is no rating
    is_reversed: bool = False  # the average is turned round, the counts are as answered

    @property
    def chart(self) -> Chart:
        return chart((label, count, str(count)) for label, count in self.counts)

    @property
    def percent(self) -> int:
        """The average as a part of the best one."""
        return round(self.average * 100 / HIGHEST) if self.average else 0


class SurveySummary(NamedTuple):
    """All pieces that answered one survey."""

    survey: Survey
    number: int
    parts: list[tuple[Promise, list[QuestionSummary]]]  # ratings, in the survey's parts
    satisfied: QuestionSummary
    choices: list[QuestionSummary]  # answers without an average


def summaries_of(pieces: FeedbackQuerySet) -> list[SurveySummary]:
    """What `pieces` say, by survey, in one query. Skipped questions and "cannot say" are in no average.

    Depends on which answers were given, and on nothing about when or by whom.
    """
    return _by_survey(pieces.order_by("id").values_list(*ANSWERS))


def summaries_by_year(pieces: FeedbackQuerySet) -> dict[int, list[SurveySummary]]:
    """{year: what the pieces of that year say}, newest first, in one query. For Reviewers: they know the year."""
    by_year: dict[int, list[tuple]] = {}
    for year, *answers in pieces.order_by("-year", "id").values_list("year", *ANSWERS):
        by_year.setdefault(year, []).append(tuple(answers))
    return {year: _by_survey(answers) for year, answers in by_year.items()}


def _by_survey(answers: Iterable[tuple]) -> list[SurveySummary]:
    by_survey: dict[str, list[tuple]] = {}
    for name, *answer in answers:
        by_survey.setdefault(name, []).append(tuple(answer))
    return [_summary(SURVEYS[name], by_survey[name]) for name in SURVEYS if name in by_survey]


def _summary(survey: Survey, answers: list[tuple]) -> SurveySummary:
    ratings, use_again, outcome, satisfied = zip(*answers, strict=True)

    def rated(key, text, scale, given, is_reversed=False) -> QuestionSummary:
        times = Counter(str(value) for value in given if value)
        counts = [(word, times[value]) for value, word in SCALES[scale]]
        average, number = _average(times, is_reversed)
        return QuestionSummary(key, text, counts, number, average, is_reversed)

    def chosen(key, choices, given) -> QuestionSummary:
        times = Counter(value for value in given if value)
        counts = [(choice.label, times[choice.value]) for choice in choices]
        return QuestionSummary(key, survey.others[key], counts, times.total())

    parts = [
        (
            part.title,
            [
                rated(
                    question.key,
                    question.text,
                    question.scale,
                    [each.get(question.key) for each in ratings],
                    question.is_reversed,
                )
                for question in part.questions
            ],
        )
        for part in survey.parts
    ]
    return SurveySummary(
        survey=survey,
        number=len(answers),
        parts=parts,
        satisfied=rated("outcome_satisfied", survey.others["outcome_satisfied"], "satisfaction", satisfied),
        choices=[chosen("use_again", UseAgain, use_again), chosen("outcome", Outcome, outcome)],
    )


def _average(times: Counter, is_reversed: bool) -> tuple[Decimal | None, int]:
    """(the average with one decimal, halves up, how many ratings it rests on)."""
    ratings = {int(value): count for value, count in times.items() if value != NOT_APPLICABLE}
    number = sum(ratings.values())
    if not number:
        return None, 0
    average = Decimal(sum(rating * count for rating, count in ratings.items())) / number
    if is_reversed:
        average = LOWEST + HIGHEST - average
    return average.quantize(Decimal("0.1"), ROUND_HALF_UP), number
