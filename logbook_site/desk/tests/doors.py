"""What an admin does at the desk, for its tests."""

import re

from django.http import HttpResponse
from django.test import Client

from accounts.models import User

# These differ on every page, whoever asks.
ONE_TIME = re.compile(r'name="(?:csrfmiddlewaretoken|form_key)" value="[^"]*"')
CHOSEN = re.compile(r'name="_selected_action" value="([^"]*)"')
FORM_KEY = re.compile(r'name="form_key" value="([^"]*)"')
PEOPLE = "/admin/accounts/user/"


def page_about(person: User) -> str:
    return f"/admin/person/{person.pk}/"


def seen(answer: HttpResponse) -> str:
    """A page without what differs each time it is shown."""
    assert answer.status_code == 200, answer.status_code
    return ONE_TIME.sub("", answer.text)


def ask_in_bulk(desk: Client, address: str, action: str, rows, **more) -> HttpResponse:
    """Ticks `rows` in a list, and chooses an action: the page that asks."""
    form = {"action": action, "index": "0", "select_across": "0"} | more
    return desk.post(address, form | {"_selected_action": [str(row.pk) for row in rows]})


def confirm(desk: Client, asked: HttpResponse) -> HttpResponse:
    """Presses the button of the page that asks."""
    page = asked.text.partition("<main")[2]
    address = re.search(r'<form method="post" action="([^"]*)"', page)[1]
    form = {
        "action": re.search(r'name="action" value="([^"]*)"', page)[1],
        "confirmed": "yes",
        "form_key": FORM_KEY.search(page)[1],
        "_selected_action": CHOSEN.findall(page),
    }
    return desk.post(address, form, follow=True)
