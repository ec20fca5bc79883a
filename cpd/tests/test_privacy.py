"""What is another's: no address, list, number, download, print, page, log or dump of theirs changes with it.

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
from cpd.models import CpdEntry
from cpd.tests.factories import a_pdf, make_cpd, typed
from logbook.tests.reading import csv_rows, pdf_text, xlsx_rows
from logbook_site.foundation.logs import JsonFormatter
from logbook_site.tests.test_addresses import METHODS, admin_addresses

pytestmark = pytest.mark.django_db
CANARY = "Canarybirdtakeawayssang"
TAILS = ["", "edit/", "delete/", "restore/", "evidence/"]


def everything() -> list[dict]:
    return list(CpdEntry.objects.order_by("pk").values())


def body_of(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


class TestAnothersEntry:
    @pytest.mark.parametrize("deleted", [False, True])
    def test_is_unknown_to_a_colleague_by_every_address_and_method(self, deleted: bool):
        entry = make_cpd(title="Foreign", evidence=a_pdf(), deleted=deleted)
        colleague = make_mediator()
        make_cpd(colleague, title="Own")
        client, before = signed_in(colleague), everything()
        for tail in TAILS:
            for method in METHODS:
                answer = getattr(client, method)(f"/cpd/{entry.pk}/{tail}")
                unknown = getattr(client, method)(f"/cpd/{uuid.uuid4()}/{tail}")
                assert (answer.status_code, answer.content) == (404, unknown.content), (tail, method)
            for form in ({}, typed(), typed(form_key="k"), typed(duplicate_ok="1", without_evidence="1")):
                assert client.post(f"/cpd/{entry.pk}/{tail}", form).status_code == 404
        assert everything() == before

    @pytest.mark.parametrize("role", [None, *(role for role in Role if role != Role.MEDIATOR)])
    def test_is_unknown_to_every_other_role(self, role: Role | None):
        entry = make_cpd(evidence=a_pdf())
        client, before = signed_in(make_person(*([role] if role else []))), everything()
        addresses = [f"/cpd/{entry.pk}/{tail}" for tail in TAILS]
        addresses += [f"/cpd/{name}" for name in ("", "add/", "deleted/", "export/", "print/", "?kind=x")]
        for address in addresses:
            for method in METHODS:
                assert getattr(client, method)(address).status_code == 404, (address, method)
            assert client.post(address, typed()).status_code == 404
        assert everything() == before

    def test_is_behind_the_login_for_strangers(self):
        entry, client = make_cpd(), Client()
        before = everything()
        for tail in TAILS:
            for pk in (entry.pk, uuid.uuid4()):
                answer = client.post(f"/cpd/{pk}/{tail}", typed())
                assert (answer.status_code, answer.url) == (302, f"/accounts/login/?next=/cpd/{pk}/{tail}")
        assert everything() == before

    def test_who_is_no_mediator_any_more_reads_nothing(self):
        entry = make_cpd(evidence=a_pdf())
        client = signed_in(entry.owner)
        User.objects.filter(pk=entry.owner_id).update(is_mediator=False)
        for tail in ("", "evidence/"):
            assert client.get(f"/cpd/{entry.pk}/{tail}").status_code == 404

    @pytest.mark.parametrize("address", ["not-a-uuid", "1", "%00", "../add", "é" * 36, "0" * 32])
    def test_what_is_no_id_is_unknown(self, address: str):
        client = signed_in(make_mediator())
        for tail in TAILS:
            assert client.get(f"/cpd/{address}/{tail}").status_code == 404


QUERIES = ["", "q=shared", "kind=workshop", "year=2001", "country=CL", "sort=-hours", "per_page=10&page=2"]


def snapshot(client: Client) -> list[object]:
    """Everything a mediator can see of professional development, without what is new in every answer."""
    pages = [client.get(f"/cpd/?{query}").text for query in QUERIES]
    pages += [client.get(address).text for address in ("/cpd/add/", "/cpd/deleted/", "/logbook/", "/")]
    pages = [re.sub(r'name="(?:csrfmiddlewaretoken|form_key)" value="[^"]*"', "", page) for page in pages]
    rows = [csv_rows(client.get(f"/cpd/export/?learnings=1&{query}")) for query in QUERIES]
    prints = [pdf_text(client.get(address)) for address in ("/cpd/print/", "/logbook/print/")]
    return [*pages, *rows, *prints, xlsx_rows(client.get("/cpd/export/?format=xlsx"))]


@pytest.mark.slow
def test_nothing_of_a_colleague_changes_when_another_list_does() -> None:
    owner, colleague = make_mediator(), make_mediator()
    for number in range(12):
        make_cpd(colleague, title=f"Shared {number}", takeaways="Own", country="FR")
    make_cpd(colleague, title="Shared gone", deleted=True)
    client = signed_in(colleague)
    client.get("/cpd/?per_page=10")
    before = snapshot(client)
    entry = make_cpd(
        owner, title="Shared 1", kind="workshop", completed_on=date(2001, 1, 1), country="CL", provider="shared",
        minutes=599_999, points=9999, takeaways="Foreign",
    )  # fmt: skip
    make_cpd(owner, title="Shared gone", deleted=True)
    assert snapshot(client) == before
    other = signed_in(owner)
    other.post(f"/cpd/{entry.pk}/edit/", typed(title="Shared 2"))
    other.post(f"/cpd/{entry.pk}/delete/")
    assert snapshot(client) == before
    assert "9999 h" not in str(before) and "9999 points" not in str(before)


class TestTakeaways:
    """A canary in the sealed field."""

    @pytest.fixture
    def entry(self) -> CpdEntry:
        mediator = make_mediator()
        make_appointment(mediator, make_reviewer(vetted=True))
        return make_cpd(mediator, title="Roof", provider="Noise", takeaways=CANARY)

    @staticmethod
    def heard_in(text: str | bytes) -> bool:
        text = text.decode("latin-1") if isinstance(text, bytes) else text
        return CANARY.casefold() in text.casefold()

    def test_are_on_the_owners_own_pages(self, entry):
        client = signed_in(entry.owner)
        for tail in ("", "edit/"):
            assert self.heard_in(client.get(f"/cpd/{entry.pk}/{tail}").text)
        assert self.heard_in(str(csv_rows(client.get("/cpd/export/?learnings=1"))))
        assert self.heard_in(str(xlsx_rows(client.get("/cpd/export/?learnings=1&format=xlsx"))))

    @pytest.mark.long
    def test_are_in_no_other_place_of_the_owner(self, entry):
        client = signed_in(entry.owner)
        addresses = [
            "/", "/cpd/", "/cpd/?q=canarybird", "/cpd/?sort=takeaways", "/cpd/add/", f"/cpd/{entry.pk}/delete/",
            "/cpd/deleted/", "/cpd/export/", "/logbook/", "/logbook/?cpd-q=canarybird", "/my-details/",
            "/account-settings/",
        ]  # fmt: skip
        for address in addresses:
            assert not self.heard_in(body_of(client.get(address))), address
        assert "Roof" not in client.get("/cpd/?q=canarybird").text
        assert not self.heard_in(str(xlsx_rows(client.get("/cpd/export/?format=xlsx"))))
        for address in ("/cpd/print/", "/logbook/print/"):
            assert not self.heard_in(pdf_text(client.get(address)))
        client.post(f"/cpd/{entry.pk}/delete/")
        assert not self.heard_in(client.get("/cpd/deleted/").content)

    @pytest.mark.parametrize("role", list(Role))
    def test_are_on_no_page_of_another(self, entry, role: Role):
        reviewer = entry.owner.appointments_made.get().reviewer
        for person in (make_person(role), reviewer):
            client = signed_in(person)
            for address in [
                "/",
                "/logbook/",
                "/cpd/",
                f"/cpd/{entry.pk}/",
                f"/cpd/export/?learnings=1&id={entry.pk}",
            ]:
                body = body_of(client.get(address))
                assert not self.heard_in(body), address
                assert b"Roof" not in body, address

    def test_are_on_no_page_of_the_admin(self, entry):
        assert CpdEntry not in admin.site._registry
        client = signed_in(make_admin())
        for address in [*admin_addresses(), f"/admin/accounts/user/{entry.owner_id}/change/"]:
            body = client.get(address).content
            assert not self.heard_in(body) and b"Noise" not in body, address

    def test_are_in_no_mail_and_no_line_of_the_log(self, entry, mailoutbox):
        stream = io.StringIO()
        handler = logging.StreamHandler(stream)
        handler.setFormatter(JsonFormatter())
        root = logging.getLogger()
        level = root.level
        root.addHandler(handler)
        root.setLevel(logging.INFO)
        try:
            client = signed_in(entry.owner)
            client.get(f"/cpd/{CANARY}/")
            client.get(f"/cpd/export/?q={CANARY}&sort=x")
            client.post("/cpd/add/", typed(hours="x", takeaways=CANARY))
            client.post("/cpd/add/", typed(title="New", takeaways=CANARY))
            client.post("/cpd/add/", typed(title="x" * 1_100_000, takeaways=CANARY))
            client.post("/cpd/add/", typed(takeaways=CANARY, evidence=io.BytesIO(b"<svg>" + CANARY.encode())))
            client.put(f"/cpd/{entry.pk}/edit/", {"takeaways": CANARY})
        finally:
            root.removeHandler(handler)
            root.setLevel(level)
        assert "cpd/export/" in stream.getvalue()
        assert not self.heard_in(stream.getvalue())
        assert not self.heard_in("".join(mail.body for mail in mailoutbox))

    def test_are_in_no_byte_of_the_database(self, entry):
        """As a dump would write it: every table, copied out as text and as bytes."""
        client = signed_in(entry.owner)
        client.post("/cpd/add/", typed(form_key="one", title="Another", takeaways=CANARY))
        client.post("/cpd/add/", typed(form_key="two", hours="x", takeaways=CANARY))
        client.post(f"/cpd/{entry.pk}/edit/", typed(title="Changed", takeaways=CANARY))
        copies = io.BytesIO()
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names():
                for form in ("text", "binary"):
                    cursor.copy_expert(f'COPY "{table}" TO STDOUT (FORMAT {form})', copies)
        dump = copies.getvalue()
        assert b"Changed" in dump
        assert not self.heard_in(dump)
        assert CANARY.encode().hex().encode() not in dump
        assert CANARY.encode("utf-16-le") not in dump
