"""Everything we write to parties, in the language that was chosen for them."""

from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.choices import OutboxState
from accounts.models import Appointment, OutboxMessage, User
from accounts.services.outbox import NotNow
from accounts.services.people import mailboxes_of
from feedback.models import FeedbackRequest, PendingFeedback
from feedback.services import forgetting
from feedback.services.answers import is_to_be_left_alone, read_pending
from feedback.services.contacts import Contact, contact_of
from feedback.services.requests import INVITATION, Mediation, Party, survey_address
from feedback.services.secrets import sign_address
from logbook_site.foundation import clock, vault
from logbook_site.foundation.addresses import mailbox_of
from logbook_site.foundation.mail import withheld, write_mail
from logbook_site.foundation.periods import in_words


def invitation(request_id: UUID) -> EmailMessage | None:
    """A party is asked for feedback. None when it was cancelled, or the party is not to be asked."""
    return _to_party("feedback/invitation", request_id)


def reminder(request_id: UUID) -> EmailMessage | None:
    """The same link once more, on day 3: only to whom the first mail was sent, and who has not answered."""
    sent = OutboxMessage.objects.filter(message=INVITATION, object_id=request_id, state=OutboxState.SENT)
    if not sent.exists():
        return None
    # Who leaves reminds nobody; the link itself goes on working.
    leaving = FeedbackRequest.objects.filter(pk=request_id, mediator__deletion_due_at__isnull=False)
    return None if leaving.exists() else _to_party("feedback/reminder", request_id)


def _to_party(name: str, request_id: UUID) -> EmailMessage | None:
    request = FeedbackRequest.objects.open().filter(pk=request_id).select_related("mediator").first()
    if request is None:
        return None
    try:
        contact = contact_of(request)
    except vault.Forgotten:
        forgetting.lose(request)
        return None
    except vault.VaultClosed as error:
        raise NotNow from error
    stop = _address("stop", sign_address(contact.email), request.language)
    mail = write_mail(
        name,
        invitation_context(request, contact) | {"stop_link": stop},
        to=contact.email,
        language=request.language,
        headers={
            "List-Unsubscribe": f"<{stop}>",  # RFC 8058: one press in the mail program
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    # Not simply left out: a mediator could else invite an address that nothing can reach, which is the same mailbox to
    # us, and see by "Not delivered" or "Sent" whether its owner asked never to be asked.
    return withheld(mail) if is_to_be_left_alone(contact.email) else mail


def preview(mediator: User, party: Party, mediation: Mediation) -> EmailMessage:
    """The invitation as this party would get it, but for its two links: they open and stop things."""
    request = FeedbackRequest(
        mediator=mediator,
        ended_on=mediation.ended_on,
        acted_as=mediation.acted_as,
        language=mediation.language,
    )
    contact = Contact(party.name, party.email, mediation.reference)
    with translation.override(mediation.language):
        links = {"link": _("(the personal link)"), "stop_link": _("(a link to stop)")}
    return write_mail(
        "feedback/invitation",
        invitation_context(request, contact) | links,
        to=party.email,
        language=mediation.language,
    )


def invitation_context(request: FeedbackRequest, contact: Contact) -> dict[str, object]:
    """What the invitation tells; the preview shows the same."""
    link = survey_address(contact.token, request.language) if contact.token else ""
    return {
        "name": contact.name,
        "reference": contact.reference,
        "mediator": request.mediator.name,
        "reviewer": Appointment.objects.reviewer_of(request.mediator),
        "acted_as": request.acted_as,
        "ended_on": request.ended_on,
        "link": link,
        "kept_time": kept_time(request.language),
        "DIGEST_INFO_URL": settings.DIGEST_INFO_URL,
    }


def _address(page: str, secret: str, language: str) -> str:
    """Of a page in a mail: it opens in the language of the mail, whatever the browser asks for."""
    return f"{settings.SITE_URL}{reverse(page, args=[secret])}?lang={language}"


def kept_time(language: str | None = None) -> str:
    """How long names and addresses of parties are kept, in words, for the sentences that promise it."""
    with translation.override(language or translation.get_language()):
        return in_words(settings.CONTACT_KEPT_HOURS)


def reminder_day() -> float:
    """How many days after the invitation its reminder is sent."""
    return round(settings.REMINDER_AFTER_HOURS / 24, 2)


def confirmation(pending_id: UUID) -> EmailMessage | None:
    """To whoever answered the general survey: a link that confirms the address, and so sends the answers."""
    pending = PendingFeedback.objects.filter(pk=pending_id, unreadable_at__gt=clock.now())
    pending = pending.select_related("mediator").first()
    if pending is None:
        return None
    try:
        told = read_pending(pending)
    except vault.Forgotten:
        return None
    except vault.VaultClosed as error:
        raise NotNow from error
    address = told["answers"]["respondent_email"]
    if is_to_be_left_alone(address) or mailbox_of(address) in mailboxes_of(pending.mediator):
        return None
    language = told["language"]
    stop = _address("stop", sign_address(address), language)
    context = {
        "mediator": pending.mediator.name,
        "link": _address("confirm_feedback", told["token"], language),
        "stop_link": stop,
        "kept_time": kept_time(language),
    }
    return write_mail(
        "feedback/confirmation",
        context,
        to=address,
        language=language,
        headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
