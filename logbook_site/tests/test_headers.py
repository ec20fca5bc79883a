"""The headers of every answer: pages, redirects, errors and files."""

import pytest
from django.test import Client

from accounts.choices import Role
from logbook_site.tests.test_addresses import client_of

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
}


def assert_guarded(response, status: int) -> None:
    assert response.status_code == status
    assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS
    assert set(response.headers["Content-Security-Policy"].split("; ")) == POLICY
    assert "camera=()" in response.headers["Permissions-Policy"]


@pytest.fixture
def with_faults(settings) -> Client:
    settings.ROOT_URLCONF = "logbook_site.tests.urls_with_faults"
    return Client(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize("status", [400, 403, 404, 410, 413, 429, 500, 503])
def test_every_error_has_its_page_and_the_headers(status: int, with_faults: Client) -> None:
    response = with_faults.get(f"/fault/{status}/")
    assert_guarded(response, status)
    page = response.content.decode()
    assert "<h1>" in page and "base.css" in page
    assert "canary" not in page
    assert (response.headers.get("Retry-After") == "60") == (status == 503)


@pytest.mark.django_db
def test_pages_redirects_and_refusals(client: Client) -> None:
    assert_guarded(client.get("/"), 200)
    assert_guarded(client.get("/healthz"), 200)
    assert_guarded(client.get("/account-settings/"), 302)
    assert_guarded(client.get("/account-settings"), 301)
    assert_guarded(client.get("/no-such-page/"), 404)
    assert_guarded(client.post("/healthz"), 405)
    assert_guarded(client.get("/", headers={"host": "evil.example.net"}), 400)
    assert_guarded(Client(enforce_csrf_checks=True).post("/accounts/login/"), 403)
    assert_guarded(client.post("/accounts/login/", {"login": "x" * 1_100_000}), 413)
    assert_guarded(client.get("/give-feedback/"), 200)
    assert_guarded(client.get("/give-feedback/never-was-one/"), 410)
    assert_guarded(client.post("/stop/never-was-one/"), 410)
    assert_guarded(client_of(Role.MEDIATOR).get("/my-details/"), 200)
    assert_guarded(client_of(Role.ADMIN).get("/admin/"), 200)


def test_static_files(client: Client) -> None:
    css = client.get("/static/logbook.css")
    assert_guarded(css, 200)
    same = client.get("/static/logbook.css", headers={"if-modified-since": css.headers["Last-Modified"]})
    assert_guarded(same, 304)
    assert_guarded(client.get("/static/nothing.css"), 404)
    assert_guarded(client.get("/static/../manage.py"), 404)


@pytest.mark.django_db
def test_no_cache_keeps_a_page_and_no_search_engine_but_the_first(client: Client) -> None:
    member = client_of(Role.MEDIATOR)
    for response in (client.get("/"), member.get("/"), member.get("/my-details/"), client.get("/nothing/")):
        assert response.headers["Cache-Control"] == "no-store, private"
        assert "ETag" not in response.headers
    assert "X-Robots-Tag" not in client.get("/").headers
    assert client.get("/accounts/login/").headers["X-Robots-Tag"] == "noindex, noarchive"


@pytest.mark.django_db
def test_signing_out_empties_the_browser() -> None:
    response = client_of(Role.MEDIATOR).post("/accounts/logout/")
    assert response.headers["Clear-Site-Data"] == '"storage"'
