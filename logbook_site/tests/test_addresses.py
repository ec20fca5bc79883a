"""Every address × method × role × owner, from the URL configuration. An address that is not in the table fails."""

import re
import uuid
from collections.abc import Callable
from enum import StrEnum

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.choices import ImportKind, Role
from accounts.middleware import PARTY_ADDRESSES
from accounts.models import User
from accounts.services import jobs
from accounts.services.people import add_role
from accounts.tests.factories import make_mediator, make_place
from accounts.tests.imports import make_import
from cpd.tests.factories import a_pdf, make_cpd
from feedback.tests.factories import make_piece, make_request
from logbook.tests.factories import make_entry
from logbook_site.own_data.services.downloads import begin_download
from reviewers.tests.factories import make_draft


class For(StrEnum):
    """Who an address is for."""

    EVERYONE = "everyone"
    STRANGERS = "strangers"  # the way in; who is signed in is sent on
    MEMBERS = "members"
    MEDIATORS = "mediators"
    REVIEWERS = "reviewers"
    DIRECTORIES = "directories"
    ADMINS = "admins"


# The literal table. A public address must be put here by hand, in the light of day.
ADDRESSES = {
    "": For.EVERYONE,
    "healthz": For.EVERYONE,
    "manifest.webmanifest": For.EVERYONE,
    "worker.js": For.EVERYONE,
    "offline/": For.EVERYONE,
    "help/": For.EVERYONE,
    "help/contact/": For.EVERYONE,
    "help/mentorship/": For.EVERYONE,
    "help/career-path/": For.EVERYONE,
    "privacy/": For.EVERYONE,
    "demo/mailbox/": For.EVERYONE,
    "demo/sign-in/": For.EVERYONE,
    "account-settings/": For.MEMBERS,
    "account-settings/roles/": For.MEMBERS,
    "account-settings/access/": For.MEDIATORS,
    "account-settings/download/": For.MEMBERS,
    "account-settings/download/<uuid:job_id>/": For.MEMBERS,
    "account-settings/delete/": For.MEMBERS,
    "account-settings/restore/": For.MEMBERS,
    "jobs/<uuid:job_id>/": For.MEMBERS,
    "my-details/": For.MEDIATORS,
    "my-details/visibility/": For.MEDIATORS,
    "logbook/": For.MEDIATORS,
    "logbook/add/": For.MEDIATORS,
    "logbook/deleted/": For.MEDIATORS,
    "logbook/export/": For.MEDIATORS,
    "logbook/print/": For.MEDIATORS,
    "logbook/import/": For.MEDIATORS,
    "logbook/import/<uuid:import_id>/": For.MEDIATORS,
    "logbook/import/<uuid:import_id>/undo/": For.MEDIATORS,
    "logbook/import/<uuid:import_id>/rejected/": For.MEDIATORS,
    "logbook/<uuid:entry_id>/": For.MEDIATORS,
    "logbook/<uuid:entry_id>/edit/": For.MEDIATORS,
    "logbook/<uuid:entry_id>/delete/": For.MEDIATORS,
    "logbook/<uuid:entry_id>/restore/": For.MEDIATORS,
    "learnings/": For.MEDIATORS,
    "learnings/export/": For.MEDIATORS,
    "learnings/print/": For.MEDIATORS,
    "cpd/": For.MEDIATORS,
    "cpd/add/": For.MEDIATORS,
    "cpd/deleted/": For.MEDIATORS,
    "cpd/export/": For.MEDIATORS,
    "cpd/print/": For.MEDIATORS,
    "cpd/import/": For.MEDIATORS,
    "cpd/import/<uuid:import_id>/": For.MEDIATORS,
    "cpd/import/<uuid:import_id>/undo/": For.MEDIATORS,
    "cpd/import/<uuid:import_id>/rejected/": For.MEDIATORS,
    "cpd/<uuid:entry_id>/": For.MEDIATORS,
    "cpd/<uuid:entry_id>/edit/": For.MEDIATORS,
    "cpd/<uuid:entry_id>/delete/": For.MEDIATORS,
    "cpd/<uuid:entry_id>/restore/": For.MEDIATORS,
    "cpd/<uuid:entry_id>/evidence/": For.MEDIATORS,
    "feedback/": For.MEDIATORS,
    "feedback/request/": For.MEDIATORS,
    "feedback/requests/": For.MEDIATORS,
    "feedback/requests/<uuid:request_id>/cancel/": For.MEDIATORS,
    "feedback/export/": For.MEDIATORS,
    "feedback/print/": For.MEDIATORS,
    "feedback/<uuid:piece_id>/": For.MEDIATORS,
    "feedback/<uuid:piece_id>/note/": For.MEDIATORS,
    "feedback/<uuid:piece_id>/report/": For.MEDIATORS,
    "feedback/digest/": For.MEDIATORS,
    "feedback/digest/pdf/": For.MEDIATORS,
    "review/<uuid:mediator_id>/digest/": For.REVIEWERS,
    "review/<uuid:mediator_id>/digest/pdf/": For.REVIEWERS,
    "my-details/reviewer/": For.MEDIATORS,
    "invitation/place-<str:token>/": For.EVERYONE,
    "invitation/<str:token>/": For.EVERYONE,
    "my-details/looks/": For.MEDIATORS,
    "my-details/what-they-see/": For.MEDIATORS,
    "verify-experience/": For.DIRECTORIES,
    "verify-experience/<uuid:mediator_id>/": For.DIRECTORIES,
    "verify-experience/<uuid:mediator_id>/export/": For.DIRECTORIES,
    "verify-experience/<uuid:mediator_id>/print/": For.DIRECTORIES,
    "admin/vetting/<uuid:reviewer_id>/": For.ADMINS,
    "review/": For.REVIEWERS,
    "review/<uuid:mediator_id>/": For.REVIEWERS,
    "review/<uuid:mediator_id>/export/": For.REVIEWERS,
    "review/<uuid:mediator_id>/print/": For.REVIEWERS,
    "review/<uuid:mediator_id>/resign/": For.REVIEWERS,
    "review/<uuid:mediator_id>/<uuid:piece_id>/": For.REVIEWERS,
    # Parties: the token is the authority
    "give-feedback/": For.EVERYONE,
    "give-feedback/thank-you/": For.EVERYONE,
    "give-feedback/withdraw/": For.EVERYONE,
    "give-feedback/to/<str:code>/": For.EVERYONE,
    "give-feedback/confirm/<str:token>/": For.EVERYONE,
    "give-feedback/<str:token>/": For.EVERYONE,
    "stop/<str:signed>/": For.EVERYONE,
    # The shop: its signature is the authority
    "hooks/woocommerce/": For.EVERYONE,
    # allauth
    "accounts/login/": For.STRANGERS,
    "accounts/signup/": For.STRANGERS,
    "accounts/logout/": For.EVERYONE,
    "accounts/inactive/": For.EVERYONE,
    "accounts/login/code/": For.STRANGERS,
    "accounts/login/code/confirm/": For.STRANGERS,
    "accounts/confirm-email/": For.EVERYONE,
    "accounts/password/reset/": For.EVERYONE,
    "accounts/password/reset/confirm/": For.STRANGERS,
    "accounts/password/reset/complete/": For.EVERYONE,
    "accounts/password/reset/done/": For.EVERYONE,
    "accounts/reauthenticate/": For.MEMBERS,
    "accounts/email/": For.MEMBERS,
    "accounts/password/change/": For.MEMBERS,
    "accounts/password/set/": For.MEMBERS,
    "accounts/sessions/": For.MEMBERS,
    "accounts/2fa/": For.MEMBERS,
    "accounts/2fa/authenticate/": For.STRANGERS,
    "accounts/2fa/reauthenticate/": For.MEMBERS,
    "accounts/2fa/totp/activate/": For.MEMBERS,
    "accounts/2fa/totp/deactivate/": For.MEMBERS,
    "accounts/2fa/recovery-codes/": For.MEMBERS,
    "accounts/2fa/recovery-codes/generate/": For.MEMBERS,
    "accounts/2fa/recovery-codes/download/": For.MEMBERS,
    "accounts/2fa/webauthn/": For.MEMBERS,
    "accounts/2fa/webauthn/add/": For.MEMBERS,
    "accounts/2fa/webauthn/reauthenticate/": For.MEMBERS,
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": For.MEMBERS,
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": For.MEMBERS,
    "accounts/2fa/webauthn/login/": For.STRANGERS,
}
# The role of those who own what is behind such an address; everybody else gets 404.
ROLE_OF = {
    For.MEDIATORS: Role.MEDIATOR,
    For.REVIEWERS: Role.REVIEWER,
    For.DIRECTORIES: Role.DIRECTORY,
}


def reviewed_piece(reviewer: User) -> tuple[uuid.UUID, ...]:
    """The ids of a mediator about whom `reviewer` has begun a digest, and of a piece about them."""
    mediator = make_mediator(name="Foreign words")
    make_draft(reviewer, mediator, text="Foreign words")
    return mediator.pk, make_piece(mediator, helpful="Foreign words").pk


def ready_download(owner: User) -> list[uuid.UUID]:
    """The id of a download of `owner` that can be fetched."""
    job = begin_download(by=owner)
    jobs.run_next()
    return [job.pk]


def saved_import(owner: User, kind: ImportKind) -> list[uuid.UUID]:
    """The id of an import of `owner` with an entry, and with a row that was not taken."""
    return [make_import(owner, kind).pk]


# Addresses with ids: what makes an object of `owner`, and returns its ids. Another's object is 404 for everyone.
OBJECTS = {
    "logbook/import/": lambda owner: saved_import(owner, ImportKind.LOGBOOK),
    "cpd/import/": lambda owner: saved_import(owner, ImportKind.CPD),
    "logbook/<uuid": lambda owner: [make_entry(owner, title="Foreign words").pk],
    "cpd/<uuid": lambda owner: [make_cpd(owner, title="Foreign words", evidence=a_pdf()).pk],
    "feedback/requests/": lambda owner: [make_request(owner, reference="Foreign words").pk],
    "feedback/<uuid": lambda owner: [make_piece(owner, helpful="Foreign words").pk],
    "review/": reviewed_piece,
    "account-settings/download/": ready_download,
    "jobs/": lambda owner: [begin_download(by=owner).pk],
}
# Public to read; the first has nobody to confirm, the others are answered by members only.
ASK_LATER = {"accounts/confirm-email/", "invitation/<str:token>/", "invitation/place-<str:token>/"}
PUBLIC = {address for address, audience in ADDRESSES.items() if audience in {For.EVERYONE, For.STRANGERS}}
OWN_APPS = {"accounts", "logbook", "cpd", "feedback", "reviewers", "directory"}
ROLES: list[Role | None] = [None, *Role]  # None: signed in, but without any role
# A digest that nobody has written; access, where nobody pays (a second factor that is not switched on begins alike).
UNKNOWN_YET = {"feedback/digest/pdf/", "account-settings/access/"}
UUID_IN_ROUTE = re.compile(r"<uuid:\w+>")
METHODS = ["get", "head", "options", "post", "put", "patch", "delete", "trace"]


def routes(patterns=None, prefix: str = "") -> set[str]:
    """Every route of the site as one string; the admin's own addresses as one."""
    found = set()
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver) and pattern.namespace == "admin":
            continue
        if isinstance(pattern, URLResolver):
            found |= routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            found.add(route)
    return found


def views(patterns=None, prefix: str = "") -> dict[str, Callable]:
    """Every route of the site with its view, the admin's own and those of `/hooks/` included."""
    found = {}
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found |= views(pattern.url_patterns, route)
        else:
            found[route] = pattern.callback
    return found


def path_of(route: str) -> str:
    return "/" + UUID_IN_ROUTE.sub(str(uuid.uuid4()), route.replace("<int:pk>", "4711"))


def path_to(route: str, make, owner: User) -> str:
    """The address of a new object of `owner`."""
    ids = iter(make(owner))
    return "/" + UUID_IN_ROUTE.sub(lambda _found: str(next(ids)), route)


def client_of(role: Role | None, name: str = "") -> Client:
    client = Client()
    client.force_login(person(role, name), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def person(role: Role | None, name: str = "") -> User:
    email = f"{name}{role or 'nobody'}@example.org"
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, "hidden-words-in-a-row", name=f"{name}{role}")
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        if role:
            add_role(to=user, role=role, by=None)
        if role == Role.DIRECTORY:
            make_place(user)
    return user


def is_of_parties(route: str) -> bool:
    return f"/{route}".startswith(PARTY_ADDRESSES)


def is_login(response) -> bool:
    return response.status_code == 302 and response.url.startswith("/accounts/login/?next=")


def admin_addresses() -> list[str]:
    """Every page of the Django admin, with an id that does not exist."""
    (admin,) = [one for one in get_resolver().url_patterns if getattr(one, "namespace", "") == "admin"]
    simple = [str(one.pattern) for one in admin.url_patterns if isinstance(one, URLPattern)]
    plain = [f"/admin/{route}" for route in simple if "<" not in route and "(" not in route]
    about = [
        path_of(f"admin/{route.replace('<slug:name>', 'close')}") for route in simple if "<uuid:" in route
    ]
    lists = [f"/admin/{one.pattern}" for one in admin.url_patterns if isinstance(one, URLResolver)]
    return [*plain, *about, "/admin/unknown/", *lists, *[f"{path}{uuid.uuid4()}/change/" for path in lists]]


def test_every_address_is_in_the_table() -> None:
    assert routes() == set(ADDRESSES)


def test_forged_posts_are_checked_everywhere_but_where_nobody_is_signed_in() -> None:
    assert PARTY_ADDRESSES == ("/give-feedback/", "/stop/", "/hooks/")
    exempt = {route for route, view in views().items() if getattr(view, "csrf_exempt", False)}
    assert exempt == {route for route in views() if is_of_parties(route)}
    assert {route for route in ADDRESSES if is_of_parties(route)} == exempt
    assert all(ADDRESSES[route] == For.EVERYONE for route in exempt)


@pytest.mark.django_db
@pytest.mark.parametrize("route", sorted(set(ADDRESSES) - PUBLIC))
def test_strangers_are_sent_to_the_login_whatever_they_try(route: str, client: Client) -> None:
    for method in METHODS:
        response = getattr(client, method)(path_of(route))
        assert is_login(response), (method, response.status_code)


@pytest.mark.django_db
@pytest.mark.parametrize("route", sorted(PUBLIC))
def test_public_addresses_ask_for_no_login(route: str, client: Client) -> None:
    for method in METHODS:
        response = getattr(client, method)(path_of(route))
        assert response.status_code < 500
        assert not is_login(response) or route in ASK_LATER, method


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_its_own_addresses_and_no_other(role: Role | None) -> None:
    client = client_of(role)
    for route, audience in ADDRESSES.items():
        for method in METHODS:
            if "sign-in" in route or (route == "accounts/logout/" and method == "post"):
                continue  # these two would end this sign-in
            response = getattr(client, method)(path_of(route))
            status = response.status_code
            closed = audience in ROLE_OF and role != ROLE_OF[audience]
            if closed or UUID_IN_ROUTE.search(route):  # nobody's object
                # Of an admin's page the method is asked first.
                assert status == 404 or (status == 405 and audience == For.ADMINS), (route, method)
            elif "4711" in path_of(route):  # nobody's passkey: as unknown, after the question who you are
                assert status in {302, 404, 405}, (route, method)
            elif method == "get":
                is_calm = status == 410 and (is_of_parties(route) or route.startswith("invitation/"))
                assert status in {200, 302, 404, 405} or is_calm, (route, method)
                assert not is_login(response), (route, method)
                if status == 404:
                    assert route.startswith("accounts/2fa/") or route in UNKNOWN_YET, route
            else:
                assert status < 500, (route, method)


# Those of an owner; what admins and directories open has tests of its own.
WITH_ID = sorted(
    route
    for route, audience in ADDRESSES.items()
    if UUID_IN_ROUTE.search(route) and audience not in {For.ADMINS, For.DIRECTORIES}
)


def every_row() -> list[tuple[str, str]]:
    """All that the apps keep, but who is signed in and what somebody last looked at: (table, row) as text."""
    tables = [model._meta.db_table for model in apps.get_models() if model._meta.app_label in OWN_APPS]
    selects = [f"SELECT '{table}', row::text FROM {table} AS row" for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects))
        return sorted(cursor.fetchall())


@pytest.mark.django_db
@pytest.mark.parametrize("route", WITH_ID)
@pytest.mark.parametrize("who", ["owner", "colleague", *Role, None])
def test_an_object_is_known_to_its_owner_alone(route: str, who: str | None) -> None:
    """Owner × colleague × every other role × somebody without one: by every method, and nothing changes."""
    (make,) = [make for start, make in OBJECTS.items() if route.startswith(start)]
    role = ROLE_OF.get(ADDRESSES[route], Role.MEDIATOR)  # what is every member's own, one of them stands for
    owner = person(role)
    if who == "owner":
        client = client_of(role)
        for method in METHODS:
            path = path_to(route, make, owner)  # a new one: the last method may have deleted it
            assert getattr(client, method)(path).status_code in {200, 302, 405}, method
        return
    path = path_to(route, make, owner)
    client = client_of(role, "other-") if who in {"colleague", role} else client_of(who)
    before = every_row()
    for method in METHODS:
        response = getattr(client, method)(path)
        assert response.status_code == 404, method
        assert b"Foreign words" not in response.content
    assert every_row() == before


@pytest.mark.django_db
@pytest.mark.parametrize("route", WITH_ID)
def test_strangers_cannot_tell_whether_an_object_exists(route: str, client: Client) -> None:
    (make,) = [make for start, make in OBJECTS.items() if route.startswith(start)]
    known = path_to(route, make, person(ROLE_OF.get(ADDRESSES[route], Role.MEDIATOR)))
    before = every_row()
    for path in (known, path_of(route)):
        for method in METHODS:
            response = getattr(client, method)(path)
            assert (response.status_code, response.url) == (302, f"/accounts/login/?next={path}")
    assert every_row() == before


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_the_admin_is_for_admins(role: Role | None) -> None:
    client = client_of(role)
    for path in admin_addresses():
        for method in ("get", "post"):
            status = getattr(client, method)(path).status_code
            if role == Role.ADMIN:
                assert status < 500, path
            else:
                assert status == 404, (path, method)
    if role == Role.ADMIN:
        assert client.get("/admin/").status_code == 200


@pytest.mark.long
@pytest.mark.django_db
def test_strangers_get_the_login_from_the_admin(client: Client) -> None:
    for path in admin_addresses():
        for method in ("get", "post"):
            response = getattr(client, method)(path, follow=True)
            assert response.redirect_chain, path
            assert response.redirect_chain[-1][0].startswith("/accounts/login/?next=/admin/"), path


@pytest.mark.django_db
def test_a_method_that_nobody_serves_is_refused_with_a_page() -> None:
    client = client_of(Role.MEDIATOR)
    for name in ("home", "account_settings", "my_details", "visibility", "roles"):
        for method in ("put", "delete", "patch", "trace"):
            response = getattr(client, method)(reverse(name))
            assert response.status_code == 405, (name, method)
            assert response.headers["Allow"], name
        assert client.generic("BREW", reverse(name)).status_code == 405, name


@pytest.mark.django_db
def test_a_mediators_own_details_are_all_they_can_reach() -> None:
    """Owner and colleague: the address holds no id, so each sees and changes their own, whatever is sent along."""
    owner, colleague = person(Role.MEDIATOR), person(Role.MEDIATOR, "other-")
    other = {"person": str(owner.pk), "id": str(owner.pk), "pk": str(owner.pk), "country": "FR"}
    client_of(Role.MEDIATOR, "other-").post("/my-details/", other)
    owner.mediator_profile.refresh_from_db()
    colleague.mediator_profile.refresh_from_db()
    assert (owner.mediator_profile.country, colleague.mediator_profile.country) == ("", "FR")
