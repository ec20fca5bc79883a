"""Links to hand over: made, shown for an hour to who made them, and good to print."""

import gzip
import re

import pytest
import segno
from django.test import Client

from accounts.models import FormKey
from accounts.tests.doors import assert_refused
from accounts.tests.factories import make_appointment, make_mediator, make_person, signed_in
from feedback.models import FeedbackRequest
from feedback.services.answers import Answers, find_open, send_answers
from feedback.services.contacts import contact_of
from feedback.tests.hands import LINK, typed_links
from logbook_site.foundation.qr import QUIET, qr_code

pytestmark = pytest.mark.django_db
PAGE = "/feedback/request/"


@pytest.fixture
def amina():
    return make_mediator(name="Amina Okafor")


@pytest.fixture
def client(amina) -> Client:
    return signed_in(amina)


def made(client: Client, count: int = 3, **fields) -> str:
    """The address of the page that shows new links."""
    answer = client.post(PAGE, typed_links(count, **fields))
    assert answer.status_code == 302
    return answer.url


class TestTheForm:
    def test_asks_for_no_name_and_no_address(self, client):
        page = client.get(f"{PAGE}?kind=links").text
        assert 'name="count"' in page
        assert "parties-" not in page.replace("/parties-", "")
        assert 'name="agreed"' not in page
        assert "Whoever keeps such a link can see whether it was used." in page

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("count", ""),
            ("count", "0"),
            ("count", "-1"),
            ("count", "21"),
            ("count", "3.5"),
            ("count", "three"),
            ("ended_on", ""),
            ("ended_on", "2999-01-01"),
            ("acted_as", "judge"),
            ("reference", "www.shop.example"),
        ],
    )
    def test_is_refused_at_its_field(self, client, field, value):
        page = assert_refused(client.post(PAGE, typed_links(**{"reference": "Roof"} | {field: value})), field)
        assert 'name="count"' in page
        assert not FeedbackRequest.objects.exists()

    def test_counts_towards_the_limits(self, client):
        made(client, 19)
        answer = client.post(PAGE, typed_links(2))
        assert answer.status_code == 429
        assert "You can ask 1 more now." in answer.text
        assert FeedbackRequest.objects.count() == 19


class TestThePage:
    def test_shows_each_link_with_its_code(self, client, settings):
        page = client.get(made(client, 5, reference="Roof", acted_as="advocate")).text
        tokens = list(dict.fromkeys(LINK.findall(page)))
        assert len(tokens) == 5
        rows = FeedbackRequest.objects.order_by("created_at")
        assert [find_open(token).pk for token in tokens] == [row.pk for row in rows]
        assert {(row.kind, row.acted_as, contact_of(row)[:3]) for row in rows} == {
            ("links", "advocate", ("", "", "Roof"))
        }
        for number, token in enumerate(tokens, 1):
            address = f"{settings.SITE_URL}/give-feedback/{token}/?lang=en"
            card = page.partition(f"<title>QR code of link {number};")[2].partition("</li>")[0]
            assert f">{address}</p>" in card
            assert f'd="{qr_code(address).path}"' in card
            assert f'<h2 class="no-print">Link {number}</h2>' in card  # whoever gets it reads no number

    def test_says_on_each_card_what_it_is_and_who_reads(self, client, amina):
        address = made(client, 2)
        assert client.get(address).text.count("An independent Reviewer reads it;") == 2
        make_appointment(amina, make_person(name="Rosa Lindqvist", is_reviewer=True))
        page = client.get(address).text
        assert page.count("The Reviewer, today <bdi>Rosa Lindqvist</bdi>, reads it;") == 2
        assert page.count("<bdi>Amina Okafor</bdi> asks for your feedback on a mediation") == 2

    def test_says_plainly_what_a_link_tells(self, client):
        page = client.get(made(client)).text
        assert "Whoever keeps such a link can see whether it was used." in page
        assert "this page is shown only now, for 1 hour." in page

    def test_can_be_loaded_again_and_shows_the_same(self, client):
        address = made(client)
        before = FeedbackRequest.objects.count()
        pages = [LINK.findall(client.get(address).text) for _time in range(2)]
        assert pages[0] == pages[1]
        assert FeedbackRequest.objects.count() == before

    def test_is_over_after_its_hour(self, amina, client, settings):
        address = made(client)
        settings.CLOCK_OFFSET_HOURS = 1.01
        answer = signed_in(amina).get(address)
        assert answer.status_code == 410
        assert LINK.search(answer.text) is None
        assert 'href="/feedback/request/?kind=links"' in answer.text

    def test_is_nobody_elses(self, client):
        address = made(client)
        answer = signed_in(make_mediator()).get(address)
        assert answer.status_code == 410
        assert LINK.search(answer.text) is None
        unknown = signed_in(make_mediator()).get(f"{PAGE}?links=unknown")
        assert unknown.status_code == 410

    @pytest.mark.parametrize("receipt", ["", "x", "a" * 5000, "\0", "é", "====", "AQ" * 40])
    def test_a_receipt_that_is_none(self, client, receipt):
        assert client.get(PAGE, {"links": receipt}).status_code == 410

    def test_does_not_tell_whether_a_link_was_used(self, client):
        address = made(client)
        token = LINK.search(client.get(address).text)[1]
        before = strip(client.get(address).text)
        send_answers(
            token=token, form_key="k", answers=Answers(shared=True, ratings={"clear": 4}), language="en"
        )
        assert find_open(token) is None
        assert strip(client.get(address).text) == before

    def test_fits_into_what_a_form_key_remembers(self, client):
        address = made(client, 20, form_key="k", reference="x" * 120)
        assert FormKey.objects.get().redirect == address
        assert len(address) < 500
        assert made(client, 20, form_key="k") == address
        assert FeedbackRequest.objects.count() == 20

    def test_is_light_with_twenty_codes(self, client):
        assert len(gzip.compress(client.get(made(client, 20)).content)) < 40_000


def strip(page: str) -> str:
    return re.sub(r'name="(?:csrfmiddlewaretoken|form_key)" value="[^"]*"', "", page)


def test_the_picture_is_the_code() -> None:
    """Every dark module is painted, no light one is, and a white edge is left around."""
    address = "https://logbook.example.org/give-feedback/" + "aB3-" * 8 + "/"
    picture = qr_code(address)
    painted = set()
    for x, y, width, back in re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", picture.path):
        assert width == back
        painted |= {(int(x) + step, int(y)) for step in range(int(width))}
    rows = segno.make(address, error="m", micro=False, boost_error=False).matrix
    assert painted == {
        (x + QUIET, y + QUIET) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    }
    assert picture.side == len(rows) + 2 * QUIET
