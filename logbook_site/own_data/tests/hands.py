"""What a person does to take their data along, and what is in the file they get."""

import csv
import io
import json
from zipfile import ZipFile

from django.test import Client

from accounts.models import User
from accounts.services import jobs
from accounts.tests.doors import proves_who, sign_in
from accounts.tests.factories import PASSWORD

DOWNLOAD, DELETE, RESTORE = (
    "/account-settings/download/",
    "/account-settings/delete/",
    "/account-settings/restore/",
)


def at_the_door(person: User) -> Client:
    """A browser in which `person` has signed in, and given their password once more."""
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    client = Client()
    sign_in(client, person)
    proves_who(client)
    return client


def downloaded(client: Client) -> ZipFile:
    """Prepared, waited for, fetched."""
    waiting = client.post(DOWNLOAD)
    assert waiting.status_code == 302 and waiting.url.startswith("/jobs/"), waiting
    jobs.run_next()
    ready = client.get(waiting.url, follow=True)
    assert ready.redirect_chain == [(DOWNLOAD, 302)], ready.redirect_chain
    answer = client.get(address_of_file(ready))
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    assert answer.headers["Content-Length"] == str(len(content))
    return ZipFile(io.BytesIO(content))


def address_of_file(page) -> str:
    return f"{DOWNLOAD}{page.context['ready'].job.pk}/"


def everything_in(archive: ZipFile) -> dict[str, bytes]:
    """Every file in it, unpacked, and the list of their names."""
    return {name: archive.read(name) for name in archive.namelist()} | {
        "names": "\n".join(archive.namelist()).encode()
    }


def sheet(archive: ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(f"{name}.csv").decode("utf-8-sig"), newline="")))


def objects(archive: ZipFile, name: str) -> list[dict]:
    return json.loads(archive.read("everything.json"))[name]


def asks_to_leave(person: User) -> Client:
    """Through the page, with the password."""
    client = at_the_door(person)
    answer = client.post(DELETE, {"password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, RESTORE), answer.status_code
    person.refresh_from_db()
    return client
