"""What a Reviewer may read, and who sees which digest. Whole sets are compared."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.choices import VettingState
from accounts.services.appointments import end_appointment, refuse_reviewer
from accounts.tests.factories import (
    make_admin,
    make_appointment,
    make_directory,
    make_mediator,
    make_pending,
    make_person,
    make_reviewer,
)
from feedback.tests.factories import make_piece
from logbook_site.foundation import clock
from reviewers import permissions
from reviewers.choices import DigestState
from reviewers.models import Digest
from reviewers.querysets import (
    feedback_read_by,
    mediators_of,
    reads_everything,
    reviewer_reading,
    vetting_of,
)
from reviewers.tests.factories import make_checked, make_draft, make_final_digest

pytestmark = pytest.mark.django_db


def make_digest(reviewer, mediator, state: DigestState, **fields) -> Digest:
    return Digest.objects.create(reviewer=reviewer, mediator=mediator, state=state, text="Calm.", **fields)


def test_the_mediators_of_a_reviewer_are_those_of_today() -> None:
    mine, pending, over = make_appointment(), make_pending(), make_appointment()
    make_appointment(reviewer=mine.reviewer, mediator=(second := make_mediator()))
    end_appointment(appointment=over, by=over.mediator)
    assert set(mediators_of(mine.reviewer)) == {mine.mediator, second}
    assert reviewer_reading(mine.mediator) == mine.reviewer
    for appointment in (pending, over):
        assert set(mediators_of(appointment.reviewer)) == set()
        assert reviewer_reading(appointment.mediator) is None
        assert not permissions.may_write(appointment.reviewer, appointment.mediator)
    assert permissions.may_write(mine.reviewer, mine.mediator)
    assert not permissions.may_write(mine.reviewer, over.mediator)
    mine.reviewer.is_active = False
    mine.reviewer.save()
    assert reviewer_reading(mine.mediator) is None


def test_what_imi_thinks_decides_how_much_is_read(settings) -> None:
    vetted, waiting, refused, never_asked = (
        make_reviewer(vetted=True),
        make_reviewer(),
        make_reviewer(),
        make_person(),
    )
    for reviewer in (waiting, refused):
        make_appointment(reviewer=reviewer)
    refuse_reviewer(reviewer=refused, by=make_admin())
    people = [vetted, waiting, refused, never_asked]
    states = VettingState
    assert [vetting_of(one) for one in people] == [
        states.VETTED,
        states.WAITING,
        states.REFUSED,
        states.WAITING,
    ]
    assert [reads_everything(one) for one in people] == [True, False, False, False]
    assert [permissions.may_finish(one) for one in people] == [True, False, False, False]
    settings.REVIEWER_VETTING = False
    assert [vetting_of(one) for one in people] == [
        states.VETTED,
        states.VETTED,
        states.REFUSED,
        states.VETTED,
    ]
    assert [reads_everything(one) for one in people] == [True, True, False, True]


def test_a_checked_reviewer_reads_all_another_what_is_shared_and_released() -> None:
    checked = make_appointment(reviewer=make_reviewer(vetted=True))
    unchecked = make_appointment()
    own = {}
    for appointment in (checked, unchecked):
        own[appointment] = [make_piece(appointment.mediator) for _number in range(4)]
        own[appointment].append(make_piece(appointment.mediator, shared=False))
        own[appointment].append(make_piece(appointment.mediator, release_on=clock.today()))
    read = list(feedback_read_by(checked.reviewer))
    assert read == sorted(own[checked], key=lambda piece: piece.pk)
    assert {name for piece in read for name in piece.get_deferred_fields()} == {"code_hash"}
    assert set(feedback_read_by(unchecked.reviewer)) == set(own[unchecked][:4])
    for other in (
        checked.mediator,
        make_person(),
        make_directory(),
        make_admin(),
        make_reviewer(vetted=True),
    ):
        assert set(feedback_read_by(other)) == set()


def test_a_digest_is_seen_when_final_or_for_a_check_of_facts() -> None:
    digest = make_checked()
    amina, reviewer = digest.mediator, digest.reviewer
    final = make_final_digest(amina, reviewer=make_reviewer())
    draft = make_draft(reviewer=reviewer)
    of_a_former = make_digest(make_reviewer(), amina, DigestState.FACTS, facts_until=digest.facts_until)
    assert set(Digest.objects.visible_to(amina)) == {digest, final}
    assert set(Digest.objects.visible_to(draft.mediator)) == set()
    assert set(Digest.objects.written_by(reviewer)) == {digest, draft}
    assert set(Digest.objects.written_by(of_a_former.reviewer)) == set()
    assert set(Digest.objects.in_check()) == {digest, of_a_former}
    others = (reviewer, make_mediator(), make_person(), make_admin())
    assert not any(set(Digest.objects.visible_to(user)) for user in (*others, AnonymousUser()))
    assert permissions.may_comment(amina, digest)
    assert not any(permissions.may_comment(amina, one) for one in (final, draft, of_a_former))
    assert not any(permissions.may_comment(user, digest) for user in others)
    amina.is_mediator = False
    assert set(Digest.objects.visible_to(amina)) == set()


def test_final_ones_stand_newest_first() -> None:
    amina = make_mediator()
    old = make_final_digest(amina, final_at=clock.now() - clock.hours(48))
    new = make_final_digest(amina, final_at=clock.now() - clock.hours(24))
    make_draft(mediator=amina)
    assert list(Digest.objects.final()) == [new, old]


def test_final_digests_stand_newest_first() -> None:
    amina, now = make_mediator(), clock.now()
    days = [3, 1, 5, 2, 4]
    rows = {day: make_final_digest(amina, final_at=now - timedelta(days=day)) for day in days}
    assert list(Digest.objects.final()) == [rows[day] for day in sorted(days)]
