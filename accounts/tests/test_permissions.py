import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.http import Http404, HttpResponse

from accounts import permissions
from accounts.choices import Role
from accounts.services.appointments import end_appointment, invite_reviewer
from accounts.tests.factories import (
    make_address,
    make_admin,
    make_appointment,
    make_directory,
    make_mediator,
    make_pending,
    make_person,
    make_reviewer,
)

pytestmark = pytest.mark.django_db


def make_everyone() -> list:
    return [make_person(), make_mediator(), make_reviewer(), make_directory(), make_admin()]


@pytest.mark.parametrize("role", list(Role))
def test_a_page_for_one_role_is_unknown_to_all_others(role, rf):
    page = permissions.only(role)(lambda request: HttpResponse("here"))
    request = rf.get("/")
    for user in make_everyone():
        request.user = user
        if role in user.roles:
            assert page(request).content == b"here"
        else:
            with pytest.raises(Http404):
                page(request)


@pytest.mark.parametrize("role", list(Role))
def test_a_second_factor_is_needed_for_the_roles_of_the_setting(role, settings):
    settings.TWO_FACTOR_REQUIRED_FOR = [role.value]
    for user in make_everyone():
        assert permissions.is_without_required_second_factor(user) is (role in user.roles)
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
        assert permissions.is_without_required_second_factor(user) is False


def test_propose():
    mediator = make_mediator()
    assert permissions.may_propose(mediator, mediator)
    assert not any(permissions.may_propose(other, mediator) for other in make_everyone())
    reviewer, closed = make_reviewer(), make_mediator(is_active=False)
    assert not permissions.may_propose(reviewer, reviewer)
    assert not permissions.may_propose(closed, closed)


def test_answer_when_chosen():
    pending = make_pending()
    assert permissions.may_answer(pending.reviewer, pending)
    others = [pending.mediator, *make_everyone()]
    assert not any(permissions.may_answer(other, pending) for other in others)
    with time_machine.travel(pending.expires_at, tick=False):
        assert not permissions.may_answer(pending.reviewer, pending)


def test_answer_when_invited():
    mediator, person, other = make_mediator(), make_person(), make_person()
    make_address(person, "second@example.org")
    make_address(other, "second@example.org", verified=False)
    pending = invite_reviewer(mediator=mediator, email="Second@example.org", by=mediator)
    assert permissions.may_answer(person, pending)
    others = [mediator, other, *make_everyone()]
    assert not any(permissions.may_answer(other, pending) for other in others)


def test_take_back_end_and_resign():
    pending, accepted, over = make_pending(), make_appointment(), make_appointment()
    over = end_appointment(appointment=over, by=over.mediator)
    verbs = [permissions.may_take_back, permissions.may_end, permissions.may_resign]
    expected = {
        (pending, pending.mediator): [True, False, False],
        (pending, pending.reviewer): [False, False, False],
        (accepted, accepted.mediator): [False, True, False],
        (accepted, accepted.reviewer): [False, False, True],
        (over, over.mediator): [False, False, False],
        (over, over.reviewer): [False, False, False],
    }
    for (appointment, user), answers in expected.items():
        assert [may(user, appointment) for may in verbs] == answers
    for appointment in [pending, accepted, over]:
        assert not any(may(other, appointment) for may in verbs for other in make_everyone())


def test_vet():
    assert [permissions.may_vet(user) for user in make_everyone()] == [False] * 4 + [True]
    assert not permissions.may_vet(make_admin(is_active=False))
