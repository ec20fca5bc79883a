"""`make fuzz`: a hundred thousand requests that nobody would write by hand, and not one answer that is wrong.

Each of the hundred seeds stands for a thousand requests, the same ones each time but for ids. A run that was stopped
after seed 37 goes on with `FROM=38 make fuzz`; `FROM=200` are a hundred seeds that nobody has tried yet.
"""

import os

import pytest

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
