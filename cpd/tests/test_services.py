"""What happens when an entry is saved, deleted, restored and forgotten, and who may see it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from accounts.choices import Role
from accounts.tests.factories import make_appointment, make_mediator, make_person, make_reviewer
from cpd import services
from cpd.models import CpdEntry
from cpd.tasks import forget_deleted_entries
from cpd.tests.factories import make_cpd

pytestmark = pytest.mark.django_db


def test_saving_makes_the_words_findable() -> None:
    assert make_cpd(title="Ålesund", provider="Łódź Été").folded == "alesund łodz ete"
    assert len(make_cpd(title="\u33c2" * 100, provider="\u33c2" * 120).folded) == 800


@pytest.mark.parametrize("act", [services.save_entry, services.delete_entry, services.restore_entry])
@pytest.mark.parametrize("deleted", [False, True])
def test_nobody_touches_an_entry_of_another(act, deleted: bool) -> None:
    entry = make_cpd(title="Untouched", deleted=deleted)
    before = CpdEntry.objects.values().get(pk=entry.pk)
    entry.title = "Touched"
    with pytest.raises(PermissionDenied):
        act(entry=entry, by=make_mediator())
    assert CpdEntry.objects.values().get(pk=entry.pk) == before


def test_one_entry_of_another_stops_them_all() -> None:
    person = make_mediator()
    entries = [
        CpdEntry(owner=owner, completed_on="2026-01-01", title="x", kind="other", minutes=5)
        for owner in (person, make_mediator())
    ]
    with pytest.raises(PermissionDenied):
        services.save_entries(entries=entries, by=person)
    assert not CpdEntry.objects.exists()


def test_deleted_and_restored_as_it_was() -> None:
    entry = make_cpd(takeaways="We paused.", points=2)
    before = CpdEntry.objects.values().get(pk=entry.pk)
    services.delete_entry(entry=entry, by=entry.owner)
    assert CpdEntry.objects.deleted().get(pk=entry.pk).takeaways == "We paused."
    services.restore_entry(entry=entry, by=entry.owner)
    assert CpdEntry.objects.values().get(pk=entry.pk) == before


def test_a_second_delete_does_not_give_it_more_time(settings) -> None:
    entry = make_cpd(deleted=True)
    settings.CLOCK_OFFSET_HOURS = 100
    services.delete_entry(entry=entry, by=entry.owner)
    assert CpdEntry.objects.get(pk=entry.pk).deleted_at == entry.deleted_at


def test_a_change_does_not_bring_back_what_was_deleted_meanwhile() -> None:
    entry = make_cpd(title="Roof")
    in_another_tab = CpdEntry.objects.get(pk=entry.pk)
    services.delete_entry(entry=entry, by=entry.owner)
    in_another_tab.title = "Cellar"
    services.save_entry(entry=in_another_tab, by=entry.owner)
    assert CpdEntry.objects.deleted().get(pk=entry.pk).title == "Cellar"


def test_deleted_entries_are_forgotten_when_their_time_is_over(settings) -> None:
    settings.UNDO_HOURS = 2
    live, gone = make_cpd(), make_cpd(deleted=True)
    settings.CLOCK_OFFSET_HOURS = 1.9
    forget_deleted_entries()
    assert set(CpdEntry.objects.all()) == {live, gone}
    settings.CLOCK_OFFSET_HOURS = 2.1
    assert services.forget_deleted_entries() == 1
    assert services.forget_deleted_entries() == 0
    assert set(CpdEntry.objects.all()) == {live}


def test_a_mediator_sees_their_own_and_nobody_else_sees_any() -> None:
    owner, colleague = make_mediator(), make_mediator()
    reviewer = make_reviewer(vetted=True)
    make_appointment(owner, reviewer)
    own = {make_cpd(owner), make_cpd(owner, deleted=True)}
    others = {make_cpd(colleague)}
    assert set(CpdEntry.objects.visible_to(owner)) == own
    assert set(CpdEntry.objects.visible_to(colleague)) == others
    assert len(set(CpdEntry.objects.visible_to(owner).live())) == 1
    people = [make_person(role) for role in Role if role != Role.MEDIATOR]
    for person in (*people, make_person(), reviewer, AnonymousUser()):
        if person.is_authenticated and person != reviewer:
            make_cpd(person)  # from a time when they were a mediator
        assert set(CpdEntry.objects.visible_to(person)) == set()
