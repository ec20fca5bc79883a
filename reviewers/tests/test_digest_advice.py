"""What the page tells a Reviewer before a digest leaves their hands. It never stops them."""

import time
from html import unescape

import pytest
from django.core.cache import cache

from accounts.tests.factories import signed_in
from feedback.tests.factories import make_piece
from logbook_site.foundation import clock
from reviewers.models import Digest
from reviewers.tests.factories import make_draft

pytestmark = pytest.mark.django_db(transaction=True)
LETTER = """Dear Rosa,
thank you. You reach me at +44 (0)20 7946 0958, at 030 1234-5678 or under 0171/5550123 in the evening,
or by mail: Paula.Party@example.co.uk. We met on 12.05.2026, in 2024-2026 and 2023, 2024, 2025, for 1 384 hours.
The reference was 2026-05-12."""


@pytest.fixture(autouse=True)
def no_limits() -> None:
    cache.clear()


def advice_for(text: str, *pieces: dict) -> list[str]:
    """On the page of a saved draft. Ten answers of this year, unless `pieces` are given."""
    draft = make_draft()
    for fields in pieces or [{}] * 10:
        make_piece(draft.mediator, **fields)
    client = signed_in(draft.reviewer)
    path = f"/review/{draft.mediator_id}/digest/"
    client.post(path, {"action": "save", "text": text, "version": draft.version})
    page = client.get(path)
    advice = page.context["advice"]
    shown = unescape(page.content.decode())
    assert all(sentence in shown for sentence in advice)
    # And it blocks nothing.
    stored = Digest.objects.get(pk=draft.pk)
    sent = client.post(path, {"action": "facts", "text": text, "version": stored.version})
    assert sent.status_code == 302
    assert client.get(path).context["advice"] == advice
    return advice


def test_nothing_to_say() -> None:
    assert advice_for("Calm, clear and fair.") == []


def test_few_and_old_answers() -> None:
    this_year = clock.today().year
    (few,) = advice_for("Calm.", *[{"year": this_year - 2}] * 9)
    assert "only 9 answers" in few
    (old,) = advice_for("Calm.", *[{"year": this_year - 3}] * 10)
    assert f"from {this_year - 3}" in old
    assert advice_for("Calm.", *[{"year": this_year - 3}] * 9, {"year": this_year - 2}) == []


def test_a_pasted_letter_with_addresses_and_telephone_numbers() -> None:
    advice = advice_for(LETTER)
    found = {sentence.split("”")[0].removeprefix("“") for sentence in advice}
    assert found == {
        "Paula.Party@example.co.uk",
        "+44 (0)20 7946 0958",
        "030 1234-5678",
        "0171/5550123",
    }


CLOSED = "She let my brother speak first, and nobody had ever done that."
OPEN = "I would go to her again with any quarrel in the world."


@pytest.mark.parametrize(
    ("piece", "text", "quoted"),
    [
        ({"quote": CLOSED, "may_quote": "no"}, f"A party says: “{CLOSED}”", CLOSED.rstrip(".")),
        ({"quote": CLOSED, "may_quote": ""}, CLOSED, CLOSED.rstrip(".")),
        ({"quote": OPEN, "may_quote": "yes"}, OPEN, ""),
        # Only the words that the party was asked about are open.
        ({"quote": OPEN, "may_quote": "yes", "helpful": CLOSED}, f"{OPEN} {CLOSED}", CLOSED.rstrip(".")),
        ({"better": CLOSED}, "SHE LET\nmy BROTHER, spéak first", "SHE LET my BROTHER, spéak first"),
        ({"better": CLOSED}, "She let my brother speak.", ""),  # five words are no quotation
        ({"better": CLOSED, "shared": False}, CLOSED, CLOSED.rstrip(".")),
    ],
)
def test_words_that_may_not_be_quoted(piece: dict, text: str, quoted: str) -> None:
    advice = advice_for(text, piece, *[{}] * 9)
    assert [sentence.split("”")[0].removeprefix("“") for sentence in advice] == ([quoted] if quoted else [])


def test_what_an_open_quote_says_too_is_open() -> None:
    pieces = [{"helpful": OPEN}, {"quote": OPEN, "may_quote": "yes"}, *[{}] * 8]
    assert advice_for(OPEN, *pieces) == []


@pytest.mark.long
def test_a_text_made_to_be_slow_is_not() -> None:
    for text in (
        "a" * 20_000,
        "1 " * 10_000,
        "a@" * 10_000,
        "+(1" * 6_666,
        "a.a@a." * 3_333,
        "one two " * 2_500,
    ):
        began = time.perf_counter()
        advice_for(text, *[{"helpful": "one two three " * 1_000}] * 10)
        assert time.perf_counter() - began < 5


def test_after_finishing_it_is_said_once_more() -> None:
    draft = make_draft()
    client, path = signed_in(draft.reviewer), f"/review/{draft.mediator_id}/digest/"
    client.post(path, {"action": "facts", "text": "Write to paula@example.org", "version": 1})
    signed_in(draft.mediator).post("/feedback/digest/", {"comment": "Good."})
    done = client.post(
        path, {"action": "final", "text": "Write to paula@example.org", "version": 2}, follow=True
    )
    said = unescape(done.content.decode())
    assert "“paula@example.org” looks like an e-mail address." in said
    assert "There are no answers yet" in said
    assert done.context["advice"] == []  # it is said once
