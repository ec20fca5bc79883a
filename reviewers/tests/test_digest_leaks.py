"""Nothing of the feedback reaches the mediator by a digest but the Reviewer's own words."""

import io
import re

import pytest
from django.core import mail
from pypdf import PdfReader

from accounts.services import outbox
from accounts.tests.factories import make_appointment, make_mediator, make_reviewer, signed_in
from feedback.models import Feedback
from feedback.tests.factories import make_piece
from reviewers.models import Digest

pytestmark = pytest.mark.django_db(transaction=True)
CANARIES = {"helpful": "canaryhelpful", "better": "canarybetter", "quote": "canaryquote"}
MINE = "/feedback/digest/"


def make_world(*, shared: bool) -> tuple:
    amina, rosa = make_mediator(), make_reviewer(vetted=True)
    make_appointment(amina, rosa)
    for number, may_quote in enumerate(("yes", "no", "")):
        words = {name: f"{word}{number} {word}{number} a b c d e" for name, word in CANARIES.items()}
        make_piece(amina, shared=shared, may_quote=may_quote, ratings={"clear": 1, "safe": 1}, **words)
    return amina, rosa


def seen_by(person) -> str:
    """All that the mediator's pages, papers and mails hold: text, headers and what is inside a PDF."""
    client = signed_in(person)
    seen = []
    for path in ("/", "/feedback/", MINE, f"{MINE}pdf/"):
        answer = client.get(path)
        seen.append(str(answer.headers))
        if answer.headers["Content-Type"] == "application/pdf":
            document = PdfReader(io.BytesIO(answer.content))
            seen += [page.extract_text() for page in document.pages] + [str(document.metadata)]
        else:
            seen.append(answer.content.decode())
    outbox.deliver_due()
    seen += [str(message.message()) for message in mail.outbox if person.email in message.to]
    return "\n".join(seen)


@pytest.mark.long
def test_each_step_shows_the_mediator_the_reviewers_words_alone(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    amina, rosa = make_world(shared=False)
    client, page = signed_in(rosa), f"/review/{amina.pk}/digest/"
    beside = client.get(page).content.decode()
    assert all(f"{word}{number}" in beside for word in CANARIES.values() for number in range(3))
    ids = {str(pk) for pk in Feedback.objects.values_list("pk", flat=True)}
    hidden = ids | {f"{word}{number}" for word in CANARIES.values() for number in range(3)}

    def leaked(*also: str) -> set[str]:
        seen = seen_by(amina)
        return {word for word in hidden | set(also) if word in seen}

    # The draft quotes everything, as drafts do: whoever reads one, reads all of it.
    draft = "draftcanary canaryhelpful0 canarybetter1 canaryquote2"
    client.post(page, {"action": "save", "text": draft, "version": 0})
    assert leaked("draftcanary") == set()
    client.post(page, {"action": "facts", "text": "Own words", "version": 1})
    assert leaked("draftcanary") == set()
    signed_in(amina).post(MINE, {"comment": "Good"})
    assert leaked("draftcanary") == set()
    client.post(page, {"action": "final", "text": "Own words, at last", "version": 2})
    assert leaked("draftcanary") == set()
    client.post(page, {"action": "save", "text": draft, "version": 3})
    assert leaked("draftcanary") == set()
    assert "Own words, at last" in seen_by(amina)
    assert Digest.objects.count() == 2


def test_nor_does_the_page_tell_what_was_shared() -> None:
    """Two worlds that differ in what is shared alone look the same."""
    looks = []
    for shared in (True, False):
        amina, rosa = make_world(shared=shared)
        client, page = signed_in(rosa), f"/review/{amina.pk}/digest/"
        client.post(page, {"action": "facts", "text": "Own words", "version": 0})
        signed_in(amina).post(MINE, {"comment": "Good"})
        client.post(page, {"action": "final", "text": "Own words", "version": 1})
        html = signed_in(amina).get(MINE).content.decode().partition("<main")[2].partition("</main")[0]
        own = {
            amina.name: "MEDIATOR",
            rosa.name: "REVIEWER",
            str(Digest.objects.get(mediator=amina).pk): "ID",
        }
        for name, word in own.items():
            html = html.replace(name, word)
        looks.append(re.sub(r'value="[\w-]{16,}"', "", html))
    assert looks[0] == looks[1]


def test_another_mediators_answers_are_not_beside_the_text() -> None:
    amina, rosa = make_world(shared=False)
    other = make_mediator()
    make_appointment(other, rosa)
    make_piece(other, helpful="about somebody else")
    make_piece(make_mediator(), helpful="about a stranger")
    page = signed_in(rosa).get(f"/review/{amina.pk}/digest/").content.decode()
    assert "canaryhelpful0" in page
    assert "about somebody else" not in page
    assert "about a stranger" not in page
    assert "Based on 3 answers" in page


def test_what_respondents_said_about_themselves_is_not_asked_for(django_assert_max_num_queries) -> None:
    amina, rosa = make_world(shared=False)
    client = signed_in(rosa)
    with django_assert_max_num_queries(40) as queries:
        client.get(f"/review/{amina.pk}/digest/")
    tables = {table for query in queries for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}
    assert "feedback_feedback" in tables
    assert tables & {"feedback_respondent", "feedback_feedbackrequest", "feedback_feedbacknote"} == set()
