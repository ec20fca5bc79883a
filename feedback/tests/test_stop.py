"""Never be asked again: a page with one button, or one press in the mail program."""

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.services import outbox
from accounts.tests.factories import make_mediator
from feedback.models import Suppression
from feedback.services.secrets import address_hash, sign_address
from feedback.tests.factories import make_request

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def no_tries_counted() -> None:
    cache.clear()


def stop_link(address: str = "paula@example.org") -> str:
    return f"/stop/{sign_address(address)}/"


def hashes() -> list[str]:
    return list(Suppression.objects.values_list("address_hash", flat=True))


def test_looking_does_nothing_and_the_button_does_it(client: Client) -> None:
    page = client.get(stop_link())
    assert page.status_code == 200
    assert client.head(stop_link()).status_code == 200
    assert hashes() == []
    assert "paula" not in page.text
    for _time in range(2):
        done = client.post(stop_link())
        assert done.status_code == 200
        assert "We do not ask you again" in done.text
    assert hashes() == [address_hash("paula@example.org")]


def test_one_click_of_a_mail_program() -> None:
    """RFC 8058: a post without cookie or referrer, and no redirect."""
    client = Client(enforce_csrf_checks=True)
    for _time in range(2):
        assert client.post(stop_link(), ONE_CLICK).status_code == 200
    assert hashes() == [address_hash("paula@example.org")]


def test_it_has_no_end(client: Client, settings) -> None:
    link = stop_link()
    settings.CLOCK_OFFSET_HOURS = 5 * 365 * 24
    assert client.post(link).status_code == 200
    assert len(hashes()) == 1


def test_nobody_is_written_to_who_asked_not_to_be(mailoutbox) -> None:
    amina = make_mediator()
    make_request(amina, email="Paula+court@example.org")
    assert Client().post(stop_link("paula@example.org")).status_code == 200
    make_request(amina, email="quinn@example.org")
    outbox.deliver_due()
    assert [mail.to for mail in mailoutbox] == [["quinn@example.org"]]


def test_a_signature_that_is_not_ours_is_the_calm_page(client: Client) -> None:
    hashed, _colon, signature = sign_address("paula@example.org").rpartition(":")
    other = address_hash("quinn@example.org")
    pages = [client.get("/give-feedback/never/")]
    for part in (hashed, f"{other}:{signature}", f"{hashed}:{signature[:-1]}", ":", "x", "%00", "%ff"):
        pages += [client.get(f"/stop/{part}/"), client.post(f"/stop/{part}/", ONE_CLICK)]
    assert {page.status_code for page in pages} == {410}
    assert len({page.content for page in pages}) == 1
    assert hashes() == []


def test_other_methods(client: Client) -> None:
    for method in ("put", "delete", "patch", "options", "trace"):
        assert getattr(client, method)(stop_link()).status_code == 405
    assert hashes() == []
