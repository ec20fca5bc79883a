from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent
from accounts.services import outbox
from accounts.tests.doors import person_at
from accounts.tests.factories import make_address, make_mediator, make_person, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def reset(email: str) -> str:
    out = StringIO()
    call_command("reset_second_factor", email, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("typed", ["ann@example.org", " Ann@Example.org", "second@example.org"])
def test_all_kinds_are_forgotten_all_sign_ins_ended_and_the_person_is_told(typed, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    ann, ben = make_mediator(email="ann@example.org"), make_mediator()
    make_address(ann, "second@example.org")
    for kind in ("totp", "webauthn", "recovery_codes"):
        Authenticator.objects.create(user=ann, type=kind, data={})
    Authenticator.objects.create(user=ben, type="totp", data={})
    browser, other = signed_in(ann), signed_in(ben)
    assert "is reset" in reset(typed)
    assert Authenticator.objects.get().user == ben
    assert person_at(browser) is None
    assert person_at(other) == ben
    assert not UserSession.objects.filter(user=ann).exists()
    event = AuditEvent.objects.get(verb="second_factor_reset")
    assert (event.actor_id, event.object_id) == (None, str(ann.pk))
    outbox.deliver_due()
    (letter,) = mail.outbox
    assert letter.to == ["ann@example.org"]
    assert "/accounts/login/" in letter.body


def test_without_one_nothing_happens():
    ann = make_person(email="ann@example.org")
    browser = signed_in(ann)
    assert "Nothing was changed" in reset("ann@example.org")
    assert person_at(browser) == ann
    assert not AuditEvent.objects.filter(verb="second_factor_reset").exists()


@pytest.mark.parametrize(
    "typed", ["nobody@example.org", "unproven@example.org", "closed@example.org", "x", ""]
)
def test_an_address_that_nobody_has_confirmed_is_a_mistake(typed):
    make_address(make_person(), "unproven@example.org", verified=False)
    make_person(email="closed@example.org", is_active=False)
    with pytest.raises(CommandError, match="Nothing was changed"):
        reset(typed)
