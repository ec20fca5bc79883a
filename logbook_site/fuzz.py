"""`make fuzz`: a hundred thousand requests that nobody would write by hand, and odd files; not one wrong answer.

Each of the hundred seeds stands for a thousand requests, the same ones each time but for ids. A run that was stopped
after seed 37 goes on with `FROM=38 make fuzz`; `FROM=200` are a hundred seeds that nobody has tried yet.
"""

import os

import pytest
from hypothesis import HealthCheck, given
from hypothesis import seed as seeded
from hypothesis import settings as how_long
from hypothesis import strategies as st

from logbook_site.foundation.tests.test_sheets_hostile import (
    BEGINNINGS,
    GOOD,
    PARTS,
    raw_workbook,
    read_or_refused,
    rows_xml,
)
from logbook_site.tests.fuzzing import explored, send_many

FROM = int(os.environ.get("FROM", "1"))
SEEDS, REQUESTS = 100, 1000


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(FROM, FROM + SEEDS))
def test_a_thousand_odd_requests(seed: int, settings, tmp_path) -> None:
    settings.EVIDENCE_DIR = tmp_path
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 3600
    taken = send_many(explored(), seed_of_run=seed, how_many=REQUESTS)
    assert taken > REQUESTS / 4


CHANGES = st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=8)
FILES = {
    "parts": PARTS.map(lambda parts: raw_workbook(rows_xml("<row><c><v>1</v></c></row>", *parts))),
    "changes": CHANGES.map(lambda changes: changed(GOOD, changes)),
    "bytes": st.tuples(st.sampled_from(BEGINNINGS), st.binary(max_size=2000)).map(b"".join),
}


def changed(data: bytes, changes: list[tuple[int, int]]) -> bytes:
    after = bytearray(data)
    for place, byte in changes:
        after[place] = byte
    return bytes(after)


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("seed", range(FROM, FROM + 5))
def test_a_thousand_odd_files(seed: int, kind: str) -> None:
    """What somebody hands in to be imported: a sheet, or a sentence that says what to do."""
    tried = how_long(max_examples=1000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    seeded(seed)(tried(given(FILES[kind])(read_or_refused)))()
