"""Actions on many rows: a page that says how many and which, then exactly those; who refuses is named."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import AccessGrant, AuditEvent, Organisation, OutboxMessage, User, Vetting
from accounts.services.appointments import vet_reviewer
from accounts.tests.doors import person_at
from accounts.tests.factories import (
    make_admin,
    make_appointment,
    make_mediator,
    make_organisation,
    make_person,
    make_reviewer,
    signed_in,
)
from logbook_site.desk.tests.doors import CHOSEN, PEOPLE, ask_in_bulk, confirm
from logbook_site.foundation import clock
from logbook_site.foundation.desk import MOST_IN_BULK

pytestmark = pytest.mark.django_db
VETTINGS, ORGANISATIONS = "/admin/accounts/vetting/", "/admin/accounts/organisation/"


def messages_of(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_people_are_closed_and_opened_again_exactly_those_that_were_ticked() -> None:
    admin = make_admin()
    desk = signed_in(admin)
    chosen, other = [make_mediator() for _number in range(3)], make_mediator()
    browsers = [signed_in(person) for person in chosen]
    asked = ask_in_bulk(desk, PEOPLE, "deactivate", chosen)
    assert "<h1>Close accounts: 3 people</h1>" in asked.text
    assert set(CHOSEN.findall(asked.text)) == {str(person.pk) for person in chosen}
    assert all(person.email in asked.text for person in chosen)
    assert other.email not in asked.text
    assert not User.objects.filter(is_active=False).exists(), "asking does nothing"
    done = confirm(desk, asked)
    assert messages_of(done) == ["Done for 3."]
    assert set(User.objects.filter(is_active=False)) == set(chosen)
    assert all(person_at(browser) is None for browser in browsers)
    closed = AuditEvent.objects.filter(
        verb="person_changed_by_admin", actor_id=admin.pk, reason="deactivated"
    )
    assert set(closed.values_list("object_id", flat=True)) == {str(person.pk) for person in chosen}
    confirm(desk, ask_in_bulk(desk, PEOPLE, "activate", chosen))
    assert not User.objects.filter(is_active=False).exists()


def test_one_row_is_one() -> None:
    assert (
        "Close accounts: 1 person<"
        in ask_in_bulk(signed_in(make_admin()), PEOPLE, "deactivate", [make_mediator()]).text
    )


def test_all_of_a_filter_means_those_that_the_page_named_whatever_comes_or_goes_meanwhile() -> None:
    desk = signed_in(make_admin())
    first, second, third = (make_mediator() for _number in range(3))
    asked = ask_in_bulk(
        desk, f"{PEOPLE}?is_mediator__exact=1&is_active__exact=1", "deactivate", [first], select_across="1"
    )
    assert "Close accounts: 3 people" in asked.text
    late = make_mediator()
    User.objects.filter(pk=second.pk).update(is_mediator=False)  # the filter would lose this one
    gone = third.pk
    third.delete()
    done = confirm(desk, asked)
    assert messages_of(done) == ["Done for 2.", "1 is not there any more."]
    assert set(User.objects.filter(is_active=False)) == {first, second}
    late.refresh_from_db()
    assert late.is_active
    assert str(gone) in asked.text


def test_who_refuses_is_named_and_holds_nobody_up() -> None:
    """Oneself, and so the last admin; all others are closed."""
    admin = make_admin(name="Alex Admin", email="alex@example.org")
    others = [make_admin(), make_mediator()]
    desk = signed_in(admin)
    done = confirm(desk, ask_in_bulk(desk, PEOPLE, "deactivate", [admin, *others]))
    assert messages_of(done) == [
        "Done for 2.",
        "Not done for Alex Admin (alex@example.org): This is your own account. Another admin can close it.",
    ]
    assert set(User.objects.filter(is_active=True)) == {admin}


def test_a_year_is_given_once_however_often_the_button_is_pressed(settings) -> None:
    settings.ACCESS_MODE = "paid"
    desk, people = signed_in(make_admin()), [make_mediator(), make_mediator()]
    asked = ask_in_bulk(desk, PEOPLE, "give_a_year", people)
    for _time in range(2):
        confirm(desk, asked)
    assert [grant.months for grant in AccessGrant.objects.all()] == [12, 12]
    assert {grant.person for grant in AccessGrant.objects.all()} == set(people)
    for person in people:
        person.refresh_from_db()
        assert person.access_until > clock.today() + timedelta(days=360)


@pytest.mark.parametrize(("action", "state"), [("vet", "vetted"), ("refuse", "refused")])
def test_reviewers_are_checked_and_told_once_each(action, state) -> None:
    admin = make_admin()
    desk = signed_in(admin)
    waiting = [make_reviewer() for _number in range(2)]
    for reviewer in waiting:
        make_appointment(reviewer=reviewer)
    untouched = make_reviewer()
    make_appointment(reviewer=untouched)
    decided = make_reviewer()
    make_appointment(reviewer=decided)
    if action == "vet":
        vet_reviewer(reviewer=decided, by=admin)
        decided.vetting.refresh_from_db()
    OutboxMessage.objects.all().delete()
    rows = Vetting.objects.filter(reviewer__in=waiting)
    done = confirm(desk, ask_in_bulk(desk, f"{VETTINGS}?desk=waiting", action, rows))
    assert messages_of(done) == ["Done for 2."]
    assert {row.state for row in rows.all()} == {state}
    assert untouched.vetting.state == "waiting"
    told = OutboxMessage.objects.filter(message="reviewers.emails.vetted").values_list("object_id", flat=True)
    assert set(told) == {reviewer.pk for reviewer in waiting}
    assert len(told) == 2


def test_access_of_organisations_ends() -> None:
    desk = signed_in(make_admin())
    first, second, other = (make_organisation() for _number in range(3))
    asked = ask_in_bulk(desk, ORGANISATIONS, "end_access", [first, second])
    assert "End access: 2 organisations" in asked.text
    confirm(desk, asked)
    assert set(Organisation.objects.with_access()) == {other}
    assert AuditEvent.objects.filter(verb="organisation_changed").count() == 2


def test_too_many_at_once_are_refused_before_anything_is_asked() -> None:
    desk = signed_in(make_admin())
    User.objects.bulk_create(
        User(email=f"many{number}@example.org", name="Many") for number in range(MOST_IN_BULK)
    )
    row = User.objects.filter(name="Many").first()
    answer = desk.post(
        PEOPLE,
        {"action": "deactivate", "index": "0", "select_across": "1", "_selected_action": [str(row.pk)]},
        follow=True,
    )
    assert messages_of(answer) == [f"Choose {MOST_IN_BULK} at most. Nothing was done."]
    assert not User.objects.filter(is_active=False).exists()


@pytest.mark.parametrize("keys", [["x"], ["%00"], [str(uuid.uuid4())], ["x" * 3000]])
@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "yes"}])
def test_rows_that_are_none(keys, confirmed) -> None:
    desk = signed_in(make_admin())
    make_organisation()
    index = {} if confirmed else {"index": "0"}
    form = {"action": "end_access", "select_across": "0", "_selected_action": keys} | confirmed | index
    assert desk.post(ORGANISATIONS, form).status_code in {200, 302}
    assert Organisation.objects.with_access().count() == 1


@pytest.mark.parametrize("action", ["delete_selected", "vet", "x", ""])
def test_no_other_action_is_taken(action) -> None:
    desk, person = signed_in(make_admin()), make_person()
    ask_in_bulk(desk, PEOPLE, action, [person])
    desk.post(PEOPLE, {"action": action, "confirmed": "yes", "_selected_action": [str(person.pk)]})
    assert User.objects.filter(pk=person.pk, is_active=True).exists()


def test_for_others_there_are_no_actions() -> None:
    amina = make_mediator()
    for client in (signed_in(make_mediator()), signed_in(make_reviewer()), Client()):
        form = {"action": "deactivate", "confirmed": "yes", "_selected_action": [str(amina.pk)]}
        assert client.post(PEOPLE, form).status_code in {302, 404}
    amina.refresh_from_db()
    assert amina.is_active
