"""The question of the first visit: may directories see your totals?"""

import pytest

from accounts.choices import Visibility
from accounts.models import AuditEvent, MediatorProfile, User
from accounts.tests.doors import assert_refused
from accounts.tests.factories import make_mediator, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/my-details/visibility/"
QUESTION = "May directories see your totals?"


@pytest.fixture
def chloe() -> User:
    return make_mediator()


def answer_of(person: User) -> str:
    return MediatorProfile.objects.get(person=person).visibility


def changes() -> list[str]:
    events = AuditEvent.objects.filter(verb="visibility_changed").order_by("at")
    return list(events.values_list("reason", flat=True))


def test_it_is_asked_on_home_with_nothing_preselected_and_blocks_nothing(chloe: User) -> None:
    client = signed_in(chloe)
    for address in ("/", PAGE, "/my-details/"):
        page = client.get(address).content.decode()
        assert QUESTION in page
        assert "checked" not in page
    assert answer_of(chloe) == ""


@pytest.mark.parametrize("answer", Visibility.values)
def test_an_answer_is_kept_audited_and_not_asked_again(answer: str, chloe: User) -> None:
    client = signed_in(chloe)
    page = client.post(PAGE, {"visibility": answer}, follow=True)
    assert page.redirect_chain == [("/", 302)]
    assert QUESTION not in page.content.decode()
    assert (answer_of(chloe), changes()) == (answer, [answer])
    client.post(PAGE, {"visibility": answer})
    assert changes() == [answer]


@pytest.mark.parametrize("typed", ["", "public", "Directories", "1", "\0"])
def test_silence_is_no_consent(typed: str, chloe: User) -> None:
    client = signed_in(chloe)
    assert_refused(client.post(PAGE, {"visibility": typed}), "visibility")
    assert_refused(client.post(PAGE, {"is_admin": "1"}), "visibility")
    client.post("/my-details/", {"about": "Nothing said about visibility."})
    assert (answer_of(chloe), changes()) == ("", [])


def test_an_answer_is_for_oneself(chloe: User) -> None:
    ben = make_mediator()
    signed_in(ben).post(PAGE, {"visibility": "directories", "person": str(chloe.pk)})
    assert (answer_of(ben), answer_of(chloe)) == ("directories", "")


def test_it_can_be_taken_back(chloe: User) -> None:
    client = signed_in(chloe)
    for answer in ("directories", "private"):
        client.post(PAGE, {"visibility": answer})
    assert (answer_of(chloe), changes()) == ("private", ["directories", "private"])
