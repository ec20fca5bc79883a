"""Request Feedback, by e-mail: the form, its preview, and what is refused."""

import gzip
import io
import logging
import uuid
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from accounts.choices import Role
from accounts.models import FormKey, OutboxMessage
from accounts.tests.doors import assert_refused
from accounts.tests.factories import (
    make_address,
    make_appointment,
    make_mediator,
    make_person,
    signed_in,
)
from accounts.tests.threads import at_once
from feedback.models import FeedbackRequest
from feedback.services.contacts import contact_of
from feedback.tests.hands import people, typed
from logbook_site.foundation import clock
from logbook_site.foundation.logs import JsonFormatter

pytestmark = pytest.mark.django_db
PAGE, SENT = "/feedback/request/", "/feedback/requests/"
DEAD_REDIS = "redis://127.0.0.1:1/0"


@pytest.fixture
def amina():
    return make_mediator(email="amina@example.org", name="Amina Okafor")


@pytest.fixture
def client(amina) -> Client:
    return signed_in(amina)


def everything() -> list[list[dict]]:
    return [
        list(model.objects.order_by("pk").values()) for model in (FeedbackRequest, OutboxMessage, FormKey)
    ]


def value_of(page: str, name: str) -> str:
    tag = page.partition(f'name="{name}"')[2].partition(">")[0]
    return tag.partition('value="')[2].partition('"')[0]


class TestSending:
    def test_asks_each_of_the_parties(self, client, amina):
        parties = [("Paula Party", "paula@example.org"), ("Quentin Li", "Quentin+x@Example.org")]
        ended_on = clock.today() - timedelta(days=3)
        form = typed(
            *parties, reference="Roof and rain", ended_on=f"{ended_on}", remind="on", acted_as="advocate"
        )
        answer = client.post(PAGE, form)
        assert (answer.status_code, answer.url) == (302, SENT)
        rows = FeedbackRequest.objects.order_by("created_at")
        told = [(c.name, c.email, c.reference) for c in map(contact_of, rows)]
        assert told == [(*party, "Roof and rain") for party in parties]
        assert {
            (row.mediator, row.kind, row.ended_on, row.acted_as, row.remind, row.language) for row in rows
        } == {(amina, "email", ended_on, "advocate", True, "en")}
        assert rows[0].batch == rows[1].batch
        names = sorted(OutboxMessage.objects.values_list("message", flat=True))
        assert names == ["feedback.emails.invitation"] * 2 + ["feedback.emails.reminder"] * 2

    def test_says_so_without_a_name_an_address_or_the_reference(self, client):
        page = client.post(PAGE, typed(*people(2), reference="Roof"), follow=True)
        day = clock.now() + timedelta(hours=120)
        (message,) = page.context["messages"]
        assert str(message) in {
            f"Sent to 2 people. Names, addresses and the reference are deleted on {one.day} {one:%B}."
            for one in (day, day - timedelta(hours=1))
        }

    @pytest.mark.parametrize("missing", ["kind", "language", "acted_as", "reference", "remind"])
    def test_needs_no_more_than_it_must(self, client, missing):
        form = typed()
        form.pop(missing, None)
        assert client.post(PAGE, form).url == SENT
        assert FeedbackRequest.objects.get().acted_as == "mediator"

    @pytest.mark.parametrize("tick", ["on", "1", "0", "false", "no"])
    def test_takes_any_value_for_a_tick(self, client, tick):
        assert client.post(PAGE, typed(agreed=tick, remind=tick)).url == SENT
        assert FeedbackRequest.objects.get().remind

    def test_passes_over_blank_rows(self, client):
        rows = [("", ""), ("Paula", "paula@example.org"), (" ", "\t"), ("Quentin", "q@example.org"), ("", "")]
        assert client.post(PAGE, typed(*rows, **{"parties-INITIAL_FORMS": 3})).url == SENT
        assert FeedbackRequest.objects.count() == 2

    def test_names_are_on_one_line(self, client):
        client.post(PAGE, typed(("Paula\r\nBcc: x\u202e  Party", "paula@example.org"), reference="A\nB"))
        contact = contact_of(FeedbackRequest.objects.get())
        assert (contact.name, contact.reference) == ("Paula Bcc: x Party", "A B")

    def test_of_marks_without_end_so_many_stay(self, client):
        client.post(PAGE, typed(("Pau\u0323\u0302la" + "\u0316" * 90, "paula@example.org"), reference="A"))
        assert contact_of(FeedbackRequest.objects.get()).name == "Pa\u1ee5\u0302la" + "\u0316" * 30

    def test_tomorrow_in_utc_is_today_in_auckland(self, client):
        tomorrow = clock.today() + timedelta(days=1)
        assert client.post(PAGE, typed(ended_on=f"{tomorrow}")).url == SENT

    def test_works_without_a_reviewer_with_a_warning(self, client, amina):
        assert "You have no Reviewer yet." in client.get(PAGE).text
        assert "You have no Reviewer yet." in client.post(PAGE, typed(action="preview")).text
        assert client.post(PAGE, typed()).url == SENT
        make_appointment(amina)
        assert "You have no Reviewer yet." not in client.get(PAGE).text


REFUSED = [
    ("parties-0-name", ""),
    ("parties-0-name", "\u200b\u200b"),
    ("parties-0-name", "x" * 121),
    ("parties-0-name", "See www.shop"),
    ("parties-0-name", "https://shop.example"),
    ("parties-0-name", "Cheap at shop.example now"),
    ("parties-0-name", "shop\u200b.exam\u00adple"),
    ("parties-0-name", "ｓｈｏｐ．ｅｘａｍｐｌｅ"),
    ("parties-0-name", "<b>Paula</b>"),
    ("parties-0-name", "Paula ＜b＞"),
    ("parties-0-name", "paula@example.org"),
    ("parties-0-email", ""),
    ("parties-0-email", "paula"),
    ("parties-0-email", "paula@example.org, x@example.org"),
    ("parties-0-email", "paula@example.org\r\nBcc: x@example.org"),
    ("parties-0-email", '"a b"@example.org'),
    ("parties-0-email", "paulä@example.org"),
    ("parties-0-email", f"{'p' * 250}@example.org"),
    ("parties-0-email", "amina@example.org"),
    ("parties-0-email", "Amina+feedback@EXAMPLE.org"),
    ("parties-0-email", "a.min.a2+x@googlemail.com"),
    ("parties-1-email", "paula@example.org"),
    ("parties-1-email", "PAULA+2@example.org"),
    ("reference", "x" * 121),
    ("reference", "visit shop.example"),
    ("reference", "a > b"),
    ("ended_on", ""),
    ("ended_on", "soon"),
    ("ended_on", "03/04/2026"),
    ("ended_on", "0026-03-04"),
    ("acted_as", "judge"),
    ("language", "it"),
    ("agreed", ""),
]


class TestWhatIsRefused:
    @pytest.mark.parametrize("action", ["send", "preview"])
    @pytest.mark.parametrize(("field", "value"), REFUSED)
    def test_is_named_at_its_field_and_nothing_is_lost(self, client, amina, field, value, action):
        make_address(amina, "amina2@gmail.com", verified=False, primary=False)
        form = typed(("Paula Party", "paula@example.org"), ("Quentin", "q@example.org"), reference="Roof")
        before = everything()
        page = assert_refused(client.post(PAGE, form | {field: value, "action": action}), field)
        for name in {"parties-0-name", "parties-1-name", "parties-0-email", "reference", "ended_on"} - {
            field
        }:
            assert value_of(page, name) == str(form[name]), name
        assert everything() == before

    def test_a_day_that_has_not_come(self, client):
        day = clock.today() + timedelta(days=2)
        assert_refused(client.post(PAGE, typed(ended_on=f"{day}")), "ended_on")

    def test_is_said_for_all_rows_at_once(self, client):
        form = typed(("", "paula@example.org"), ("Quentin", ""), ended_on="", agreed="")
        page = assert_refused(
            client.post(PAGE, form), "parties-0-name", "parties-1-email", "ended_on", "agreed"
        )
        assert 'href="#id_parties-1-email">Person 2: ' in page

    def test_nobody_at_all(self, client):
        assert_refused(client.post(PAGE, typed(("", ""), ("", ""))), "parties-0-name", "parties-0-email")

    @pytest.mark.parametrize("total", ["0", "", "x", "-1", "101", "99999999999", "1\0"])
    def test_a_number_of_rows_that_cannot_be(self, client, total):
        page = client.post(PAGE, typed(**{"parties-TOTAL_FORMS": total}))
        assert page.status_code == 200
        assert value_of(page.text, "parties-0-email") == "paula@example.org"
        assert "<title>Error: " in page.text
        assert not FeedbackRequest.objects.exists()

    def test_a_form_without_rows(self, client):
        for form in ({}, {"action": "send"}, {"kind": "email", "action": "preview"}, {"kind": "x"}):
            page = client.post(PAGE, form)
            assert page.status_code == 200
            assert "<title>Error: " in page.text
            assert 'name="parties-0-name"' in page.text

    def test_more_than_twenty_people_at_once(self, client, settings):
        settings.REQUESTS_PER_DAY = 100
        page = client.post(PAGE, typed(*people(21)))
        assert "You can ask 20 people at once." in assert_refused(page)
        assert value_of(page.text, "parties-20-email") == "party20@example.org"
        assert not FeedbackRequest.objects.exists()
        assert client.post(PAGE, typed(*people(20), ("", ""), ("", ""))).url == SENT

    @pytest.mark.parametrize(
        "name", ["Dr. J. R. Müller-Łoś", "O’Brien & Sons, Ltd.", "محمد", "李小龙", "St. John"]
    )
    def test_names_as_people_have_them_are_not(self, client, name):
        assert client.post(PAGE, typed((name, "paula@example.org"), reference="No. 12.2026 v. 3")).url == SENT


class TestLimits:
    def test_a_day(self, client):
        assert client.post(PAGE, typed(*people(19))).url == SENT
        before = everything()
        answer = client.post(PAGE, typed(("A", "a@example.org"), ("B", "b@example.org"), form_key="k"))
        assert answer.status_code == 429
        assert "You can ask 20 people in 24 hours. You can ask 1 more now." in answer.text
        assert value_of(answer.text, "parties-1-email") == "b@example.org"
        assert everything() == before
        assert client.post(PAGE, typed(("A", "a@example.org"), form_key="k")).url == SENT

    def test_a_month_counts_links_too(self, client, settings):
        settings.REQUESTS_PER_MONTH = 5
        client.post(PAGE, {"kind": "links", "count": "4", "ended_on": "2026-01-01"})
        assert client.post(PAGE, typed(*people(2))).status_code == 429
        settings.CLOCK_OFFSET_HOURS = 30 * 24 + 1
        assert signed_in(FeedbackRequest.objects.first().mediator).post(PAGE, typed(*people(2))).url == SENT

    def test_are_ones_own(self, client):
        client.post(PAGE, typed(*people(20)))
        assert signed_in(make_mediator()).post(PAGE, typed(*people(20))).url == SENT


@pytest.mark.parametrize("form", [typed(), {"kind": "links", "count": "2", "ended_on": "2026-01-01"}])
def test_without_its_vault_nothing_is_stored(client, settings, form) -> None:
    settings.KEYS_REDIS_URL = DEAD_REDIS
    before = everything()
    answer = client.post(PAGE, form | {"form_key": "k", "reference": "Roof"})
    assert answer.status_code == 503
    assert "so nothing was sent. Try again in some minutes." in answer.text
    assert value_of(answer.text, "reference") == "Roof"
    assert everything() == before


class TestPreview:
    def test_shows_the_mail_the_recipients_and_carries_everything(self, client, amina):
        make_appointment(amina, make_person(Role.REVIEWER, name="Rosa Lindqvist"))
        parties = [("Paula Party", "paula@example.org"), ("Quentin", "q@example.org")]
        form = typed(*parties, reference="Roof & “rain”", remind="on", action="preview")
        before = everything()
        page = client.post(PAGE, form)
        assert page.status_code == 200
        assert everything() == before
        mail = page.context["mail"]
        assert mail.subject == "Amina Okafor asks for your feedback"
        assert mail.subject in page.text
        for words in ("Dear Paula Party,", "Reference: Roof &amp; “rain”", "today Rosa Lindqvist"):
            assert words in page.text
        assert "q@example.org" in page.text
        assert "One reminder follows" in page.text
        carried = dict(page.context["carried"])
        assert carried == {name: str(value) for name, value in form.items() if name != "action"}
        for name, value in carried.items():
            assert f'name="{name}" value="' in page.text, value
        assert client.post(PAGE, carried | {"action": "send"}).url == SENT
        assert [contact_of(row).name for row in FeedbackRequest.objects.order_by("created_at")] == [
            "Paula Party", "Quentin",
        ]  # fmt: skip

    def test_holds_no_link_that_opens_or_stops_anything(self, client):
        page = client.post(PAGE, typed(action="preview")).text
        assert "/give-feedback/" not in page
        assert "/stop/" not in page

    def test_leads_back_to_the_filled_form(self, client):
        page = client.post(PAGE, typed(reference="Roof", action="change"))
        assert "<h1>Request Feedback</h1>" in page.text
        assert "Error:" not in page.text
        assert value_of(page.text, "reference") == "Roof"
        assert value_of(page.text, "parties-0-email") == "paula@example.org"
        assert not FeedbackRequest.objects.exists()

    def test_is_what_an_unknown_action_gets(self, client):
        for action in ("", "delete"):
            page = client.post(PAGE, typed(action=action))
            assert "<h1>Is this right?</h1>" in page.text
        assert not FeedbackRequest.objects.exists()


class TestMoreRows:
    def test_three_blank_ones_are_there_first(self, client):
        page = client.get(PAGE).text
        assert [f'name="parties-{row}-email"' in page for row in range(4)] == [True, True, True, False]
        assert value_of(page, "parties-TOTAL_FORMS") == "3"

    def test_come_without_a_script_and_nothing_is_lost_or_complained_about(self, client):
        rows = [("Paula", "not yet"), ("", ""), ("<b>", "q@example.org")]
        form = typed(*rows, reference="Roof", ended_on="", agreed="", remind="on", action="more")
        page = client.post(PAGE, form).text
        assert "Error:" not in page
        assert value_of(page, "parties-TOTAL_FORMS") == "6"
        assert [value_of(page, f"parties-{row}-email") for row in range(3)] == [
            "not yet",
            "",
            "q@example.org",
        ]
        assert value_of(page, "parties-2-name") == "&lt;b&gt;"
        assert value_of(page, "reference") == "Roof"
        assert "checked" in page.partition('name="remind"')[2].partition(">")[0]
        assert "checked" not in page.partition('name="agreed"')[2].partition(">")[0]

    @pytest.mark.parametrize(
        ("total", "then"), [("19", "20"), ("20", "20"), ("25", "25"), ("", "3"), ("x", "3")]
    )
    def test_up_to_twenty(self, client, total, then):
        page = client.post(PAGE, typed(action="more", **{"parties-TOTAL_FORMS": total})).text
        assert value_of(page, "parties-TOTAL_FORMS") == then


def test_what_is_typed_about_parties_is_in_no_other_place(client, settings) -> None:
    """Sessions, messages, form keys, the audit trail, every other table, and the log."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        form = typed(("Canaryname", "canarymail@example.org"), reference="Canaryref", form_key="k")
        for action in ("more", "preview", "change", "send"):
            client.post(PAGE, form | {"action": action})
        assert_nowhere_in_the_database()  # the message has not been read: it lies in the session
        client.get(SENT)
        client.post(PAGE, form | {"ended_on": "", "form_key": "l"})
        row = FeedbackRequest.objects.get()
        client.get(f"{SENT}{row.pk}/cancel/")
        client.post(f"{SENT}{row.pk}/cancel/")
        settings.REQUESTS_PER_DAY = 0
        client.post(PAGE, form | {"form_key": "m"})
        settings.KEYS_REDIS_URL, settings.REQUESTS_PER_DAY = DEAD_REDIS, 20
        client.post(PAGE, form | {"form_key": "n"})
        client.get(SENT)
    finally:
        root.removeHandler(handler)
    assert "canary" not in stream.getvalue().lower()
    assert stream.getvalue()
    assert_nowhere_in_the_database()


def assert_nowhere_in_the_database() -> None:
    """As a dump would write it: every table, copied out as text and as bytes; and what sessions hold."""
    copies = io.BytesIO()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            for way in ("text", "binary"):
                cursor.copy_expert(f'COPY "{table}" TO STDOUT (FORMAT {way})', copies)
    dump = copies.getvalue().lower()
    assert b"amina" in dump
    for canary in (b"canaryname", b"canarymail", b"canaryref"):
        assert canary not in dump
        assert canary.hex().encode() not in dump
    sessions = [session.get_decoded() for session in Session.objects.all()]
    assert sessions
    assert "canary" not in str(sessions).lower()


class TestWhoMay:
    @pytest.mark.parametrize("address", [PAGE, SENT, f"{PAGE}?kind=links", f"{PAGE}?links=x"])
    def test_mediators_alone(self, address):
        assert Client().get(address).url.startswith("/accounts/login/")
        for role in [None, *set(Role) - {Role.MEDIATOR}]:
            browser = signed_in(make_person(*[role] if role else []))
            for method in ("get", "head", "post"):
                assert getattr(browser, method)(address, typed()).status_code == 404, (role, method)
        assert not FeedbackRequest.objects.exists()

    def test_for_oneself_whatever_is_sent_along(self, client, amina):
        other = make_mediator()
        more = {"mediator": str(other.pk), "by": str(other.pk), "batch": str(uuid.uuid4())}
        client.post(PAGE, typed(**more))
        assert FeedbackRequest.objects.get().mediator == amina

    def test_get_changes_nothing(self, client):
        before = everything()
        for address in (PAGE, f"{PAGE}?kind=links", f"{PAGE}?kind=x", f"{PAGE}?action=send&count=3", SENT):
            assert client.get(address, typed()).status_code in {200, 410}
            assert client.head(address).status_code in {200, 410}
        assert everything() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("form", "number"),
    [(typed(*people(2)), 2), ({"kind": "links", "count": "3", "ended_on": "2026-01-01"}, 3)],
)
def test_ten_posts_with_one_form_key_make_one_request(form, number) -> None:
    amina = make_mediator()
    cookies = signed_in(amina).cookies

    def press():
        browser = Client()
        browser.cookies = cookies
        return browser.post(PAGE, form | {"form_key": "one"})

    answers = at_once(*[press] * 10)
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.url for answer in answers}) == 1
    assert FeedbackRequest.objects.count() == number


def test_the_pages_are_light(client) -> None:
    for answer in (client.get(PAGE), client.post(PAGE, typed(*people(20), ended_on=""))):
        assert len(gzip.compress(answer.content)) < 40_000
