"""What parties send: answers, a refusal, and taking answers back.

An answer closes its link and becomes a row that does not know the link. Sending the same form again finds it by
its code, which is made from token and form: so a second press gets the first one's page, and nothing is stored
that joins the two.
"""

import json
from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.choices import Verb
from accounts.models import User
from accounts.services import ledger
from accounts.services.outbox import queue_message
from feedback.choices import ActedAs, LinkState
from feedback.models import (
    Feedback,
    FeedbackRequest,
    Notice,
    NoticeName,
    PendingFeedback,
    Respondent,
    Suppression,
)
from feedback.services.release import next_slot, release_at_once
from feedback.services.secrets import (
    address_hash,
    code_for,
    hash_of,
    new_token,
    tokens_from,
    understood,
)
from feedback.surveys import CURRENT, UNSAFE_BELOW
from logbook_site.foundation import clock, vault

CONFIRMATION = "feedback.emails.confirmation"


class Answers(NamedTuple):
    """A survey as it was filled in; what was skipped is empty. Already checked by the form."""

    shared: bool
    ratings: dict[str, int | str]
    party_role: str = ""
    use_again: str = ""
    outcome: str = ""
    outcome_satisfied: str = ""
    helpful: str = ""
    better: str = ""
    quote: str = ""
    may_quote: str = ""
    respondent_name: str = ""
    respondent_email: str = ""
    name_in_notice: bool = False


class Thanks(NamedTuple):
    """What the thank-you page tells."""

    code: str
    shared: bool
    # They did not feel safe: the page says where help is.
    unsafe: bool


def find_open(token: str) -> FeedbackRequest | None:
    """The request whose link this is, if it can still be answered. Changes nothing, however often it is asked."""
    return FeedbackRequest.objects.open().filter(token_hash=hash_of(token)).select_related("mediator").first()


def thanks_again(token: str, form_key: str) -> Thanks | None:
    """What this very form got when it was sent before; None when it was not."""
    code = code_for(token, form_key)
    sent = Feedback.objects.filter(code_hash=hash_of(code)).first()
    return _thanks(code, sent) if sent else None


@transaction.atomic
def send_answers(*, token: str, form_key: str, answers: Answers, language: str) -> Thanks | None:
    """Store the answers and close the link. None when the link is not open (any more).

    Of many posts on one link one stores its answers; the same form sent again gets the same thanks.
    """
    request = _held(token)
    if request is None:
        return thanks_again(token, form_key)
    FeedbackRequest.objects.filter(pk=request.pk).update(link_state=LinkState.CLOSED)
    code = code_for(token, form_key)
    piece = _store(
        mediator=request.mediator,
        acted_as=request.acted_as,
        year=request.ended_on.year,
        invited=True,
        language=language,
        answers=answers,
        code=code,
    )
    ledger.note(ledger.LINK_USED, request.token_hash)
    return _thanks(code, piece)


def _held(token: str) -> FeedbackRequest | None:
    """The request whose link this is, if it is open; nobody else answers or declines until commit."""
    # Of the request only: the account of the mediator must not stand still meanwhile.
    rows = FeedbackRequest.objects.open().select_for_update(of=["self"])
    return rows.filter(token_hash=hash_of(token)).first()


@transaction.atomic
def decline(*, token: str) -> bool:
    """Close the link; nobody is told, and nothing tells it from an answer. False when it was not open."""
    link = _held(token)
    if link is None:
        return False
    FeedbackRequest.objects.filter(pk=link.pk).update(link_state=LinkState.CLOSED)
    ledger.note(ledger.LINK_USED, hash_of(token))
    return True


# --- The general survey ----------------------------------------------------------------------------


@transaction.atomic
def keep_until_confirmed(
    *, mediator: User, acted_as: ActedAs, year: int, answers: Answers, language: str, form_key: str
) -> None:
    """Seal the answers in the vault and mail `answers.respondent_email` a link that confirms them.

    The same form again, before it is confirmed, replaces the answers and sends no second mail. Addresses that
    asked to be left alone, and the mediator's own, get no mail; nothing tells. Raises VaultClosed.
    """
    (token,) = tokens_from(f"{mediator.pk}|{form_key}|{address_hash(answers.respondent_email)}", 1)
    if not form_key:
        token = new_token()
    if thanks_again(token, ""):
        return
    pending = PendingFeedback.objects.select_for_update().filter(token_hash=hash_of(token)).first()
    is_new = pending is None
    pending = pending or PendingFeedback(mediator=mediator, token_hash=hash_of(token))
    told = {
        "token": token, "acted_as": acted_as, "year": year, "language": language, "answers": answers._asdict(),
    }  # fmt: skip
    pending.sealed, pending.unreadable_at = vault.seal(json.dumps(told), about=_about(pending))
    try:
        with transaction.atomic():
            pending.save()
    except IntegrityError:  # the same form came twice at the same moment
        return
    if is_new:
        queue_message(message=CONFIRMATION, object_id=pending.pk)


def read_pending(pending: PendingFeedback) -> dict:
    """What was kept: token, acted_as, year, language, answers. Raises Forgotten and VaultClosed."""
    text = vault.unseal(pending.sealed, unreadable_at=pending.unreadable_at, about=_about(pending))
    return json.loads(text)


def find_pending(token: str) -> PendingFeedback | None:
    """What waits for this link. Changes nothing."""
    waiting = PendingFeedback.objects.filter(unreadable_at__gt=clock.now(), mediator__is_active=True)
    return waiting.filter(token_hash=hash_of(token)).select_related("mediator").first()


@transaction.atomic
def confirm(*, token: str) -> Thanks | None:
    """Turn what waited into feedback, marked as not invited. None for an unknown or ended link.

    Confirming again gets the same thanks. Raises VaultClosed.
    """
    rows = PendingFeedback.objects.select_for_update(of=["self"]).filter(mediator__is_active=True)
    pending = rows.filter(token_hash=hash_of(token)).first()
    if pending is None:
        return thanks_again(token, "")
    try:
        told = read_pending(pending)
    except vault.Forgotten:
        return None
    code = code_for(token)
    piece = _store(
        mediator=pending.mediator,
        acted_as=ActedAs(told["acted_as"]),
        year=told["year"],
        invited=False,
        language=told["language"],
        answers=Answers(**told["answers"]),
        code=code,
    )
    pending.delete()
    ledger.note(ledger.LINK_USED, pending.token_hash)
    return _thanks(code, piece)


def _about(pending: PendingFeedback) -> str:
    return f"feedback.pendingfeedback:{pending.pk}:answers"


# --- Taking back -----------------------------------------------------------------------------------


@transaction.atomic
def withdraw(*, code: str) -> bool:
    """Erase the feedback that this code belongs to, with all that hangs on it. False for a wrong code."""
    piece = _with_code(code)
    if piece is None:
        return False
    ledger.note(Verb.FEEDBACK_WITHDRAWN, piece.pk)
    piece.delete()
    return True


@transaction.atomic
def stop_sharing(*, code: str) -> bool:
    """From now on only the Reviewer reads it. False for a wrong code."""
    piece = _with_code(code)
    if piece is None:
        return False
    if piece.shared:
        Feedback.objects.filter(pk=piece.pk).update(shared=False)
        ledger.note(ledger.FEEDBACK_UNSHARED, piece.pk)
    return True


def _with_code(code: str) -> Feedback | None:
    """Nobody else changes it until commit."""
    return Feedback.objects.select_for_update().filter(code_hash=hash_of(understood(code))).first()


# --- Never be asked again ---------------------------------------------------------------------------


@transaction.atomic
def stop_asking(*, hashed: str) -> None:
    """Keep the hash of a mailbox that is never to be written to again. Twice is as good as once."""
    _row, is_new = Suppression.objects.get_or_create(address_hash=hashed)
    if is_new:
        ledger.note_address(ledger.ADDRESS_STOPPED, hashed)


@transaction.atomic
def ask_again(*, address: str) -> bool:
    """Its owner wants to be asked again. False when the address was not on the list."""
    hashed = address_hash(address)
    if not Suppression.objects.filter(address_hash=hashed).delete()[0]:
        return False
    ledger.note_address(ledger.ADDRESS_ALLOWED, hashed)
    return True


def is_to_be_left_alone(address: str) -> bool:
    return Suppression.objects.filter(address_hash=address_hash(address)).exists()


# --- Rows ------------------------------------------------------------------------------------------


def _store(
    *, mediator: User, acted_as: ActedAs, year: int, invited: bool, language: str, answers: Answers, code: str
) -> Feedback:
    # One at a time for each mediator: a slot has one notice.
    User.objects.select_for_update(no_key=True).get(pk=mediator.pk)
    slot = next_slot(clock.now())
    piece = Feedback.objects.create(
        mediator=mediator,
        survey=CURRENT[acted_as].name,
        language=language,
        year=year,
        invited=invited,
        shared=answers.shared,
        release_on=slot,
        party_role=answers.party_role,
        ratings=answers.ratings,
        use_again=answers.use_again,
        outcome=answers.outcome,
        outcome_satisfied=answers.outcome_satisfied,
        helpful=answers.helpful,
        better=answers.better,
        quote=answers.quote,
        may_quote=answers.may_quote,
        code_hash=hash_of(code),
    )
    if answers.respondent_name or answers.respondent_email:
        Respondent.objects.create(
            feedback=piece,
            name=answers.respondent_name,
            email=answers.respondent_email,
            erase_on=first_of_month_after(clock.now(), settings.RESPONDENT_KEPT_MONTHS),
        )
    notice, _is_new = Notice.objects.get_or_create(mediator=mediator, release_on=slot)
    if answers.name_in_notice and answers.respondent_name:
        NoticeName.objects.create(notice=notice, feedback=piece, name=answers.respondent_name)
    release_at_once(notice)
    return piece


def first_of_month_after(moment: datetime, months: int) -> date:
    """The first of the month after `months` whole months: nothing finer tells when it began."""
    month = moment.year * 12 + moment.month - 1 + months + 1
    return date(month // 12, month % 12 + 1, 1)


def _thanks(code: str, piece: Feedback) -> Thanks:
    safe = piece.ratings.get("safe")
    return Thanks(code, piece.shared, isinstance(safe, int) and safe < UNSAFE_BELOW)
