"""The survey: one answer a link, nothing stored before it is sent, nothing that tells who wrote."""

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.tests.factories import make_appointment, make_mediator, signed_in
from feedback.models import Feedback
from feedback.tests.links import ANSWERS, code_after, form_key_on, hidden_values, make_link, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_tries_counted() -> None:
    cache.clear()


@pytest.fixture
def amina() -> User:
    return make_mediator(name="Amina Okafor")


@pytest.fixture
def link(amina: User) -> str:
    return make_link(amina, reference="Spring orchard")


def test_the_whole_way(client: Client, link: str, amina: User) -> None:
    page = client.get(link)
    assert page.status_code == 200
    key = form_key_on(page)
    checked = client.post(link, ANSWERS | {"action": "check", "form_key": key})
    assert checked.status_code == 200
    assert hidden_values(checked) == ANSWERS | {"form_key": key}
    assert not Feedback.objects.exists()
    answer = client.post(link, hidden_values(checked) | {"action": "send"})
    assert answer.status_code == 302
    assert answer.url.startswith("/give-feedback/thank-you/?receipt=")
    piece = Feedback.objects.get()
    assert (piece.mediator, piece.shared, piece.ratings["clear"], piece.ratings["safe"]) == (amina, True, 4, "na")
    assert (piece.helpful, piece.quote, piece.may_quote) == ("The calm room.", "I was heard.", "yes")
    assert len(code_after(answer)) == 24
    assert client.get(link).status_code == 410


def test_sizes() -> None: ...
