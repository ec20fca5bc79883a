"""A few hundred requests that nobody would write by hand. `make fuzz` sends a hundred thousand."""

import pytest

from logbook_site.tests.fuzzing import explored, send_many


@pytest.mark.slow
@pytest.mark.django_db
def test_a_few_hundred_odd_requests(settings, tmp_path) -> None:
    settings.EVIDENCE_DIR = tmp_path
    site = explored()
    assert send_many(site, seed_of_run=1, how_many=300) > 100
