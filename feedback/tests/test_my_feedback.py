"""My Feedback: what was shared and released is there, and nothing else is, in no form."""

import re
import time
from html import unescape
from threading import Event

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from accounts.models import FormKey, User
from accounts.services import outbox
from accounts.tests.doors import assert_refused
from accounts.tests.factories import make_admin, make_mediator, make_person, make_reviewer, signed_in
from accounts.tests.threads import at_once
from feedback.models import Feedback, FeedbackNote, FeedbackReport, Respondent
from feedback.services import pieces
from feedback.services.answers import stop_sharing, withdraw
from feedback.services.secrets import hash_of
from feedback.tests.factories import make_piece, make_request
from feedback.tests.reading import csv_rows, pdf_text
from feedback.tests.slots import Slots, answer
from logbook_site.foundation import clock

pytestmark = pytest.mark.django_db
LIST = 5  # session, person, summary, number, pieces


@pytest.fixture
def amina() -> User:
    return make_mediator(name="Amina Okafor")


def articles(page: str) -> list[str]:
    return re.findall(r"<article.*?</article>", page, re.S)


def words_of(page: str) -> str:
    """What one reads: without tags, on one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


# --- What is there ---------------------------------------------------------------------------------


def test_a_card_says_what_the_party_wrote(amina: User) -> None:
    piece = make_piece(
        amina, party_role="representative", language="fr", helpful="Un\n  deux", better="<b>Trois</b>", quote="Quatre",
        may_quote="no",
    )  # fmt: skip
    (card,) = articles(signed_in(amina).get("/feedback/").text)
    assert "A representative of a party" in card
    assert '<p class="long-text text" dir="auto">Un\n  deux</p>' in card
    assert "&lt;b&gt;Trois&lt;/b&gt;" in card
    assert "May the Reviewer quote these words there, without your name? No" in words_of(card)
    assert f'href="/feedback/{piece.pk}/"' in card


def test_a_card_without_words(amina: User) -> None:
    make_piece(amina)
    (card,) = articles(signed_in(amina).get("/feedback/").text)
    assert "Somebody who took part" in card
    assert "Ratings only, no words." in card
    assert "quoted" not in card


def test_the_summary_has_words_and_numbers(amina: User) -> None:
    make_piece(amina, ratings={"clear": 5, "pressed": 1})
    make_piece(amina, ratings={"clear": 4, "pressed": "na"}, use_again="unsure", outcome="partial")
    make_piece(amina, ratings={"drafting": 2}, survey="advocate-1")
    page = signed_in(amina).get("/feedback/").text
    text = words_of(page)
    assert "Your work as mediator 2 pieces, 5 is best" in text
    assert "Your work as mediation advocate 1 piece, 5 is best" in text
    assert "The process was clear to me. 4.5 2 answers" in text
    assert "pressed me towards a result that I did not want. turned round 5.0 1 answer" in text
    assert "the average is turned round, so that 5 is best" in text
    assert "The advocate helped to put the agreement into words. 2.0 1 answer" in text
    assert "I felt safe to speak. not rated" in text
    assert "Agree fully: 1; Agree: 1; Partly: 0" in text
    assert page.count("Show as a table") == 12 + 10 + 2 * 3


def test_nothing_yet(amina: User) -> None:
    make_piece(amina, shared=False)
    make_piece(make_mediator())
    answer_ = signed_in(amina).get("/feedback/")
    assert "Nothing to read here yet" in answer_.text
    assert "your Reviewer may have more" in answer_.text
    assert 'href="/feedback/request/"' in answer_.text
    assert not articles(answer_.text)
    for query in ("q=x", "page=9", "sort=-id"):
        assert "Nothing to read here yet" in signed_in(amina).get(f"/feedback/?{query}").text


def test_a_piece_in_full(amina: User) -> None:
    piece = make_piece(
        amina, ratings={"clear": 5, "pressed": 2, "safe": "na", "overall": 3}, use_again="unsure", outcome="open",
        outcome_satisfied="2", helpful="Tea", language="ar",
    )  # fmt: skip
    page = signed_in(amina).get(f"/feedback/{piece.pk}/").text
    text = words_of(page)
    for words in (
        "The process was clear to me. Agree fully (5)",
        "The mediator pressed me towards a result that I did not want. Disagree (2)",
        "I felt safe to speak. Cannot say",
        "Overall, how was the mediator’s work? Fair (3)",
        "The mediator was well prepared. Not answered",
        "Would you work with this mediator again? Not sure",
        "What was the result? It is still open",
        "How satisfied are you with the result? Not satisfied (2)",
        "What helped? Tea",
    ):
        assert words in text, words
    assert 'dir="auto">Tea' in page
    as_advocate = make_piece(amina, ratings={"drafting": 4}, survey="advocate-1")
    text = words_of(signed_in(amina).get(f"/feedback/{as_advocate.pk}/").text)
    assert "The advocate helped to put the agreement into words. Agree (4)" in text
    assert "Would you work with this advocate again?" in text


# --- What is not there -----------------------------------------------------------------------------


def test_the_language_of_a_form_is_not_told(amina: User) -> None:
    """A mediator who asked one party in French would know whose ratings these are, or whose English words."""
    wordless = make_piece(amina, ratings={"clear": 2}, language="fr")
    words = make_piece(amina, ratings={"clear": 5}, language="ar", better="More breaks")
    client = signed_in(amina)
    export = str(csv_rows(client.get("/feedback/export/")))
    pages = client.get("/feedback/").text, export, pdf_text(client.get("/feedback/print/"))
    pages += tuple(client.get(f"/feedback/{piece.pk}/").text for piece in (wordless, words))
    for page in pages:
        for told in ("Arabic", "French", 'lang="ar"', 'lang="fr"'):
            assert told not in page


@pytest.mark.long
def test_what_is_not_shared_is_in_no_byte(settings) -> None:
    slots = Slots(settings)
    amina = make_mediator(name="Amina Okafor", email="amina@example.org")
    canary = {
        "helpful": "Canary one", "better": "Canary two", "quote": "Canary three", "respondent_name": "Canary Name",
        "respondent_email": "canary@example.org",
    }  # fmt: skip
    answer(amina, helpful="Apricots", respondent_name="Canary Name", respondent_email="canary@example.org")
    answer(amina, shared=False, party_role="observer", **canary)
    stopped, gone = answer(amina, **canary), answer(amina, **canary)
    slots.go_to(31)
    slots.release()
    stop_sharing(code=stopped.code)
    withdraw(code=gone.code)
    answer(amina, **canary)  # waits for the next slot
    hidden = set(Feedback.objects.values_list("pk", flat=True)) - set(
        Feedback.objects.visible_to(amina).values_list("pk", flat=True)
    )
    assert len(hidden) == 3
    client = signed_in(amina)
    mine = Feedback.objects.visible_to(amina).values_list("pk", flat=True)
    bytes_of = [client.get(f"/feedback/{each}/").content for each in mine]
    for address in ("/", "/feedback/", "/feedback/?q=canary", "/feedback/?sort=-id&per_page=100"):
        bytes_of.append(client.get(address).content)
    for query in ("", "?q=canary", "?q=apricots"):
        bytes_of.append(pdf_text(client.get(f"/feedback/print/{query}")).encode())
        bytes_of.append(str(csv_rows(client.get(f"/feedback/export/{query}"))).encode())
    bytes_of += [each.message().as_bytes() for each in mail.outbox if each.to == ["amina@example.org"]]
    assert any(b"Apricots" in each for each in bytes_of)
    never = [*canary.values(), "An observer", *map(str, hidden)]
    for each in bytes_of:
        assert [word for word in never if word.encode() in each] == []
    assert "No piece holds these words." in client.get("/feedback/?q=canary").text


def test_nothing_tells_when_or_how_it_came(amina: User) -> None:
    """Year, invitation and request are on the row or beside it; the mediator's pages know none of them."""
    request = make_request(amina, name="Paula Canary", reference="Canary matter")
    one = make_piece(amina, year=2019, invited=False, helpful="Tea")
    Respondent.objects.create(feedback=one, name="Paula Canary", erase_on="2031-07-01")
    client = signed_in(amina)

    def everything() -> str:
        pages = [client.get(address).text for address in ("/feedback/", f"/feedback/{one.pk}/")]
        pages += [str(csv_rows(client.get("/feedback/export/"))), pdf_text(client.get("/feedback/print/"))]
        return re.sub(r'name="(?:csrfmiddlewaretoken|form_key)" value="[^"]*"', "", "\n".join(pages))

    before = everything()
    for canary in ("2019", "2031", "Canary", str(request.pk), one.code_hash):
        assert canary not in before
    Feedback.objects.filter(pk=one.pk).update(year=2026, invited=True)
    request.delete()
    make_piece(amina, shared=False)
    assert everything() == before


@pytest.mark.parametrize("kind", ["foreign", "unshared", "waiting", "withdrawn", "unknown"])
def test_what_is_not_mine_to_read_is_one_and_the_same_404(amina: User, kind: str) -> None:
    made = {
        "foreign": lambda: make_piece(make_mediator()),
        "unshared": lambda: make_piece(amina, shared=False),
        "waiting": lambda: make_piece(amina, release_on=clock.today()),
    }.get(kind, lambda: make_piece(amina))()
    if kind == "withdrawn":
        pieces.withdraw_piece(piece=Feedback.objects.get(pk=made.pk), by=make_admin(), reason="x")
    key = "00000000-0000-4000-8000-000000000000" if kind == "unknown" else made.pk
    client = signed_in(amina)
    nothing = client.get("/feedback/11111111-0000-4000-8000-000000000000/").content
    for end in ("", "note/", "report/"):
        for method in (client.get, client.post, client.head, client.put):
            answered = method(
                f"/feedback/{key}/{end}", {"note": "x", "reason": "x"} if method != client.put else None
            )
            assert answered.status_code == 404
            assert answered.content in {nothing, b""}
    assert not FeedbackNote.objects.exists()
    assert not FeedbackReport.objects.exists()


@pytest.mark.parametrize("role", [None, Role.REVIEWER, Role.DIRECTORY, Role.ADMIN])
def test_for_others_there_is_no_my_feedback(amina: User, role: Role | None) -> None:
    piece = make_piece(amina)
    client = signed_in(make_person(*([role] if role else [])))
    for end in ("", "export/", "export/?format=xlsx", "print/", f"{piece.pk}/", f"{piece.pk}/note/"):
        assert client.get(f"/feedback/{end}").status_code == 404
    assert Client().get(f"/feedback/{piece.pk}/").url.startswith("/accounts/login/")


def test_who_is_a_mediator_and_a_reviewer_reads_the_own_shared_pieces() -> None:
    both = make_person(Role.MEDIATOR, Role.REVIEWER)
    make_piece(both, helpful="Mine")
    make_piece(both, helpful="Hidden", shared=False)
    page = signed_in(both).get("/feedback/").text
    assert ("Mine" in page, "Hidden" in page) == (True, False)


# --- The fewest -------------------------------------------------------------------------------------


def test_below_the_fewest_nothing_is_shown_anywhere(amina: User, settings) -> None:
    settings.FEEDBACK_MIN_SHARED = 3
    made = [make_piece(amina, helpful="Apricots") for _number in range(2)]
    make_piece(amina, helpful="Apricots", shared=False)
    client = signed_in(amina)
    page = client.get("/feedback/").text
    assert "from 3 shared pieces on" in page
    assert "Apricots" not in page
    assert client.get(f"/feedback/{made[0].pk}/").status_code == 404
    assert client.post(f"/feedback/{made[0].pk}/note/", {"note": "x"}).status_code == 404
    assert len(csv_rows(client.get("/feedback/export/"))) == 1
    assert "Apricots" not in pdf_text(client.get("/feedback/print/"))
    assert client.get("/").context["shared"] == 0
    empty = signed_in(make_mediator(name="Amina Okafor")).get("/feedback/").text
    keys = r'(?:csrfmiddlewaretoken|form_key)" value="[^"]*"|data-(?:person|until)="[^"]*"'
    assert re.sub(keys, "", page) == re.sub(keys, "", empty), "it tells how many there are"
    make_piece(amina, helpful="Bananas")
    page = client.get("/feedback/").text
    assert ("Apricots" in page, "Bananas" in page) == (True, True)
    assert client.get(f"/feedback/{made[0].pk}/").status_code == 200
    assert client.get("/").context["shared"] == 3
    assert len(articles(client.get("/feedback/?q=bananas").text)) == 1, "the filter is no new threshold"


# --- The list ---------------------------------------------------------------------------------------


def make_many(owner: User, number: int) -> None:
    Feedback.objects.bulk_create(
        Feedback(
            mediator=owner, survey=["mediator-1", "advocate-1"][one % 2], language="en", year=2020, invited=True,
            shared=True, helpful=f"Word{one}", ratings={"respect": 1 + one % 5}, code_hash=hash_of(f"{owner.pk}{one}"),
        )
        for one in range(number)
    )  # fmt: skip


def count_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        answered = client.get(address)
        if answered.streaming:
            b"".join(answered.streaming_content)
    assert answered.status_code == 200
    return len(asked)


@pytest.mark.parametrize("number", [1, 25, 100])
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/feedback/", LIST),
        ("/feedback/?sort=-id&page=1", LIST),
        ("/feedback/?q=word", LIST + 1),
        ("/feedback/export/", 4),
        ("/feedback/print/", LIST),
    ],
)
def test_the_database_is_asked_as_often_whatever_there_is(
    amina: User, number: int, address: str, queries: int
) -> None:
    make_many(amina, number)
    User.objects.filter(pk=amina.pk).update(page_sizes={"feedback": 10})
    assert count_of(signed_in(amina), address) == queries


def test_pages(amina: User) -> None:
    make_many(amina, 23)
    client = signed_in(amina)
    seen: list[str] = []
    for number in (1, 2, 3):
        seen += re.findall(
            r"Word\d+", " ".join(articles(client.get(f"/feedback/?per_page=10&page={number}").text))
        )
    assert sorted(seen) == sorted(f"Word{number}" for number in range(23))
    amina.refresh_from_db()
    assert amina.page_sizes == {"feedback": 10}
    assert "Page 3 of 3" in client.get("/feedback/?page=99").text
    assert "23 pieces" in client.get("/feedback/?page=2").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("apricot", {"one", "three"}),
        ("APRICÓT", {"one", "three"}),
        ("apricot tea", {"one"}),
        ("tea apricot", {"one"}),
        ("ete", {"two"}),
        ("elsewhere", set()),
        ("one", {"one"}),
        ("%", set()),
        ("party", set()),
    ],
)
def test_words_are_found_in_the_texts(amina: User, query: str, found: set[str]) -> None:
    make_piece(amina, helpful="one: Apricot", better="TEA", party_role="party")
    make_piece(amina, quote="two: Été")
    make_piece(amina, better="three: ápricots")
    make_piece(amina, better="apricot", shared=False)
    page = signed_in(amina).get("/feedback/", {"q": query}).text
    shown = set(re.findall(r"(one|two|three): ", " ".join(articles(page))))
    assert shown == found
    assert "Your work as mediator" in page


def test_several_questions_mean_or(amina: User) -> None:
    for word in ("apricot", "banana", "cherry"):
        make_piece(amina, helpful=word)
    page = signed_in(amina).get("/feedback/?q=apricot&q=cherry").text
    assert "2 pieces" in page
    assert "Words: apricot" in words_of(page)


@pytest.mark.parametrize(
    "query",
    ["sort=year", "sort=date", "sort=helpful", "page=x", "per_page=7", "q=%00", "q=%E2%80%8B", "page=-1"],
)
def test_what_is_not_understood_is_named_and_left_out(amina: User, query: str) -> None:
    make_piece(amina, helpful="Apricots")
    client = signed_in(amina)
    page = client.get(f"/feedback/?{query}").text
    assert "We did not understand" in page
    assert "Apricots" in page
    for address in ("export/", "print/"):
        refused = client.get(f"/feedback/{address}?{query}")
        assert refused.status_code == 400
        assert "We did not understand" in unescape(refused.text)


# --- Note and report --------------------------------------------------------------------------------


def test_a_note_is_kept_sealed_and_keeps_ones_place(amina: User) -> None:
    piece = make_piece(amina)
    client = signed_in(amina)
    text = "  Canary note\r\nsecond line  "
    saved = client.post(f"/feedback/{piece.pk}/note/", {"note": text})
    assert (saved.status_code, saved.url) == (302, f"/feedback/{piece.pk}/#yours")
    page = client.get(f"/feedback/{piece.pk}/").text
    assert "Canary note\nsecond line</textarea>" in page
    assert page.index('id="yours"') < page.index("Your note is saved.") < page.index("<textarea")
    sealed = bytes(FeedbackNote.objects.get().note_sealed)
    assert b"Canary" not in sealed
    for others in (make_reviewer(vetted=True), make_admin(), make_mediator()):
        assert signed_in(others).get(f"/feedback/{piece.pk}/").status_code == 404
    client.post(f"/feedback/{piece.pk}/note/", {"note": "Another"})
    assert FeedbackNote.objects.get().note == "Another"
    client.post(f"/feedback/{piece.pk}/note/", {"note": "  "})
    assert not FeedbackNote.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("page", "typed"), [("note", {"note": "Ask her."}), ("report", {"reason": "Not me."})]
)
def test_a_piece_that_is_taken_back_at_that_moment_is_not_there(amina: User, page: str, typed: dict) -> None:
    piece, client, is_going = make_piece(amina), signed_in(amina), Event()

    @transaction.atomic
    def take_back() -> None:
        piece.delete()
        is_going.set()
        time.sleep(0.3)  # what is posted meanwhile waits

    def post() -> int:
        is_going.wait(timeout=20)
        return client.post(f"/feedback/{piece_id}/{page}/", typed).status_code

    piece_id = piece.pk
    client.get("/feedback/")  # what the first page loads takes longer than that moment
    assert at_once(take_back, post) == [None, 404]


def test_an_emptied_note_is_asked_about_first(amina: User) -> None:
    piece = make_piece(amina)
    client = signed_in(amina)
    address = f"/feedback/{piece.pk}/note/"
    asks = 'name="ask_first" value="1"'
    assert asks not in client.get(f"/feedback/{piece.pk}/").text  # there is nothing to lose yet
    client.post(address, {"note": "Longer breaks."})
    assert asks in client.get(f"/feedback/{piece.pk}/").text
    asked = client.post(address, {"note": " ", "ask_first": "1"})
    assert asked.status_code == 200
    assert "The note is empty now. Remove it?" in asked.text
    assert asks not in asked.text
    assert FeedbackNote.objects.get().note == "Longer breaks."
    assert "Your note is removed." in client.post(address, {"note": " "}, follow=True).text
    assert not FeedbackNote.objects.exists()


def test_how_long_a_note_may_be(amina: User) -> None:
    piece = make_piece(amina)
    client = signed_in(amina)
    address = f"/feedback/{piece.pk}/note/"
    longest = "é\r\n" * 10_000
    assert client.post(address, {"note": longest[:-2] + "!"}).status_code == 302
    assert len(FeedbackNote.objects.get().note) == 20_000
    refused = client.post(address, {"note": "x" * 20_001})
    page = assert_refused(refused, "note")
    assert "x" * 20_001 in page
    assert_refused(client.post(address, {"note": "a\0b"}), "note")
    assert len(FeedbackNote.objects.get().note) == 20_000


def test_a_report_waits_for_an_answer(amina: User) -> None:
    piece = make_piece(amina)
    client = signed_in(amina)
    address = f"/feedback/{piece.pk}/report/"
    for reason in ("", "  \n"):
        page = assert_refused(client.post(address, {"reason": reason}), "reason")
        assert "Say in a sentence what is wrong with it." in page
    assert "y" * 2001 in assert_refused(client.post(address, {"reason": "y" * 2001}), "reason")
    assert not FeedbackReport.objects.exists()
    assert client.post(address, {"reason": "Not about me"}).url == f"/feedback/{piece.pk}/#yours"
    page = client.get(f"/feedback/{piece.pk}/").text
    assert "You reported this piece." in page
    assert 'name="reason"' not in page
    client.post(address, {"reason": "Once more"})
    report = FeedbackReport.objects.get()
    assert (report.reason, report.state) == ("Not about me", "open")
    pieces.settle_report(report=report, by=make_admin(), reason="Fair")
    assert 'name="reason"' in client.get(f"/feedback/{piece.pk}/").text


def test_a_note_and_a_report_are_posted(amina: User) -> None:
    piece = make_piece(amina)
    client = signed_in(amina)
    for end in ("note/", "report/"):
        for method in ("get", "head", "put", "delete", "patch"):
            answered = getattr(client, method)(f"/feedback/{piece.pk}/{end}")
            assert (answered.status_code, answered.headers["Allow"]) == (405, "POST")
    for address in ("/feedback/", f"/feedback/{piece.pk}/", "/feedback/export/", "/feedback/print/"):
        assert client.post(address).status_code == 405


def test_twice_with_one_key_is_once(amina: User) -> None:
    piece = make_piece(amina)
    client = signed_in(amina)
    for _time in range(2):
        sent = client.post(f"/feedback/{piece.pk}/report/", {"reason": "x", "form_key": "k"})
        assert sent.url == f"/feedback/{piece.pk}/#yours"
    assert FeedbackReport.objects.count() == FormKey.objects.count() == 1
    outbox.deliver_due()
    assert len([each for each in mail.outbox if "reported" in each.subject]) == bool(
        django_settings.SUPPORT_EMAIL
    )


# --- Home -------------------------------------------------------------------------------------------


def test_home_counts_what_is_shared_with_me_and_nothing_else(amina: User) -> None:
    client = signed_in(amina)
    make_piece(amina, shared=False)
    make_piece(amina, release_on=clock.today())
    make_piece(make_mediator())
    before = client.get("/")
    assert before.context["shared"] == 0
    assert "shared with you" not in before.text
    make_piece(amina)
    assert "1 piece of feedback is shared with you." in client.get("/").text
    make_piece(amina)
    assert "2 pieces of feedback are shared with you." in client.get("/").text
    for other in (make_reviewer(vetted=True), make_admin()):
        assert "shared with you" not in signed_in(other).get("/").text
