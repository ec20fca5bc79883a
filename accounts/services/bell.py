"""Tells a worker that something is due. It may stay silent: a sweep, each minute, finds what no bell announced."""

import logging
from datetime import UTC, datetime, timedelta

from celery import Task

from logbook_site.foundation import clock

log = logging.getLogger(__name__)

# After Redis did not answer, it is not asked again for so long: requests shall not queue up behind it.
RESTS = timedelta(seconds=10)
_rests_until = datetime.min.replace(tzinfo=UTC)


def ring(task: Task) -> None:
    """Start `task` on some worker. Whatever goes wrong here is no reason to trouble anybody."""
    global _rests_until
    if clock.now() < _rests_until:
        return
    try:
        task.delay()
    except Exception as error:
        _rests_until = clock.now() + RESTS
        log.warning("The bell did not ring: %s", type(error).__name__)
