"""The one source of the time. All code asks here, so that a test or a demo can move the clock."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """The present moment, in UTC. `CLOCK_OFFSET_HOURS` moves it in demo mode only."""
    return datetime.now(UTC) + timedelta(hours=settings.CLOCK_OFFSET_HOURS)


def today() -> date:
    """Today's date in UTC."""
    return now().date()


def local_today() -> date:
    """Today where the reader is: the time zone of the request."""
    return timezone.localdate(now())


def last_day_to_log() -> date:
    """Tomorrow in UTC: in Auckland it is that day already."""
    return today() + timedelta(days=1)


def hours(number: float) -> timedelta:
    """A period from a setting that is given in hours."""
    return timedelta(hours=number)


def elsewhere(moment: datetime) -> datetime:
    """When clocks outside the site show `moment` (Redis ends its keys by its own clock)."""
    return moment - timedelta(hours=settings.CLOCK_OFFSET_HOURS)


def months_ago(number: int) -> date:
    """The same day of the month, so many months before today (UTC); the last day of a shorter month."""
    month = today().year * 12 + today().month - 1 - number
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(today().day, monthrange(year, month)[1]))
