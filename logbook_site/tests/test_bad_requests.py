"""Requests that no browser sends, and a few that broken ones do: a page of ours each time, never a 500."""

import io
import os
from urllib.parse import urlsplit

import pytest
from django.core.signals import request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as how_long
from hypothesis import strategies as st

from accounts.models import User
from accounts.tests.doors import SIGN_UP, assert_refused
from accounts.tests.factories import PASSWORD, make_admin, make_mediator, make_person, signed_in
from logbook_site.tests.test_addresses import ADDRESSES, path_of
from logbook_site.wsgi import application

pytestmark = pytest.mark.django_db
MEGABYTE = 1024 * 1024
FORM = "application/x-www-form-urlencoded"
OURS = [
    "/account-settings/",
    "/account-settings/roles/",
    "/my-details/",
    "/my-details/visibility/",
    "/cpd/add/",
    "/feedback/request/",
    "/help/contact/",
]
POSTED = [
    *OURS,
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/login/code/",
]
POSTED += ["/accounts/logout/", "/accounts/email/", "/accounts/password/change/", "/demo/sign-in/"]


def is_ours(response, status: int) -> bool:
    """Our own page for `status`, with a way back."""
    assert response.status_code == status
    assert b'class="error-number"' in response.content
    assert b'href="/"' in response.content
    return True


@pytest.fixture
def amina() -> User:
    return make_mediator(password=PASSWORD)


@pytest.fixture
def quiet(client: Client) -> Client:
    client.raise_request_exception = False
    return client


def ask(path: str, body: bytes = b"", method: str = "POST", **environ: str) -> tuple[str, bytes]:
    """As a web server asks: status and body of the answer. Django's test client reads some headers itself."""
    parts, seen = urlsplit(path), []
    server = {"SERVER_NAME": "localhost", "SERVER_PORT": "80", "HTTP_HOST": "localhost", "SCRIPT_NAME": ""}
    server |= {"REMOTE_ADDR": "198.51.100.7", "wsgi.url_scheme": "http", "wsgi.errors": io.StringIO()}
    server |= {"REQUEST_METHOD": method, "PATH_INFO": parts.path, "QUERY_STRING": parts.query}
    server |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    request_started.disconnect(close_old_connections)  # it would end the transaction of the test
    try:
        answer = application(server | environ, lambda status, headers: seen.append(status))
        return seen[0][:3], b"".join(answer)
    finally:
        request_started.connect(close_old_connections)


@pytest.mark.parametrize(
    "question",
    [
        "accounts/appointment/?state__exact=%2Fe%00",
        "accounts/auditevent/?verb__exact=%00",
        "accounts/auditevent/?verb%00__exact=x",
        "accounts/staffplace/?organisation__id__exact=%00",
        "accounts/staffplace/add/?organisation=%00",
        "autocomplete/?app_label=accounts&model_name=staffplace&field_name=person&term=%00",
        "person/?q=%00",
    ],
)
def test_a_zero_byte_in_what_the_admin_is_asked(question: str, quiet: Client) -> None:
    assert quiet.get(f"/admin/{question}").status_code == 302
    client = signed_in(make_admin())
    client.raise_request_exception = False
    assert is_ours(client.get(f"/admin/{question}"), 400)
    assert client.get(f"/admin/{question.replace('%00', '')}").status_code < 500


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost:80@evil", "", "a b", "[::1", "\xfc"]
)
def test_a_host_that_is_not_ours(host: str, quiet: Client) -> None:
    for path in ("/", "/accounts/login/", "/accounts/password/reset/", "/admin/", "/unknown/"):
        answer = quiet.get(path, headers={"host": host})
        if host:
            assert is_ours(answer, 400)
            assert b"evil" not in answer.content


def test_a_forwarded_host_is_not_believed(mailoutbox) -> None:
    make_mediator(email="amina@example.org")
    client = Client(HTTP_X_FORWARDED_HOST="evil.example", HTTP_X_FORWARDED_PROTO="ftp")
    client.post("/accounts/signup/", SIGN_UP | {"email": "amina@example.org"})
    assert "evil" not in mailoutbox[0].body


@pytest.mark.parametrize("path", POSTED)
def test_a_post_without_its_token(path: str, amina: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in(amina).cookies
    for extra in ({}, {"csrfmiddlewaretoken": "x"}, {"csrfmiddlewaretoken": "\0" * 64}):
        assert is_ours(client.post(path, SIGN_UP | extra), 403)
    client.cookies["csrftoken"] = "\0"
    assert is_ours(client.post(path, SIGN_UP), 403)
    other_site = client.post(path, SIGN_UP, headers={"origin": "https://evil.example"})
    assert is_ours(other_site, 403)


def test_the_token_of_the_page_is_taken(amina: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/")
    token = client.cookies["csrftoken"].value
    form = {"login": amina.email, "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert client.post("/accounts/login/", form).status_code == 302


@pytest.mark.parametrize("path", POSTED)
def test_what_is_too_large(path: str, amina: User) -> None:
    client = signed_in(amina)
    assert is_ours(client.post(path, b"a" * (6 * MEGABYTE + 1), content_type="text/plain"), 413)
    assert is_ours(client.post(path, b"name=" + b"x" * MEGABYTE, content_type=FORM), 413)
    assert is_ours(client.post(path, {"name": "x" * MEGABYTE, "more": "y"}), 413)
    assert is_ours(client.post(path, {f"field{number}": "" for number in range(1001)}), 413)
    assert is_ours(client.post(path, b"&".join([b"a=1"] * 1001), content_type=FORM), 413)
    assert is_ours(client.post(path, {"a": io.BytesIO(b"x"), "b": io.BytesIO(b"x")}), 413)


def test_too_many_questions_in_an_address(quiet: Client) -> None:
    assert is_ours(quiet.get("/demo/mailbox/?" + "&".join(["a=1"] * 1001)), 413)


def test_a_name_of_nearly_a_megabyte_is_a_name_too_long(client: Client, amina: User) -> None:
    long = "\u00e9" * 200_000
    assert_refused(client.post("/accounts/signup/", SIGN_UP | {"name": long}), "name")
    member = signed_in(amina)
    assert_refused(member.post("/account-settings/", {"name": long, "time_zone": long}), "name", "time_zone")
    assert_refused(member.post("/my-details/", {"about": long, "imi_profile": "https://" + long}), "about")
    assert client.post("/accounts/login/", {"login": amina.email, "password": long}).status_code == 200


@pytest.mark.parametrize(
    "length", ["-1", "abc", "1e3", "+5", " ", "\u0663", "\xb2", "0x10", "9" * 5000, "6291457"]
)
def test_a_length_that_is_none(length: str) -> None:
    status, page = ask("/accounts/login/", b"a=b", CONTENT_TYPE=FORM, CONTENT_LENGTH=length)
    assert status in {"400", "413"}
    assert b'class="error-number"' in page


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=", b"--x\r\n"),
        ("multipart/form-data; boundary=" + "x" * 300, b"--x\r\n"),
        ("multipart/form-data; boundary=\xff", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\r\n\r\n"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n'
            b"Content-Transfer-Encoding: base64\r\n\r\n%%%\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\n" + b"A: b\r\n" * 2000 + b"\r\n\r\n--x--\r\n"),
        ("application/json", b'{"login": '),
        (FORM, b"%ff%fe=%00&=&&&a=%"),
        ("", b"login=a"),
    ],
)  # fmt: skip
def test_a_body_that_nobody_can_read(kind: str, body: bytes, amina: User) -> None:
    client = signed_in(amina)
    client.raise_request_exception = False
    for path in POSTED:
        assert client.generic("POST", path, body, content_type=kind).status_code < 500, path


@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=x", "text/plain"])
@pytest.mark.parametrize(
    "charset", ["zlib", "hex", "utf-7", "utf-16", "idna", "unicode_escape", "x\0y", "undefined", "no"]
)
def test_a_charset_that_is_none(charset: str, kind: str) -> None:
    """`zlib` is a charset for Python: Django failed before any page could answer."""
    for header in (
        f"{kind}; charset={charset}",
        f"{kind}; charset*={charset}''a",
        f"{kind}; charset*=a''{charset}",
    ):
        for method in ("GET", "POST"):
            status, page = ask("/demo/mailbox/?page=%ff%2b2AA-", b"a=%2b2AA-", method, CONTENT_TYPE=header)
            assert status in {"200", "400", "403", "405"}
            assert b"</html>" in page


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "BREW", "CONNECT"])
def test_a_method_that_nobody_serves(method: str, amina: User) -> None:
    client = signed_in(amina)
    for path in ["/", *OURS, "/demo/mailbox/", "/demo/sign-in/", "/healthz"]:
        answer = client.generic(method, path)
        assert is_ours(answer, 405)
        assert set(answer.headers["Allow"].split(", ")) <= {"GET", "HEAD", "POST"}


def test_addresses_that_only_take_a_form(amina: User) -> None:
    for path in ("/account-settings/roles/", "/demo/sign-in/"):
        answer = signed_in(amina).get(path)
        assert is_ours(answer, 405)
        assert answer.headers["Allow"] == "POST"


ODD = [
    "\\000abcdefgh",
    "a" * 10_000,
    "",
    "..",
    "'; drop table",
    "abc\\377",
    "\xff\xfe",
    "{}",
    "x" * 32,
    "\\012\\015a",
]


@pytest.mark.parametrize("value", ODD)
def test_odd_cookies(value: str, amina: User) -> None:
    """In quotes, a cookie may hold any character: `\\000` is a zero byte."""
    for name in ("sessionid", "csrftoken", "messages", "django_language", "\xe4"):
        for path, method in (("/", "GET"), ("/account-settings/", "GET"), ("/accounts/login/", "POST")):
            for cookie in (f'{name}="{value}"', f"{name}={value}"):
                status, _page = ask(path, method=method, HTTP_COOKIE=cookie)
                assert status in {"200", "302", "403"}, (cookie[:40], path)
    client = signed_in(amina)
    client.cookies["messages"] = value
    assert client.get("/account-settings/").status_code == 200


@pytest.mark.parametrize(
    "language", ["*", "x" * 5000, "en;q=x", "\xff", "zh-\0", "de,fr;q=0", "../../etc", ";;,,", "en-" * 500]
)
def test_an_odd_language(language: str, client: Client) -> None:
    answer = client.get("/", headers={"accept-language": language})
    assert answer.status_code == 200
    assert b'<html lang="en"' in answer.content


@pytest.mark.parametrize(
    "path", ["/%00", "/%ff%fe", "/../../etc/passwd", "/accounts/%00/", "/" + "a" * 8000, "/\u202e/", "/.env"]
)
def test_odd_addresses(path: str, amina: User) -> None:
    for client in (Client(), signed_in(amina)):
        assert is_ours(client.get(path), 404)
        assert client.post(path).status_code in {403, 404}


def test_a_path_of_two_slashes_leads_nowhere_else(quiet: Client) -> None:
    for path in ("//evil.example", "//evil.example/..", "/accounts//evil.example"):
        location = quiet.get(path).headers.get("Location", "")
        assert not location.startswith("//")


@pytest.mark.long
def test_fields_that_a_form_does_not_have_change_nothing(amina: User) -> None:
    """Whole rows, before and after."""
    people = [amina, make_person(), make_admin()]
    client = signed_in(people[1])
    before = list(User.objects.order_by("pk").values())
    extra = {"is_admin": "1", "is_directory": "1", "is_reviewer": "1", "roles": "admin", "role": "admin"}
    extra |= {
        "add": ["admin", "directory"],
        "id": str(people[2].pk),
        "person": str(people[2].pk),
        "user": "1",
    }
    for route in ADDRESSES:
        if "sign-in" not in route and "logout" not in route:
            client.post(path_of(route), extra)
            client.get(path_of(route), extra)
    assert list(User.objects.order_by("pk").values()) == before


# --- Any value in any field of any address ------------------------------------------------------

EXAMPLES = int(os.environ.get("EXAMPLES", "120"))  # more by hand: then each run tries others
FIELDS = [
    "login",
    "password",
    "password1",
    "password2",
    "oldpassword",
    "email",
    "name",
    "kind",
    "code",
    "person",
]
FIELDS += [
    "credential",
    "next",
    "page",
    "time_zone",
    "add",
    "visibility",
    "imi_profile",
    "country",
    "languages",
]
FIELDS += [
    "about",
    "form_key",
    "action",
    "action_add",
    "action_send",
    "action_remove",
    "session",
    "passwordless",
]
FIELDS += ["q", "o", "p", "is_admin"]
FIELDS += [
    "completed_on",
    "ended_on",
    "title",
    "hours",
    "points",
    "evidence",
    "without_evidence",
    "takeaways",
]
FIELDS += [
    "sort",
    "per_page",
    "year",
    "date_from",
    "cpd-kind",
    "cpd-sort",
    "cpd-page",
    "cpd-q",
    "learnings",
    "format",
]
TEXT = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["\0", "", "//evil.example", "admin", "mediator", "UTC", "en", "1" * 4400, "[" * 2000, "{}", "null"]
    ),
    st.sampled_from(
        ["amina@example.org", '"a b"@example.org', "\u0130@example.org", "x@" + "a." * 100 + "org", PASSWORD]
    ),
    st.sampled_from(
        [
            "resend",
            "change",
            "verify",
            "https://[::1",
            "//[",
            "https://imimediation.org/x",
            "\udc80",
            "\u202e",
            "\r\n",
        ]
    ),
)
SENT = st.dictionaries(st.sampled_from(FIELDS), st.one_of(TEXT, st.lists(TEXT, max_size=3)), max_size=8)
HEADERS = st.sampled_from(
    [{}, {"HTTP_ACCEPT": "application/json"}, {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}]
)
METHOD = st.sampled_from(["GET", "POST", "POST", "POST", "PUT", "HEAD", "OPTIONS"])
ROUTE = st.sampled_from(sorted({*ADDRESSES, "admin/", "admin/login/", "admin/accounts/user/", "unknown/"}))


def clean(value: str | list[str]) -> str | list[str]:
    """As the client can encode it: what is no character becomes a question mark, as in a browser."""
    if isinstance(value, list):
        return [clean(one) for one in value]
    return value.encode("utf-8", "replace").decode()


@pytest.mark.slow
def test_any_value_in_any_field_of_any_address(amina: User, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    User.objects.filter(pk=amina.pk).update(email="amina@example.org")
    people = [None, amina, make_admin(password=PASSWORD)]

    @how_long(max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES == 120, database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(
        st.sampled_from(people),
        st.lists(st.tuples(ROUTE, METHOD, SENT, SENT, HEADERS), min_size=1, max_size=3),
    )
    def any_request(person: User | None, requests: list) -> None:
        client = signed_in(person) if person else Client()
        client.raise_request_exception = False
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        for route, method, asked, sent, headers in requests:
            asked, sent = ({name: clean(value) for name, value in one.items()} for one in (asked, sent))
            if method == "POST":
                answer = client.post(path_of(route), sent, query_params=asked, **headers)
            else:
                answer = client.generic(method, path_of(route), query_params=asked, **headers)
            assert answer.status_code < 500, (route, method, asked, sent)
            assert "evil" not in urlsplit(answer.headers.get("Location", "")).netloc

    any_request()
