"""Abuse of the whole site, each test named by its line in `docs/security.md`; and that the lines there are true."""

import ast
import pickle
import re
from itertools import cycle
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from kombu.exceptions import ContentDisallowed
from kombu.serialization import loads
from pypdf import PdfReader

from accounts.choices import Role
from accounts.tests.factories import PASSWORD, make_mediator, make_reviewer, signed_in
from cpd.tests.factories import make_cpd
from feedback.services.contacts import contact_of
from feedback.tests.factories import make_piece, make_request
from logbook.tests.factories import make_entry
from logbook_site import celery
from logbook_site.foundation.pdf import pdf_of
from logbook_site.tests.inhabited import ADMIN, AMINA, PEOPLE, ROSA, Form, browser, inhabited, walked
from logbook_site.tests.test_addresses import ADDRESSES, For, client_of, every_row, is_of_parties, path_of

ROOT: Path = django_settings.BASE_DIR
NAMED = re.compile(r"`([a-z_/]+/test_\w+\.py)((?:::\w+)*)`")
IDS = [1, 2, *range(6, 38), 39, 40, 41, *range(45, 64)]
EVIL = "https://evil.example"


# --- The page of the abuse cases -------------------------------------------------------------------


def lines_of_the_page() -> dict[str, str]:
    """What `docs/security.md` says of each abuse case, by its id."""
    text = (ROOT / "docs" / "security.md").read_text()
    return dict(re.findall(r"^\| (A\d\d) \|(.*)\|$", text, re.M))


def defined_in(file: Path) -> set[str]:
    """Tests and classes of tests in a file, as pytest names them."""
    names = {""}
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(f"::{node.name}")
        if isinstance(node, ast.ClassDef):
            names |= {f"::{node.name}::{one.name}" for one in node.body if isinstance(one, ast.FunctionDef)}
    return names


def test_every_abuse_case_has_its_line() -> None:
    assert list(lines_of_the_page()) == [f"A{number:02}" for number in IDS]
    for line in lines_of_the_page().values():
        assert line.partition("|")[2].strip()


def test_every_test_that_the_page_names_exists() -> None:
    named = NAMED.findall((ROOT / "docs" / "security.md").read_text())
    assert len(named) > 100
    for path, name in named:
        assert (ROOT / path).is_file(), path
        assert name in defined_in(ROOT / path), f"{path}{name}"


# --- One by one --------------------------------------------------------------------------------------

REACHING = ["{0}__{1}", "-{0}__{1}", "{0}__{1}__startswith", "{0}.{1}", "{0}__{1}__isnull", "{0}){1}"]
PATHS = [("owner", "password"), ("person", "email"), ("mediator", "password"), ("note_of_mediator", "sealed")]
PATHS += [
    ("respondent", "email"),
    ("feedback", "respondent"),
    ("id", "gt"),
    ("pk", "in"),
    ("entries", "title"),
]
LISTS = {
    "/logbook/": Role.MEDIATOR, "/cpd/": Role.MEDIATOR, "/learnings/": Role.MEDIATOR, "/feedback/": Role.MEDIATOR,
    "/feedback/requests/": Role.MEDIATOR, "/my-details/looks/": Role.MEDIATOR, "/review/": Role.REVIEWER,
    "/verify-experience/": Role.DIRECTORY,
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("path", LISTS)
def test_a11_no_question_reaches_another_table(path: str) -> None:
    """As a filter it is no word of the list; as an order it is named in a message and left out: the rows stay."""
    client = client_of(LISTS[path])
    owner = client.get("/").wsgi_request.user
    if owner.is_mediator:
        make_entry(owner, title="Orchard")
        make_cpd(owner, title="Course", takeaways="Orchard")
        make_piece(owner, helpful="Orchard")

    def rows(**asked: str) -> list[str]:
        page = client.get(path, asked)
        assert page.status_code == 200, asked
        return sorted(re.findall(r'href="(/[a-z-]+/[0-9a-f-]{36}/)"', page.text))

    usual = rows()
    for way, there in zip(cycle(REACHING), PATHS, strict=False):
        reaching = way.format(*there)
        assert rows(**{reaching: "a"}) == rows(sort=reaching) == usual, reaching


MARKUP = "\"><quince-{0} onmouseover=alert(1)>'--></script><script>quince()</script>{{{{ 7|add:35 }}}}"


@pytest.mark.slow
@pytest.mark.django_db
def test_a12_what_people_typed_is_never_markup() -> None:
    """In every text that somebody can write, for everybody who comes across it."""
    site = inhabited()
    for form in sorted(walked(site, AMINA).forms):
        if form.method == "POST" and not re.search("delete|logout|password", form.path):
            browser(site, AMINA).post(form.path, hostile(form))
    for person in site.people.values():
        person.name = MARKUP.format("name")[:120]
        person.save(update_fields=["name"])
    amina = site.people[AMINA]
    make_piece(
        amina, helpful=MARKUP.format("helpful"), better=MARKUP.format("better"), quote=MARKUP.format("quote")
    )
    seen = set()
    for who in PEOPLE:
        for path, text in walked(site, who).pages.items():
            assert "<quince" not in text and "<script>quince" not in text, (who, path)
            seen |= set(re.findall(r"&lt;quince-(\w+)", text))
    assert seen >= {"name", "helpful", "better", "quote", "title", "learnings", "takeaways", "about"}


def hostile(form: Form) -> dict[str, str]:
    """The form with markup in each field that takes any text, and elsewhere what it offers or needs."""
    needed = {"ended_on": "2024-05-06", "completed_on": "2024-05-06", "hours": "3"}
    sent = {}
    for name, offered in form.fields:
        if name in needed:
            sent[name] = needed[name]
        elif len(offered) > 1:
            sent[name] = offered[1]
        elif name in {
            "about",
            "title",
            "subject",
            "provider",
            "did_well",
            "challenges",
            "learnings",
            "takeaways",
        }:
            sent[name] = MARKUP.format(name)[:120]
        elif offered:
            sent[name] = offered[0]
    return sent


def test_a16_a_task_is_json_and_takes_ids_alone() -> None:
    assert celery.app.conf.accept_content == ["json"]
    body = pickle.dumps({"a": 1})
    with pytest.raises(ContentDisallowed):
        loads(body, "application/x-python-serialize", "binary", accept=celery.app.conf.accept_content)
    celery.app.loader.import_default_modules()
    ours = {name: task for name, task in celery.app.tasks.items() if not name.startswith("celery.")}
    assert ours
    for name, task in ours.items():
        code = task.run.__code__
        arguments = set(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]) - {"self"}
        assert all(argument.endswith("_id") or argument == "id" for argument in arguments), name


@pytest.mark.long
@pytest.mark.django_db
def test_a21_no_page_or_mail_of_the_mediator_holds_a_link(mailoutbox) -> None:
    site = inhabited()
    amina = site.people[AMINA]
    tokens = [contact_of(make_request(amina, name="Greta", email="greta@example.org")).token]
    tokens += [
        path.split("/")[2]
        for path in site.paths
        if path.startswith("/give-feedback/") and path.count("/") == 3
    ]
    assert len(tokens) == 2
    for path, text in walked(site, AMINA).pages.items():
        assert is_of_parties(path[1:]) or not any(token in text for token in tokens), path
    assert not any(token in mail.message().as_string() for mail in mailoutbox for token in tokens)


FORGED = [{}, {"csrfmiddlewaretoken": "x" * 64}]


@pytest.mark.long
@pytest.mark.django_db
def test_a26_no_form_is_taken_from_another_site() -> None:
    """Every address, by every method that could change something; only parties and the shop need no token."""
    client = client_of(Role.MEDIATOR)  # the token is asked for before the role
    client.handler.enforce_csrf_checks = True
    before = every_row()
    for route in ADDRESSES:
        if is_of_parties(route):
            continue
        for method in ("post", "put", "patch", "delete"):
            for sent in FORGED if method == "post" else FORGED[:1]:
                answer = getattr(client, method)(path_of(route), sent if method == "post" else "")
                assert answer.status_code in {302, 403, 404, 405}, (method, route)
                if answer.status_code == 302:  # of a page that is not theirs: only the way in
                    assert answer.url.startswith("/accounts/"), (method, route)
    client.get("/account-settings/")
    token = client.cookies["csrftoken"].value
    answer = client.post(
        "/account-settings/", {"name": "X", "csrfmiddlewaretoken": token}, headers={"origin": EVIL}
    )
    assert answer.status_code == 403
    assert every_row() == before


@pytest.mark.slow
@pytest.mark.django_db
def test_a26_looking_changes_nothing() -> None:
    """A link that somebody follows, or a program that loads pages ahead, leaves every row as it was."""
    site = inhabited()
    for who in (AMINA, ROSA, ADMIN):  # what a directory looks at is recorded, on purpose
        before = every_row()
        assert len(walked(site, who).pages) > 20
        assert every_row() == before, who


@pytest.mark.django_db
def test_a27_a_planted_session_is_not_the_one_that_is_signed_in() -> None:
    amina = make_mediator(password=PASSWORD)
    for planted in (
        "planted" * 4,
        Client().get("/accounts/login/").wsgi_request.session.session_key or "a" * 32,
    ):
        client = Client()
        client.cookies[django_settings.SESSION_COOKIE_NAME] = planted
        client.get("/accounts/login/")
        client.post("/accounts/login/", {"login": amina.email, "password": PASSWORD})
        assert client.cookies[django_settings.SESSION_COOKIE_NAME].value != planted
        thief = Client()
        thief.cookies[django_settings.SESSION_COOKIE_NAME] = planted
        assert thief.get("/account-settings/").status_code == 302
    left = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    client.post("/accounts/logout/")
    thief.cookies[django_settings.SESSION_COOKIE_NAME] = left
    assert thief.get("/account-settings/").status_code == 302


ELSEWHERE = [
    EVIL,
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "///evil.example",
    "https:evil.example",
]
ELSEWHERE += [
    "/\t/evil.example",
    "\x00//evil.example",
    "http:///evil.example",
    "https://localhost@evil.example/",
]
ELSEWHERE += [
    "javascript:alert(1)",
    "https://evil.example%2f@localhost",
    "/%0d%0aLocation: https://evil.example",
]
ELSEWHERE += ["//[evil"]
WAYS_ON = ["next", "page", "url", "redirect", "return", "lang", "back", "q"]


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("role", [None, Role.MEDIATOR])
def test_a40_nobody_is_led_to_another_site(role: Role | None) -> None:
    client, others = client_of(role) if role else Client(), cycle(ELSEWHERE)
    for route, audience in ADDRESSES.items():
        if "uuid" in route or (audience == For.STRANGERS and role) or "logout" in route:
            continue
        for there in ELSEWHERE if re.search("login|2fa/auth|reauth|signup", route) else [next(others)]:
            asked = dict.fromkeys(WAYS_ON, there)
            for answer in (
                client.get(path_of(route), asked),
                client.post(path_of(route), asked, query_params=asked),
            ):
                where = answer.headers.get("Location", "/")
                assert where.startswith("/") and not re.match(r"/[/\\]", where), (route, where)


LYING_ABOUT = [
    ".git/config", ".env", "var/keys/secret_key", "manage.py", "logbook_site/settings.py", "deploy/env.example",
    "static/../manage.py", "static/%2e%2e/manage.py", "media/", "evidence/", "downloads/", "backup.sql", "dump.sql.gz",
    "db.sqlite3", "server-status", "phpinfo.php", "static/base.css.map", "requirements.txt", "static/", ".well-known/",
]  # fmt: skip


@pytest.mark.django_db
def test_a58_no_file_lies_about() -> None:
    for client in (Client(), signed_in(make_reviewer())):
        for path in LYING_ABOUT:
            assert client.get(f"/{path}").status_code == 404, path


def test_a61_a_pdf_tells_nothing_of_its_making(tmp_path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf_of("<html lang=en><title>Experience</title><p>x</p></html>"))
    told = PdfReader(file).metadata
    assert set(told) <= {"/Title", "/Producer"}
    assert str(tmp_path) not in str(told) and re.fullmatch(
        r"WeasyPrint [\d.]+", told.get("/Producer", "WeasyPrint 1")
    )
