"""The site as an app: manifest, icons, worker, and its page, as requests see them."""

import io
import json
import re

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from accounts.choices import Role
from accounts.tests.factories import make_mediator, make_person, signed_in
from feedback.tests.links import make_link

pytestmark = pytest.mark.django_db
OURS = ["manifest.webmanifest", "worker.js", "device.js", "icon-apple"]


def manifest(client: Client) -> dict:
    answer = client.get("/manifest.webmanifest")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/manifest+json"
    return json.loads(answer.content)


def bytes_of(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_the_manifest_has_what_a_phone_needs(client: Client, settings) -> None:
    settings.SITE_NAME = "Harbour Logbook"
    told = manifest(client)
    assert (told["name"], told["start_url"], told["scope"]) == ("Harbour Logbook", "/", "/")
    assert (told["display"], told["lang"], told["dir"]) == ("standalone", "en", "ltr")
    assert [(one["name"], one["url"]) for one in told["shortcuts"]] == [
        ("Add Logbook Entry", "/logbook/add/"),
        ("Request Feedback", "/feedback/request/"),
    ]
    mediator = signed_in(make_mediator())
    assert {mediator.get(one["url"]).status_code for one in told["shortcuts"]} == {200}


def test_the_icons_are_there_in_their_sizes(client: Client) -> None:
    page = client.get("/").text
    (apple,) = re.findall(r'<link rel="apple-touch-icon" href="(.*?)">', page)
    icons = {icon["src"]: icon for icon in manifest(client)["icons"]}
    assert sorted((icon["sizes"], icon.get("purpose", "any")) for icon in icons.values()) == [
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    ]
    for source in [*icons, apple]:
        picture = Image.open(io.BytesIO(bytes_of(client.get(source))))
        wanted = icons[source]["sizes"] if source in icons else "180x180"
        assert f"{picture.width}x{picture.height}" == wanted
        to_the_edge = source == apple or icons[source].get("purpose") == "maskable"
        assert (picture.convert("RGBA").getpixel((0, 0))[3] == 255) == to_the_edge


def test_pages_say_their_colour_for_light_and_dark(client: Client) -> None:
    colours = re.findall(
        r'<meta name="theme-color" content="(#\w+)" media="\(prefers-color-scheme: (\w+)\)">',
        client.get("/").text,
    )
    css = (settings.BASE_DIR / "static" / "base.css").read_text()
    light, dark, *_print = re.findall(r"--paper: (#\w+)", css)
    assert colours == [(light, "light"), (dark, "dark")]
    told = manifest(client)
    assert told["theme_color"] == told["background_color"] == light


def test_only_a_mediators_pages_name_a_person(client: Client) -> None:
    mediator = make_mediator()
    assert f'data-person="{mediator.pk}"' in signed_in(mediator).get("/account-settings/").text
    for role in set(Role) - {Role.MEDIATOR}:
        page = signed_in(make_person(role)).get("/account-settings/").text
        assert "device.js" in page
        assert "data-person" not in page
    assert "data-person" not in client.get("/").text


@pytest.mark.parametrize(
    ("roles", "hours"),
    [([Role.MEDIATOR], "SESSION_HOURS_MEDIATOR"), ([Role.MEDIATOR, Role.REVIEWER], "SESSION_HOURS_OTHERS")],
)
def test_the_page_says_until_when_one_is_signed_in(roles: list, hours: str) -> None:
    client = signed_in(make_person(*roles))
    (until,) = re.findall(r'data-until="(\d+)"', client.get("/account-settings/").text)
    assert int(until) / 1000 == client.session["signed_in_at"] + getattr(settings, hours) * 3600


def test_parties_get_none_of_it(client: Client) -> None:
    for address in ["/give-feedback/", "/give-feedback/never-was-one/", make_link(make_mediator())]:
        page = client.get(address)
        assert not [name for name in OURS if name in page.text]


def test_the_page_without_a_network_is_the_same_for_everybody(client: Client) -> None:
    person = make_mediator(name="Canary Name")
    pages = {client.get("/offline/").content, signed_in(person).get("/offline/").content}
    workers = {client.get("/worker.js").content, signed_in(person).get("/worker.js").content}
    assert len(pages) == len(workers) == 1
    (page,) = pages
    for private in [b"Canary", str(person.pk).encode(), b"csrfmiddlewaretoken", b"form_key"]:
        assert private not in page


def test_the_worker_keeps_the_page_and_all_that_it_loads(client: Client) -> None:
    script = client.get("/worker.js")
    assert script.headers["Content-Type"].startswith("text/javascript")
    (listed,) = re.findall(r"const FILES = \[(.*?)\];", script.text)
    page = client.get("/offline/").text
    loaded = set(re.findall(r'(?:href|src)="(/static/.*?)"', page))
    assert {name.strip('" ') for name in listed.split(",")} == loaded
    assert '"/give-feedback/", "/stop/", "/hooks/"' in script.text


def test_the_worker_is_another_when_its_page_is(client: Client, settings) -> None:
    before = client.get("/worker.js").content
    assert client.get("/worker.js").content == before
    settings.OPERATOR_NAME = "Another house"
    assert client.get("/worker.js").content != before


def test_the_form_without_a_network_has_the_fast_fields_and_the_texts(client: Client) -> None:
    page = client.get("/offline/").text
    names = set(re.findall(r'<(?:input|textarea|select)[^>]* name="(\w+)"', page))
    assert names == {
        "ended_on", "hours", "role", "medium", "title", "did_well", "challenges", "learnings",
    }  # fmt: skip
    online = signed_in(make_mediator()).get("/logbook/add/").text
    for name in names:
        assert f'name="{name}"' in online
