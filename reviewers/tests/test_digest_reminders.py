"""Mails that ask for the next digest. They are queued when one is final, and look again on their day."""

import pytest
import time_machine
from django.core import mail

from accounts.services import outbox
from reviewers.models import Digest
from reviewers.services import appointing, digests
from reviewers.summaries import due_after
from reviewers.tests.factories import make_final

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def mailbox(settings) -> list:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return mail.outbox


def delivered_after(digest: Digest, months: int) -> list[tuple[list[str], str]]:
    """(to, subject) of what is sent on the evening of that day, however often the sender looks."""
    before = len(mail.outbox)
    day = due_after(digest.final_on, months)
    with time_machine.travel(f"{day.isoformat()}T20:00:00Z"):
        outbox.deliver_due()
        outbox.deliver_due()
    return [(message.to, message.subject) for message in mail.outbox[before:]]


@pytest.fixture
def final() -> Digest:
    digest = make_final()
    outbox.deliver_due()
    return digest


def test_where_it_is_voluntary_both_are_asked_once(final: Digest) -> None:
    assert delivered_after(final, 19) == []
    assert delivered_after(final, 20) == []
    sent = delivered_after(final, 24)
    assert sorted(sent) == sorted(
        [
            ([final.mediator.email], "Your Feedback Digest is two years old"),
            ([final.reviewer.email], f"The Feedback Digest about {final.mediator.name} is two years old"),
        ]
    )
    assert all("voluntary" in message.body for message in mail.outbox[-2:])
    assert delivered_after(final, 30) == []


def test_where_it_is_required_they_are_told_twice(final: Digest, settings) -> None:
    settings.DIGEST_REQUIRED = True
    both = sorted(
        [
            ([final.mediator.email], "Time for a new Feedback Digest"),
            ([final.reviewer.email], f"Time for a new Feedback Digest about {final.mediator.name}"),
        ]
    )
    assert delivered_after(final, 19) == []
    assert sorted(delivered_after(final, 20)) == both
    assert all("must be renewed" in message.body for message in mail.outbox[-2:])
    assert delivered_after(final, 23) == []
    assert sorted(delivered_after(final, 24)) == both


def test_nothing_is_due_when_a_newer_one_is_there_or_nobody_could_write_it(final: Digest, settings) -> None:
    settings.DIGEST_REQUIRED = True
    day = due_after(final.final_on, 12)
    with time_machine.travel(f"{day.isoformat()}T12:00:00Z"):
        own = {"mediator": final.mediator, "by": final.reviewer}
        sent = digests.send_for_facts(text="Newer", version=final.version, **own)
        digests.comment(digest=sent, comment="Good.", version=sent.version, by=final.mediator)
        newer = digests.finish(text="Newer", version=sent.version, **own)
        outbox.deliver_due()
    assert delivered_after(final, 20) == delivered_after(final, 24) == []
    appointing.end(appointment=final.mediator.appointments_made.get(), by=final.mediator)
    outbox.deliver_due()
    assert delivered_after(newer, 24) == []
