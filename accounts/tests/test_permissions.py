from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404, HttpResponse

from accounts import permissions
from accounts.choices import PlaceState, Role
from accounts.models import StaffPlace
from accounts.services.appointments import end_appointment, invite_reviewer
from accounts.tests.factories import (
    make_address,
    make_admin,
    make_appointment,
    make_directory,
    make_mediator,
    make_organisation,
    make_pending,
    make_person,
    make_place,
    make_reviewer,
    signed_in,
)
from logbook_site.foundation import clock

pytestmark = pytest.mark.django_db


def make_everyone() -> list:
    return [make_person(), make_mediator(), make_reviewer(), make_directory(), make_admin()]


@pytest.mark.parametrize("role", list(Role))
def test_a_page_for_one_role_is_unknown_to_all_others(role, rf):
    page = permissions.only(role)(
        lambda request, *words, **more: HttpResponse(f"{request.path} {words} {more}")
    )
    request = rf.get("/")
    for user in make_everyone():
        request.user = user
        if role in user.roles:
            assert page(request, 1, two=2).text == "/ (1,) {'two': 2}"
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


IMI_ALONE = [
    permissions.may_vet,
    permissions.may_manage_organisations,
    permissions.may_delete_accounts,
    permissions.may_grant_access,
]


@pytest.mark.parametrize("may", IMI_ALONE, ids=lambda may: may.__name__)
def test_what_imi_alone_may_do(may):
    assert [may(user) for user in make_everyone()] == [False] * 4 + [True]
    assert not may(make_admin(is_active=False))


def test_manage_people():
    admin, person = make_admin(), make_person()
    assert [permissions.may_manage_people(user, person) for user in make_everyone()] == [False] * 4 + [True]
    assert not permissions.may_manage_people(admin, admin)
    assert not permissions.may_manage_people(make_admin(is_active=False), person)


def test_the_last_admin_stays():
    admin = make_admin()
    assert [permissions.may_leave(user) for user in (make_person(), make_mediator(), admin)] == [
        True,
        True,
        False,
    ]
    make_admin(is_active=False)
    make_admin(deletion_due_at=clock.now())
    assert not permissions.may_leave(admin)
    make_admin()
    assert permissions.may_leave(admin)


def test_access_counts_to_the_end_of_its_last_day(settings):
    today = clock.today()
    ends = [None, today - timedelta(days=1), today, today + timedelta(days=1)]
    mediators = [make_mediator(access_until=end) for end in ends]
    settings.ACCESS_MODE = "paid"
    assert [permissions.has_access(mediator) for mediator in mediators] == [False, False, True, True]
    settings.ACCESS_MODE = "open"
    assert all(permissions.has_access(mediator) for mediator in mediators)


def test_answer_an_invitation_to_a_place():
    person, other, later = make_person(), make_person(), clock.now() + timedelta(hours=1)
    place = StaffPlace.objects.create(
        organisation=make_organisation(),
        invite_email=person.email,
        expires_at=later,
        state=PlaceState.PENDING,
    )
    assert permissions.may_answer_place(person, place)
    assert not any(permissions.may_answer_place(somebody, place) for somebody in [other, *make_everyone()])
    make_place(other, place.organisation)
    with time_machine.travel(later, tick=False):
        assert not permissions.may_answer_place(person, place)
    another = StaffPlace.objects.create(
        organisation=make_organisation(),
        invite_email="a@example.org",
        expires_at=later,
        state=PlaceState.PENDING,
    )
    assert not permissions.may_answer_place(person, another)


def test_who_has_access_comes_through(rf):
    page = permissions.adding(lambda request, *words, **more: HttpResponse(f"{request.path} {words} {more}"))
    request = rf.get("/")
    request.user = make_mediator()
    assert page(request, 1, two=2).text == "/ (1,) {'two': 2}"


def test_what_was_typed_comes_back_with_the_page_that_says_how_to_renew(settings):
    settings.ACCESS_MODE = "paid"
    client = signed_in(make_mediator())
    typed = {"title": "R 12", "also": ["a", "b"], "form_key": "k", "csrfmiddlewaretoken": "t"}
    page = client.post("/logbook/add/", typed)
    assert page.status_code == 403
    assert page.context["carried"] == [("title", "R 12"), ("also", "a"), ("also", "b")]
    assert page.context["had_file"] is False
    assert 'name="code"' in page.text
    page = client.post("/cpd/add/", {"evidence": SimpleUploadedFile("a.pdf", b"%PDF-1.4")})
    assert (page.status_code, page.context["carried"], page.context["had_file"]) == (403, [], True)
    assert signed_in(make_mediator(access_until=clock.today())).get("/logbook/add/").status_code == 200
