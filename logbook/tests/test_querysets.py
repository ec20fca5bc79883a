"""Who may see an entry."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.choices import Role
from accounts.tests.factories import make_appointment, make_mediator, make_person, make_reviewer
from logbook.models import LogbookEntry
from logbook.tests.factories import make_entry

pytestmark = pytest.mark.django_db


def test_a_mediator_sees_their_own_and_no_others() -> None:
    owner, colleague = make_mediator(), make_mediator()
    own = {make_entry(owner), make_entry(owner, deleted=True)}
    others = {make_entry(colleague), make_entry(colleague, deleted=True)}
    assert set(LogbookEntry.objects.visible_to(owner)) == own
    assert set(LogbookEntry.objects.visible_to(colleague)) == others


@pytest.mark.parametrize("role", [None, *(role for role in Role if role != Role.MEDIATOR)])
def test_who_is_no_mediator_sees_nothing(role: Role | None) -> None:
    make_entry()
    person = make_person(*([role] if role else []))
    make_entry(person)  # from a time when they were a mediator
    assert set(LogbookEntry.objects.visible_to(person)) == set()


def test_a_stranger_sees_nothing() -> None:
    make_entry()
    assert set(LogbookEntry.objects.visible_to(AnonymousUser())) == set()


def test_the_reviewer_of_the_mediator_sees_nothing_here() -> None:
    mediator, reviewer = make_mediator(), make_reviewer(vetted=True)
    make_appointment(mediator, reviewer)
    make_entry(mediator)
    assert set(LogbookEntry.objects.visible_to(reviewer)) == set()


def test_live_and_deleted_share_all_entries_between_them() -> None:
    owner = make_mediator()
    live, deleted = make_entry(owner), make_entry(owner, deleted=True)
    assert list(LogbookEntry.objects.live()) == [live]
    assert list(LogbookEntry.objects.deleted()) == [deleted]
