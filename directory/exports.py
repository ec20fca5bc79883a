"""A download of a mediator's totals: one row for each year, role and medium of the view."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from directory.listing import ExperienceListing
from logbook_site.foundation.hours import decimal_hours


def headings() -> list[str]:
    return [
        _("Mediator"), _("Year"), _("Role"), _("Medium"), _("Mediations"), _("Hours"), _("Data as of"), _("Source"),
    ]  # fmt: skip


def rows(listing: ExperienceListing) -> Iterator[list]:
    """Hours with two decimals and a dot."""
    as_of = listing.as_of.strftime("%Y-%m-%d %H:%M UTC")
    for group in listing.experience.groups:
        yield [
            listing.mediator.name,
            group.year,
            str(group.role.label),
            str(group.medium.label),
            group.number,
            Decimal(decimal_hours(group.minutes)),
            as_of,
            _("Self-declared"),
        ]
