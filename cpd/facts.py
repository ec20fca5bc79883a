"""One entry in words: what its page shows, label by label. What is empty is left out."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cpd.models import CpdEntry
from cpd.points import plain_points
from logbook_site.foundation.hours import show_hours


def facts(entry: CpdEntry) -> list[tuple[str, str]]:
    """Everything but the takeaways and the evidence."""
    pairs = [
        (_("Date"), date_format(entry.completed_on)),
        (_("Kind"), entry.get_kind_display()),
        (_("Hours"), show_hours(entry.minutes) if entry.minutes else ""),
        (_("Points"), plain_points(entry.points) if entry.points else ""),
        (_("Provider"), entry.provider),
        (_("Country"), entry.country.name),
    ]
    return [(label, value) for label, value in pairs if value]
