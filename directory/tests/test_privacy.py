"""What a directory cannot get: by no page, download, print, filter or address.

Each test first makes what could leak, then looks at every byte.
"""

import re
import uuid
from datetime import date

import pytest
from django.apps import apps
from django.core.cache import cache
from django.test import Client

from accounts.choices import Role
from accounts.models import Appointment, User
from accounts.services import appointments
from accounts.tests.factories import (
    make_address,
    make_directory,
    make_mediator,
    make_person,
    make_reviewer,
    signed_in,
)
from cpd.models import CpdEntry
from cpd.tests.factories import a_pdf, make_cpd
from directory.models import Look
from directory.tests.factories import LINK, make_career, make_listed
from feedback.tests.factories import make_piece, make_request
from logbook.models import LogbookEntry
from logbook.tests.factories import make_entry
from logbook.tests.reading import pdf_text, xlsx_rows
from logbook_site.tests.test_addresses import METHODS

pytestmark = pytest.mark.django_db
SEARCH = "/verify-experience/"
# Everything about an entry that a person can type. Single days and countries of entries are looked for, too.
ENTRY_TEXTS = ["title", "subject", "provider", "did_well", "challenges", "learnings"]
FILTERS = [
    "", "role=lead", "role=co&role=observer&role=other", "medium=online&medium=hybrid", "year_from=2001",
    "year_from=2001&year_to=2001", "year_to=2001&role=lead&medium=online", "role=zz&year_from=x", "sort=title",
    "page=2", "learnings=1", "list=cpd", "list=cpd&learnings=1&cpd-sort=title", "list=x", "q=Canary", "country=CL",
    "date_from=2001-02-03", "cpd-sort=title", "per_page=100",
]  # fmt: skip


def canary(name: str) -> str:
    return f"Canary{name.replace('_', '')}bird"


@pytest.fixture
def browser() -> Client:
    cache.clear()
    return signed_in(make_directory())


@pytest.fixture
def ann() -> User:
    """A listed mediator in every field of whom, and of whose entries and feedback, a canary sits."""
    ann = make_listed("Ann Lee", imi_profile=LINK)
    ann.time_zone = "America/Punta_Arenas"
    ann.save()
    make_address(ann, f"{canary('second')}@example.org".lower())
    User.objects.filter(pk=ann.pk).update(email=f"{canary('first')}@example.org".lower())
    for number, role in enumerate(["lead", "co", "advocate", "assistant", "observer", "other"]):
        make_entry(
            ann,
            ended_on=date(2001, 2, 3),
            started_on=date(2001, 2, 1),
            role=role,
            medium=["online", "hybrid", "face_to_face"][number % 3],
            minutes=60 + number,
            preparation_minutes=7777,
            country="CL",
            language="mt",
            parties=4321,
            outcome="partly",
            paid="pro_bono",
            full_scale="no",
            **{name: canary(name) for name in ENTRY_TEXTS},
        )
    make_entry(ann, title=canary("gone"), deleted=True, minutes=4747)
    make_entry(ann, title=canary("simulated"), setting="simulated", minutes=5959)
    make_cpd(
        ann, title="Course on farms", provider="Academy", completed_on=date(2011, 6, 7), minutes=90, points="4242",
        country="CL", takeaways=canary("takeaways"), evidence=a_pdf(),
    )  # fmt: skip
    make_cpd(ann, title=canary("cpdgone"), deleted=True)
    make_request(ann, reference=canary("reference"))
    make_piece(ann, helpful=canary("helpful"), better=canary("better"), quote=canary("quote"))
    reviewer = make_reviewer(name=canary("reviewer"))
    pending = appointments.choose_reviewer(mediator=ann, reviewer=reviewer, by=ann)
    appointments.accept_appointment(
        appointment=pending, not_family=True, not_subordinate=True, not_reciprocal=True, by=reviewer
    )
    appointments.invite_reviewer(mediator=ann, email=f"{canary('invited')}@example.org", by=ann)
    assert Appointment.objects.filter(mediator=ann).count() == 2
    return ann


def text_of(answer) -> str:
    """Every byte of an answer, with its headers, as text; PDF and XLSX also unpacked."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.headers["Content-Type"]
    read = ""
    if "pdf" in kind and answer.status_code == 200:
        read = pdf_text(answer)
    elif "sheet" in kind:
        read = str(xlsx_rows(answer))
    return body.decode("latin-1") + body.decode("utf-8", "replace") + read + str(answer.headers)


TAILS = ("", "export/?format=csv&", "export/?format=xlsx&", "print/?")


def everything(browser: Client, mediator: User, tails: tuple[str, ...] = TAILS) -> dict[str, str]:
    """All that a directory can ask about a mediator, and what it gets."""
    addresses = [f"{SEARCH}?q=ann", f"{SEARCH}?q={LINK}", "/"]
    addresses += [f"{SEARCH}?q={canary(name)[:10]}" for name in ENTRY_TEXTS]
    for query in FILTERS:
        for tail in tails:
            joint = "" if "?" in tail else "?"
            addresses.append(f"{SEARCH}{mediator.pk}/{tail}{joint}{query}")
    return {address: text_of(browser.get(address)) for address in addresses}


@pytest.mark.slow
def test_nothing_but_totals_reaches_a_directory(ann, browser):
    seen = everything(browser, ann)
    page = seen[f"{SEARCH}{ann.pk}/?"]
    assert "6 mediations, 6 h 15 min" in page, "the page itself is there"
    for fact in ("Course on farms", "Academy", "7 June 2011", "Training course", "1 CPD entry, 1 h 30 min"):
        assert fact in page
    evidence = CpdEntry.objects.exclude(evidence_file="").get()
    hidden = re.compile(
        # A canary that was not typed into the search; single days; country, language and parties of the entries.
        r"Canary(?!\w{0,4}&quot;|\w{0,4}\")\w{5,}|2001-02|Feb(?:ruary)? 2001|0?3/0?2/2001|Chile|Maltese|4321|4242"
        r"|Punta_Arenas|pro.bono|79 h 7 min|129 h 37|99 h 19",
        re.IGNORECASE,
    )
    for address, text in seen.items():
        if "?q=Canary" in address:  # what was typed is said again, and no more
            text = text.replace(address.partition("q=")[2], "")
        heard = {one for one in hidden.findall(text) if "2001-02-03" not in address or "2001-02" not in one}
        assert heard == set(), address
        assert evidence.evidence_file not in text
        assert str(evidence.pk) not in text
    for tail in ("", "edit/", "evidence/"):
        assert browser.get(f"/cpd/{evidence.pk}/{tail}").status_code == 404


@pytest.mark.long
def test_not_even_a_changed_byte(ann, browser, monkeypatch):
    """Texts, days of a year, countries and feedback may change as they like: a directory gets the same bytes."""
    from logbook_site.foundation import clock

    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)

    def snapshot() -> dict[str, str]:
        changing = r'name="(?:csrfmiddlewaretoken|form_key)" value="[^"]*"'
        return {
            address: re.sub(changing, "", text)
            for address, text in everything(browser, ann, TAILS[:2]).items()
        }

    before = snapshot()
    for entry in LogbookEntry.objects.filter(owner=ann):
        LogbookEntry.objects.filter(pk=entry.pk).update(
            ended_on=date(entry.ended_on.year, 11, 12), started_on=None, title="x", subject="x", provider="",
            country="FR", parties=1, outcome="settled", preparation_minutes=1,
        )  # fmt: skip
    for one in CpdEntry.objects.filter(owner=ann):
        CpdEntry.objects.filter(pk=one.pk).update(country="FR", points=1, takeaways_sealed=None)
    make_cpd(ann, deleted=True, completed_on=date(1998, 1, 1))
    make_piece(ann, helpful="more")
    make_entry(ann, setting="simulated", ended_on=date(1999, 1, 1))
    make_entry(ann, deleted=True, ended_on=date(1998, 1, 1))
    make_career(make_listed("Other Mediator"))
    assert snapshot() == before


def test_a_mediator_whose_visibility_is_private_appears_nowhere(browser):
    ann = make_listed("Ann Quietword", imi_profile=LINK)
    make_career(ann)
    signed_in(ann).post("/my-details/visibility/", {"visibility": "private"})
    for address, text in everything(browser, ann).items():
        for word in ("Quietword", str(ann.pk), LINK):
            if word not in address:
                assert word not in text, address


def every_row() -> list[list[dict]]:
    labels = {"accounts", "logbook", "feedback", "reviewers", "directory"}
    models = [model for model in apps.get_models() if model._meta.app_label in labels]
    return [list(model.objects.order_by("pk").values()) for model in models]


class TestRolesAndAddresses:
    TAILS = [
        "",
        "?q=ann",
        "{id}/",
        "{id}/?role=lead",
        "{id}/export/",
        "{id}/export/?format=xlsx",
        "{id}/print/",
    ]

    @pytest.mark.parametrize("role", [None, *(role for role in Role if role != Role.DIRECTORY)])
    def test_no_other_role_knows_of_it(self, role):
        ann = make_listed()
        client = signed_in(make_person(*[role] if role else []))
        before = every_row()
        for tail in self.TAILS:
            for method in METHODS:
                answer = getattr(client, method)(SEARCH + tail.format(id=ann.pk))
                assert answer.status_code == 404, (tail, method)
        assert every_row() == before

    def test_not_even_the_mediator_by_this_address(self):
        ann = make_listed()
        assert signed_in(ann).get(f"{SEARCH}{ann.pk}/").status_code == 404

    def test_strangers_are_sent_to_the_login_known_or_not(self, client):
        ann = make_listed()
        for tail in self.TAILS:
            for who in (ann.pk, uuid.uuid4()):
                answer = client.get(SEARCH + tail.format(id=who))
                assert answer.status_code == 302
                assert answer.url.startswith("/accounts/login/?next=/verify-experience/")
        assert not Look.objects.exists()

    def test_a_directory_opens_all_of_it_and_changes_nothing(self, browser):
        ann = make_listed()
        person = User.objects.get(is_directory=True)
        fields = {
            "visibility": "private",
            "name": "Evil",
            "mediator": str(ann.pk),
            "person_id": str(uuid.uuid4()),
        }
        before = every_row()
        for tail in self.TAILS:
            for method in METHODS:
                answer = getattr(browser, method)(SEARCH + tail.format(id=ann.pk), fields)
                assert answer.status_code == (200 if method in {"get", "head"} else 405), (tail, method)
        look = Look.objects.get()
        assert (look.mediator, look.person_id) == (ann, person.pk), "who looked cannot be said in the address"
        Look.objects.all().delete()
        assert every_row() == before

    @pytest.mark.parametrize("role", [None, *(role for role in Role if role != Role.MEDIATOR)])
    def test_what_they_see_and_who_looked_are_the_mediators(self, role):
        client = make_directory() if role == Role.DIRECTORY else make_person(*[role] if role else [])
        for address in ("/my-details/looks/", "/my-details/what-they-see/"):
            for method in METHODS:
                assert getattr(signed_in(client), method)(address).status_code == 404

    @pytest.mark.parametrize(
        "odd", ["x", "0", "%00", "..", "00000000-0000-0000-0000-000000000000", "a" * 3000]
    )
    def test_odd_ids_are_unknown(self, browser, odd):
        for tail in ("", "export/", "print/"):
            assert browser.get(f"{SEARCH}{odd}/{tail}").status_code == 404


def test_colleagues_numbers_never_mix(browser):
    ann, bea = make_listed("Ann Lee"), make_listed("Bea Roe")
    make_entry(ann, minutes=60)
    make_entry(bea, minutes=7200)
    make_entry(make_mediator(), minutes=7200)
    page = browser.get(f"{SEARCH}{ann.pk}/").text
    assert "1 mediation, 1 h" in page
    assert "120 h" not in page
