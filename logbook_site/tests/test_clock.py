from datetime import UTC, timedelta

import time_machine

from logbook_site.foundation import clock


def test_the_clock_is_in_utc_and_can_be_moved(settings) -> None:
    with time_machine.travel("2026-03-29T00:59:59Z", tick=False):
        assert clock.now().tzinfo is UTC
        assert clock.now().isoformat() == "2026-03-29T00:59:59+00:00"
        settings.CLOCK_OFFSET_HOURS = 0.5
        assert clock.now().isoformat() == "2026-03-29T01:29:59+00:00"
        settings.CLOCK_OFFSET_HOURS = 24
        assert clock.today().isoformat() == "2026-03-30"


def test_hours_may_be_fractions() -> None:
    assert clock.hours(0.05) == timedelta(minutes=3)
