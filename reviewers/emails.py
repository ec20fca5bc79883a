"""Everything we write about appointments and digests. Each takes an id; None when there is nothing to say any more."""

from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from accounts.choices import AppointmentState, VettingState
from accounts.models import Appointment, User, Vetting
from accounts.services.invitations import token_of
from logbook_site.foundation.mail import write_mail
from reviewers.choices import DigestState
from reviewers.models import Digest, News
from reviewers.querysets import mediators_of, reads_everything, reviewer_reading


def proposal(appointment_id: UUID) -> EmailMessage | None:
    """To the one who was chosen or invited: who asks, what it means, where to answer."""
    waiting = Appointment.objects.open().filter(pk=appointment_id)
    appointment = waiting.select_related("mediator", "reviewer").first()
    if appointment is None:
        return None
    to = appointment.reviewer.email if appointment.reviewer else appointment.invite_email
    return _write(
        "reviewers/proposal", appointment, to=to, path=reverse("invitation", args=[token_of(appointment_id)])
    )


def accepted(appointment_id: UUID) -> EmailMessage | None:
    """To the mediator."""
    appointment = _find(appointment_id, AppointmentState.ACCEPTED)
    return _to_mediator("reviewers/accepted", appointment)


def declined(appointment_id: UUID) -> EmailMessage | None:
    """To the mediator; whom they had asked is known to them."""
    return _to_mediator("reviewers/declined", _find(appointment_id, AppointmentState.DECLINED))


def expired(appointment_id: UUID) -> EmailMessage | None:
    """To the mediator: nobody answered."""
    return _to_mediator("reviewers/expired", _find(appointment_id, AppointmentState.EXPIRED))


def resigned(appointment_id: UUID) -> EmailMessage | None:
    """To the mediator: the Reviewer has left."""
    return _to_mediator("reviewers/resigned", _find(appointment_id, AppointmentState.RESIGNED))


def ended(appointment_id: UUID) -> EmailMessage | None:
    """To the Reviewer: ended by the mediator, or somebody else has taken over."""
    appointment = _find(appointment_id, AppointmentState.ENDED, AppointmentState.REPLACED)
    if appointment is None or appointment.reviewer is None:
        return None
    return _write("reviewers/ended", appointment, to=appointment.reviewer.email, path=reverse("home"))


def vetting(reviewer_id: UUID) -> EmailMessage | None:
    """To all admins: a new Reviewer waits for the check. The same mail again after three days, if nobody did it."""
    waiting = Vetting.objects.filter(
        reviewer__in=User.objects.staying().filter(pk=reviewer_id), state=VettingState.WAITING
    )
    waiting = waiting.select_related("reviewer").first()
    admins = list(User.objects.staying().filter(is_admin=True).values_list("email", flat=True))
    if waiting is None or not admins:
        return None
    held = Appointment.objects.accepted().filter(reviewer=reviewer_id).select_related("mediator")
    context = {
        "reviewer": waiting.reviewer,
        "mediators": [appointment.mediator.name for appointment in held],
        "link": settings.SITE_URL + reverse("vetting", args=[reviewer_id]),
    }
    mail = write_mail("reviewers/vetting", context, to=admins[0], language=settings.LANGUAGE_CODE)
    mail.to = admins
    return mail


def vetted(reviewer_id: UUID) -> EmailMessage | None:
    """To the Reviewer: what IMI decided."""
    decided = Vetting.objects.filter(reviewer__in=User.objects.staying().filter(pk=reviewer_id))
    decided = decided.exclude(state=VettingState.WAITING).select_related("reviewer").first()
    if decided is None:
        return None
    context = {
        "reviewer": decided.reviewer,
        "is_vetted": decided.state == VettingState.VETTED,
        "link": settings.SITE_URL + reverse("home"),
    }
    return write_mail("reviewers/vetted", context, to=decided.reviewer.email, language=settings.LANGUAGE_CODE)


def news(reviewer_id: UUID) -> EmailMessage | None:
    """To the Reviewer, once a week at most: about which mediators there is something new. No numbers, no days."""
    last = News.objects.filter(reviewer=reviewer_id).select_related("reviewer").first()
    if last is None:
        return None
    # Whom they review no longer is not named, even if they did when the mail was queued.
    mediators = mediators_of(last.reviewer).filter(pk__in=last.mediators).order_by("name", "pk")
    names = list(mediators.values_list("name", flat=True))
    if not names:
        return None
    context = {
        "reviewer": last.reviewer,
        "mediators": names,
        "link": settings.SITE_URL + reverse("review"),
    }
    return write_mail("reviewers/news", context, to=last.reviewer.email, language=settings.LANGUAGE_CODE)


# --- The Feedback Digest. No mail holds a word of it, or of the feedback: it says what happened, and where to read. ---


def digest_facts(digest_id: UUID) -> EmailMessage | None:
    """To the mediator: a text waits for their check of facts, until when."""
    return _about_digest("reviewers/digest_facts", _find_digest(digest_id, DigestState.FACTS), to="mediator")


def digest_commented(digest_id: UUID) -> EmailMessage | None:
    """To the Reviewer: the mediator has commented, and it can be finished."""
    return _about_digest(
        "reviewers/digest_commented", _find_digest(digest_id, DigestState.FACTS), to="reviewer"
    )


def digest_final(digest_id: UUID) -> EmailMessage | None:
    """To the mediator: it is final, and stands whatever becomes of its Reviewer."""
    digest = _find_digest(digest_id, DigestState.FINAL)
    return (
        _write_digest("reviewers/digest_final", digest, reader=digest.mediator, author=digest.reviewer_name)
        if digest
        else None
    )


def digest_due_soon_to_mediator(digest_id: UUID) -> EmailMessage | None:
    """After 20 months, and only where a digest must be renewed: it takes its time."""
    return _due("mediator", digest_id) if settings.DIGEST_REQUIRED else None


def digest_due_soon_to_reviewer(digest_id: UUID) -> EmailMessage | None:
    """The same, to the Reviewer."""
    return _due("reviewer", digest_id) if settings.DIGEST_REQUIRED else None


def digest_due_to_mediator(digest_id: UUID) -> EmailMessage | None:
    """After 24 months."""
    return _due("mediator", digest_id)


def digest_due_to_reviewer(digest_id: UUID) -> EmailMessage | None:
    """The same, to the Reviewer."""
    return _due("reviewer", digest_id)


def _due(to: str, digest_id: UUID) -> EmailMessage | None:
    """Nothing is due when a newer one is there, or when nobody could write it."""
    digest = _find_digest(digest_id, DigestState.FINAL)
    if digest is None or Digest.objects.final().filter(mediator=digest.mediator).first() != digest:
        return None
    return _about_digest("reviewers/digest_due", digest, to=to)


def _find_digest(digest_id: UUID, state: DigestState) -> Digest | None:
    found = Digest.objects.filter(pk=digest_id, state=state, mediator__in=User.objects.staying())
    return found.select_related("mediator", "reviewer").first()


def _about_digest(name: str, digest: Digest | None, *, to: str) -> EmailMessage | None:
    """Only while the mediator has a Reviewer; and what is not final, only while its own Reviewer is theirs."""
    reviewer = reviewer_reading(digest.mediator) if digest else None
    if reviewer is None or (digest.state == DigestState.FACTS and digest.reviewer != reviewer):
        return None
    reader = {"mediator": digest.mediator, "reviewer": reviewer}[to]
    return _write_digest(name, digest, reader=reader, author=digest.reviewer_name or reviewer.name)


def _write_digest(name: str, digest: Digest, *, reader: User, author: str) -> EmailMessage:
    is_to_mediator = reader == digest.mediator
    path = reverse("my_digest") if is_to_mediator else reverse("digest", args=[digest.mediator_id])
    context = {
        "reader": reader,
        "mediator": digest.mediator,
        "author": author,
        "is_to_mediator": is_to_mediator,
        "until": digest.facts_until,
        "final_on": digest.final_on,
        "is_required": settings.DIGEST_REQUIRED,
        "link": settings.SITE_URL + path,
    }
    return write_mail(name, context, to=reader.email, language=settings.LANGUAGE_CODE)


def _find(appointment_id: UUID, *states: AppointmentState) -> Appointment | None:
    found = Appointment.objects.filter(pk=appointment_id, state__in=states, mediator__is_active=True)
    return found.select_related("mediator", "reviewer").first()


def _to_mediator(name: str, appointment: Appointment | None) -> EmailMessage | None:
    if appointment is None:
        return None
    return _write(name, appointment, to=appointment.mediator.email, path=reverse("my_reviewer"))


def _write(name: str, appointment: Appointment, *, to: str, path: str) -> EmailMessage:
    context = {
        "mediator": appointment.mediator,
        "reviewer": appointment.reviewer,
        "expires_at": appointment.expires_at,
        "is_replaced": appointment.state == AppointmentState.REPLACED,
        "is_vetted": appointment.reviewer is not None and reads_everything(appointment.reviewer),
        "link": settings.SITE_URL + path,
    }
    return write_mail(name, context, to=to, language=settings.LANGUAGE_CODE)
