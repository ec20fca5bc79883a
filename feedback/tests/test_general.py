"""The general survey: who is found, what waits, and what only a confirmed address sends."""

import hashlib
import re
import uuid

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.choices import Visibility
from accounts.models import MediatorProfile, User
from accounts.services import outbox
from accounts.tests.doors import assert_refused
from accounts.tests.factories import make_mediator, make_reviewer
from feedback.models import Feedback, PendingFeedback, Respondent
from feedback.services.answers import stop_asking
from feedback.services.secrets import address_hash
from feedback.tests.links import ANSWERS, code_after, form_key_on, hidden_values
from logbook_site.foundation import clock
from logbook_site.tests.test_addresses import every_row

pytestmark = [pytest.mark.django_db]
SURVEY = "/give-feedback/"
GENERAL = ANSWERS | {"year": "2024", "respondent_email": "greta@example.org"}


@pytest.fixture(autouse=True)
def no_tries_counted() -> None:
    cache.clear()


def make_general(name: str = "Amina Okafor", *, accepts: bool = True, visible: bool = True, **fields) -> User:
    mediator = make_mediator(name=name, **fields)
    MediatorProfile.objects.filter(pk=mediator.pk).update(
        accepts_general=accepts,
        visibility=Visibility.DIRECTORIES if visible else Visibility.PRIVATE,
        general_code=uuid.uuid4().hex,
    )
    mediator.mediator_profile.refresh_from_db()
    return mediator


@pytest.fixture
def amina() -> User:
    return make_general()


def to(mediator: User) -> str:
    return f"/give-feedback/to/{mediator.mediator_profile.general_code}/"


def send(mediator: User, client: Client | None = None, **more):
    return (client or Client()).post(
        SURVEY, GENERAL | {"mediator": str(mediator.pk), "action": "send"} | more
    )


def confirm_link(mailoutbox: list) -> str:
    """The link in the newest mail."""
    outbox.deliver_due()
    return re.search(r"http://[^/]+(/give-feedback/confirm/\S+/)", mailoutbox[-1].body)[1]


# --- Who is found ----------------------------------------------------------------------------------


def found(client: Client, q: str) -> list[str]:
    page = client.get(SURVEY, {"q": q})
    assert page.status_code == 200
    return re.findall(r'href="\?mediator=[^"]+"><bdi>(.*?)</bdi>', page.text)


def test_only_who_is_visible_and_accepts_is_found(client: Client) -> None:
    make_general("Anna One")
    make_general("Anna Private", visible=False)
    make_general("Anna Closed", accepts=False)
    make_general("Anna Left", is_active=False)
    unanswered = make_general("Anna Unanswered")
    MediatorProfile.objects.filter(pk=unanswered.pk).update(visibility="")
    no_more = make_general("Anna No More")
    User.objects.filter(pk=no_more.pk).update(is_mediator=False)
    make_reviewer(name="Anna Reviewer")
    assert found(client, "anna") == ["Anna One"]


def test_any_part_of_the_name_without_case_and_accents(client: Client) -> None:
    make_general("Łukasz Ångström-Müller")
    make_general("Mara Nkosi")
    for q in ("angstrom", "MÜLL", "mull", "ller ångs", "tröm"):
        assert found(client, q) == ["Łukasz Ångström-Müller"], q
    assert found(client, "mara muller") == []
    assert found(client, "%") == found(client, "_") == found(client, "\0\0") == []


@pytest.mark.parametrize("q", ["a", " a ", "á"])
def test_two_letters_are_needed(client: Client, amina: User, q: str) -> None:
    page = client.get(SURVEY, {"q": q})
    assert "Enter at least two letters." in page.text
    assert 'aria-invalid="true"' in page.text
    assert "Amina" not in page.text


def test_without_a_search_nobody_is_listed(client: Client, amina: User) -> None:
    for address in (SURVEY, f"{SURVEY}?q=", f"{SURVEY}?q=+++"):
        assert "Amina" not in client.get(address).text


def test_at_most_twenty_and_always_the_same_number_of_questions(
    client: Client, django_assert_num_queries
) -> None:
    make_general("Anna 00")
    for number in range(1, 25):
        if number == 1:
            with django_assert_num_queries(1):
                found(client, "anna")
        make_general(f"Anna {number:02}")
    with django_assert_num_queries(1):
        assert found(client, "anna") == [f"Anna {number:02}" for number in range(20)]


def test_who_is_not_found_looks_like_who_does_not_exist(client: Client) -> None:
    hidden = [make_general(visible=False), make_general(accepts=False), make_general(is_active=False)]
    hidden += [make_reviewer()]
    ids = [*(str(person.pk) for person in hidden), str(uuid.uuid4()), "x", "", "\0", "1" * 5000]
    pages = [client.get(SURVEY, {"mediator": one}) for one in ids]
    pages += [client.post(SURVEY, GENERAL | {"mediator": one, "action": "send"}) for one in ids if one]
    assert {page.status_code for page in pages} == {410}
    assert len({page.content for page in pages}) == 1
    assert not PendingFeedback.objects.exists()


def test_a_general_link_needs_only_that_they_accept(client: Client) -> None:
    private = make_general(visible=False)
    assert client.get(to(private)).status_code == 200
    pages = [client.get(to(make_general(accepts=False))), client.get(to(make_general(is_active=False)))]
    pages += [client.get(f"/give-feedback/to/{code}/") for code in ("x", "%00", "%ff", "a%0ab", "x" * 500)]
    assert {page.status_code for page in pages} == {410}
    assert len({page.content for page in pages}) == 1


def test_guesses_are_counted(client: Client, amina: User, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = django_settings.ACCOUNT_RATE_LIMITS | {"unknown_link": "4/h/ip"}
    guesses = ["/give-feedback/to/x/", f"{SURVEY}?mediator=x", "/give-feedback/confirm/x/", "/stop/x/"]
    assert [client.get(address).status_code for address in guesses] == [410] * 4
    assert [client.get(address).status_code for address in guesses] == [429] * 4
    assert client.get(to(amina)).status_code == 200


# --- The survey ------------------------------------------------------------------------------------


def test_from_the_search_to_the_code(client: Client, amina: User, mailoutbox) -> None:
    page = client.get(SURVEY, {"mediator": str(amina.pk)})
    answers = GENERAL | {"mediator": str(amina.pk), "acted_as": "mediator", "form_key": form_key_on(page)}
    checked = client.post(SURVEY, answers | {"action": "check"})
    assert hidden_values(checked) == answers
    assert not PendingFeedback.objects.exists()
    sent = client.post(SURVEY, hidden_values(checked) | {"action": "send"})
    assert sent.url == "/give-feedback/thank-you/?confirm=1"
    assert not Feedback.objects.exists()
    link = confirm_link(mailoutbox)
    assert mailoutbox[-1].to == ["greta@example.org"]
    for _scanner in range(5):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    assert not Feedback.objects.exists()
    codes = {code_after(client.post(link)) for _press in range(3)}
    assert len(codes) == 1
    piece = Feedback.objects.get()
    assert (piece.mediator, piece.invited, piece.year, piece.survey) == (amina, False, 2024, "mediator-1")
    assert piece.helpful == "The calm room."
    assert Respondent.objects.get().email == "greta@example.org"
    assert "Press the button to see your code again." in client.get(link).text


def test_the_role_decides_the_questions(client: Client, amina: User, mailoutbox) -> None:
    assert 'name="even_handed"' in client.get(to(amina)).text
    page = client.get(to(amina), {"acted_as": "advocate"}).text
    assert 'name="realistic"' in page
    assert 'name="even_handed"' not in page
    answers = {"realistic": "2", "acted_as": "advocate", "year": "2025", "share": "no"}
    answers |= {"respondent_email": "greta@example.org", "action": "send"}
    assert client.post(to(amina), answers).status_code == 302
    client.post(confirm_link(mailoutbox))
    assert (Feedback.objects.get().survey, Feedback.objects.get().ratings) == ("advocate-1", {"realistic": 2})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"year": ""}, "year"),
        ({"year": "1989"}, "year"),
        ({"year": "9999"}, "year"),
        ({"year": "last"}, "year"),
        ({"year": "9" * 5000}, "year"),
        ({"respondent_email": ""}, "respondent_email"),
        ({"respondent_email": "greta"}, "respondent_email"),
        ({"respondent_email": "g@example.org\nx"}, "respondent_email"),
        ({"share": ""}, "share"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(amina: User, changes: dict, field: str) -> None:
    assert "The calm room.</textarea>" in assert_refused(send(amina, **changes), field)
    assert not PendingFeedback.objects.exists()


def test_next_year_has_not_come(amina: User) -> None:
    assert_refused(send(amina, year=str(clock.today().year + 1)), "year")
    assert send(amina, year=str(clock.today().year)).status_code == 302


def test_a_role_that_is_none(amina: User) -> None:
    page = send(amina, acted_as="judge")
    assert page.status_code == 200
    assert "Error: " in page.text
    assert not PendingFeedback.objects.exists()


# --- What waits ------------------------------------------------------------------------------------


def test_what_waits_can_be_read_by_nobody(amina: User) -> None:
    send(amina, helpful="Canary words")
    stored = str(every_row())
    assert "Canary words" not in stored
    assert "greta@" not in stored
    pending = PendingFeedback.objects.get()
    for one in (b"Canary", b"greta"):
        assert one not in bytes(pending.sealed)


def test_the_same_form_again_sends_one_mail(amina: User, mailoutbox) -> None:
    for _press in range(3):
        assert send(amina, form_key="mine").status_code == 302
    outbox.deliver_due()
    assert len(mailoutbox) == 1
    assert PendingFeedback.objects.count() == 1


def test_whoever_led_a_party_there_cannot_put_other_answers_in_place_of_theirs(
    client: Client, amina: User, mailoutbox
) -> None:
    """With a key of their own, from a page of their own, they could until the party confirms."""
    elsewhere = Client(headers={"Origin": "null"})  # an old browser, which hides that it is another site
    opened = elsewhere.post(SURVEY, {"mediator": str(amina.pk), "action": "edit", "form_key": "theirs"})
    send(amina, form_key=form_key_on(opened), helpful="Nothing.")
    link = confirm_link(mailoutbox)
    send(amina, form_key="theirs", helpful="Everything!")
    client.post(link)
    assert Feedback.objects.get().helpful == "Nothing."


def test_what_another_site_fills_in_does_not_count(client: Client, amina: User, mailoutbox) -> None:
    elsewhere = Client(headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://mediator.example"})
    for address in (f"{SURVEY}?mediator={amina.pk}", to(amina)):
        for action in ("edit", "check", "send"):
            answer = elsewhere.post(address, GENERAL | {"share": "yes", "action": action})
            assert (answer.status_code, answer.url) == (302, address)
    outbox.deliver_due()
    assert mailoutbox == []


def test_the_link_ends_with_what_it_would_confirm(client: Client, amina: User, mailoutbox, settings) -> None:
    send(amina)
    link = confirm_link(mailoutbox)
    settings.CLOCK_OFFSET_HOURS = django_settings.CONTACT_KEPT_HOURS + 1
    gone = client.get(link)
    assert gone.status_code == client.post(link).status_code == 410
    assert gone.content == client.get("/give-feedback/confirm/never/").content
    assert not Feedback.objects.exists()


def test_who_is_to_be_left_alone_gets_no_mail_and_nobody_can_tell(amina: User, mailoutbox) -> None:
    other = send(amina)
    stop_asking(hashed=address_hash("quinn@example.org"))
    for address in ("quinn@example.org", amina.email, amina.email.replace("@", "+x@")):
        answer = send(amina, respondent_email=address)
        assert (answer.status_code, answer.url) == (302, other.url)
    outbox.deliver_due()
    assert [mail.to for mail in mailoutbox] == [["greta@example.org"]]


def test_one_place_is_limited(amina: User, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = django_settings.ACCOUNT_RATE_LIMITS | {"general_survey": "5/h/ip"}
    client = Client(REMOTE_ADDR="198.51.100.7")
    statuses = [
        send(amina, client, respondent_email=f"p{number}@example.org").status_code for number in range(6)
    ]
    assert statuses == [302] * 5 + [429]
    assert "Too many tries" in send(amina, client, respondent_email="q@example.org").text
    assert PendingFeedback.objects.count() == 5


def test_one_address_is_limited_and_nobody_can_tell_that_it_was_used(
    amina: User, mailoutbox, settings
) -> None:
    """A mediator who knows a party's address could else find out by counting whether the party wrote today."""
    limits = {"general_survey": "9/h/ip", "general_survey_of_address": "2/d/key"}
    settings.ACCOUNT_RATE_LIMITS = django_settings.ACCOUNT_RATE_LIMITS | limits
    answers = []
    for number, alias in enumerate(["greta@example.org", "greta+a@example.org", "Greta+b@example.org"]):
        answer = send(amina, Client(REMOTE_ADDR=f"198.51.100.{number}"), respondent_email=alias)
        answers.append((answer.status_code, answer.headers["Location"], answer.content))
    assert answers == answers[:1] * 3
    outbox.deliver_due()
    assert (PendingFeedback.objects.count(), len(mailoutbox)) == (2, 2)


def test_whoever_steals_the_database_cannot_try_an_address_on_the_counts(amina: User) -> None:
    """They hold the moment, too: it would tell that this person answered, and when."""
    send(amina)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM rate_limits WHERE cache_key LIKE '%general_survey_of_address%'")
        ((key,),) = cursor.fetchall()
    assert hashlib.sha256(b"greta@example.org").hexdigest() not in key


def test_without_the_vault_nothing_is_stored_and_typed_text_stays(amina: User, settings, mailoutbox) -> None:
    settings.KEYS_REDIS_URL = "redis://127.0.0.1:1/0"
    page = send(amina, form_key="mine")
    assert page.status_code == 200
    assert "Wait a minute and send them again." in page.text
    assert "The calm room.</textarea>" in page.text
    assert form_key_on(page) == "mine"
    assert not PendingFeedback.objects.exists()
    outbox.deliver_due()
    assert mailoutbox == []


def test_confirming_waits_for_the_vault(client: Client, amina: User, mailoutbox, settings) -> None:
    send(amina)
    link, address = confirm_link(mailoutbox), settings.KEYS_REDIS_URL
    settings.KEYS_REDIS_URL = "redis://127.0.0.1:1/0"
    page = client.post(link)
    assert page.status_code == 200
    assert "Wait a minute and press the button again." in page.text
    settings.KEYS_REDIS_URL = address
    assert client.post(link).status_code == 302
    assert Feedback.objects.count() == 1


# --- The mail --------------------------------------------------------------------------------------


def test_the_mail_says_all_in_plain_text(amina: User, mailoutbox, settings) -> None:
    settings.SUPPORT_EMAIL = "help@example.org"
    settings.PRIVACY_POLICY_URL = "https://privacy.example.org/"
    User.objects.filter(pk=amina.pk).update(name="Amina <b>O’Kafor</b> & Co")
    send(amina, helpful="Canary words")
    link = confirm_link(mailoutbox)
    mail = mailoutbox[-1]
    assert mail.subject == "Confirm your feedback about Amina <b>O’Kafor</b> & Co"
    html = mail.alternatives[0][0]
    assert "&lt;b&gt;" in html
    for text in (mail.body, html):
        assert f"{settings.SITE_URL}{link}" in text
        assert "5 days" in text
        assert "/stop/" in text
        assert "help@example.org" in text
        assert "https://privacy.example.org/" in text
        assert "Canary" not in text
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = mail.extra_headers["List-Unsubscribe"].strip("<>").removeprefix(settings.SITE_URL)
    assert Client().post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert len(html) < 20_000


def test_other_methods(client: Client, amina: User) -> None:
    before = every_row()
    for address in (SURVEY, to(amina), "/give-feedback/confirm/x/"):
        for method in ("put", "delete", "patch", "options", "trace"):
            assert getattr(client, method)(address).status_code == 405
    assert every_row() == before
