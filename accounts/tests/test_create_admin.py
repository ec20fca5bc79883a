import getpass
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from accounts.choices import Role, Verb
from accounts.models import AuditEvent, User
from accounts.tests.factories import PASSWORD, make_address, make_admin, make_mediator, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_password_around(monkeypatch):
    monkeypatch.delenv("ADMIN_PASSWORD", raising=False)


@pytest.fixture
def typed(monkeypatch):
    """What somebody types, line by line; then nothing more comes (as with a closed keyboard)."""
    lines: list[str] = []

    def next_line(question: str = "") -> str:
        if not lines:
            raise EOFError
        return lines.pop(0)

    monkeypatch.setattr("builtins.input", next_line)
    monkeypatch.setattr(getpass, "getpass", next_line)
    return lines


def create_admin(**options: str) -> str:
    out = StringIO()
    call_command("create_admin", stdout=out, **options)
    return out.getvalue()


def test_a_new_admin_can_sign_in(monkeypatch):
    monkeypatch.setenv("ADMIN_PASSWORD", PASSWORD)
    assert "created" in create_admin(email=" Alex@Example.org ", name="Alex  Admin")
    person = User.objects.get()
    assert (person.email, person.name, person.roles) == ("alex@example.org", "Alex Admin", {Role.ADMIN})
    address = EmailAddress.objects.get()
    assert (address.user, address.email) == (person, "alex@example.org")
    assert address.verified and address.primary
    request = RequestFactory().post("/")
    assert authenticate(request, email="alex@example.org", password=PASSWORD) == person


def test_it_is_audited_as_done_by_the_system(monkeypatch):
    monkeypatch.setenv("ADMIN_PASSWORD", PASSWORD)
    create_admin(email="alex@example.org", name="Alex Admin")
    [event] = AuditEvent.objects.all()
    assert (event.verb, event.actor_id, event.object_id, event.reason) == (
        Verb.ROLE_ADDED,
        None,
        str(User.objects.get().pk),
        "admin",
    )


def test_what_is_missing_is_asked_for(typed):
    typed += ["alex@example.org", "Alex Admin", PASSWORD, PASSWORD]
    create_admin()
    assert User.objects.get().check_password(PASSWORD)


def test_an_existing_account_keeps_its_password_and_its_roles():
    person = make_mediator(email="ann@example.org", password=PASSWORD)
    assert "role of admin now" in create_admin(email="Ann@example.org")
    person.refresh_from_db()
    assert person.roles == {Role.MEDIATOR, Role.ADMIN}
    assert person.check_password(PASSWORD)


def test_an_admin_stays_one():
    make_admin(email="alex@example.org")
    before = AuditEvent.objects.count()
    assert "already" in create_admin(email="alex@example.org")
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "Nothing was typed"),
        (["alex"], "whole e-mail address"),
        (["alex@example.org", "  "], "Give a name"),
        (["alex@example.org", "x" * 121], "Give a name"),
        (["alex@example.org", "Alex"], "Nothing was typed"),
        (["alex@example.org", "Alex", PASSWORD, "another"], "passwords differ"),
        (["alex@example.org", "Alex", "short", "short"], "too short"),
        (["alex@example.org", "Alex", "alex@example.org", "alex@example.org"], "too similar"),
        (["alex@example.org", "Alex", "194837265501", "194837265501"], "entirely numeric"),
    ],
)
def test_a_mistake_is_explained_and_nothing_is_created(typed, lines, sentence):
    typed += lines
    with pytest.raises(CommandError, match=sentence):
        create_admin()
    assert not User.objects.exists()


def test_somebody_elses_second_address_is_not_taken():
    make_address(make_person(), "Alex@example.org")
    with pytest.raises(CommandError, match="Another account uses this address"):
        create_admin(email="alex@example.org", name="Alex")


def test_a_closed_account_is_not_given_the_role():
    person = make_person(email="alex@example.org", is_active=False)
    with pytest.raises(CommandError, match="closed"):
        create_admin(email="alex@example.org")
    person.refresh_from_db()
    assert person.roles == set()
