"""After a backup was restored: what was gone is gone again, and nothing is sent a second time.

Each step may run twice: when one fails, all of them run again. Only the last one lets web server and worker start.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Model, QuerySet

from accounts.choices import AppointmentState, OutboxState, PlaceState, Role, Verb, VettingState, Visibility
from accounts.models import (
    Appointment,
    MediatorProfile,
    Organisation,
    OutboxMessage,
    StaffPlace,
    User,
    Vetting,
)
from accounts.services import ledger, organisations, reminders
from accounts.services.ledger import hashed
from accounts.services.names import keep_name_words
from cpd import services as cpd
from directory import services as directory
from feedback.choices import LinkState
from feedback.models import Feedback, FeedbackRequest, PendingFeedback, Suppression
from feedback.services import forgetting, release
from logbook import services as logbook
from logbook_site.foundation import clock
from logbook_site.own_data.services import deletion, downloads, sign_ups
from reviewers.services import appointing, news

ENDS = {
    Verb.APPOINTMENT_ENDED: AppointmentState.ENDED,
    Verb.APPOINTMENT_RESIGNED: AppointmentState.RESIGNED,
    Verb.APPOINTMENT_REPLACED: AppointmentState.REPLACED,
    Verb.APPOINTMENT_TAKEN_BACK: AppointmentState.TAKEN_BACK,
}
# All that becomes due with time: it may have been done, and told by mail, after the backup was made.
DUE_WITH_TIME: list[Callable[[], object]] = [
    release.release_feedback, news.tell_news, reminders.remind_of_end,
    appointing.expire_appointments, organisations.expire_places, forgetting.forget_contacts,
    forgetting.forget_ended_links, forgetting.forget_respondents, logbook.forget_deleted_entries,
    cpd.forget_deleted_entries, directory.forget_looks, downloads.forget_downloads,
    sign_ups.forget_sign_ups,
]  # fmt: skip


class Found(NamedTuple):
    """What a step changed, in words, and how many."""

    what: str
    number: int


def after_restore() -> Iterable[Found]:
    """Do all of it, and tell of each step when it is done."""
    yield Found("mails that were due and may have been sent: uncertain, not sent again", _mail_is_uncertain())
    yield Found("sign-ins ended", _end_sign_ins())
    words = ledger.read()
    for what, replay in STEPS:
        yield Found(what, replay(words))
    for work in DUE_WITH_TIME:
        work()
    yield Found("mails that became due meanwhile: uncertain, too", _mail_is_uncertain())
    ledger.settle()


def _mail_is_uncertain() -> int:
    """What only becomes due in the future cannot have been sent."""
    open_states = [OutboxState.DUE, OutboxState.CLAIMED, OutboxState.SENDING]
    mails = OutboxMessage.objects.filter(state__in=open_states, not_before__lte=clock.now())
    return mails.update(
        state=OutboxState.UNCERTAIN, lease_until=None, finished_at=clock.now(), last_error="restored"
    )


@transaction.atomic
def _end_sign_ins() -> int:
    """Also those that had been ended: by signing out, a new password, or an admin."""
    UserSession.objects.all().delete()
    return Session.objects.all().delete()[0]


# --- What the ledger says ------------------------------------------------------------------------

Words = dict[str, list[str]]


def _named(rows: QuerySet, words: Words, *wanted: str, by: str = "pk") -> list[tuple[Model, str]]:
    """Those of `rows` about which one of the `wanted` words was said; each with the last of them."""
    found = {}
    for key, about in rows.order_by().values_list("pk", by):
        said = [word for word in words.get(hashed(about), []) if word in wanted]
        if said:
            found[key] = said[-1]
    return [(row, found[row.pk]) for row in rows.model.objects.filter(pk__in=found).order_by("pk")]


def _keys(rows: QuerySet, words: Words, word: str, by: str = "pk") -> list:
    return [row.pk for row, _word in _named(rows, words, word, by=by)]


def _delete_accounts(words: Words) -> int:
    gone = _keys(User.objects.all(), words, Verb.ACCOUNT_DELETED)
    User.objects.filter(pk__in=gone).update(deletion_due_at=clock.now())
    return sum(deletion.delete_account(key) for key in gone)


@transaction.atomic
def _close_accounts(words: Words) -> int:
    """Of those who are leaving, and of those whom an admin shut out; who stopped the deletion stays.

    Who is leaving has the whole time again, also who asked before the backup: they may have changed their mind after
    the last copy of the ledger.
    """
    number = 0
    due = clock.now() + clock.hours(settings.ACCOUNT_DELETION_HOURS)
    User.objects.filter(deletion_due_at__isnull=False).update(deletion_due_at=due)
    for person, word in _named(User.objects.all(), words, Verb.DELETION_ASKED, Verb.DELETION_STOPPED):
        leaves = word == Verb.DELETION_ASKED
        if leaves != person.is_leaving:
            person.deletion_due_at = due if leaves else None
            number += _save(person, "deletion_due_at")
    shut = f"{Verb.PERSON_CHANGED_BY_ADMIN}:deactivated"
    open_again = f"{Verb.PERSON_CHANGED_BY_ADMIN}:activated"
    for person, word in _named(User.objects.filter(is_active=True), words, shut, open_again):
        if word == shut:
            person.is_active = False
            number += _save(person, "is_active")
    return number


@transaction.atomic
def _take_roles(words: Words) -> int:
    number = 0
    for role in (Role.REVIEWER, Role.DIRECTORY, Role.ADMIN):
        removed, added = f"{Verb.ROLE_REMOVED}:{role}", f"{Verb.ROLE_ADDED}:{role}"
        holders = User.objects.filter(**{f"is_{role}": True})
        for person, word in _named(holders, words, removed, added):
            if word == removed:
                setattr(person, f"is_{role}", False)
                number += _save(person, f"is_{role}")
    return number


def _save(person: User, field: str) -> int:
    person.save(update_fields=[field])
    keep_name_words(person)
    return 1


@transaction.atomic
def _make_private(words: Words) -> int:
    private, seen = (f"{Verb.VISIBILITY_CHANGED}:{visibility}" for visibility in Visibility)
    number = 0
    for profile, word in _named(MediatorProfile.objects.all(), words, private, seen):
        if word == private and profile.visibility != Visibility.PRIVATE:
            profile.visibility = Visibility.PRIVATE
            profile.save(update_fields=["visibility"])
            keep_name_words(profile.person)
            number += 1
    return number


def _end_appointments(words: Words) -> int:
    number = 0
    running = Appointment.objects.filter(state__in=[AppointmentState.PENDING, AppointmentState.ACCEPTED])
    for verb, state in ENDS.items():
        keys = _keys(running, words, verb)
        number += Appointment.objects.filter(pk__in=keys).update(
            state=state, ended_at=clock.now(), invite_email=""
        )
    return number


def _refuse_reviewers(words: Words) -> int:
    decided = _named(Vetting.objects.all(), words, Verb.REVIEWER_REFUSED, Verb.REVIEWER_VETTED)
    refused = [vetting.pk for vetting, word in decided if word == Verb.REVIEWER_REFUSED]
    others = Vetting.objects.filter(pk__in=refused).exclude(state=VettingState.REFUSED)
    return others.update(state=VettingState.REFUSED, decided_at=clock.now())


def _uncheck_reviewers(words: Words) -> int:
    """Whose role was taken away: the check went with it, even if the role came back."""
    removed = f"{Verb.ROLE_REMOVED}:{Role.REVIEWER}"
    checked = Vetting.objects.filter(state=VettingState.VETTED)
    said = _named(checked, words, removed, Verb.REVIEWER_VETTED)
    unchecked = checked.filter(pk__in=[vetting.pk for vetting, word in said if word == removed])
    return unchecked.update(state=VettingState.WAITING, asked_at=clock.now(), decided_at=None)


def _end_places(words: Words) -> int:
    running = StaffPlace.objects.filter(state__in=[PlaceState.PENDING, PlaceState.ACCEPTED])
    ended = StaffPlace.objects.filter(pk__in=_keys(running, words, Verb.PLACE_ENDED))
    return ended.update(state=PlaceState.ENDED, ended_at=clock.now(), invite_email="")


def _close_organisations(words: Words) -> int:
    said = _named(Organisation.objects.all(), words, ledger.ORGANISATION_CLOSED, ledger.ORGANISATION_OPENED)
    closed = [organisation.pk for organisation, word in said if word == ledger.ORGANISATION_CLOSED]
    return Organisation.objects.with_access().filter(pk__in=closed).update(is_active=False)


def _withdraw_feedback(words: Words) -> int:
    gone = Feedback.objects.filter(pk__in=_keys(Feedback.objects.all(), words, Verb.FEEDBACK_WITHDRAWN))
    number = gone.count()
    gone.delete()
    return number


def _unshare_feedback(words: Words) -> int:
    shared = Feedback.objects.filter(shared=True)
    return shared.filter(pk__in=_keys(shared, words, ledger.FEEDBACK_UNSHARED)).update(shared=False)


def _close_links(words: Words) -> int:
    """Also those of the general survey: what waited for its confirmation was confirmed."""
    links = FeedbackRequest.objects.filter(link_state=LinkState.OPEN, token_hash__isnull=False)
    used = links.filter(pk__in=_keys(links, words, ledger.LINK_USED, by="token_hash"))
    waiting = _keys(PendingFeedback.objects.all(), words, ledger.LINK_USED, by="token_hash")
    confirmed = PendingFeedback.objects.filter(pk__in=waiting).delete()[0]
    return used.update(link_state=LinkState.CLOSED) + confirmed


def _cancel_requests(words: Words) -> int:
    waiting = FeedbackRequest.objects.filter(cancelled_at__isnull=True)
    cancelled = waiting.filter(pk__in=_keys(waiting, words, ledger.REQUEST_CANCELLED))
    return cancelled.update(cancelled_at=clock.now())


@transaction.atomic
def _keep_stop_list(words: Words) -> int:
    """Its lines hold what the list itself holds, so that it can be written anew."""
    before = Suppression.objects.count()
    for about, said in words.items():
        stops = [word for word in said if word in (ledger.ADDRESS_STOPPED, ledger.ADDRESS_ALLOWED)]
        if stops and stops[-1] == ledger.ADDRESS_STOPPED:
            Suppression.objects.get_or_create(address_hash=about)
        elif stops:
            Suppression.objects.filter(address_hash=about).delete()
    return abs(Suppression.objects.count() - before)


STEPS: list[tuple[str, Callable[[Words], int]]] = [
    ("accounts deleted", _delete_accounts),
    ("accounts closed or open, as they were", _close_accounts),
    ("roles taken away", _take_roles),
    ("mediators private", _make_private),
    ("appointments of Reviewers ended", _end_appointments),
    ("Reviewers refused", _refuse_reviewers),
    ("Reviewers to be checked again", _uncheck_reviewers),
    ("staff places ended", _end_places),
    ("organisations without access", _close_organisations),
    ("pieces of feedback withdrawn", _withdraw_feedback),
    ("pieces of feedback no longer shared", _unshare_feedback),
    ("links used", _close_links),
    ("requests cancelled", _cancel_requests),
    ("changes of the stop list", _keep_stop_list),
]
