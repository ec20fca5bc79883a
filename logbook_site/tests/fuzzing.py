"""Requests that nobody would write by hand: by anybody, to any address of the site, holding anything.

Addresses come from the URL configuration, forms and what they offer from the pages themselves, so that what is
added later is found without a word here. Each request goes through the door of the web server, as bytes.
"""

import io
import re
import sys
from collections.abc import Callable
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core import mail
from django.core.signals import got_request_exception, request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as how_long
from hypothesis import strategies as st

from accounts.middleware import PARTY_ADDRESSES
from logbook_site.tests.inhabited import PEOPLE, READERS, STRANGER, Form, Inhabited, inhabited, walked
from logbook_site.tests.odd_words import COOKIES, FILES, HEADERS, KINDS, MARKUP, ODD, TYPED
from logbook_site.tests.test_addresses import views
from logbook_site.tests.test_headers import ALWAYS
from logbook_site.wsgi import application

COOKIE_TOKEN = "a" * 32  # whoever plants this cookie still needs the same word in the form
TELLING = re.compile(
    rb"Traceback \(most recent|File &quot;/|File \"/|site-packages|DoesNotExist|psycopg|django\.(db|core|http)\."
)


class Sent(NamedTuple):
    """One request, as it goes over the line."""

    who: str
    method: str
    path: str
    query: str
    body: bytes
    headers: dict[str, str]
    cookies: str


class Answer(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Site(NamedTuple):
    """What requests are made of: who lives here, addresses of each route that lead somewhere, and every form."""

    inhabited: Inhabited
    routes: list[str]
    paths: dict[str, list[str]]
    forms: list[Form]
    names: list[str]


def explored() -> Site:
    """Makes the people and walks through the site as each of them."""
    home = inhabited()
    walks = [walked(home, who) for who in PEOPLE]
    routes = sorted(views())
    paths = {
        route: sorted({path for walk in walks for path in walk.paths.get(route, ())}) for route in routes
    }
    forms = sorted({form for walk in walks for form in walk.forms})
    names = {name for form in forms for name, _values in form.fields} | set(TYPED)
    asked = {name for some in paths.values() for path in some for name in re.findall(r"[?&]([^=&]+)=", path)}
    return Site(home, routes, paths, forms, sorted(names | asked))


# --- Strategies --------------------------------------------------------------------------------------

VALUE = st.one_of(
    st.sampled_from(ODD), st.sampled_from(ODD), st.text(max_size=20), st.sampled_from(list(TYPED.values()))
)


def as_bytes(text: str) -> bytes:
    """Half of a pair of surrogates is sent as the bytes that some programs send for it."""
    return text.encode("utf-8", "surrogatepass")


@st.composite
def requests(draw: Callable, site: Site) -> Sent:
    who = draw(st.sampled_from(PEOPLE))
    if draw(st.integers(0, 9)) < 6:
        form = draw(st.sampled_from(site.forms))
        path, _mark, asked = form.path.partition("?")
        fields, method = draw(filled(site, form)), form.method
    else:
        path, asked, method, fields = draw(addresses(site)), "", "GET", draw(some_fields(site))
    if draw(st.integers(0, 9)) == 0:
        method = draw(
            st.sampled_from(
                ["GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "get", "B R"]
            )
        )
    headers = {}
    if draw(st.integers(0, 3)) == 0:
        for name in draw(st.lists(st.sampled_from(sorted(HEADERS)), max_size=3, unique=True)):
            headers[name] = draw(st.sampled_from(HEADERS[name]))
    body, kind = b"", "application/x-www-form-urlencoded"
    query = [pair.split("=", 1) for pair in asked.split("&") if "=" in pair]
    if method in {"POST", "PUT", "PATCH"}:
        body, kind = draw(bodies(fields, form=path))
        query = draw(some_fields(site)) if draw(st.integers(0, 9)) == 0 else query
    else:
        query = [*query, *fields]
    headers = {"CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(body))} | headers
    return Sent(who, method, path, draw(queries(query)), body, headers, draw(cookies(site, who)))


@st.composite
def filled(draw: Callable, site: Site, form: Form) -> list[tuple[str, str]]:
    """A form as somebody fills it in who takes little care: some fields are odd, missing, repeated or not its own."""
    fields = []
    odd = draw(st.sets(st.sampled_from([name for name, _offered in form.fields] or [""]), max_size=3))
    for name, offered in form.fields:
        if name in odd:
            times = draw(st.sampled_from([0, 1, 1, 1, 1, 2, 3]))
            fields += [(name, draw(VALUE)) for _time in range(times)]
        elif name in TYPED:
            fields.append((name, TYPED[name]))
        elif offered:
            fields.append((name, draw(st.sampled_from(offered))))
        else:
            fields.append((name, ""))
    if draw(st.integers(0, 3)) == 0:
        fields += draw(some_fields(site))
    return fields


@st.composite
def some_fields(draw: Callable, site: Site) -> list[tuple[str, str]]:
    names = st.one_of(st.sampled_from(site.names), st.sampled_from(site.names), st.sampled_from(ODD))
    fields = draw(st.lists(st.tuples(names, VALUE), max_size=4))
    return fields * 400 if draw(st.integers(0, 60)) == 0 else fields


@st.composite
def addresses(draw: Callable, site: Site) -> str:
    """An address that leads somewhere; one of its form that does not; or none of ours."""
    route = draw(st.sampled_from(site.routes))
    if site.paths[route] and draw(st.integers(0, 2)) < 2:
        return draw(st.sampled_from(site.paths[route])).partition("?")[0]
    every = sorted({path for some in site.paths.values() for path in some})
    parts = re.split(r"<[^>]+>|\(\?P<[^)]+\)", route.replace("\\", "").rstrip("$"))
    path = parts[0]
    for part in parts[1:]:
        some = draw(st.sampled_from(every)).strip("/").split("/")
        path += draw(st.one_of(st.sampled_from(some), VALUE)) + part
    return f"/{path}"


@st.composite
def queries(draw: Callable, pairs: list[tuple[str, str]]) -> str:
    if draw(st.integers(0, 30)) == 0:
        return draw(
            st.sampled_from(["%ff%fe=%", "&&&=", "a=1;b=2", "%00", "+", "?a=b", "a[]=1&a[]=2", "\xff"])
        )
    return urlencode([(as_bytes(name), as_bytes(value)) for name, value in pairs])


@st.composite
def bodies(draw: Callable, fields: list[tuple[str, str]], form: str) -> tuple[bytes, str]:
    choice = draw(st.integers(0, 19))
    if choice < 11:
        return urlencode([(as_bytes(name), as_bytes(value)) for name, value in fields]).encode(), (
            "application/x-www-form-urlencoded"
        )
    if choice < 17:
        names = [name for name, _value in fields if name in {"evidence", "file", "sheet", "upload"}] or [
            "evidence"
        ]
        file = draw(st.none() | st.sampled_from(sorted(FILES)))
        return multipart(
            [*fields], {names[0]: file} if file is not None else {}
        ), "multipart/form-data; boundary=quince"
    if choice == 17:
        broken = multipart(fields, {})
        return broken[: draw(st.integers(0, len(broken)))], "multipart/form-data; boundary=quince"
    junk = draw(
        st.one_of(
            st.binary(max_size=200),
            st.sampled_from([b"{", b'{"a": 1}', b"[" * 3000, b"\xff\xfe", b"a=%ff&b"]),
        )
    )
    return junk, draw(st.sampled_from(KINDS))


def multipart(fields: list[tuple[str, str]], files: dict[str, str]) -> bytes:
    parts = b""
    for name, value in fields:
        if name not in files:
            head = b'--quince\r\nContent-Disposition: form-data; name="' + as_bytes(name).replace(
                b'"', b"%22"
            )
            parts += head + b'"\r\n\r\n' + as_bytes(value) + b"\r\n"
    for name, file in files.items():
        head = f'--quince\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
        parts += as_bytes(head) + b"Content-Type: application/pdf\r\n\r\n" + FILES[file] + b"\r\n"
    return parts + b"--quince--\r\n"


@st.composite
def cookies(draw: Callable, site: Site, who: str) -> str:
    """Whose session it is, the cookie against forged posts, and now and then a few more."""
    own = [f"{settings.CSRF_COOKIE_NAME}={COOKIE_TOKEN}"]
    if who != STRANGER:
        own.append(f"{settings.SESSION_COOKIE_NAME}={site.inhabited.cookies[who]}")
    if draw(st.integers(0, 7)) == 0:
        value = draw(st.one_of(VALUE, st.sampled_from(['"\\000"', '"\\012"', ";;=", "x" * 9000])))
        more = f"{draw(st.sampled_from(COOKIES))}={value[:9000]}"
        own = [more, *own] if draw(st.booleans()) else [*own, more]
    return as_bytes("; ".join(own)).decode("latin-1")


# --- Sending -----------------------------------------------------------------------------------------


@contextmanager
def undone() -> Callable:
    """What happens inside has not happened afterwards: every request meets the same site."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    mail.outbox = []


@contextmanager
def one_connection() -> Callable:
    """The end of a request would close the connection, and with it the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def answered(sent: Sent) -> tuple[Answer, list[BaseException]]:
    """The answer of the site, and what went wrong inside."""
    wrong, seen = [], []

    def note(**_more) -> None:
        wrong.append(sys.exc_info()[1])

    environ = {
        "REQUEST_METHOD": sent.method, "PATH_INFO": as_bytes(sent.path).decode("latin-1"), "QUERY_STRING": sent.query,
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "HTTP_HOST": "localhost", "SCRIPT_NAME": "",
        "REMOTE_ADDR": "198.51.100.7", "wsgi.url_scheme": "http", "wsgi.errors": io.StringIO(),
        "wsgi.input": io.BytesIO(sent.body), "HTTP_COOKIE": sent.cookies, "HTTP_X_CSRFTOKEN": COOKIE_TOKEN,
    }  # fmt: skip
    got_request_exception.connect(note)
    try:
        response = application(environ | sent.headers, lambda status, headers: seen.append((status, headers)))
        body = b"".join(response)
        response.close()
    finally:
        got_request_exception.disconnect(note)
    status, headers = seen[0]
    return Answer(int(status[:3]), headers, body), wrong


def complaints(sent: Sent, answer: Answer) -> list[str]:
    """What must not be in any answer."""
    has = dict(answer.headers)
    found = [f"status {answer.status}"] if answer.status >= 500 else []
    found += [f"{name} is missing" for name, value in ALWAYS.items() if has.get(name) != value]
    found += [] if "default-src 'none'" in has.get("Content-Security-Policy", "") else ["no policy"]
    if not sent.path.startswith("/static/") and has.get("Cache-Control") != "no-store, private":
        found.append("may be kept by a cache")
    found += [
        f"a broken header {name}" for name, value in answer.headers if re.search(r"[\r\n\0]", name + value)
    ]
    if urlsplit(has.get("Location", "")).netloc not in {"", "localhost", "127.0.0.1"}:
        found.append(f"leads to {has['Location']}")
    if sent.path.startswith(PARTY_ADDRESSES) and "Set-Cookie" in has:
        found.append("a cookie for a party")
    if "html" in has.get("Content-Type", ""):
        found += ["markup that somebody typed"] if MARKUP.encode() in answer.body else []
        found += ["tells of its inside"] if TELLING.search(answer.body) else []
    reading = set() if sent.path.startswith("/give-feedback/") else {sent.who}
    for word, readers in READERS.items():
        if word.encode() in answer.body and not reading & readers and not told(sent, word):
            found.append(f"{word} is read by {sent.who or 'a stranger'}")
    return found


def told(sent: Sent, word: str) -> bool:
    """Whoever typed a word may read it again; whoever has the link reads the reference."""
    is_link = word == "QuinceReference" and sent.path.startswith("/give-feedback/")
    return is_link or word.encode() in sent.body or word in sent.query + sent.path


def send_many(site: Site, *, seed_of_run: int, how_many: int) -> int:
    """Sends `how_many` requests that follow from the seed; fails with the smallest one that gets a wrong answer.

    How many came to a page (and not to an error) is given back: a fuzzer that is refused everywhere finds nothing.
    """
    taken = 0

    @seed(seed_of_run)
    @how_long(
        max_examples=how_many, deadline=None, database=None, phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck), print_blob=False,
    )  # fmt: skip
    @given(requests(site))
    def any_request(sent: Sent) -> None:
        nonlocal taken
        with undone():
            answer, wrong = answered(sent)
        taken += answer.status < 400
        found = complaints(sent, answer)
        if found:
            raise AssertionError(f"{'; '.join(found)}\n{sent}") from (wrong[-1] if wrong else None)

    with one_connection():
        any_request()
    return taken
