"""An authenticator app as second factor, by plain posts: on, used, lost, off. Passkeys need a browser."""

import json
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from accounts.choices import Role
from accounts.models import User
from accounts.tests.doors import assert_refused, code_in, person_at, proves_who, sign_in
from accounts.tests.factories import PASSWORD, make_admin, make_mediator, make_person

pytestmark = pytest.mark.django_db
ACTIVATE = "/accounts/2fa/totp/activate/"
SECOND_STEP = "/accounts/2fa/authenticate/"


def code_of(secret: str, later: int = 0) -> str:
    """What the app of the person shows, `later` codes from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def switch_on(client: Client) -> tuple[str, list[str]]:
    """The key in the app, and the recovery codes."""
    proves_who(client)
    secret = client.get(ACTIVATE).context["form"].secret
    with time_machine.travel(time.time(), tick=False):  # a code could end on its way
        answer = client.post(ACTIVATE, {"code": code_of(secret)})
    assert answer.url == "/accounts/2fa/recovery-codes/"
    return secret, client.get(answer.url).context["unused_codes"]


@pytest.fixture
def amina() -> User:
    return make_mediator(password=PASSWORD)


@pytest.fixture
def here(client: Client, amina: User) -> Client:
    sign_in(client, amina)
    return client


def test_switching_it_on_asks_who_it_is(here: Client) -> None:
    assert here.get(ACTIVATE).url.startswith("/accounts/reauthenticate/?next=")
    page = here.post("/accounts/reauthenticate/", {"password": "wrong-words-9"})
    assert_refused(page, "password")
    assert here.get(ACTIVATE).status_code == 302


def test_a_wrong_code_does_not_switch_it_on(here: Client) -> None:
    proves_who(here)
    secret = here.get(ACTIVATE).context["form"].secret
    page = here.post(ACTIVATE, {"code": "000000"})
    assert_refused(page, "code")
    assert secret in page.content.decode(), "the key in the app stays good"
    assert not Authenticator.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_its_owner_is_told_that_it_was_switched_on(here: Client, amina: User, mailoutbox) -> None:
    switch_on(here)
    assert {tuple(mail.to) for mail in mailoutbox} == {(amina.email,)}
    assert "authenticator app" in mailoutbox[0].subject.lower()


def test_from_then_on_a_password_is_not_enough(here: Client, amina: User) -> None:
    secret, _codes = switch_on(here)
    other = Client()
    assert sign_in(other, amina).redirect_chain[-1][0] == SECOND_STEP
    assert person_at(other) is None
    assert other.get("/account-settings/").url.startswith("/accounts/login/")
    assert_refused(other.post(SECOND_STEP, {"code": "000000"}), "code")
    with time_machine.travel(time.time() + 30, tick=False):
        other.post(SECOND_STEP, {"code": code_of(secret)})
    assert person_at(other) == amina


def test_a_mailed_code_is_not_enough_either(here: Client, amina: User, mailoutbox) -> None:
    switch_on(here)
    other = Client()
    other.post("/accounts/login/code/", {"email": amina.email})
    answer = other.post("/accounts/login/code/confirm/", {"code": code_in(mailoutbox[-1])})
    assert answer.url == SECOND_STEP
    assert person_at(other) is None


def test_a_code_works_once(here: Client, amina: User) -> None:
    secret, _codes = switch_on(here)
    with time_machine.travel(time.time() + 60, tick=False):
        code = code_of(secret)
        for opens in (True, False):
            other = Client()
            sign_in(other, amina)
            other.post(SECOND_STEP, {"code": code})
            assert bool(person_at(other)) == opens


def test_a_recovery_code_works_once(here: Client, amina: User) -> None:
    _secret, codes = switch_on(here)
    assert len(codes) == 10
    for opens in (True, False):
        other = Client()
        sign_in(other, amina)
        other.post(SECOND_STEP, {"code": codes[0]})
        assert bool(person_at(other)) == opens
    assert codes[0] not in here.get("/accounts/2fa/recovery-codes/").content.decode()


def test_new_recovery_codes_replace_the_old_ones(here: Client, amina: User) -> None:
    _secret, old = switch_on(here)
    here.post("/accounts/2fa/recovery-codes/generate/")
    new = here.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    assert set(new) & set(old) == set()
    assert here.get("/accounts/2fa/recovery-codes/download/").content.decode().split()[-1] in new
    other = Client()
    sign_in(other, amina)
    assert_refused(other.post(SECOND_STEP, {"code": old[1]}), "code")


def test_guessing_codes_is_limited(here: Client, amina: User) -> None:
    _secret, codes = switch_on(here)
    other = Client()
    sign_in(other, amina)
    statuses = [other.post(SECOND_STEP, {"code": f"{number:06}"}).status_code for number in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    assert other.post(SECOND_STEP, {"code": codes[0]}).status_code == 429
    assert person_at(other) is None


def test_switching_it_off_takes_the_recovery_codes_along(here: Client, amina: User, mailoutbox) -> None:
    switch_on(here)
    here.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert "authenticator app" in mailoutbox[-1].subject.lower()
    other = Client()
    sign_in(other, amina)
    assert person_at(other) == amina


def test_nobody_switches_it_off_without_proving_who_they_are(here: Client, amina: User) -> None:
    switch_on(here)
    with time_machine.travel(time.time() + 3600):
        assert here.post("/accounts/2fa/totp/deactivate/").url.startswith("/accounts/reauthenticate/")
    assert Authenticator.objects.filter(user=amina).count() == 2


def test_the_pages_of_what_is_not_switched_on(here: Client) -> None:
    proves_who(here)
    assert here.get("/accounts/2fa/totp/deactivate/").status_code == 404
    assert here.get("/accounts/2fa/recovery-codes/").status_code == 404
    assert here.get("/accounts/2fa/recovery-codes/download/").status_code == 404


def test_a_colleagues_passkey_is_as_unknown(here: Client) -> None:
    colleague = make_mediator()
    key = Authenticator.objects.create(
        user=colleague, type="webauthn", data={"name": "phone", "credential": {}}
    )
    proves_who(here)
    for pk in (key.pk, key.pk + 1, 10**30):
        for verb in ("edit", "remove"):
            for method in (here.get, here.post):
                assert (
                    method(f"/accounts/2fa/webauthn/keys/{pk}/{verb}/", {"name": "mine"}).status_code == 404
                )
    key.refresh_from_db()
    assert key.data["name"] == "phone"


@pytest.mark.parametrize("roles", [[Role.ADMIN], [Role.ADMIN, Role.MEDIATOR], [Role.REVIEWER, Role.ADMIN]])
def test_a_role_that_needs_it_does_nothing_before_it_is_on(roles, client: Client, settings) -> None:
    settings.TWO_FACTOR_REQUIRED_FOR = ["admin"]
    sign_in(client, make_person(*roles, password=PASSWORD))
    for path in ("/", "/account-settings/", "/my-details/", "/admin/", "/accounts/email/", "/unknown/"):
        assert client.get(path).url == "/accounts/2fa/", path
        assert client.post(path).url == "/accounts/2fa/", path
    assert "Your role needs a second factor" in client.get("/accounts/2fa/").content.decode()
    switch_on(client)
    assert client.get("/admin/").status_code == 200
    assert "Your role needs" not in client.get("/accounts/2fa/").content.decode()
    client.post("/accounts/2fa/totp/deactivate/")
    assert client.get("/admin/").url == "/accounts/2fa/"


def test_other_roles_do_not_need_it(here: Client, settings) -> None:
    settings.TWO_FACTOR_REQUIRED_FOR = ["admin"]
    assert here.get("/my-details/").status_code == 200


def test_who_must_switch_it_on_can_still_leave(client: Client, settings) -> None:
    settings.TWO_FACTOR_REQUIRED_FOR = ["admin"]
    sign_in(client, make_admin(password=PASSWORD))
    assert client.post("/accounts/logout/").url == "/"
    assert person_at(client) is None


NO_CREDENTIALS = [
    "",
    "null",
    "[]",
    '"x"',
    "NaN",
    "7" * 5000,
    "[" * 5000,
    '"\\ud800"',
    '{"id": "x"}',
    '{"rawId": 5, "response": {"userHandle": 5}}',
    '{"id": "x", "rawId": "x", "response": []}',
    json.dumps({"id": "eA", "rawId": "eA", "type": "public-key", "response": dict.fromkeys(
        ["clientDataJSON", "authenticatorData", "signature", "userHandle", "attestationObject"], "e30")}),
]  # fmt: skip


@pytest.mark.parametrize("credential", NO_CREDENTIALS)
def test_what_no_browser_says_is_refused(credential: str, here: Client, amina: User) -> None:
    stranger = Client()
    stranger.get("/accounts/2fa/webauthn/login/", HTTP_ACCEPT="application/json")
    answer = stranger.post("/accounts/2fa/webauthn/login/", {"credential": credential}, follow=True)
    assert answer.redirect_chain == [("/accounts/login/", 302)]
    assert person_at(stranger) is None
    proves_who(here)
    here.get("/accounts/2fa/webauthn/add/")
    page = here.post("/accounts/2fa/webauthn/add/", {"credential": credential, "name": "phone"})
    assert (page.status_code, Authenticator.objects.count()) == (200, 0)
    assert "There is a problem" in page.content.decode()
    switch_on(here)
    half = Client()
    sign_in(half, amina)
    assert half.post(SECOND_STEP, {"credential": credential}).status_code == 200
    assert person_at(half) is None


@pytest.mark.parametrize("way", ["change", "reset"])
def test_a_sign_in_begun_with_the_old_password_ends_with_it(
    way: str, here: Client, amina: User, mailoutbox
) -> None:
    """Somebody who knew it waits for a code that they can get hold of."""
    secret, _codes = switch_on(here)
    elsewhere, new = Client(), {"password1": "other-lamp-harbour-8", "password2": "other-lamp-harbour-8"}
    assert sign_in(elsewhere, amina).redirect_chain[-1][0] == SECOND_STEP
    if way == "change":
        here.post("/accounts/password/change/", new | {"oldpassword": PASSWORD})
    else:
        another = Client()
        another.post("/accounts/password/reset/", {"email": amina.email})
        another.post("/accounts/password/reset/confirm/", {"code": code_in(mailoutbox[-1])})
        another.post("/accounts/password/reset/complete/", new)
    assert User.objects.get(pk=amina.pk).check_password(new["password1"])
    with time_machine.travel(time.time() + 60):
        elsewhere.post(SECOND_STEP, {"code": code_of(secret)})
    assert person_at(elsewhere) is None
