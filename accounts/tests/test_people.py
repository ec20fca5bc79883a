import pytest

from accounts.choices import Role, Verb, Visibility
from accounts.models import AuditEvent, MediatorProfile, User
from accounts.services.people import (
    RoleNotOpen,
    add_role,
    answer_visibility,
    remove_role,
    save_details,
    set_active,
)
from accounts.tests.factories import make_admin, make_mediator, make_person

pytestmark = pytest.mark.django_db


def trail(verb: Verb) -> list[tuple]:
    return list(AuditEvent.objects.filter(verb=verb).values_list("actor_id", "object_id", "reason"))


@pytest.mark.parametrize("role", [Role.MEDIATOR, Role.REVIEWER])
def test_people_give_themselves_two_roles(role):
    person = make_person()
    add_role(to=person, role=role, by=person)
    person.refresh_from_db()
    assert person.roles == {role}
    assert trail(Verb.ROLE_ADDED) == [(person.pk, str(person.pk), role.value)]


@pytest.mark.parametrize("role", [Role.DIRECTORY, Role.ADMIN])
def test_the_other_roles_come_from_an_admin(role):
    person, admin = make_mediator(), make_admin()
    with pytest.raises(RoleNotOpen):
        add_role(to=person, role=role, by=person)
    person.refresh_from_db()
    assert person.roles == {Role.MEDIATOR}
    add_role(to=person, role=role, by=admin)
    person.refresh_from_db()
    assert person.roles == {Role.MEDIATOR, role}


@pytest.mark.parametrize("giver", [make_person, make_mediator])
@pytest.mark.parametrize("role", list(Role))
def test_nobody_gives_a_role_to_somebody_else(role, giver):
    person, other = make_person(), giver()
    with pytest.raises(RoleNotOpen):
        add_role(to=person, role=role, by=other)
    person.refresh_from_db()
    assert person.roles == set()


def test_a_role_that_is_there_is_left_alone():
    person = make_mediator()
    before = trail(Verb.ROLE_ADDED)
    add_role(to=person, role=Role.MEDIATOR, by=person)
    assert trail(Verb.ROLE_ADDED) == before


def test_a_mediator_has_details_that_are_private_until_answered():
    person = make_person()
    assert not MediatorProfile.objects.filter(person=person).exists()
    add_role(to=person, role=Role.MEDIATOR, by=person)
    assert person.mediator_profile.visibility == ""


def test_visibility_is_a_consent_and_audited_once():
    profile = make_mediator().mediator_profile
    for _time in range(2):
        answer_visibility(profile=profile, visibility=Visibility.DIRECTORIES, by=profile.person)
    profile.refresh_from_db()
    assert profile.visibility == Visibility.DIRECTORIES
    expected = [(profile.person_id, str(profile.pk), "directories")]
    assert trail(Verb.VISIBILITY_CHANGED) == expected


def test_details_are_saved_and_a_change_of_visibility_is_audited():
    profile = make_mediator().mediator_profile
    profile.about = "I mediate farm succession."
    save_details(profile=profile, by=profile.person)
    assert trail(Verb.VISIBILITY_CHANGED) == []
    profile.visibility = Visibility.PRIVATE
    save_details(profile=profile, by=profile.person)
    profile.refresh_from_db()
    assert (profile.about, profile.visibility) == ("I mediate farm succession.", Visibility.PRIVATE)
    assert trail(Verb.VISIBILITY_CHANGED) == [(profile.person_id, str(profile.pk), "private")]


def test_closing_an_account_that_was_read_earlier_gives_no_role_back():
    """Of many that are closed at once, the last was read some time ago."""
    admin, other = make_admin(), make_admin()
    read_earlier = User.objects.get(pk=other.pk)
    remove_role(of=other, role=Role.ADMIN, by=admin)
    set_active(person=read_earlier, active=False, by=admin)
    stored = User.objects.get(pk=other.pk)
    assert (stored.is_active, stored.roles) == (False, set())
