"""What the main pages cost, in numbers without noise; `make bench` measures the times.

Above a ceiling, a page has begun to do more for each row, or to draw again what is kept in memory. Ceilings stand a
fifth above what was counted when they were set.
"""

import gzip
from datetime import date
from functools import partial

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import make_mediator, signed_in
from cpd.models import CpdEntry
from feedback.tests.links import make_link
from logbook.models import LogbookEntry
from logbook_site.benchmarks.counted import python_calls

pytestmark = pytest.mark.django_db


def mediator_with(rows: int, *, of_cpd: int = 0) -> User:
    owner = make_mediator(page_sizes={"logbook": 100})
    LogbookEntry.objects.bulk_create(
        LogbookEntry(
            owner=owner, ended_on=date(2020 + one % 6, 1, 1 + one % 28), title=f"Matter {one}", role="lead",
            medium="online", minutes=60 + one, country="NZ",
        )
        for one in range(rows)
    )  # fmt: skip
    CpdEntry.objects.bulk_create(
        CpdEntry(owner=owner, completed_on=date(2020 + one % 6, 1, 1), title="C", kind="workshop", minutes=60)
        for one in range(of_cpd)
    )
    return owner


def calls_and_kilobytes(client: Client, address: str) -> tuple[int, float]:
    ask = partial(client.get, address)
    answer = ask()
    assert answer.status_code == 200
    return python_calls(ask), len(gzip.compress(answer.content, mtime=0)) / 1000


@pytest.mark.parametrize(
    ("rows", "of_cpd", "address", "most_calls", "most_kilobytes"),
    [
        (25, 0, "/logbook/", 23_600, 7),
        (25, 25, "/logbook/", 29_900, 9),
        (100, 0, "/logbook/", 31_900, 12),
        (25, 0, "/logbook/?role=lead&year=2021", 59_700, 6),
        (25, 25, "/", 54_800, 4),
        (25, 0, "/cpd/", 15_600, 3),
    ],
)
def test_pages_of_a_mediator(
    rows: int, of_cpd: int, address: str, most_calls: int, most_kilobytes: float
) -> None:
    calls, kilobytes = calls_and_kilobytes(signed_in(mediator_with(rows, of_cpd=of_cpd)), address)
    assert calls <= most_calls
    assert kilobytes <= most_kilobytes


def test_a_survey() -> None:
    calls, kilobytes = calls_and_kilobytes(Client(), make_link(make_mediator()))
    assert calls <= 18_800
    assert kilobytes <= 6
