"""What you sent: whom, while we know it; then only when and how many. Never whether anybody answered."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.choices import OutboxState
from accounts.models import OutboxMessage
from accounts.services.outbox import deliver_due
from accounts.tests.factories import make_mediator, signed_in
from accounts.tests.smtp_server import HANG_UP, SmtpServer
from feedback.models import Feedback, FeedbackRequest, Suppression
from feedback.services import answers, forgetting
from feedback.services.contacts import contact_of
from feedback.services.secrets import address_hash
from feedback.tests.factories import make_request
from feedback.tests.hands import LINK, page_of, people, typed, typed_links
from logbook_site.foundation import clock

pytestmark = pytest.mark.django_db
PAGE, SENT = "/feedback/request/", "/feedback/requests/"
PAULA, QUENTIN = ("Paula Party", "paula@example.org"), ("Quentin Li", "quentin@example.org")


@pytest.fixture
def amina():
    return make_mediator(name="Amina Okafor")


@pytest.fixture
def client(amina) -> Client:
    return signed_in(amina)


@pytest.fixture
def sending(transactional_db, settings):
    server = SmtpServer()
    settings.EMAIL_BACKEND = "logbook_site.foundation.mail.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 1
    yield server
    server.close()


def day() -> str:
    return f"{clock.now().day} {clock.now():%B %Y}"


def state(of: FeedbackRequest, state: str, **fields) -> None:
    if state in {"sent", "failed", "uncertain", "dropped"}:
        fields["finished_at"] = clock.now()
    OutboxMessage.objects.filter(object_id=of.pk).update(state=state, **fields)


class TestTheList:
    def test_says_what_to_do_first(self, client):
        page = client.get(SENT).text
        assert "You have not asked anybody yet" in page
        assert "Nobody can see who answered" in page

    def test_shows_whom_one_asked_together(self, client):
        client.post(PAGE, typed(PAULA, QUENTIN, reference="Roof and rain"))
        client.post(PAGE, typed_links(3, reference="Well"))
        page = client.get(SENT).text
        assert f"{day()} · 2 people asked by e-mail" in page
        assert f"{day()} · 3 links to hand over" in page
        for words in (*PAULA, *QUENTIN, "Roof and rain", "Well", "Link 1", "Link 3", "On its way"):
            assert words in page
        assert page.index("3 links to") < page.index("2 people asked")
        assert page.index("Paula") < page.index("Quentin")
        assert page.count("/cancel/") == 5

    @pytest.mark.parametrize(
        ("stored", "words"),
        [
            ("due", "On its way"),
            ("sent", "Sent"),
            ("dropped", "Sent"),
            ("failed", "Not delivered: no mail server took it."),
            ("uncertain", "Perhaps delivered: the connection broke."),
        ],
    )
    def test_says_what_became_of_the_mail(self, client, amina, stored, words):
        state(make_request(amina), stored)
        (line,) = re.findall(r'<p class="sending sending-\w+">([^<]*)', client.get(SENT).text)
        assert line.startswith(words)

    def test_says_that_it_is_tried_again(self, client, amina):
        state(make_request(amina), "due", attempts=1)
        assert "Not delivered yet; we try again" in client.get(SENT).text

    def test_keeps_only_the_day_and_the_number_afterwards(self, client, amina, settings):
        client.post(PAGE, typed(PAULA, QUENTIN, reference="Roof and rain"))
        client.post(PAGE, typed_links(1))
        when = day()
        state(FeedbackRequest.objects.filter(kind="email").order_by("created_at")[0], "sent")
        settings.CLOCK_OFFSET_HOURS = 121
        browser = signed_in(amina)
        before_the_task = browser.get(SENT).text
        forgetting.forget_contacts()
        page = browser.get(SENT).text
        for text in (before_the_task, page):
            assert f"{when} · 2 people asked by e-mail" in text
            assert f"{when} · one link to hand over" in text
            for words in ("Paula", "paula@", "Quentin", "Roof", "/cancel/", "Link 1"):
                assert words not in text
        assert "One was not sent." in page

    def test_shows_what_was_lost(self, client, amina):
        request = make_request(amina)
        forgetting.lose(request)
        page = client.get(SENT).text
        assert "Not sent. Please enter it again." in page
        assert "Paula" not in page

    def test_without_redis_names_cannot_be_shown_and_the_page_is_quick(self, client, amina, settings):
        client.post(PAGE, typed(PAULA, QUENTIN, reference="Roof"))
        settings.KEYS_REDIS_URL = "redis://127.0.0.1:1/0"
        page = client.get(SENT)
        assert page.status_code == 200
        assert page.text.count("Name and address cannot be shown now.") == 2
        assert "Paula" not in page.text
        assert page.text.count("/cancel/") == 2

    def test_is_ones_own(self, client):
        make_request(make_mediator(), reference="Foreign")
        page = client.get(SENT).text
        assert "You have not asked anybody yet" in page

    def test_text_is_shown_as_text(self, client, amina):
        make_request(amina, name="<script>x</script>", reference="<b>")
        page = client.get(SENT).text
        assert "<script>x" not in page
        assert "&lt;script&gt;x" in page


class TestPages:
    @pytest.fixture
    def many(self, amina, settings):
        settings.REQUESTS_PER_DAY = settings.REQUESTS_PER_MONTH = 1000
        for number in range(28):
            request = make_request(amina, name=f"Party-{number:02}", email=f"p{number}@example.org")
            made_at = clock.now() - timedelta(minutes=28 - number)
            FeedbackRequest.objects.filter(pk=request.pk).update(created_at=made_at)

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("", range(27, 2, -1)),
            ("page=2", range(2, -1, -1)),
            ("page=99", range(2, -1, -1)),
            ("per_page=10&page=2", range(17, 7, -1)),
            ("per_page=7&page=x&sort=answered", range(27, 2, -1)),
            ("sort=created_at&per_page=10", range(10)),
        ],
    )
    def test_newest_first(self, client, many, query, names):
        answer = client.get(f"{SENT}?{query}")
        found = [batch.lines[0].contact.name for batch in answer.context["page"]]
        assert found == [f"Party-{number:02}" for number in names]
        assert answer.text.count("We did not understand") == (3 if "answered" in query else 0)

    def test_only_what_is_shown_is_decrypted(self, client, many, amina):
        """Sealed bytes of the second page are broken: the first does not look at them."""
        oldest = FeedbackRequest.objects.order_by("created_at")[:3]
        FeedbackRequest.objects.filter(pk__in=[row.pk for row in oldest]).update(sealed=b"\1" + b"broken" * 9)
        assert "Person 1" not in client.get(SENT).text
        assert client.get(f"{SENT}?page=2").text.count("Person 1") == 3

    def test_the_number_of_queries_is_the_same(self, client, amina, settings):
        def asked() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(SENT).status_code == 200
            return len(queries)

        client.post(PAGE, typed(PAULA))
        client.get(SENT)
        few = asked()
        settings.REQUESTS_PER_DAY = settings.REQUESTS_PER_MONTH = 1000
        for number in range(12):
            client.post(PAGE, typed(*people(7), reference=f"Matter {number}"))
            client.post(PAGE, typed_links(3))
        client.get(SENT)
        assert asked() == few == 7  # session, person, number, batches, lines, mails, Reviewer


class TestCancelling:
    def test_asks_first_and_names_nobody_in_the_message(self, client, amina):
        request = make_request(amina, reference="Roof")
        before = list(FeedbackRequest.objects.values())
        page = client.get(f"{SENT}{request.pk}/cancel/").text
        assert "Cancel this request?" in page
        assert list(FeedbackRequest.objects.values()) == before
        token = contact_of(request).token
        answer = client.post(f"{SENT}{request.pk}/cancel/", follow=True)
        assert answer.redirect_chain == [(SENT, 302)]
        (message,) = answer.context["messages"]
        assert str(message) == "Cancelled. The link does not work any more, and no reminder is sent."
        assert answers.find_open(token) is None
        assert '<p class="sending sending-cancelled">Cancelled</p>' in answer.text

    def test_twice_is_as_good_as_once(self, client, amina):
        request = make_request(amina)
        for _time in range(2):
            assert client.post(f"{SENT}{request.pk}/cancel/").url == SENT

    def test_anothers_is_unknown(self, client):
        request = make_request(make_mediator())
        for method in ("get", "post"):
            assert getattr(client, method)(f"{SENT}{request.pk}/cancel/").status_code == 404
        request.refresh_from_db()
        assert request.cancelled_at is None

    def test_a_handed_over_link_ends_too(self, client):
        address = client.post(PAGE, typed_links(2)).url
        tokens = list(dict.fromkeys(LINK.findall(client.get(address).text)))
        first = FeedbackRequest.objects.order_by("created_at")[0]
        client.post(f"{SENT}{first.pk}/cancel/")
        assert [answers.find_open(token) is None for token in tokens] == [True, False]


# --- Whether anybody answered ---------------------------------------------------------------------


def answer(token: str) -> None:
    # Not shared: what is shared is told, on the pages made for it.
    sent = answers.Answers(
        shared=False,
        ratings={"clear": 5},
        respondent_name="Paula Party",
        respondent_email="paula@example.org",
    )
    answers.send_answers(token=token, form_key="k", answers=sent, language="en")


def decline(token: str) -> None:
    assert answers.decline(token=token)


def open_it(token: str) -> None:
    Client().get(f"/give-feedback/{token}/")


def stop(token: str) -> None:
    answers.stop_asking(hashed=address_hash("paula@example.org"))


@pytest.mark.long
@pytest.mark.parametrize("does", [answer, decline, open_it, stop])
def test_no_page_depends_on_what_a_party_did(does, settings) -> None:
    """Two worlds: in one Paula did something with her link, in the other nobody did. All pages of days are compared."""
    settings.FEEDBACK_RELEASE_AT = None
    worlds = []
    for acts in (True, False):
        mediator = make_mediator(name="Amina Okafor", email=f"amina-{acts}@example.org")
        client = signed_in(mediator)
        client.post(PAGE, typed(PAULA, QUENTIN, reference="Roof", remind="on"))
        links = client.post(PAGE, typed_links(2)).url
        handed_over = LINK.search(client.get(links).text)[1]
        requests = FeedbackRequest.objects.filter(mediator=mediator).order_by("created_at")
        OutboxMessage.objects.filter(
            object_id__in=requests.values("pk"), message="feedback.emails.invitation"
        ).update(state=OutboxState.SENT, finished_at=clock.now())
        token = contact_of(requests[0]).token
        if acts:
            does(token)
            if does is not stop:
                does(handed_over)
        worlds.append(days_of(mediator, client, requests, settings))
        settings.CLOCK_OFFSET_HOURS = 0
        if does is stop:
            assert Suppression.objects.exists() == acts
            Suppression.objects.all().delete()
    assert (Feedback.objects.exists()) == (does is answer)
    assert worlds[0] == worlds[1]


def days_of(mediator, client: Client, requests, settings) -> list[str]:
    """What the mediator sees: now, in the preview, after asking again, after cancelling, and when all is forgotten."""
    seen = [page_of(client, address) for address in (SENT, PAGE, f"{SENT}?sort=created_at", "/")]
    seen.append(client.post(PAGE, typed(PAULA, action="preview")).context["mail"].body)
    again = client.post(PAGE, typed(PAULA, QUENTIN, reference="Again"))
    seen += [f"{again.status_code} {again.url}", page_of(client, SENT)]
    for request in requests[:4]:
        seen.append(page_of(client, f"{SENT}{request.pk}/cancel/"))
    for request in requests[0:4:2]:
        done = client.post(f"{SENT}{request.pk}/cancel/")
        seen += [f"{done.status_code} {done.url}", page_of(client, SENT)]
    for hours in (73, 121, 1500):
        settings.CLOCK_OFFSET_HOURS = hours
        forgetting.forget_contacts()
        forgetting.forget_ended_links()
        seen.append(page_of(signed_in(mediator), SENT))
    return seen


@pytest.mark.django_db(transaction=True)
def test_who_asked_to_be_left_alone_gets_nothing_and_the_list_looks_the_same(sending, amina) -> None:
    client = signed_in(amina)
    answers.stop_asking(hashed=address_hash("paula@example.org"))
    client.post(PAGE, typed(PAULA))
    client.post(PAGE, typed(("Paula Party", "other@example.org")))
    waiting = page_of(client, SENT)
    deliver_due()
    assert len(sending.accepted) == 1
    assert b"To: other@example.org" in sending.accepted[0]
    page = page_of(client, SENT)
    cards = [card.partition("</section>")[0] for card in page.split("<section")[1:]]
    assert len(cards) == 2
    assert waiting != page
    plain = [
        card.replace("other@", "paula@").replace("batch-2", "batch-1").replace("id-1", "id-0")
        for card in cards
    ]
    assert plain[0] == plain[1]
    assert ">Sent</p>" in plain[0]


@pytest.mark.django_db(transaction=True)
def test_nor_can_they_be_told_apart_while_the_mail_server_is_away(sending, amina) -> None:
    client = signed_in(amina)
    answers.stop_asking(hashed=address_hash("paula@example.org"))
    client.post(PAGE, typed(PAULA, ("Quentin Li", "quentin@example.org")))
    sending.close()
    deliver_due()
    page = page_of(client, SENT)
    assert page.count(">Not delivered yet; we try again</p>") == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("550 unknown", ">Not delivered: no mail server took it."),
        ("451 later", ">Not delivered yet; we try again</p>"),
        (HANG_UP, ">Not delivered yet; we try again</p>"),
        ("250 ok", ">Sent</p>"),
    ],
)
def test_nor_by_what_the_mail_server_says_of_their_addresses(sending, amina, answer, told) -> None:
    """With a tag, it is the same mailbox to us, and to a mail server that knows no tags an address of nobody."""
    client = signed_in(amina)
    answers.stop_asking(hashed=address_hash("paula@example.org"))
    client.post(PAGE, typed(("Paula Party", "paula+x@example.org"), ("Quentin Li", "quentin@example.org")))
    sending.answers = {"RCPT paula+x@example.org": answer, "RCPT quentin@example.org": answer}
    deliver_due()
    assert page_of(client, SENT).count(told) == 2
    assert [b"To: quentin@example.org" in text for text in sending.texts] == [True] * (answer == "250 ok")


@pytest.mark.parametrize(
    ("stored", "told"), [("failed", True), ("uncertain", True), ("sent", False), ("due", False)]
)
def test_home_tells_of_an_invitation_that_did_not_arrive(client, amina, settings, stored, told) -> None:
    sentence = "An invitation to give feedback could not be delivered."
    request = make_request(amina)
    state(request, stored)
    state(make_request(make_mediator()), "failed")
    assert (sentence in client.get("/").text) == told
    client.post(f"{SENT}{request.pk}/cancel/")
    assert sentence not in client.get("/").text
    other = make_request(amina)
    forgetting.lose(other)
    assert sentence in client.get("/").text
    settings.CLOCK_OFFSET_HOURS = 121
    assert sentence not in signed_in(amina).get("/").text
