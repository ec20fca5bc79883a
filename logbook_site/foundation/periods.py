"""Periods of the settings, in words: what a page promises is read from the setting that keeps the promise."""

from math import ceil

from django.utils.translation import ngettext


def in_words(hours: float) -> str:
    """A period in the largest unit of which it is a whole number: “5 days”, “24 hours”, “36 hours”, “10 minutes”.

    Never in parts of a unit: languages disagree on how many days “one and a half” is.
    """
    minutes = max(1, ceil(hours * 60))  # never less than is kept
    if minutes > 24 * 60 and minutes % (24 * 60) == 0:
        number = minutes // (24 * 60)
        words = ngettext("%(number)d day", "%(number)d days", number)
    elif minutes % 60 == 0:
        number = minutes // 60
        words = ngettext("%(number)d hour", "%(number)d hours", number)
    else:
        number = minutes
        words = ngettext("%(number)d minute", "%(number)d minutes", number)
    return words % {"number": number}


def months_in_words(months: int) -> str:
    return ngettext("%(number)d month", "%(number)d months", months) % {"number": months}
