"""What a party does with the link in their mail, for the tests of their pages."""

import html
import re

from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from feedback.services.contacts import contact_of
from feedback.tests.factories import make_request

FORM_KEY = re.compile(r'name="form_key" value="([^"]+)"')
CODE = re.compile(r'code-large"><bdi>([A-Z2-7-]+)</bdi>')
RATINGS = {"clear": "4", "voice": "5", "safe": "na", "pressed": "1", "overall": "5"}
ANSWERS = RATINGS | {
    "party_role": "party",
    "use_again": "yes",
    "outcome": "full",
    "outcome_satisfied": "4",
    "helpful": "The calm room.",
    "better": "More breaks.",
    "quote": "I was heard.",
    "may_quote": "yes",
    "share": "yes",
}


def make_link(mediator: User, **fields) -> str:
    """The address of the survey, as it stands in the party's mail."""
    return f"/give-feedback/{contact_of(make_request(mediator, **fields)).token}/"


def send(link: str, answers: dict | None = None, client: Client | None = None, **more) -> HttpResponse:
    return (client or Client()).post(
        link, (ANSWERS if answers is None else answers) | {"action": "send"} | more
    )


def form_key_on(page: HttpResponse) -> str:
    return FORM_KEY.search(page.text)[1]


def code_after(answer: HttpResponse) -> str:
    """The code on the thank-you page that `answer` leads to."""
    assert answer.status_code == 302, answer.status_code
    return CODE.search(Client().get(answer.url).text)[1]


def hidden_values(page: HttpResponse) -> dict[str, str]:
    """What the check page carries along."""
    tags = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    return {name: html.unescape(value) for name, value in tags}
