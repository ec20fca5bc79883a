"""Guessing is limited: by account, and by where it comes from. Who is not concerned notices nothing."""

import time

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.tests.doors import SIGN_UP, person_at
from accounts.tests.factories import PASSWORD, make_mediator, signed_in

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
ELSEWHERE = "203.0.113.9"


@pytest.fixture
def amina() -> User:
    return make_mediator(email="amina@example.org", password=PASSWORD)


def guess(email: str, password: str = "wrong-words-9", *, at: str = "198.51.100.7", via: str = "") -> int:
    """The status of one try. `at` is the address of the connection, `via` what its X-Forwarded-For says."""
    header = {"HTTP_X_FORWARDED_FOR": via} if via else {}
    return Client(REMOTE_ADDR=at, **header).post(LOGIN, {"login": email, "password": password}).status_code


def test_after_five_wrong_passwords_the_account_rests(amina: User) -> None:
    assert [guess(amina.email) for _try in range(20)] == [200] * 5 + [429] * 15
    client = Client(REMOTE_ADDR=ELSEWHERE)
    page = client.post(LOGIN, {"login": amina.email, "password": PASSWORD})
    assert page.status_code == 429
    assert "Too many tries" in page.content.decode()
    assert "Wait some minutes and try again." in page.content.decode()
    assert person_at(client) is None


@pytest.mark.long
def test_what_others_try_elsewhere_gives_no_new_tries(amina: User) -> None:
    """A table of counts that is full must not make room by forgetting them: somebody could fill it on purpose."""
    assert [guess(amina.email) for _try in range(6)] == [200] * 5 + [429]
    for number in range(320):
        Client(REMOTE_ADDR=f"192.0.{number // 200}.{number % 200}").get("/give-feedback/no-such-link/")
    assert guess(amina.email) == 429


def test_another_spelling_of_our_name_gives_no_new_tries(amina: User, settings) -> None:
    settings.ALLOWED_HOSTS = ["logbook.example.org"]
    names = [
        "logbook.example.org",
        "LOGBOOK.example.org",
        "logbook.example.org:1",
        "logbook.example.org.",
        "logbook.example.org:2",
    ]
    typed = {"login": amina.email, "password": "wrong-words-9"}
    assert [Client(headers={"host": name}).post(LOGIN, typed).status_code for name in names] == [200] * 5
    assert [Client(headers={"host": name}).post(LOGIN, typed).status_code for name in names] == [429] * 5


def test_at_an_open_browser_nobody_guesses_the_password_where_it_is_changed(amina: User) -> None:
    new = {
        "oldpassword": "wrong-words-9",
        "password1": "other-lamp-harbour-8",
        "password2": "other-lamp-harbour-8",
    }
    page, client = "/accounts/password/change/", signed_in(amina)
    assert [client.post(page, new).status_code for _try in range(5)] == [200] * 5
    with time_machine.travel(time.time() + 61):
        assert client.post(page, new | {"oldpassword": PASSWORD}).status_code == 429
        assert guess(amina.email, at=ELSEWHERE) == 429, "it is one count"
    with time_machine.travel(time.time() + 302):
        assert client.post(page, new | {"oldpassword": PASSWORD}).status_code == 302


def test_another_account_from_elsewhere_does_not_notice(amina: User) -> None:
    for _try in range(20):
        guess(amina.email)
    ben = make_mediator(password=PASSWORD)
    assert guess(ben.email, PASSWORD, at=ELSEWHERE) == 302


def test_it_rests_for_five_minutes(amina: User) -> None:
    for _try in range(20):
        guess(amina.email)
    with time_machine.travel(time.time() + 301):
        assert guess(amina.email, PASSWORD) == 302


def test_one_place_may_not_try_many_accounts() -> None:
    statuses = [guess(f"person{number}@example.org") for number in range(20)]
    assert statuses == [200] * 10 + [429] * 10
    assert guess("person99@example.org", at=ELSEWHERE) == 200


def test_two_places_count_alone_where_the_server_writes_ipv4_as_ipv6() -> None:
    places = ["::ffff:198.51.100.7", "::FFFF:203.0.113.9", "203.0.113.9"]
    statuses = [[guess(f"p{number}@example.org", at=at) for number in range(10)] for at in places]
    assert statuses == [[200] * 10, [200] * 10, [429] * 10]


def test_a_right_password_uses_nothing_up(amina: User) -> None:
    assert [guess(amina.email, PASSWORD) for _time in range(12)] == [302] * 12


def test_signing_in_rightly_now_and_then_gives_no_more_tries(amina: User) -> None:
    statuses = []
    for _try in range(7):
        statuses.append(guess(amina.email))
        guess(amina.email, PASSWORD)
    assert statuses == [200] * 5 + [429] * 2


def test_a_forged_header_does_not_help() -> None:
    statuses = [guess(f"p{number}@example.org", via=f"192.0.2.{number}") for number in range(15)]
    assert statuses == [200] * 10 + [429] * 5


def test_behind_one_proxy_each_client_counts_alone(settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    proxy = {"at": "10.0.0.2"}
    first = [guess(f"p{number}@example.org", via="192.0.2.1", **proxy) for number in range(12)]
    assert first == [200] * 10 + [429] * 2
    assert guess("p99@example.org", via="192.0.2.2", **proxy) == 200


def test_behind_one_proxy_forged_entries_do_not_help(settings) -> None:
    """The proxy writes the last entry; all before it is what the client wrote."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    statuses = [
        guess(f"p{number}@example.org", at="10.0.0.2", via=f"10.9.9.{number}, 192.0.2.{number}, 198.51.100.1")
        for number in range(12)
    ]
    assert statuses == [200] * 10 + [429] * 2


@pytest.mark.parametrize(
    "via", ["", "192.0.2.1", "unknown", ",", "192.0.2.1,", "1" * 5000, "::1, [::1]:80", "\u0663"]
)
def test_a_header_that_no_proxy_writes_is_no_error(via: str, settings, amina: User) -> None:
    for proxies in (0, 1, 2):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
        assert guess(amina.email, PASSWORD, via=via) in {302, 403}


def test_neighbours_in_one_network_of_ipv6_count_together() -> None:
    statuses = [guess(f"p{number}@example.org", at=f"2001:db8:1:2::{number}") for number in range(1, 14)]
    assert statuses == [200] * 10 + [429] * 3


@pytest.mark.parametrize("door", ["login/code", "password/reset"])
def test_mailed_codes_are_limited_by_address(door: str, amina: User, mailoutbox) -> None:
    statuses = [
        Client(REMOTE_ADDR=f"192.0.2.{number}").post(f"/accounts/{door}/", {"email": amina.email}).status_code
        for number in range(1, 9)
    ]
    assert statuses == [302] * 5 + [429] * 3
    assert len(mailoutbox) == 5
    unknown = [
        Client(REMOTE_ADDR=f"192.0.3.{number}")
        .post(f"/accounts/{door}/", {"email": "u@example.org"})
        .status_code
        for number in range(1, 9)
    ]
    assert unknown == statuses, "the limit tells nobody who has an account"


def test_sign_ups_are_limited_by_place() -> None:
    statuses = [
        Client().post("/accounts/signup/", SIGN_UP | {"email": f"n{number}@example.org"}).status_code
        for number in range(22)
    ]
    assert statuses == [302] * 20 + [429] * 2


@pytest.mark.parametrize("address", ["amina", "nobody"])
def test_mail_about_a_sign_up_is_limited_by_address(address: str, amina: User, mailoutbox) -> None:
    """Whoever signs up with an address that is not theirs sends its owner mail: five in five minutes, as with codes."""
    email = amina.email if address == "amina" else "nobody@example.org"
    now = time.time()
    statuses = []
    for number in range(8):
        with time_machine.travel(now + 11 * number):
            browser = Client(REMOTE_ADDR=f"192.0.2.{number + 1}")
            statuses.append(browser.post("/accounts/signup/", SIGN_UP | {"email": email}).status_code)
    assert statuses == [302] * 5 + [429] * 3
    assert len(mailoutbox) == 5


def test_proving_who_one_is_is_limited(amina: User) -> None:
    client = signed_in(amina)
    statuses = [client.post("/accounts/reauthenticate/", {"password": "no"}).status_code for _try in range(8)]
    assert statuses == [200] * 5 + [429] * 3


def test_the_limits_live_in_the_database(amina: User) -> None:
    """So that they count for all workers, and outlive a restart."""
    assert type(cache._connections["default"]).__name__ == "DatabaseCache"
