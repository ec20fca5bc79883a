"""The plugin that gives each test process servers of its own."""

import hypothesis
import pytest

from logbook_site.testing import with_database

WHEN_READ = hypothesis.settings()  # each test with `given` keeps what holds when it is read


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("redis://localhost:6379/0", "redis://localhost:6379/3"),
        ("rediss://user:word@host", "rediss://user:word@host/3"),
        ("unix:///tmp/a%20b/redis.sock?db=0", "unix:///tmp/a%20b/redis.sock?db=3"),
        ("unix://user:word@/redis.sock?timeout=5", "unix://user:word@/redis.sock?timeout=5&db=3"),
    ],
)
def test_each_worker_has_its_own_redis_database(address: str, expected: str):
    assert with_database(address, 3) == expected


def test_no_example_fails_because_the_machine_is_slow():
    assert WHEN_READ.deadline is None
