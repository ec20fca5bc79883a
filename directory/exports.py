"""Downloads: a mediator's totals, one row for each year, role and medium of the view; and the CPD list."""

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
    as_of = _moment(listing)
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


def cpd_headings() -> list[str]:
    return [
        _("Mediator"), _("Date"), _("Title"), _("Kind"), _("Provider"), _("Hours"), _("Data as of"), _("Source"),
    ]  # fmt: skip


def cpd_rows(listing: ExperienceListing) -> Iterator[list]:
    """Every CPD entry of the view, in its order; who has points only has no hours."""
    as_of = _moment(listing)
    for entry in listing.development.rows().iterator(chunk_size=1000):
        yield [
            listing.mediator.name,
            entry.completed_on,
            entry.title,
            str(entry.get_kind_display()),
            entry.provider,
            Decimal(decimal_hours(entry.minutes)) if entry.minutes else None,
            as_of,
            _("Self-declared"),
        ]


def _moment(listing: ExperienceListing) -> str:
    return listing.as_of.strftime("%Y-%m-%d %H:%M UTC")
