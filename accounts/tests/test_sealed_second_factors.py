"""Keys of authenticator apps and seeds of recovery codes lie sealed; those of before, those of a lost key, new keys."""

import time
from io import StringIO

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from accounts.services.second_factors import open_secret
from accounts.tests.doors import assert_refused, person_at, proves_who, sign_in
from accounts.tests.factories import PASSWORD, make_mediator
from accounts.tests.test_second_factor import SECOND_STEP, code_of, switch_on
from feedback.tests.canaries import all_tables, found_in

pytestmark = pytest.mark.django_db
OLD, NEW = "o" * 43, "n" * 43
RECOVERY = "/accounts/2fa/recovery-codes/"
LOST = "or we cannot check it any more: a key is missing on our side"
PLACE = {"totp": "secret", "recovery_codes": "seed"}


@pytest.fixture
def amina(settings) -> User:
    settings.SEALING_KEYS = [OLD]
    return make_mediator(password=PASSWORD)


@pytest.fixture
def here(client: Client, amina: User) -> Client:
    sign_in(client, amina)
    return client


def table() -> dict[str, dict]:
    return dict(Authenticator.objects.values_list("type", "data"))


def kept() -> dict[str, str]:
    """What lies there of each secret."""
    return {kind: table()[kind][place] for kind, place in PLACE.items()}


def opened() -> dict[str, dict]:
    return table() | {kind: table()[kind] | {PLACE[kind]: open_secret(kept()[kind])} for kind in PLACE}


def lie_open() -> None:
    """As allauth wrote them before."""
    for kind, data in opened().items():
        Authenticator.objects.filter(type=kind).update(data=data)


def tried(code: str) -> Client:
    """Another browser, with the password and this code."""
    elsewhere = Client()
    sign_in(elsewhere, User.objects.get())
    elsewhere.post(SECOND_STEP, {"code": code})
    return elsewhere


def both_open(secret: str, codes: list[str], amina: User) -> None:
    """The app and the first of `codes`, each in its own time: a code of the app counts once."""
    with time_machine.travel(time.time() + 60, tick=False):
        assert person_at(tried(code_of(secret))) == amina
        assert person_at(tried(codes[0])) == amina
        assert person_at(tried(codes[0])) is None


def reseal() -> str:
    out = StringIO()
    call_command("reseal", stdout=out)
    return out.getvalue()


def test_no_table_holds_a_secret(here: Client) -> None:
    secret, codes = switch_on(here)
    assert all(each.startswith("sealed:") for each in kept().values())
    seed = open_secret(kept()["recovery_codes"])
    sessions = {session.pk: str(session.get_decoded()).encode() for session in Session.objects.all()}
    assert found_in(all_tables() | sessions, [secret, seed, *codes]) == set()


@pytest.mark.parametrize("age", ["new", "of before"])
def test_both_open_the_account(age: str, here: Client, amina: User) -> None:
    secret, codes = switch_on(here)
    if age == "of before":
        lie_open()
        assert kept()["totp"] == secret
    both_open(secret, codes, amina)


def test_reseal_seals_what_lies_open_and_nothing_else_changes(here: Client, amina: User) -> None:
    secret, codes = switch_on(here)
    tried(codes[1])
    passkey = Authenticator.objects.create(user=amina, type="webauthn", data={"name": "phone"})
    lie_open()
    before = table()
    assert "mfa.Authenticator.data: 2 sealed again." in reseal()
    assert all(each.startswith("sealed:") for each in kept().values())
    assert opened() == before
    passkey.delete()
    assert person_at(tried(codes[1])) is None
    both_open(secret, codes, amina)
    assert "mfa.Authenticator.data: 0 sealed again." in reseal()


def test_after_a_change_of_keys_the_new_one_is_enough(here: Client, amina: User, settings) -> None:
    secret, codes = switch_on(here)
    settings.SEALING_KEYS = [NEW, OLD]
    assert "mfa.Authenticator.data: 2 sealed again." in reseal()
    settings.SEALING_KEYS = [NEW]
    both_open(secret, codes, amina)


def test_reseal_names_those_of_a_lost_key_and_leaves_them(here: Client, settings) -> None:
    switch_on(here)
    before, complaints = kept(), StringIO()
    settings.SEALING_KEYS = [NEW]
    with pytest.raises(CommandError, match="Keep the old keys"):
        call_command("reseal", stdout=StringIO(), stderr=complaints)
    for factor in Authenticator.objects.all():
        assert f"mfa.Authenticator.data: {factor.pk} cannot be opened with any key." in complaints.getvalue()
    assert kept() == before


# --- The key is lost -------------------------------------------------------------------------------


def test_the_second_step_says_that_it_cannot_check(here: Client, amina: User, settings, caplog) -> None:
    secret, codes = switch_on(here)
    settings.SEALING_KEYS = [NEW]
    elsewhere = Client()
    sign_in(elsewhere, amina)
    with time_machine.travel(time.time() + 60, tick=False):
        for code in (code_of(secret), codes[0], "000000"):
            assert LOST in assert_refused(elsewhere.post(SECOND_STEP, {"code": code}), "code")
    assert person_at(elsewhere) is None
    assert "The secret of a second factor cannot be opened" in caplog.messages
    settings.SEALING_KEYS = [NEW, OLD]  # it was found again
    both_open(secret, codes, amina)


def test_guesses_are_limited_all_the_same(here: Client, amina: User, settings) -> None:
    switch_on(here)
    settings.SEALING_KEYS = [NEW]
    elsewhere = Client()
    sign_in(elsewhere, amina)
    statuses = [elsewhere.post(SECOND_STEP, {"code": f"{number:06}"}).status_code for number in range(6)]
    assert statuses == [200] * 5 + [429]


def test_so_does_the_question_who_it_is(here: Client, settings) -> None:
    secret, _codes = switch_on(here)
    settings.SEALING_KEYS = [NEW]
    with time_machine.travel(time.time() + 60, tick=False):
        assert LOST in assert_refused(
            here.post("/accounts/2fa/reauthenticate/", {"code": code_of(secret)}), "code"
        )
        here.post("/accounts/reauthenticate/", {"password": PASSWORD})
        assert here.get("/accounts/2fa/").status_code == 200


def test_lost_recovery_codes_are_told_and_new_ones_open_beside_a_lost_app(
    here: Client, amina: User, settings
) -> None:
    secret, old = switch_on(here)
    settings.SEALING_KEYS = [NEW]
    for path in (RECOVERY, f"{RECOVERY}download/", f"{RECOVERY}generate/"):
        page = here.get(path)
        assert page.status_code == 200
        assert "cannot be opened any more" in page.text and f'action="{RECOVERY}generate/"' in page.text
    assert here.post(f"{RECOVERY}generate/").url == RECOVERY
    new = here.get(RECOVERY).context["unused_codes"]
    with time_machine.travel(time.time() + 60, tick=False):
        assert person_at(tried(new[0])) == amina
        assert person_at(tried(old[0])) is None
        assert person_at(tried(code_of(secret))) is None


def test_an_app_that_is_switched_on_again_opens_beside_lost_recovery_codes(
    here: Client, amina: User, settings
) -> None:
    _secret, codes = switch_on(here)
    passkey = Authenticator.objects.create(user=amina, type="webauthn", data={"name": "phone"})
    settings.SEALING_KEYS = [NEW]
    proves_who(here)
    here.post("/accounts/2fa/totp/deactivate/")
    secret = here.get("/accounts/2fa/totp/activate/").context["form"].secret
    with time_machine.travel(time.time(), tick=False):
        assert here.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}).status_code == 302
    passkey.delete()
    assert set(table()) == {"recovery_codes", "totp"}
    with time_machine.travel(time.time() + 60, tick=False):
        for code, opens in ((code_of(secret), True), (codes[0], False)):
            assert bool(person_at(tried(code))) == opens
