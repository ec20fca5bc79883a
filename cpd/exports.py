"""A download of CPD entries: every field; takeaways only when asked for."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django_countries import countries

from cpd.choices import CpdKind
from cpd.querysets import CpdEntryQuerySet
from logbook_site.foundation.documents import WORDS
from logbook_site.foundation.exports import as_it_is, in_hours, in_words, rows_of


def headings(with_learnings: bool) -> list[str]:
    """Readable, and known to our own import."""
    usual = [
        _("Date"), _("Title"), _("Kind"), _("Provider"), _("Hours"), _("Points"), _("Country"), _("Evidence"),
    ]  # fmt: skip
    return [*usual, _("Takeaways")] if with_learnings else usual


def rows(entries: CpdEntryQuerySet, with_learnings: bool) -> Iterator[list]:
    """One row an entry, in the order of `entries`; hours and points with two decimals and a dot."""
    fields = {
        "completed_on": as_it_is,
        "title": as_it_is,
        "kind": in_words(CpdKind.choices),
        "provider": as_it_is,
        "minutes": in_hours,
        "points": as_it_is,
        "country": in_words(list(countries)),
        "evidence_file": lambda name: WORDS.get(name.rpartition(".")[2], ""),
    }
    return rows_of(entries, fields, ["takeaways"] if with_learnings else ())
