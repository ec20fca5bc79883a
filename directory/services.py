"""Looks: recorded, and forgotten in time."""

from django.conf import settings

from accounts.models import StaffPlace, User
from directory.models import Look
from logbook_site.foundation import clock


def record_look(*, mediator: User, place: StaffPlace) -> None:
    """The owner of `place` looks at `mediator` today. The second look of a day adds nothing."""
    look = Look(
        mediator=mediator,
        person_id=place.person_id,
        organisation_name=place.organisation.name,
        day=clock.today(),
    )
    Look.objects.bulk_create([look], ignore_conflicts=True)


def forget_looks() -> int:
    """Erase looks of more than LOOKS_KEPT_MONTHS ago; returns how many."""
    return Look.objects.filter(day__lt=clock.months_ago(settings.LOOKS_KEPT_MONTHS)).delete()[0]
