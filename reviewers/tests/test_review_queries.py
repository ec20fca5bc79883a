"""How much the database is asked: literal counts, however many mediators and pieces there are."""

import gzip

import pytest

from accounts.tests.factories import make_appointment, make_mediator, make_reviewer, signed_in
from feedback.models import Feedback
from feedback.services.secrets import hash_of, new_token
from feedback.surveys import MEDIATOR_1
from logbook.tests.test_queries import count_of
from reviewers.tests.factories import make_final_digest

pytestmark = pytest.mark.django_db
# Session, person, mediators counted and fetched, digests, check, pieces counted, proposals, check in words.
LIST = 9
# Session, person, mediator, check, years to choose from, numbers, pieces, check in words.
YEARS = 8
# Instead of the numbers: the surveys that occur. The check is asked twice: which pieces, and what is told of them.
EXPORT = 7
PRINT = 8
HOME = 9


def make_pieces(mediator, number: int, *, words: str = "") -> list[Feedback]:
    return Feedback.objects.bulk_create(
        Feedback(
            mediator=mediator, survey=MEDIATOR_1.name, language="en", year=2026 - one % 6, invited=one % 3 > 0,
            shared=one % 2 > 0, ratings={question.key: 1 + one % 5 for question in MEDIATOR_1.questions},
            helpful=words or f"Words {one}", code_hash=hash_of(new_token()),
        )
        for one in range(number)
    )  # fmt: skip


@pytest.mark.parametrize("mediators", [1, 3, 20])
def test_the_list_and_home_ask_as_often_whatever_their_rows(mediators: int) -> None:
    rosa = make_reviewer(vetted=True)
    for _each in range(mediators):
        mediator = make_mediator()
        make_appointment(mediator, rosa)
        make_final_digest(mediator, based_on=make_pieces(mediator, 3)[:1])
        make_pieces(mediator, 1)
    assert count_of(signed_in(rosa), "/review/") == LIST
    assert count_of(signed_in(rosa), "/review/?q=person&sort=-name&page=9") == LIST + 1
    assert count_of(signed_in(rosa), "/") == HOME


@pytest.mark.long
@pytest.mark.parametrize("pieces", [1, 25, 100])
def test_the_pages_of_a_mediator_ask_as_often_whatever_their_pieces(pieces: int) -> None:
    rosa = make_reviewer(vetted=True)
    mediator = make_mediator()
    make_appointment(mediator, rosa)
    piece = make_pieces(mediator, pieces)[0]
    base, client = f"/review/{mediator.pk}/", signed_in(rosa)
    assert count_of(client, base) == YEARS
    assert count_of(client, f"{base}?year=2026&share=yes&share=no&invited=no&sort=year&foo=x") == YEARS
    assert count_of(client, f"{base}?q=words") == YEARS + 1
    assert count_of(client, f"{base}{piece.pk}/") == 6
    assert count_of(client, f"{base}export/") == EXPORT
    assert count_of(client, f"{base}export/?format=xlsx") == EXPORT
    if pieces < 100:
        assert count_of(client, f"{base}print/") == PRINT


def test_six_hundred_pieces_are_one_page_of_a_reasonable_size() -> None:
    """People's own texts aside."""
    rosa, mediator = make_reviewer(vetted=True), make_mediator()
    make_appointment(mediator, rosa)
    make_pieces(mediator, 600, words="x")
    page = signed_in(rosa).get(f"/review/{mediator.pk}/").content
    assert len(gzip.compress(page)) < 40_000
