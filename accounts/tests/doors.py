"""What a person does at the door, for the tests of the entrance: reads the code in a mail, signs in."""

import re

from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from accounts.tests.factories import PASSWORD

CODE = re.compile(r"^ {4}(\S+)$", re.MULTILINE)
# These differ on every page, whoever asks.
ONE_TIME = re.compile(r'name="(?:csrfmiddlewaretoken|form_key)" value="[^"]*"|data-(?:person|until)="[^"]*"')
SIGN_UP = {
    "name": "Noor Haddad",
    "email": "noor@example.org",
    "password1": PASSWORD,
    "password2": PASSWORD,
    "kind": "mediator",
}


def code_in(mail: EmailMessage) -> str:
    return CODE.search(mail.body)[1]


def wrong(code: str) -> str:
    """Another code of the same form."""
    return ("C" if code[0] == "B" else "B") + code[1:]


def seen(response: HttpResponse) -> str:
    """A page without what differs each time it is shown."""
    return ONE_TIME.sub("", response.content.decode())


def person_at(client: Client) -> User | None:
    """Who is signed in in this browser."""
    user = client.get("/").wsgi_request.user
    return user if user.is_authenticated else None


def sign_in(client: Client, person: User, password: str = PASSWORD) -> HttpResponse:
    return client.post("/accounts/login/", {"login": person.email, "password": password}, follow=True)


def proves_who(client: Client, password: str = PASSWORD) -> None:
    """Important changes ask for the password once more."""
    client.post("/accounts/reauthenticate/", {"password": password})


def assert_refused(response: HttpResponse, *fields: str) -> str:
    """The page again, with status 200, what is wrong beside each of `fields`, and a title that says so."""
    assert response.status_code == 200
    page = response.content.decode()
    assert "<title>Error: " in page
    for name in fields:
        tag = re.search(rf'<(?:input|textarea|select|fieldset)[^>]*(?:name|id)="(?:id_)?{name}"[^>]*>', page)
        assert tag, name
        whole = page[tag.start() :].partition("</fieldset>")[0] if "<fieldset" in tag[0] else tag[0]
        assert 'aria-invalid="true"' in whole, name
        assert f'id="id_{name}_error"' in page, name
    return page
