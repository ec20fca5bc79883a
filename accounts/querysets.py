"""Who may see which row of the ground floor. Pages fetch their objects from `visible_to`, nowhere else.

And what an admin's desk counts: each such method is a filter of the list in the admin, too.
"""

from datetime import date, datetime

from django.apps import apps
from django.conf import settings
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Lower

from accounts.choices import (
    AppointmentState,
    JobState,
    OrderState,
    OutboxState,
    PlaceState,
    Verb,
    VettingState,
    Visibility,
)
from logbook_site.foundation import clock
from logbook_site.foundation.addresses import plain_address
from logbook_site.foundation.links import is_link, link_key
from logbook_site.foundation.text import search_words


class UserQuerySet(QuerySet):
    def with_confirmed_address(self, address: str) -> "UserQuerySet":
        """Who has confirmed this address: nobody, or one person. Only services ask; a page would tell.

        Addresses are stored in lower case. Never `iexact`: to PostgreSQL, in capitals, `ımi.org` is `imi.org`.
        """
        return self.filter(
            emailaddress__email=plain_address(address), emailaddress__verified=True, is_active=True
        )

    def staying(self) -> "UserQuerySet":
        """Whose account is open. Others see nobody who has asked for the deletion of theirs."""
        return self.filter(is_active=True, deletion_due_at=None)

    def due_to_go(self) -> "UserQuerySet":
        """Who has had the time to change their mind."""
        return self.filter(deletion_due_at__lte=clock.now())

    def leaving(self) -> "UserQuerySet":
        """Who has asked for the deletion of their account."""
        return self.filter(deletion_due_at__isnull=False)

    def renamed_lately(self) -> "UserQuerySet":
        """Reviewers and directories who changed their own name: mediators read the one of today."""
        changes = apps.get_model("accounts.AuditEvent").objects.filter(
            verb=Verb.NAME_CHANGED, at__gte=_lately(), object_id=Cast(OuterRef("pk"), CharField())
        )
        return self.filter(Exists(changes), Q(is_reviewer=True) | Q(is_directory=True))

    def access_ending(self) -> "UserQuerySet":
        """Mediators whose paid access ends within DESK_LOOKS_AHEAD_HOURS."""
        mediators = self.staying().filter(is_mediator=True)
        return (
            mediators.filter(access_until__range=_days_ahead())
            if settings.ACCESS_MODE == "paid"
            else self.none()
        )

    def to_choose_as_reviewer(self, mediator) -> "UserQuerySet":
        """Reviewers whom IMI has checked (or all with a confirmed address, where nobody is checked); never oneself."""
        confirmed = apps.get_model("account.EmailAddress").objects.filter(user=OuterRef("pk"), verified=True)
        reviewers = self.staying().filter(Exists(confirmed), is_reviewer=True).exclude(pk=mediator.pk)
        if settings.REVIEWER_VETTING:
            return reviewers.filter(vetting__state=VettingState.VETTED)
        return reviewers.exclude(vetting__state=VettingState.REFUSED)

    def open_to_directories(self) -> "UserQuerySet":
        """Mediators who allow directories to see their totals. Nobody else exists for a directory."""
        return self.staying().filter(is_mediator=True, mediator_profile__visibility=Visibility.DIRECTORIES)

    def visible_to(self, user) -> "UserQuerySet":
        """Oneself; an admin sees everyone. What others see of a mediator is decided upstairs."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_admin else self.filter(pk=user.pk)

    def accepting_general(self) -> "UserQuerySet":
        """Mediators about whom anybody may leave feedback."""
        return self.staying().filter(is_mediator=True, mediator_profile__accepts_general=True)

    def found_by_anybody(self) -> "UserQuerySet":
        """Those of them whom the search of the general survey may name: never somebody who is private."""
        return self.accepting_general().filter(mediator_profile__visibility=Visibility.DIRECTORIES)


class MediatorProfileQuerySet(QuerySet):
    def visible_to(self, user) -> "MediatorProfileQuerySet":
        """A mediator's own details."""
        if not user.is_authenticated or not user.is_mediator:
            return self.none()
        return self.filter(person=user)


class AppointmentQuerySet(QuerySet):
    def visible_to(self, user) -> "AppointmentQuerySet":
        """The two people concerned, an admin, and whoever may answer an open invitation."""
        if not user.is_authenticated:
            return self.none()
        if user.is_admin:
            return self
        return self.filter(Q(mediator=user) | Q(reviewer=user) | _open_for(user))

    def awaiting(self, user) -> "AppointmentQuerySet":
        """Those that `user` may answer today: chosen, or invited at one of their confirmed addresses."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(_open_for(user))

    def reading(self, user) -> "AppointmentQuerySet":
        """Those that let `user` read feedback as the Reviewer. How much of it, the vetting decides.

        Somebody whom IMI refused reads nothing; neither does anybody about a mediator whose account is
        closed.
        """
        if not user.is_authenticated or not user.is_active or not user.is_reviewer:
            return self.none()
        return self.accepted().filter(~_refused(), reviewer=user, mediator__is_active=True)

    def between(self, *, mediator, reviewer) -> "AppointmentQuerySet":
        """Accepted, or open and for one of the addresses of `reviewer`: who reads, or may soon read, whom."""
        accepted = Q(state=AppointmentState.ACCEPTED, reviewer=reviewer)
        return self.filter(accepted | _open_for(reviewer), mediator=mediator)

    def reviewer_of(self, mediator):
        """Who reads the feedback about `mediator` today, or will once IMI has checked them (a User), or None."""
        # There is one at most, so none is the first: to put them in order takes half of the time.
        accepted = self.accepted().filter(
            ~_refused(), mediator=mediator, reviewer__is_reviewer=True, reviewer__is_active=True
        )
        return next((one.reviewer for one in accepted.select_related("reviewer")), None)

    def named_by(self, mediator) -> "AppointmentQuerySet":
        """Whom the mediator has named, or asked and waits for."""
        return self.filter(state__in=[AppointmentState.ACCEPTED, AppointmentState.PENDING], mediator=mediator)

    def accepted(self) -> "AppointmentQuerySet":
        return self.filter(state=AppointmentState.ACCEPTED)

    def pending(self) -> "AppointmentQuerySet":
        return self.filter(state=AppointmentState.PENDING)

    def open(self) -> "AppointmentQuerySet":
        """Those that can be answered."""
        return self.filter(_can_be_answered())

    def overdue(self) -> "AppointmentQuerySet":
        """Not answered in time."""
        return self.pending().filter(expires_at__lte=clock.now())


def _refused() -> Q:
    """IMI has refused the Reviewer."""
    return Q(reviewer__vetting__state=VettingState.REFUSED)


def _open_for(user) -> Q:
    """Waits for the answer of `user`. Never their own: the invited address may have become theirs since."""
    confirmed = user.emailaddress_set.filter(verified=True).values_list(Lower("email"))
    meant = Q(reviewer=user) | Q(reviewer=None, invite_email__in=confirmed)
    return _can_be_answered() & meant & ~Q(mediator=user)


def _can_be_answered() -> Q:
    """Waits for its answer, and its mediator is still there."""
    mediator_stays = Q(mediator__is_active=True, mediator__deletion_due_at=None)
    return Q(state=AppointmentState.PENDING, expires_at__gt=clock.now()) & mediator_stays


class VettingQuerySet(QuerySet):
    def waiting(self) -> "VettingQuerySet":
        """Reviewers whom IMI has not checked yet."""
        if not settings.REVIEWER_VETTING:
            return self.none()
        of_reviewers = self.filter(reviewer__is_reviewer=True, reviewer__is_active=True)
        return of_reviewers.filter(state=VettingState.WAITING, reviewer__deletion_due_at=None)


class NameWordQuerySet(QuerySet):
    def found_by(self, typed: str) -> "NameWordQuerySet":
        """Rows of mediators whose name has words that begin like all those of `typed`, in the order of the index.

        If a link was typed: of whoever has this IMI profile. One table and one range of its index, which holds the
        whole name beside each word: two frequent names that nobody bears together are one look at those who bear the
        longer. Somebody with two such words stands in it twice; and whether they are still open to directories, who
        shows them must ask.
        """
        in_order = self.order_by("word", "name", "person")
        if is_link(typed):
            return in_order.filter(word=link_key(typed))
        words = search_words(typed)
        if not words:
            return self.none()
        longest = max(words, key=len)
        for word in words - {longest}:
            in_order = in_order.filter(Q(name__startswith=word) | Q(name__contains=f" {word}"))
        return in_order.filter(word__startswith=longest)


class OrganisationQuerySet(QuerySet):
    def with_access(self) -> "OrganisationQuerySet":
        """Today; the last day counts."""
        return self.filter(_has_access())

    def ending(self) -> "OrganisationQuerySet":
        """Access ends within DESK_LOOKS_AHEAD_HOURS."""
        return self.filter(is_active=True, active_until__range=_days_ahead())


class StaffPlaceQuerySet(QuerySet):
    def with_access(self) -> "StaffPlaceQuerySet":
        """Those whose owner may look up mediators today."""
        accepted = self.filter(state=PlaceState.ACCEPTED, person__is_directory=True)
        staying = accepted.filter(person__is_active=True, person__deletion_due_at=None)
        return staying.filter(_has_access("organisation__"))

    def awaiting(self, user) -> "StaffPlaceQuerySet":
        """Those that `user` may answer today: invited at one of their confirmed addresses."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        confirmed = user.emailaddress_set.filter(verified=True).values_list(Lower("email"))
        return self.open().filter(invite_email__in=confirmed)

    def open(self) -> "StaffPlaceQuerySet":
        """Those that can be answered."""
        waiting = self.filter(state=PlaceState.PENDING, expires_at__gt=clock.now())
        return waiting.filter(_has_access("organisation__"))

    def overdue(self) -> "StaffPlaceQuerySet":
        """Not answered in time."""
        return self.filter(state=PlaceState.PENDING, expires_at__lte=clock.now())


def _has_access(organisation: str = "") -> Q:
    """`organisation` is the way to it, ending in two underscores."""
    open_end = Q(**{f"{organisation}active_until": None})
    not_yet_over = Q(**{f"{organisation}active_until__gte": clock.today()})
    return Q(**{f"{organisation}is_active": True}) & (open_end | not_yet_over)


class AccessGrantQuerySet(QuerySet):
    def visible_to(self, user) -> "AccessGrantQuerySet":
        """One's own; an admin sees all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_admin else self.filter(person=user)


class OrderLineQuerySet(QuerySet):
    def waiting_long(self) -> "OrderLineQuerySet":
        """Paid for, but nobody signed up for DESK_ORDER_WAITS_HOURS: perhaps they have another address here."""
        waited = clock.now() - clock.hours(settings.DESK_ORDER_WAITS_HOURS)
        return self.filter(state=OrderState.WAITING, received_at__lte=waited)

    def refunded_in_part(self) -> "OrderLineQuerySet":
        """Part of the money went back, and the access is still there: somebody must decide."""
        granted = self.filter(state=OrderState.GRANTED, grant__isnull=False, grant__ended_at=None)
        return granted.filter(partly_refunded=True)


class ImportQuerySet(QuerySet):
    def visible_to(self, user) -> "ImportQuerySet":
        """A mediator's own: the file may name parties."""
        if not user.is_authenticated or not user.is_mediator:
            return self.none()
        return self.filter(owner=user)

    def waiting(self) -> "ImportQuerySet":
        """Brought within IMPORT_KEPT_HOURS and not saved yet: somebody may go on with it."""
        return self.filter(saved_at=None, created_at__gt=_kept_since())

    def without_work(self) -> "ImportQuerySet":
        """No job is at them, or will be."""
        unfinished = apps.get_model("accounts.Job").objects.unfinished()
        return self.filter(~Exists(unfinished.filter(about=OuterRef("pk"))))

    def with_rejected_rows(self) -> "ImportQuerySet":
        """Saved within IMPORT_KEPT_HOURS: the rows that were not taken can still be fetched."""
        return self.filter(saved_at__gt=_kept_since())

    def without_rejected_rows(self) -> "ImportQuerySet":
        """Saved before that."""
        return self.filter(saved_at__lte=_kept_since())

    def saved(self) -> "ImportQuerySet":
        """Within UNDO_HOURS: all that came from it can be taken away again."""
        return self.filter(saved_at__gt=clock.now() - clock.hours(settings.UNDO_HOURS))

    def over(self) -> "ImportQuerySet":
        """Nothing can be done with it any more."""
        undone_until = clock.now() - clock.hours(settings.UNDO_HOURS)
        return self.filter(Q(saved_at=None, created_at__lte=_kept_since()) | Q(saved_at__lte=undone_until))


class JobQuerySet(QuerySet):
    def visible_to(self, user) -> "JobQuerySet":
        """One's own; nobody waits for another's."""
        return self.filter(owner=user) if user.is_authenticated else self.none()

    def due(self) -> "JobQuerySet":
        """The oldest first."""
        return self.filter(state=JobState.DUE).order_by("created_at", "pk")

    def unfinished(self) -> "JobQuerySet":
        return self.filter(state__in=[JobState.DUE, JobState.RUNNING])

    def finished(self) -> "JobQuerySet":
        """Done, or given up."""
        return self.filter(state__in=[JobState.DONE, JobState.FAILED])

    def left_behind(self) -> "JobQuerySet":
        """Held by a worker that has not been heard of for longer than its lease."""
        return self.filter(state=JobState.RUNNING, lease_until__lte=clock.now())

    def failed_lately(self) -> "JobQuerySet":
        return self.filter(state=JobState.FAILED, finished_at__gte=_lately())

    def late(self) -> "JobQuerySet":
        """No worker has taken them."""
        waiting = Q(state=JobState.DUE, created_at__lte=_should_be_done())
        return self.filter(waiting | Q(state=JobState.RUNNING, lease_until__lte=_should_be_done()))


class AuditEventQuerySet(QuerySet):
    def visible_to(self, user) -> "AuditEventQuerySet":
        """Admins only."""
        return self if user.is_authenticated and user.is_admin else self.none()


class OutboxQuerySet(QuerySet):
    def due(self) -> "OutboxQuerySet":
        """What may leave now. Mail that failed before stands behind the rest, so that it holds nothing up."""
        due = self.filter(state=OutboxState.DUE, not_before__lte=clock.now())
        return due.order_by("attempts", "not_before", "id")

    def left_behind(self) -> "OutboxQuerySet":
        """Held by a sender that has not been heard of for longer than its lease."""
        return self.filter(state__in=[OutboxState.CLAIMED, OutboxState.SENDING], lease_until__lte=clock.now())

    def failed_lately(self) -> "OutboxQuerySet":
        """Mail that did not arrive, or perhaps did not."""
        return self.filter(state__in=[OutboxState.FAILED, OutboxState.UNCERTAIN], finished_at__gte=_lately())

    def late(self) -> "OutboxQuerySet":
        """Mail that nobody has taken: the worker, or what wakes it up, is away."""
        waiting = Q(state=OutboxState.DUE, not_before__lte=_should_be_done())
        held = Q(state__in=[OutboxState.CLAIMED, OutboxState.SENDING], lease_until__lte=_should_be_done())
        return self.filter(waiting | held)


class ContactMessageQuerySet(QuerySet):
    def not_sent(self) -> "ContactMessageQuerySet":
        """Messages to us whose mail did not leave, or perhaps did not: they can be read here alone."""
        failed = [OutboxState.FAILED, OutboxState.UNCERTAIN]
        mails = apps.get_model("accounts.OutboxMessage").objects.filter(object_id=OuterRef("pk"))
        return self.filter(Exists(mails.filter(state__in=failed)))


def _kept_since() -> datetime:
    """What somebody brought before is forgotten."""
    return clock.now() - clock.hours(settings.IMPORT_KEPT_HOURS)


def _lately() -> datetime:
    return clock.now() - clock.hours(settings.DESK_LOOKS_BACK_HOURS)


def _should_be_done() -> datetime:
    """What was due then and is not done is late."""
    return clock.now() - clock.hours(settings.DESK_LATE_HOURS)


def _days_ahead() -> tuple[date, date]:
    """Today, and the last day that the desk looks ahead to."""
    return clock.today(), (clock.now() + clock.hours(settings.DESK_LOOKS_AHEAD_HOURS)).date()
