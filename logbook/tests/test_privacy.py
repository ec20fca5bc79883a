"""What is another's: no address, list, filter, number, download, print, chart, page, log or dump changes with it.

Each test first makes what could leak, then compares all of it.
"""

import io
import logging
import re
import uuid
from datetime import date

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.choices import Role
from accounts.models import User
from accounts.tests.factories import (
    make_admin,
    make_appointment,
    make_mediator,
    make_person,
    make_reviewer,
    signed_in,
)
from logbook.models import LogbookEntry
from logbook.tests.factories import LEARNED, make_entry, typed
from logbook.tests.reading import csv_rows, pdf_text, xlsx_rows
from logbook_site.foundation.logs import JsonFormatter
from logbook_site.tests.test_addresses import METHODS, admin_addresses

pytestmark = pytest.mark.django_db
CANARIES = {name: f"Canarybird{name.replace('_', '')}sang" for name in LEARNED}
TAILS = ["", "edit/", "delete/", "restore/"]


def everything() -> list[dict]:
    return list(LogbookEntry.objects.order_by("pk").values())


class TestAnothersEntry:
    @pytest.mark.parametrize("deleted", [False, True])
    def test_is_unknown_to_a_colleague_by_every_address_and_method(self, deleted: bool):
        entry = make_entry(title="Foreign", deleted=deleted)
        colleague = make_mediator()
        make_entry(colleague, title="Own")
        client, before = signed_in(colleague), everything()
        for tail in TAILS:
            for method in METHODS:
                answer = getattr(client, method)(f"/logbook/{entry.pk}/{tail}")
                unknown = getattr(client, method)(f"/logbook/{uuid.uuid4()}/{tail}")
                assert answer.status_code == 404, (tail, method)
                assert (answer.content, unknown.status_code) == (unknown.content, 404), (tail, method)
            for form in ({}, typed(), typed(form_key="k"), typed(hours_checked="1", duplicate_ok="1")):
                assert client.post(f"/logbook/{entry.pk}/{tail}", form).status_code == 404
        assert everything() == before

    @pytest.mark.parametrize("role", [None, *(role for role in Role if role != Role.MEDIATOR)])
    def test_is_unknown_to_every_other_role(self, role: Role | None):
        entry = make_entry()
        client, before = signed_in(make_person(*([role] if role else []))), everything()
        addresses = [f"/logbook/{entry.pk}/{tail}" for tail in TAILS]
        addresses += [f"/logbook/{name}" for name in ("", "add/", "deleted/", "export/", "print/", "?role=x")]
        for address in addresses:
            for method in METHODS:
                assert getattr(client, method)(address).status_code == 404, (address, method)
            assert client.post(address, typed()).status_code == 404
        assert everything() == before

    def test_is_behind_the_login_for_strangers(self):
        entry, client = make_entry(), Client()
        before = everything()
        for tail in TAILS:
            known = client.post(f"/logbook/{entry.pk}/{tail}", typed())
            unknown = client.post(f"/logbook/{uuid.uuid4()}/{tail}", typed())
            assert known.status_code == unknown.status_code == 302
            assert known.url == f"/accounts/login/?next=/logbook/{entry.pk}/{tail}"
        assert everything() == before

    def test_who_is_no_mediator_any_more_reads_nothing(self):
        entry = make_entry()
        client = signed_in(entry.owner)
        assert client.get(f"/logbook/{entry.pk}/").status_code == 200
        User.objects.filter(pk=entry.owner_id).update(is_mediator=False)
        assert client.get(f"/logbook/{entry.pk}/").status_code == 404


QUERIES = [
    "",
    "q=shared",
    "role=co",
    "year=2001",
    "country=CL",
    "outcome=partly",
    "sort=-hours",
    "per_page=10&page=2",
]


def snapshot(client: Client) -> list[object]:
    """Everything a mediator can see of a logbook, without what is new in every answer."""
    pages = [client.get(f"/logbook/?{query}").text for query in QUERIES]
    pages += [client.get(address).text for address in ("/logbook/add/", "/logbook/deleted/", "/")]
    pages = [re.sub(r'name="(?:csrfmiddlewaretoken|form_key)" value="[^"]*"', "", page) for page in pages]
    rows = [csv_rows(client.get(f"/logbook/export/?learnings=1&{query}")) for query in QUERIES]
    sheets = [xlsx_rows(client.get("/logbook/export/?format=xlsx"))]
    return [*pages, *rows, *sheets, pdf_text(client.get("/logbook/print/"))]


@pytest.mark.long
def test_nothing_of_a_colleague_changes_when_another_logbook_does() -> None:
    owner, colleague = make_mediator(), make_mediator()
    for number in range(12):
        make_entry(colleague, title=f"Shared {number}", did_well="Own", country="FR")
    make_entry(colleague, title="Shared gone", deleted=True)
    client = signed_in(colleague)
    client.get("/logbook/?per_page=10")
    before = snapshot(client)
    entry = make_entry(
        owner, title="Shared 1", role="co", medium="hybrid", ended_on=date(2001, 1, 1), country="CL",
        outcome="partly", subject="shared", minutes=599_999, preparation_minutes=599_999, did_well="Foreign",
    )  # fmt: skip
    make_entry(owner, title="Shared 0", setting="simulated", minutes=599_999)
    make_entry(owner, title="Shared gone", deleted=True)
    assert snapshot(client) == before
    other = signed_in(owner)
    other.post(f"/logbook/{entry.pk}/edit/", typed(title="Shared 2"))
    other.post(f"/logbook/{entry.pk}/delete/")
    assert snapshot(client) == before
    assert "9999 h" not in str(before)  # three digits alone may stand in any random id


class TestLearnings:
    """A canary in each sealed field."""

    @pytest.fixture
    def entry(self) -> LogbookEntry:
        mediator = make_mediator()
        make_appointment(mediator, make_reviewer(vetted=True))
        return make_entry(mediator, title="Roof", subject="Noise", **CANARIES)

    @staticmethod
    def heard_in(text: str | bytes) -> set[str]:
        text = text.decode("latin-1") if isinstance(text, bytes) else text
        return {name for name, canary in CANARIES.items() if canary.casefold() in text.casefold()}

    def test_are_on_the_owners_own_pages(self, entry):
        client = signed_in(entry.owner)
        for tail in ("", "edit/"):
            assert self.heard_in(client.get(f"/logbook/{entry.pk}/{tail}").text) == set(LEARNED)
        assert self.heard_in(str(csv_rows(client.get("/logbook/export/?learnings=1")))) == set(LEARNED)
        assert self.heard_in(str(xlsx_rows(client.get("/logbook/export/?learnings=1&format=xlsx")))) == set(
            LEARNED
        )

    def test_are_in_no_other_place_of_the_owner(self, entry):
        client = signed_in(entry.owner)
        addresses = [
            "/", "/logbook/", "/logbook/?q=canarybird", "/logbook/?sort=learnings", "/logbook/add/",
            f"/logbook/add/?like={entry.pk}", f"/logbook/{entry.pk}/delete/", "/logbook/deleted/",
            "/my-details/", "/account-settings/",
        ]  # fmt: skip
        for address in addresses:
            assert self.heard_in(client.get(address).content) == set(), address
        assert self.heard_in(b"".join(client.get("/logbook/export/").streaming_content)) == set()
        assert self.heard_in(str(xlsx_rows(client.get("/logbook/export/?format=xlsx")))) == set()
        assert self.heard_in(pdf_text(client.get("/logbook/print/"))) == set()
        client.post(f"/logbook/{entry.pk}/delete/")
        assert self.heard_in(client.get("/logbook/deleted/").content) == set()

    def test_are_found_by_no_search(self, entry):
        assert "Roof" not in signed_in(entry.owner).get("/logbook/?q=canarybird").text

    @pytest.mark.parametrize("role", list(Role))
    def test_are_on_no_page_of_another(self, entry, role: Role):
        client = signed_in(make_person(role))
        learned_addresses = [
            reverse("logbook_entry", args=[entry.pk]),
            f"/logbook/export/?learnings=1&id={entry.pk}",
        ]
        for address in ["/", "/logbook/", "/account-settings/", *learned_addresses]:
            answer = client.get(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert self.heard_in(body) == set(), address
            assert b"Roof" not in body

    def test_are_on_no_page_of_the_reviewer(self, entry):
        reviewer = entry.owner.appointments_made.get().reviewer
        client = signed_in(reviewer)
        for address in ["/", "/account-settings/", f"/logbook/{entry.pk}/"]:
            assert self.heard_in(client.get(address).content) == set(), address

    @pytest.mark.long
    def test_are_on_no_page_of_the_admin(self, entry):
        assert LogbookEntry not in admin.site._registry
        client = signed_in(make_admin())
        addresses = admin_addresses()
        for model in admin.site._registry:
            for row in model.objects.all()[:5]:
                meta = model._meta
                names = [f"admin:{meta.app_label}_{meta.model_name}_{verb}" for verb in ("change", "history")]
                addresses += [reverse(name, args=[row.pk]) for name in names]
        for address in addresses:
            body = client.get(address).content
            assert self.heard_in(body) == set(), address
            assert b"Noise" not in body, address

    def test_are_in_no_line_of_the_log(self, entry):
        stream = io.StringIO()
        handler = logging.StreamHandler(stream)
        handler.setFormatter(JsonFormatter())
        root = logging.getLogger()
        level = root.level
        root.addHandler(handler)
        root.setLevel(logging.INFO)
        try:
            client = signed_in(entry.owner)
            client.get(f"/logbook/{CANARIES['did_well']}/")
            client.get(f"/logbook/export/?q={CANARIES['did_well']}&sort=x")
            client.post("/logbook/add/", typed(hours="x", **CANARIES))
            client.post("/logbook/add/", typed(title="New", **CANARIES))
            client.post("/logbook/add/", typed(did_well="x" * 1_100_000, learnings=CANARIES["learnings"]))
            client.put(f"/logbook/{entry.pk}/edit/", CANARIES)
        finally:
            root.removeHandler(handler)
            root.setLevel(level)
        assert "logbook/export/" in stream.getvalue()
        assert self.heard_in(stream.getvalue()) == set()

    def test_are_in_no_byte_of_the_database(self, entry):
        """As a dump would write it: every table, copied out as text and as bytes."""
        client = signed_in(entry.owner)
        client.post("/logbook/add/", typed(form_key="one", title="Another", **CANARIES))
        client.post("/logbook/add/", typed(form_key="two", hours="30", **CANARIES))
        client.post(f"/logbook/{entry.pk}/edit/", typed(title="Changed", **CANARIES))
        copies = io.BytesIO()
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names():
                for form in ("text", "binary"):
                    cursor.copy_expert(f'COPY "{table}" TO STDOUT (FORMAT {form})', copies)
        dump = copies.getvalue()
        assert b"Changed" in dump
        assert self.heard_in(dump) == set()
        for canary in CANARIES.values():
            assert canary.encode().hex().encode() not in dump
            assert canary.encode("utf-16-le") not in dump

    def test_are_sealed_differently_each_time_and_for_each_row(self, entry):
        twin = make_entry(entry.owner, **CANARIES)
        sealed = [bytes(getattr(one, f"{name}_sealed")) for one in (entry, twin) for name in LEARNED]
        assert len(set(sealed)) == 6
        assert self.heard_in(b"".join(sealed)) == set()
