"""Asking parties: by e-mail, or with links that the mediator hands over."""

import secrets as random
import uuid
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.services import ledger
from accounts.services.outbox import queue_message
from accounts.services.people import mailboxes_of
from feedback import permissions
from feedback.choices import ActedAs, RequestKind
from feedback.models import FeedbackRequest
from feedback.services.contacts import Contact, seal_contact
from feedback.services.secrets import hash_of, new_token, open_receipt, seal_receipt, tokens_from
from logbook_site.foundation import clock
from logbook_site.foundation.addresses import mailbox_of

INVITATION = "feedback.emails.invitation"
REMINDER = "feedback.emails.reminder"
LINKS_AT_MOST = 20
DAY_HOURS, MONTH_HOURS = 24, 30 * 24


class RequestRefused(Exception):
    """The request cannot be as asked. `sentence` says why, for the mediator."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class LimitReached(RequestRefused):
    """Too many parties and links in a day or a month."""


class Party(NamedTuple):
    name: str
    email: str


class Mediation(NamedTuple):
    """What all parties of one request have in common. The reference is kept sealed, as names are."""

    ended_on: date
    acted_as: ActedAs = ActedAs.MEDIATOR
    language: str = "en"
    reference: str = ""


@transaction.atomic
def ask_by_email(
    *, mediator: User, parties: Sequence[Party], mediation: Mediation, remind: bool, by: User
) -> list[FeedbackRequest]:
    """Queue an invitation, and a reminder if wished, to each of the parties; all or none.

    Whoever asked never to be asked again is accepted like the others, and gets nothing. Raises PermissionDenied,
    RequestRefused for one's own address and for one party twice, LimitReached, and VaultClosed when Redis is away.
    """
    _require(permissions.may_ask(by, mediator))
    mailboxes = [mailbox_of(party.email) for party in parties]
    if set(mailboxes) & mailboxes_of(mediator):
        raise RequestRefused(_("This is your own address. Feedback comes from the parties."))
    if len(set(mailboxes)) < len(mailboxes):
        raise RequestRefused(_("One address is there twice. Enter each party once."))
    _take_from_limits(mediator, len(parties))
    batch = uuid.uuid4()
    requests = []
    for party in parties:
        token = new_token()
        contact = Contact(party.name, party.email, mediation.reference, token)
        request = _make(mediator, RequestKind.EMAIL, batch, mediation, token, contact, remind)
        queue_message(message=INVITATION, object_id=request.pk)
        remind_at = request.created_at + clock.hours(settings.REMINDER_AFTER_HOURS)
        if remind and remind_at < request.unreadable_at:
            queue_message(message=REMINDER, object_id=request.pk, not_before=remind_at)
        requests.append(request)
    return requests


@transaction.atomic
def make_links(*, mediator: User, count: int, mediation: Mediation, by: User) -> str:
    """Make 1 to 20 links to hand over. The receipt shows them (`shown_links`) for LINKS_SHOWN_HOURS.

    Raises PermissionDenied, LimitReached and VaultClosed.
    """
    _require(permissions.may_ask(by, mediator))
    if not 1 <= count <= LINKS_AT_MOST:
        raise RequestRefused(_("You can make 1 to %(most)d links at once.") % {"most": LINKS_AT_MOST})
    _take_from_limits(mediator, count)
    batch, seed = uuid.uuid4(), random.token_urlsafe(18)
    for token in tokens_from(seed, count):
        contact = Contact(reference=mediation.reference)
        _make(mediator, RequestKind.LINK, batch, mediation, token, contact, False)
    told = {"seed": seed, "count": count, "language": mediation.language}
    return seal_receipt(f"links:{mediator.pk}", settings.LINKS_SHOWN_HOURS, **told)


class HandedOver(NamedTuple):
    """A set of links: for whom speaks which language, and the addresses in the order of the list."""

    language: str
    addresses: list[str]


def shown_links(*, receipt: str, by: User) -> HandedOver | None:
    """What `make_links` made; None for a receipt that is over, or another's."""
    told = open_receipt(f"links:{by.pk}", receipt)
    if told is None:
        return None
    tokens = tokens_from(told["seed"], told["count"])
    return HandedOver(told["language"], [survey_address(token, told["language"]) for token in tokens])


def survey_address(token: str, language: str) -> str:
    """The link of a party. It opens in the language that was chosen for them, whatever their browser asks for."""
    return f"{settings.SITE_URL}{reverse('survey', args=[token])}?lang={language}"


@transaction.atomic
def cancel_request(*, request: FeedbackRequest, by: User) -> None:
    """End the link and what was still to be mailed. Nothing tells whether the party had answered before."""
    _require(permissions.may_cancel(by, request))
    if FeedbackRequest.objects.filter(pk=request.pk, cancelled_at=None).update(cancelled_at=clock.now()):
        ledger.note(ledger.REQUEST_CANCELLED, request.pk)


def _make(
    mediator: User,
    kind: RequestKind,
    batch: uuid.UUID,
    mediation: Mediation,
    token: str,
    contact: Contact,
    remind: bool,
) -> FeedbackRequest:
    request = FeedbackRequest(
        mediator=mediator,
        kind=kind,
        batch=batch,
        ended_on=mediation.ended_on,
        acted_as=mediation.acted_as,
        language=mediation.language,
        remind=remind,
        token_hash=hash_of(token),
    )
    seal_contact(request, contact)
    # After the seal, whose period has begun: Redis may be slow, and kept time counts from here.
    request.created_at = clock.now()
    request.link_ends_at = request.created_at + clock.hours(settings.LINK_LIVES_HOURS)
    request.save(force_insert=True)
    return request


def _take_from_limits(mediator: User, number: int) -> None:
    """Counts parties and links of the last 24 hours and 30 days. Two posts at once wait for each other."""
    User.objects.select_for_update(no_key=True).get(pk=mediator.pk)
    for hours, most in ((DAY_HOURS, settings.REQUESTS_PER_DAY), (MONTH_HOURS, settings.REQUESTS_PER_MONTH)):
        since = clock.now() - clock.hours(hours)
        made = FeedbackRequest.objects.filter(mediator=mediator, created_at__gt=since).count()
        if made + number > most:
            raise LimitReached(_limit_sentence(hours, most, max(0, most - made)))


def _limit_sentence(hours: int, most: int, left: int) -> str:
    sentence = (
        _("You can ask %(most)d people in 24 hours.")
        if hours == DAY_HOURS
        else _("You can ask %(most)d people in 30 days.")
    ) % {"most": most}
    rest = ngettext("You can ask %(left)d more now.", "You can ask %(left)d more now.", left) % {"left": left}
    return f"{sentence} {rest}"


def _require(permitted: bool) -> None:
    if not permitted:
        raise PermissionDenied
