"""The survey: one answer a link, nothing stored before it is sent, nothing that tells who wrote."""

import re
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from accounts.choices import VettingState
from accounts.models import FormKey, User, Vetting
from accounts.tests.doors import assert_refused
from accounts.tests.factories import make_appointment, make_mediator, make_reviewer, signed_in
from accounts.tests.threads import at_once
from feedback.models import Feedback, FeedbackRequest, Respondent
from feedback.services.requests import Mediation, cancel_request, make_links, shown_links
from feedback.services.secrets import sign_address
from feedback.surveys import ADVOCATE_1, MEDIATOR_1
from feedback.tests.links import ANSWERS, code_after, form_key_on, hidden_values, make_link, send
from logbook_site.foundation import clock
from logbook_site.tests.test_addresses import every_row

pytestmark = pytest.mark.django_db
METHODS = ["options", "put", "patch", "delete", "trace"]


@pytest.fixture(autouse=True)
def no_tries_counted() -> None:
    cache.clear()


@pytest.fixture
def amina() -> User:
    return make_mediator(name="Amina Okafor")


@pytest.fixture
def link(amina: User) -> str:
    return make_link(amina, reference="Spring orchard")


def check(link: str, client: Client | None = None, **changes) -> object:
    answers = {name: value for name, value in (ANSWERS | changes).items() if value is not None}
    return (client or Client()).post(link, answers | {"action": "check", "form_key": "k"})


# --- The way of a party ----------------------------------------------------------------------------


def test_from_the_link_to_the_code(client: Client, link: str, amina: User) -> None:
    page = client.get(link)
    assert page.status_code == 200
    checked = client.post(link, ANSWERS | {"action": "check", "form_key": form_key_on(page)})
    assert checked.status_code == 200
    assert hidden_values(checked) == ANSWERS | {"form_key": form_key_on(page)}
    assert not Feedback.objects.exists()
    answer = client.post(link, hidden_values(checked) | {"action": "send"})
    assert answer.url.startswith("/give-feedback/thank-you/?receipt=")
    piece = Feedback.objects.get()
    assert piece.ratings == {"clear": 4, "voice": 5, "safe": "na", "pressed": 1, "overall": 5}
    told = [
        "party_role",
        "use_again",
        "outcome",
        "outcome_satisfied",
        "helpful",
        "better",
        "quote",
        "may_quote",
    ]
    assert {name: getattr(piece, name) for name in told} == {name: ANSWERS[name] for name in told}
    assert (piece.mediator, piece.shared, piece.invited, piece.survey) == (amina, True, True, "mediator-1")
    assert (piece.language, piece.year) == ("en", clock.today().year)
    assert re.fullmatch(r"([A-Z2-7]{4}-){4}[A-Z2-7]{4}", code_after(answer))
    assert client.get(link).status_code == 410


def test_the_check_page_says_every_answer_in_words_and_first_who_reads_it(link: str) -> None:
    page = check(link, share="no", helpful="Line one\nline <b>two</b>", respondent_name="Paula").text
    said = re.findall(r"<dt>(.*?)</dt><dd dir=\"auto\">(.*?)</dd>", page, re.DOTALL)
    assert said[0] == ("May the mediator read your answers?", "No, only the Reviewer")
    assert ("How did you take part?", "A party") in said
    assert ("The process was clear to me.", "Agree") in said
    assert ("I felt safe to speak.", "Cannot say") in said
    assert ("What was the result?", "We agreed on everything") in said
    assert ("What helped?", "Line one\nline &lt;b&gt;two&lt;/b&gt;") in said
    assert ("Your name", "Paula") in said
    assert len(said) == len(ANSWERS) + 1


def test_change_something_shows_the_filled_form(link: str) -> None:
    page = Client().post(link, ANSWERS | {"action": "edit", "form_key": "mine"})
    assert page.status_code == 200
    assert form_key_on(page) == "mine"
    checked = re.findall(r'name="(\w+)" value="([^"]*)"[^>]* checked', page.text)
    chosen = {name: value for name, value in ANSWERS.items() if name not in {"helpful", "better", "quote"}}
    assert dict(checked) == chosen
    assert "The calm room.</textarea>" in page.text


def test_nothing_is_preselected_that_matters(client: Client, link: str) -> None:
    page = client.get(link).text
    assert set(re.findall(r'name="(\w+)"[^>]* checked', page)) == {
        "party_role", "use_again", "outcome", "may_quote",
    }  # fmt: skip
    assert (
        re.findall(r'name="(?:party_role|use_again|outcome|may_quote)" value="([^"]+)"[^>]* checked', page)
        == []
    )


def test_the_questions_stand_in_their_order(client: Client, amina: User) -> None:
    first, second, third = ([question.key for question in part.questions] for part in MEDIATOR_1.parts)
    order = ["party_role", *first, *second, *third, "use_again", "outcome", "outcome_satisfied", "helpful"]
    order += [
        "better",
        "quote",
        "may_quote",
        "respondent_name",
        "respondent_email",
        "name_in_notice",
        "share",
    ]
    page = client.get(make_link(amina)).text
    names = [
        name for name in re.findall(r' name="(\w+)"', page) if name not in {"form_key", "action", "viewport"}
    ]
    assert list(dict.fromkeys(name for name in names if name in order)) == order
    assert set(names) - set(order) <= {"color"}
    assert page.count('<fieldset class="part">') == 4


def test_an_advocate_is_asked_about_in_other_words(client: Client, amina: User) -> None:
    link = make_link(amina, acted_as="advocate")
    page = client.get(link).text
    for question in ADVOCATE_1.questions:
        assert f'name="{question.key}"' in page
    assert 'name="even_handed"' not in page
    assert send(link, {"process": "5", "even_handed": "1", "share": "no"}).status_code == 302
    assert (Feedback.objects.get().survey, Feedback.objects.get().ratings) == ("advocate-1", {"process": 5})


def test_the_head_tells_what_it_is_about_and_who_reads(client: Client, amina: User, settings) -> None:
    link = make_link(amina, reference="Spring orchard")
    page = client.get(link).text
    assert "Feedback about <bdi>Amina Okafor</bdi>’s work" in page
    assert "Spring orchard" in page
    assert "An independent Reviewer whom <bdi>Amina Okafor</bdi> will name, always." in page
    assert "complain." not in page
    make_appointment(amina, make_reviewer(name="Rosa Reader"))
    settings.COMPLAINTS_URL = "https://complaints.example.org/"
    page = client.get(link).text
    assert "<bdi>Rosa Reader</bdi>, an independent Reviewer, always." in page
    assert 'href="https://complaints.example.org/"' in page


def test_the_reference_of_a_handed_over_link_is_the_mediators_own(client: Client, amina: User) -> None:
    """The form for links says: only for you."""
    mediation = Mediation(ended_on=clock.today(), reference="The angry brothers")
    receipt = make_links(mediator=amina, count=1, mediation=mediation, by=amina)
    (address,) = shown_links(receipt=receipt, by=amina).addresses
    page = client.get(address)
    assert "The mediation ended on" in page.text
    assert "angry" not in page.text


def test_do_not_ask_me_again_is_offered_to_who_was_mailed(client: Client, amina: User, settings) -> None:
    link = make_link(amina, email="paula@example.org")
    address = f"/stop/{quote(sign_address('paula@example.org'), safe=':')}/"
    assert f'href="{address}?lang=en"' in client.get(link).text
    settings.CLOCK_OFFSET_HOURS = 6 * 24
    assert "/stop/" not in client.get(link).text


def test_declining_ends_the_link_and_tells_nobody(client: Client, link: str, mailoutbox) -> None:
    answer = client.post(link, {"action": "decline"})
    assert answer.url == "/give-feedback/thank-you/?declined=1"
    assert not Feedback.objects.exists()
    assert client.get(link).status_code == 410
    assert client.post(link, {"action": "decline"}).status_code == 410
    assert send(link).status_code == 410
    assert not Feedback.objects.exists()


# --- What is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["check", "send", "", "unknown"])
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"share": None}, "share"),
        ({"share": "maybe"}, "share"),
        ({"clear": "6"}, "clear"),
        ({"clear": "0"}, "clear"),
        ({"safe": "4.5"}, "safe"),
        ({"pace": "\0"}, "pace"),
        ({"party_role": "boss"}, "party_role"),
        ({"use_again": "never"}, "use_again"),
        ({"outcome": "won"}, "outcome"),
        ({"outcome_satisfied": "-1"}, "outcome_satisfied"),
        ({"may_quote": "1"}, "may_quote"),
        ({"helpful": "x" * 20_001}, "helpful"),
        ({"better": "a\0b"}, "better"),
        ({"respondent_name": "x" * 121}, "respondent_name"),
        ({"respondent_email": "paula@"}, "respondent_email"),
        ({"respondent_email": "pa@example.org\r\nBcc: x@example.org"}, "respondent_email"),
        ({"respondent_email": '"a b"@example.org'}, "respondent_email"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    link: str, changes: dict, field: str, action: str
) -> None:
    answers = {name: value for name, value in (ANSWERS | changes).items() if value is not None}
    typed = "Kept words, <i>all</i> of them"
    page = Client().post(
        link, {"quote": typed, "action": action, "form_key": "k"} | answers | {"quote": typed}
    )
    text = assert_refused(page, field)
    assert "Kept words, &lt;i&gt;all&lt;/i&gt; of them" in text
    assert not Feedback.objects.exists()
    assert Client().get(link).status_code == 200


@pytest.mark.parametrize(
    "answers",
    [{}, {"clear": "na", "outcome_satisfied": "na"}, {"party_role": "party"}, {"helpful": " \r\n "}],
)
def test_one_real_answer_is_needed(link: str, answers: dict) -> None:
    page = send(link, answers | {"share": "yes"})
    assert "Answer at least one question." in assert_refused(page, "clear")


@pytest.mark.parametrize(
    "answers",
    [{"clear": "1"}, {"helpful": "x"}, {"use_again": "no"}, {"outcome_satisfied": "3"}, {"outcome": "open"}],
)
def test_one_real_answer_is_enough(link: str, answers: dict) -> None:
    assert send(link, answers | {"share": "no"}).status_code == 302
    assert Feedback.objects.get().shared is False


def test_details_may_be_required(link: str, settings) -> None:
    settings.RESPONDENT_DETAILS = "required"
    assert_refused(send(link), "respondent_name", "respondent_email")
    assert_refused(
        send(link, respondent_name=" \u202e ", respondent_email="p@example.org"), "respondent_name"
    )
    assert send(link, respondent_name="Paula", respondent_email="p@example.org").status_code == 302


def test_the_longest_texts_are_kept_as_typed(link: str) -> None:
    long = ("line\r\n" + "é" * 14) * 1000  # counted as browsers do: a new line is one letter
    assert send(link, helpful=long, better="<script>alert(1)</script>").status_code == 302
    piece = Feedback.objects.get()
    assert piece.helpful == long.replace("\r\n", "\n").strip()
    assert piece.better == "<script>alert(1)</script>"


def test_names_are_one_line(link: str) -> None:
    send(link, respondent_name="Pau\r\nla\tX\u202egro\x07", name_in_notice="x")
    assert Respondent.objects.get().name == "Pau la Xgro"


def test_who_wrote_is_kept_apart(link: str) -> None:
    send(link, respondent_name="Paula", respondent_email="paula@example.org")
    assert "Paula" not in str(Feedback.objects.values())
    assert "paula@" not in str(Feedback.objects.values())


def test_extra_fields_change_nothing(link: str, amina: User) -> None:
    ben = make_mediator()
    extra = {"mediator": str(ben.pk), "mediator_id": str(ben.pk), "id": str(ben.pk), "year": "1999"}
    extra |= {"invited": "0", "acted_as": "advocate", "survey": "advocate-1", "release_on": "2001-01-01"}
    send(link, **extra)
    piece = Feedback.objects.get()
    assert (piece.mediator, piece.year, piece.invited) == (amina, clock.today().year, True)
    assert piece.survey == "mediator-1"


def test_too_much_is_a_plain_page(link: str) -> None:
    assert send(link, helpful="x" * 1_100_000).status_code == 413
    assert send(link, **{f"field{number}": "" for number in range(10_000)}).status_code == 413
    assert_refused(send(link, helpful="x" * 900_000), "helpful")
    assert not Feedback.objects.exists()
    assert send(link).status_code == 302


# --- One answer a link -----------------------------------------------------------------------------


def test_the_same_form_again_gets_the_same_thanks(link: str) -> None:
    codes = {code_after(send(link, form_key="mine")) for _press in range(3)}
    assert len(codes) == 1
    assert Feedback.objects.count() == 1


def test_another_form_gets_the_calm_page(link: str) -> None:
    send(link, form_key="mine")
    for answer in (send(link, form_key="other"), send(link), Client().post(link, {"action": "check"})):
        assert answer.status_code == 410
    assert Feedback.objects.count() == 1


def test_whoever_has_only_the_link_is_not_shown_the_code(link: str) -> None:
    """A mediator who handed the link over, for example: a form without a key is a new one each time."""
    send(link)
    assert send(link).status_code == 410
    assert send(link, form_key="").status_code == 410


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://mediator.example"},
        {"Sec-Fetch-Site": "same-site", "Origin": "null"},
        {"Origin": "https://mediator.example"},  # a browser from before 2023
        {"Origin": "http://["},
    ],
)
def test_what_another_site_fills_in_does_not_count(link: str, headers: dict) -> None:
    """A page of the mediator's fills the form with praise and a yes, or sends it at once, with a key that they know."""
    elsewhere, before = Client(headers=headers), every_row()
    link = f"{link}?lang=fr"
    for action in ("edit", "check", "send", "decline"):
        answer = elsewhere.post(link, ANSWERS | {"share": "yes", "action": action, "form_key": "theirs"})
        assert (answer.status_code, answer.url) == (302, link)
    assert every_row() == before
    page = elsewhere.get(answer.url)
    assert form_key_on(page) != "theirs"


def test_nor_whoever_led_the_party_there_with_a_key_of_their_own(link: str) -> None:
    """With it they could take the answer back. The browser is old, and hides where the form came from."""
    headers = {"Origin": "null"}
    opened = Client(headers=headers).post(link, {"action": "edit", "form_key": "theirs"})
    assert opened.status_code == 200
    assert form_key_on(opened) != "theirs"
    assert (
        Client(headers=headers).post(link, ANSWERS | {"action": "send", "form_key": "theirs"}).status_code
        == 302
    )
    assert send(link, form_key="theirs").status_code == 410


def test_the_page_of_ones_own_browser_keeps_its_key(link: str) -> None:
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://testserver"}, {}):
        page = Client(headers=headers).post(link, {"action": "edit", "form_key": "mine"})
        assert form_key_on(page) == "mine"


def test_opening_uses_nothing_up(client: Client, link: str) -> None:
    before = every_row()
    for _time in range(20):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    for method in METHODS:
        assert getattr(client, method)(link).status_code == 405
    assert every_row() == before
    assert send(link).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_are_one(amina: User) -> None:
    link = make_link(amina)
    answers = at_once(*[lambda: send(link, form_key="mine") for _person in range(20)])
    assert {answer.status_code for answer in answers} == {302}
    assert len({code_after(answer) for answer in answers}) == 1
    assert Feedback.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_others_at_once_are_one(amina: User) -> None:
    link = make_link(amina)
    answers = at_once(*[lambda number=number: send(link, form_key=f"k{number}") for number in range(20)])
    assert sorted(answer.status_code for answer in answers) == [302] + [410] * 19
    assert Feedback.objects.count() == 1


# --- Links that are not open -----------------------------------------------------------------------


def closed_links(amina: User) -> list[str]:
    used, declined, cancelled = make_link(amina), make_link(amina), make_link(amina)
    send(used)
    Client().post(declined, {"action": "decline"})
    cancel_request(request=FeedbackRequest.objects.latest("created_at"), by=amina)
    left = make_link(leaver := make_mediator())
    User.objects.filter(pk=leaver.pk).update(is_active=False)
    return [used, declined, cancelled, left, "/give-feedback/never-was-one/", "/give-feedback/%00/"]


def test_all_closed_links_look_alike(amina: User) -> None:
    pages = [Client().get(link) for link in closed_links(amina)]
    pages += [Client().post(link, ANSWERS | {"action": action}) for link in closed_links(amina)
              for action in ("check", "send", "edit", "decline", "")]  # fmt: skip
    assert {page.status_code for page in pages} == {410}
    assert len({page.content for page in pages}) == 1
    assert len({str(sorted(page.headers.items())) for page in pages}) == 1
    assert "If you have already sent your answers with this link, they arrived." in pages[0].text
    assert "never-was-one" not in pages[0].text


def test_a_link_lives_sixty_days_and_its_reference_five(client: Client, link: str, settings) -> None:
    settings.CLOCK_OFFSET_HOURS = 5 * 24 + 1
    page = client.get(link)
    assert page.status_code == 200
    assert "Spring orchard" not in page.text
    settings.CLOCK_OFFSET_HOURS = 59 * 24
    assert send(link, form_key="late").status_code == 302
    settings.CLOCK_OFFSET_HOURS = 61 * 24
    assert send(link, form_key="later").status_code == 410
    assert client.get(link).status_code == 410


def test_the_page_of_a_link_that_has_ended_is_the_same(client: Client, link: str, settings) -> None:
    unknown = client.get("/give-feedback/never-was-one/").content
    settings.CLOCK_OFFSET_HOURS = 61 * 24
    assert client.get(link).content == unknown
    assert send(link).status_code == 410
    assert not Feedback.objects.exists()


def test_without_redis_the_survey_works_and_shows_no_reference(client: Client, link: str, settings) -> None:
    settings.KEYS_REDIS_URL = "redis://127.0.0.1:1/0"
    page = client.get(link)
    assert page.status_code == 200
    assert "Spring orchard" not in page.text
    assert send(link).status_code == 302


@pytest.mark.parametrize(
    "odd", ["%00", "%ff%fe", "..%2f", "'; drop table", "x" * 3000, "%F0%9F%92%A9", "a%0d%0ab"]
)
def test_odd_tokens(odd: str) -> None:
    for answer in (Client().get(f"/give-feedback/{odd}/"), send(f"/give-feedback/{odd}/")):
        assert answer.status_code in {404, 410}


def test_guesses_are_counted_and_open_links_are_not(amina: User, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = django_settings.ACCOUNT_RATE_LIMITS | {"unknown_link": "6/h/ip"}
    links = [make_link(amina, email=f"party{number}@example.org") for number in range(10)]
    guesser = Client(REMOTE_ADDR="198.51.100.7")
    statuses = [guesser.get("/give-feedback/guess/").status_code for _guess in range(3)]
    statuses += [guesser.post("/give-feedback/guess/").status_code for _guess in range(6)]
    assert statuses == [410] * 6 + [429] * 3
    for link in links:
        assert guesser.get(link).status_code == 200
        assert send(link, client=guesser).status_code == 302
    assert Client(REMOTE_ADDR="203.0.113.9").get("/give-feedback/guess/").status_code == 410


# --- Nobody is known here --------------------------------------------------------------------------


def test_no_cookie_no_session_no_key(amina: User) -> None:
    """Also in the browser of a mediator who is signed in, and of somebody with broken cookies."""
    own = signed_in(amina)
    before = list(Session.objects.values())
    odd = Client()
    odd.cookies.load({"sessionid": "x", "csrftoken": "?", "messages": "y", "django_language": "zz"})
    for client in (own, odd, Client(enforce_csrf_checks=True)):
        link = make_link(amina)
        key = form_key_on(client.get(link))
        check(link, client)
        thanks = send(link, client=client, form_key=key)
        answers = [thanks, client.get(thanks.url), client.get(link), client.get("/give-feedback/thank-you/")]
        answers += [
            client.get("/give-feedback/withdraw/"),
            client.get("/give-feedback/"),
            client.options(link),
        ]
        answers += [client.post("/give-feedback/withdraw/", {"code": "x", "action": "withdraw"})]
        answers += [client.get(f"/stop/{sign_address('p@example.org')}/"), client.post("/stop/x/")]
        for answer in answers:
            assert not answer.cookies
            assert "Set-Cookie" not in answer.headers
            assert "Cookie" not in answer.headers.get("Vary", "")
            assert answer.headers["Cache-Control"] == "no-store, private"
            assert "Signed in as" not in answer.text
    assert list(Session.objects.values()) == before
    assert not FormKey.objects.exists()


def test_an_old_sign_in_is_not_ended_here(amina: User, settings) -> None:
    client = signed_in(amina)
    link = make_link(amina)
    settings.CLOCK_OFFSET_HOURS = 40 * 24
    answer = client.get(link)
    assert answer.status_code == 200
    assert not answer.cookies
    assert Session.objects.count() == 1


def test_each_party_reads_of_their_own_mediator_in_their_own_language(amina: User) -> None:
    """The empty questions are kept in memory, and one process serves all."""
    other = make_mediator(name="Ben <b>O’Neil</b> {0}")
    read = {}
    for mediator in (amina, other):
        for language in ("en", "de", "en"):
            page = Client().get(make_link(mediator, language=language), {"lang": language})
            read[mediator, language] = page.content.decode()
    for language, question in {
        "en": "Would you work with {} again?",
        "de": "Würden Sie wieder mit {} arbeiten?",
    }.items():
        assert question.format("Amina Okafor") in read[amina, language]
        assert question.format("Ben &lt;b&gt;O’Neil&lt;/b&gt; {0}") in read[other, language]
        assert "Amina" not in read[other, language]
        assert "Ben " not in read[amina, language]
    assert "How did you take part?" in read[amina, "en"]
    assert "How did you take part?" not in read[amina, "de"]


@pytest.mark.parametrize("why", ["refused", "role taken", "closed"])
def test_a_reviewer_who_reads_nothing_is_named_to_nobody(amina: User, client: Client, why: str) -> None:
    rosa = make_reviewer(name="Rosa Lindqvist", vetted=True)
    make_appointment(amina, rosa)
    link, own = make_link(amina), signed_in(amina)
    assert "Rosa Lindqvist</bdi>, an independent Reviewer, always." in client.get(link).text
    if why == "refused":
        Vetting.objects.filter(reviewer=rosa).update(state=VettingState.REFUSED)
    else:
        change = {"role taken": {"is_reviewer": False}, "closed": {"is_active": False}}
        User.objects.filter(pk=rosa.pk).update(**change[why])
    assert "Rosa" not in client.get(link).text
    assert "Rosa" not in own.get("/feedback/request/").text
    page = own.get("/my-details/reviewer/").text
    assert "read nothing. Please name somebody else." in page
    assert ("You named <bdi>Rosa" in page, "is your Reviewer" in page) == (True, False)
