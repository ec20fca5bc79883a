"""What needs a hand today: numbers in words, each with the list that it counts."""

from typing import NamedTuple

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import ngettext_lazy

from accounts.models import ContactMessage, Job, OrderLine, Organisation, OutboxMessage, User, Vetting
from feedback.models import FeedbackReport, FeedbackRequest


class Question(NamedTuple):
    """Rows of `model`, by a method of its queryset, which is a filter of its list in the admin, too."""

    model: type[Model]
    method: str
    words: object  # for one, and for many: ngettext_lazy


class Line(NamedTuple):
    number: int
    sentence: str
    address: str


def _words(one: str, many: str) -> object:
    return ngettext_lazy(one, many, "number")


NEEDS = [
    Question(
        OutboxMessage,
        "late",
        _words(
            "%(number)d mail is due and nobody sends it. Do the worker and its timetable run?",
            "%(number)d mails are due and nobody sends them. Do the worker and its timetable run?",
        ),
    ),
    Question(
        Job,
        "late",
        _words(
            "%(number)d job is due and nobody does it. Do the worker and its timetable run?",
            "%(number)d jobs are due and nobody does them. Do the worker and its timetable run?",
        ),
    ),
    Question(
        Vetting,
        "waiting",
        _words("%(number)d Reviewer waits for a check.", "%(number)d Reviewers wait for a check."),
    ),
    Question(
        FeedbackReport,
        "open",
        _words("%(number)d piece of feedback is reported.", "%(number)d pieces of feedback are reported."),
    ),
    Question(
        ContactMessage,
        "not_sent",
        _words(
            "%(number)d message to you could not be mailed. Read it here.",
            "%(number)d messages to you could not be mailed. Read them here.",
        ),
    ),
    Question(
        OrderLine,
        "waiting_long",
        _words(
            "%(number)d order waits for its buyer to sign up.",
            "%(number)d orders wait for their buyers to sign up.",
        ),
    ),
    Question(
        OrderLine,
        "refunded_in_part",
        _words(
            "%(number)d order was refunded in part. Does its access end?",
            "%(number)d orders were refunded in part. Does their access end?",
        ),
    ),
    Question(
        OutboxMessage,
        "failed_lately",
        _words(
            "%(number)d mail failed lately, or perhaps did not arrive.",
            "%(number)d mails failed lately, or perhaps did not arrive.",
        ),
    ),
    Question(Job, "failed_lately", _words("%(number)d job failed lately.", "%(number)d jobs failed lately.")),
    Question(
        FeedbackRequest,
        "lost_lately",
        _words(
            "The contact details of %(number)d request were lost. Its mediator was told.",
            "The contact details of %(number)d requests were lost. Their mediators were told.",
        ),
    ),
]
# Nothing to do about it today, but good to know.
AHEAD = [
    Question(
        Organisation,
        "ending",
        _words(
            "The access of %(number)d organisation ends soon.",
            "The access of %(number)d organisations ends soon.",
        ),
    ),
    Question(
        User,
        "access_ending",
        _words(
            "The access of %(number)d mediator ends soon.", "The access of %(number)d mediators ends soon."
        ),
    ),
    Question(
        User,
        "leaving",
        _words(
            "%(number)d account will be deleted: its owner asked for it.",
            "%(number)d accounts will be deleted: their owners asked for it.",
        ),
    ),
    Question(
        User,
        "renamed_lately",
        _words(
            "%(number)d Reviewer or directory changed their name lately. Is it still the same person?",
            "%(number)d Reviewers or directories changed their names lately. Are they still the same people?",
        ),
    ),
]


def needs() -> list[Line]:
    """What waits for somebody's hand; most urgent first, nothing that is 0."""
    return _lines(NEEDS)


def ahead() -> list[Line]:
    return _lines(AHEAD)


def _lines(questions: list[Question]) -> list[Line]:
    """One query each, however many rows there are."""
    found = []
    for model, method, words in questions:
        if number := getattr(model.objects, method)().count():
            place = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
            found.append(Line(number, words % {"number": number}, f"{reverse(place)}?desk={method}"))
    return found
