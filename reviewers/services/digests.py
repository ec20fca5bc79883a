"""The way of a Feedback Digest: draft, check of facts by the mediator, final; then a new draft.

Whoever edits names the version they began from. What somebody else saved meanwhile is never overwritten unseen.
"""

from datetime import UTC, datetime, time
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Appointment, User
from accounts.services.outbox import queue_message
from feedback.models import Feedback
from logbook_site.foundation import clock
from reviewers import permissions
from reviewers.basis import Basis, basis_of
from reviewers.choices import DigestState
from reviewers.models import Digest
from reviewers.querysets import feedback_read_by
from reviewers.summaries import DIGEST_DUE_MONTHS, due_after

# Where a digest must be renewed, both sides are told so long after the last one, and again when it is due.
DUE_SOON_MONTHS = 20


class DigestRefused(Exception):
    """It is not the time for this step. `sentence` says so to the person who tried."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class DigestConflict(Exception):
    """It was changed elsewhere since; nothing is stored. `digest` is what is stored."""

    def __init__(self, digest: Digest) -> None:
        super().__init__("changed elsewhere")
        self.digest = digest


def current_digest(*, mediator: User, by: User) -> Digest:
    """The version that `by` works on. Where there is none, a new one, not stored, that begins with the last text."""
    own = Digest.objects.written_by(by).filter(mediator=mediator)
    if digest := own.exclude(state=DigestState.FINAL).first():
        return digest
    last = own.final().first()
    # With what the last one rests on: a quotation from it may have been taken back since.
    begins = {"text": last.text, "version": last.version, "based_on": last.based_on} if last else {}
    return Digest(mediator=mediator, reviewer=by, **begins)


@transaction.atomic
def save_draft(*, mediator: User, text: str, version: int, by: User) -> Digest:
    """Keep `text`. A digest that is with the mediator comes back by it: its check begins anew when it is sent again.
    Until then the Reviewer goes on reading the comment on it.

    Raises DigestConflict and PermissionDenied.
    """
    digest = _edited(mediator, text, version, by, becomes=DigestState.DRAFT)
    if digest.state == DigestState.DRAFT and digest.text == text:
        return digest
    # All that could be read while it was written: what goes from it, the Reviewer is told.
    # But not one whom IMI has not checked: each that goes would tell of a party who takes back what is not shared.
    readable = feedback_read_by(by).filter(mediator=mediator).values_list("pk", flat=True)
    readable = readable if permissions.may_finish(by) else []
    _store(
        digest, text=text, state=DigestState.DRAFT, facts_until=None, commented_at=None,
        based_on=[*{*digest.based_on, *readable}],
    )  # fmt: skip
    return digest


def taken_back(digest: Digest) -> int:
    """How many of the pieces that it rests on are not there any more; as far as its Reviewer may know."""
    if not permissions.may_finish(digest.reviewer):
        return 0
    return len(digest.based_on) - Feedback.objects.filter(pk__in=digest.based_on).count()


@transaction.atomic
def send_for_facts(*, mediator: User, text: str, version: int, by: User, gone: int = 0) -> Digest:
    """Give it to the mediator, who may comment for FACTS_CHECK_HOURS and is told. It rests on what `by` can read now.

    `gone` is how many pieces `by` was told to have been taken back.
    Raises DigestRefused, DigestConflict and PermissionDenied.
    """
    digest = _edited(mediator, text, version, by, becomes=DigestState.FACTS)
    _require_checked(by)
    if digest.state == DigestState.FACTS and digest.text == text:
        return digest
    _require_told(digest, gone)
    basis = basis_of(feedback_read_by(by).filter(mediator=mediator))
    until = clock.now() + clock.hours(settings.FACTS_CHECK_HOURS)
    _store(
        digest, text=text, state=DigestState.FACTS, facts_until=until, comment="", commented_at=None,
        **_columns(basis),
    )  # fmt: skip
    _tell("digest_facts", digest)
    return digest


@transaction.atomic
def comment(*, digest: Digest, comment: str, version: int, by: User) -> Digest:
    """The mediator's one comment on the facts; the Reviewer is told, and may finish.

    Raises DigestRefused and PermissionDenied.
    """
    stored = Digest.objects.select_for_update().get(pk=digest.pk)
    if not permissions.may_comment(by, stored):
        raise PermissionDenied
    if stored.version != version:
        raise DigestRefused(_("The text has changed meanwhile. Read it again, then send your comment."))
    if stored.commented_at:
        if stored.comment == comment:
            return stored
        raise DigestRefused(_("You have sent your comment already. It can be sent once."))
    stored.comment, stored.commented_at = comment, clock.now()
    stored.save(update_fields=["comment", "commented_at"])
    _tell("digest_commented", stored)
    return stored


def is_check_over(digest: Digest) -> bool:
    """The mediator has commented, or their time is over."""
    return digest.state == DigestState.FACTS and bool(
        digest.commented_at or digest.facts_until <= clock.now()
    )


@transaction.atomic
def finish(*, mediator: User, text: str, version: int, by: User, gone: int = 0) -> Digest:
    """Make it final, with what the comment made `by` correct. The mediator is told; nobody can change it any more.

    `gone` as above. Raises DigestRefused, DigestConflict and PermissionDenied.
    """
    _hold(mediator, by)
    if repeated := _just_finished(mediator, text, version, by):
        return repeated
    digest = _edited(mediator, text, version, by, becomes=DigestState.FINAL)
    _require_checked(by)
    if digest.state == DigestState.DRAFT:
        raise DigestRefused(_("Send it to the mediator for a check of facts first."))
    if not is_check_over(digest):
        raise DigestRefused(
            _(
                "The mediator is still checking the facts. Wait for their comment, or for the end of their time."
            )
        )
    _require_told(digest, gone)
    # What a party took back since is not counted any more.
    left = basis_of(feedback_read_by(by).filter(mediator=mediator, pk__in=digest.based_on))
    now = clock.now()
    _store(digest, text=text, state=DigestState.FINAL, final_at=now, reviewer_name=by.name, **_columns(left))
    _tell("digest_final", digest)
    _remind_of_next(digest)
    return digest


def _require_told(digest: Digest, gone: int) -> None:
    if taken_back(digest) > gone:
        raise DigestRefused(
            _(
                "An answer was taken back meanwhile. Leave out what came from it alone, and press the button again."
            )
        )


def _remind_of_next(digest: Digest) -> None:
    """Queued now for the day; each mail looks then whether it is still wanted."""
    for name, months in (("digest_due_soon", DUE_SOON_MONTHS), ("digest_due", DIGEST_DUE_MONTHS)):
        day = due_after(digest.final_on, months)
        for reader in ("mediator", "reviewer"):
            _tell(f"{name}_to_{reader}", digest, not_before=datetime.combine(day, time(8), UTC))


def _edited(mediator: User, text: str, version: int, by: User, *, becomes: DigestState) -> Digest:
    """The digest to change, locked. The same text once more, on the same way, is a second press and no conflict."""
    _hold(mediator, by)
    digest = current_digest(mediator=mediator, by=by)
    is_second_press = digest.text == text and digest.state in {DigestState.DRAFT, becomes}
    if digest.version != version and not is_second_press:
        raise DigestConflict(digest)
    return digest


def _hold(mediator: User, by: User) -> None:
    """Lock the appointment and what is written: nothing can end, begin or be commented on while this one changes."""
    held = Appointment.objects.reading(by).filter(mediator=mediator)
    if held.select_for_update(of=("self",)).first() is None:
        raise PermissionDenied
    list(Digest.objects.select_for_update().filter(mediator=mediator, reviewer=by).values_list("pk"))


def _just_finished(mediator: User, text: str, version: int, by: User) -> Digest | None:
    last = Digest.objects.written_by(by).filter(mediator=mediator).final().first()
    return last if last and (last.text, last.version) == (text, version + 1) else None


def _require_checked(by: User) -> None:
    if not permissions.may_finish(by):
        sentence = _(
            "You have not been checked by %(operator)s yet. Until then you can write and save, but not send."
        )
        raise DigestRefused(sentence % {"operator": settings.OPERATOR_NAME})


def _store(digest: Digest, **changes: object) -> Digest:
    for name, value in changes.items():
        setattr(digest, name, value)
    digest.version += 1
    digest.changed_at = clock.now()
    digest.save()
    return digest


def _columns(basis: Basis) -> dict[str, list[UUID] | int | None]:
    return {"based_on": basis.ids, "first_year": basis.first_year, "last_year": basis.last_year}


def _tell(mail: str, digest: Digest, **when: object) -> None:
    queue_message(message=f"reviewers.emails.{mail}", object_id=digest.pk, **when)
