"""Periods of the settings, in words: what a page promises is read from the setting that keeps the promise."""

from math import ceil

from django.utils.formats import number_format
from django.utils.translation import ngettext


def in_words(hours: float) -> str:
    """A period in the unit that people use for it: “5 days”, “24 hours”, “1.5 days”, “1 hour”, “10 minutes”."""
    if hours > 24:
        number = round(hours / 24, 1)
        return ngettext("%(number)s day", "%(number)s days", ceil(number)) % {"number": _plain(number)}
    if hours >= 1:
        number = round(hours, 1)
        return ngettext("%(number)s hour", "%(number)s hours", ceil(number)) % {"number": _plain(number)}
    minutes = ceil(hours * 60)  # never less than is kept
    return ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}


def months_in_words(months: int) -> str:
    return ngettext("%(number)s month", "%(number)s months", months) % {"number": months}


def _plain(number: float) -> str:
    """In the reader's language, and without a decimal that is zero."""
    return number_format(int(number) if number == int(number) else number, use_l10n=True)
