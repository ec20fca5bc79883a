"""What we write when an account is to be deleted. Takes the person's id; None when there is nothing to say any more."""

from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from accounts.models import Appointment, User
from logbook_site.foundation.mail import write_mail


def deletion_asked(person_id: UUID) -> EmailMessage | None:
    """To the person: what happens when, and how to stop it."""
    person = _find(person_id, is_leaving=True)
    return (
        _write("own_data/deletion_asked", person, to=person, path=reverse("restore_account"))
        if person
        else None
    )


def deletion_stopped(person_id: UUID) -> EmailMessage | None:
    """To the person: the account is open again."""
    person = _find(person_id, is_leaving=False)
    return _write("own_data/deletion_stopped", person, to=person, path=reverse("home")) if person else None


def mediator_leaves(person_id: UUID) -> EmailMessage | None:
    """To the Reviewer of a mediator: when all feedback about them goes."""
    return _to_reviewer("own_data/mediator_leaves", _find(person_id, is_leaving=True))


def mediator_stays(person_id: UUID) -> EmailMessage | None:
    """To the Reviewer, who was told otherwise."""
    return _to_reviewer("own_data/mediator_stays", _find(person_id, is_leaving=False))


def _find(person_id: UUID, *, is_leaving: bool) -> User | None:
    return User.objects.filter(pk=person_id, deletion_due_at__isnull=not is_leaving).first()


def _to_reviewer(name: str, person: User | None) -> EmailMessage | None:
    reviewer = Appointment.objects.reviewer_of(person) if person else None
    if reviewer is None:
        return None
    return _write(name, person, to=reviewer, path=reverse("review_mediator", args=[person.pk]))


def _write(name: str, person: User, *, to: User, path: str) -> EmailMessage:
    context = {
        "person": person,
        "reader": to,
        "due_at": person.deletion_due_at,
        "link": settings.SITE_URL + path,
    }
    return write_mail(name, context, to=to.email, language=settings.LANGUAGE_CODE)
