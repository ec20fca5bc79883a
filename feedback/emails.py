"""Everything we write to parties and mediators about feedback.

Each function takes an id and returns the mail, or None when there is nothing to say any more. The outbox calls them,
once for each try, and keeps nothing of what they return.
"""

from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.choices import OutboxState, VettingState
from accounts.models import Appointment, OutboxMessage, User, Vetting
from accounts.services.outbox import NotNow
from accounts.services.people import mailboxes_of
from feedback.models import FeedbackReport, FeedbackRequest, Notice, PendingFeedback
from feedback.services import forgetting
from feedback.services.answers import is_to_be_left_alone, read_pending
from feedback.services.contacts import Contact, contact_of
from feedback.services.requests import INVITATION, Mediation, Party
from feedback.services.secrets import sign_address
from logbook_site.foundation import clock, vault
from logbook_site.foundation.addresses import mailbox_of
from logbook_site.foundation.forms import one_line
from logbook_site.foundation.lost_texts import is_lost
from logbook_site.foundation.mail import write_mail
from logbook_site.foundation.periods import in_words
from logbook_site.foundation.text import fold


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
    if is_to_be_left_alone(contact.email):
        return None
    stop = settings.SITE_URL + reverse("stop", args=[sign_address(contact.email)])
    return write_mail(
        name,
        invitation_context(request, contact) | {"stop_link": stop},
        to=contact.email,
        language=request.language,
        headers={
            "List-Unsubscribe": f"<{stop}>",  # RFC 8058: one press in the mail program
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


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
    link = settings.SITE_URL + reverse("survey", args=[contact.token]) if contact.token else ""
    return {
        "name": contact.name,
        "reference": contact.reference,
        "mediator": request.mediator.name,
        "reviewer": Appointment.objects.reviewer_of(request.mediator),
        "acted_as": request.acted_as,
        "ended_on": request.ended_on,
        "link": link,
        "language": request.language,
        "kept_time": kept_time(request.language),
        "DIGEST_INFO_URL": settings.DIGEST_INFO_URL,
    }


def kept_time(language: str | None = None) -> str:
    """How long names and addresses of parties are kept, in words, for the sentences that promise it."""
    with translation.override(language or translation.get_language()):
        return in_words(settings.CONTACT_KEPT_HOURS)


def reminder_day() -> float:
    """How many days after the invitation its reminder is sent."""
    return round(settings.REMINDER_AFTER_HOURS / 24, 2)


def not_sent(batch: UUID) -> EmailMessage | None:
    """To the mediator: some of the invitations of one request never left, and nobody can read them any more."""
    lost = FeedbackRequest.objects.filter(batch=batch, is_lost=True, mediator__in=User.objects.staying())
    first = lost.select_related("mediator").first()
    if first is None:
        return None
    context = {
        "mediator": first.mediator,
        "number": lost.count(),
        "asked_on": first.created_at,
        "link": settings.SITE_URL + reverse("feedback_request"),
    }
    return write_mail("feedback/not_sent", context, to=first.mediator.email, language=settings.LANGUAGE_CODE)


def notice(notice_id: UUID) -> EmailMessage | None:
    """To the mediator, once a slot: feedback was left. No number, no time, and names only where allowed."""
    staying = User.objects.staying()
    stored = Notice.objects.filter(pk=notice_id, mediator__in=staying).select_related("mediator").first()
    if stored is None:
        return None
    rows = list(stored.names.all())
    if not rows and not stored.any_unnamed:
        return None  # all of them took it back while the mail waited
    names = {one_line(row.name) for row in rows if not is_lost(row, "name")}
    any_unnamed = stored.any_unnamed or any(is_lost(row, "name") for row in rows)
    reviewer = Appointment.objects.reviewer_of(stored.mediator)
    with translation.override(settings.LANGUAGE_CODE):
        left_by = _left_by(names, any_unnamed)
    context = {
        "mediator": stored.mediator,
        "left_by": left_by,
        "any_shared": stored.any_shared,
        "reviewer": reviewer,
        "is_vetted": not settings.REVIEWER_VETTING or _is_vetted(reviewer),
        "link": settings.SITE_URL + reverse("my_feedback"),
        "details_link": settings.SITE_URL + reverse("my_details"),
    }
    return write_mail("feedback/notice", context, to=stored.mediator.email, language=settings.LANGUAGE_CODE)


def _left_by(names: set[str], others: bool) -> str:
    """“Ana, Bo and others”, or “a party”: in an order that tells nothing, and never how many others."""
    if not names:
        return _("a party")
    in_order = sorted(names, key=lambda name: (fold(name), name))
    return get_text_list([*in_order, _("others")] if others else in_order, _("and"))


def _is_vetted(reviewer: User | None) -> bool:
    return Vetting.objects.filter(reviewer=reviewer, state=VettingState.VETTED).exists()


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
    stop = settings.SITE_URL + reverse("stop", args=[sign_address(address)])
    context = {
        "mediator": pending.mediator.name,
        "link": settings.SITE_URL + reverse("confirm_feedback", args=[told["token"]]),
        "stop_link": stop,
        "language": told["language"],
        "kept_time": kept_time(told["language"]),
    }
    return write_mail(
        "feedback/confirmation",
        context,
        to=address,
        language=told["language"],
        headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )


def report(report_id: UUID) -> EmailMessage | None:
    """To IMI: a mediator asks to look at a piece. What was written stays on the site."""
    stored = FeedbackReport.objects.filter(pk=report_id).first()
    if stored is None or not settings.SUPPORT_EMAIL:
        return None
    path = reverse("admin:feedback_feedbackreport_change", args=[stored.pk])
    with translation.override(settings.LANGUAGE_CODE):
        return write_mail(
            "feedback/report",
            {"link": settings.SITE_URL + path},
            to=settings.SUPPORT_EMAIL,
            language=settings.LANGUAGE_CODE,
        )
