"""A download of the Logbook: every field; what was learned only when asked for."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django_countries import countries

from logbook.choices import EntryRole, FullScale, Medium, Outcome, Paid, Setting
from logbook.querysets import LogbookEntryQuerySet
from logbook_site.foundation.hours import decimal_hours
from logbook_site.foundation.languages import language_name

CHUNK = 1000
LEARNED = ["did_well", "challenges", "learnings"]


def headings(with_learnings: bool) -> list[str]:
    """Readable, and known to our own import."""
    usual = [
        _("Start date"), _("End date"), _("Reference"), _("Role"), _("Medium"), _("Hours"), _("Preparation hours"),
        _("Subject"), _("Country"), _("Language"), _("Parties"), _("Outcome"), _("Provider"), _("Setting"),
        _("Paid or pro bono"), _("Full scale"),
    ]  # fmt: skip
    learned = [_("Did well"), _("Challenges"), _("Learnings")]
    return usual + learned if with_learnings else usual


def rows(entries: LogbookEntryQuerySet, with_learnings: bool) -> Iterator[list]:
    """One row an entry, in the order of `entries`; hours with two decimals and a dot."""
    fields = [
        "started_on", "ended_on", "title", "role", "medium", "minutes", "preparation_minutes", "subject", "country",
        "language", "parties", "outcome", "provider", "setting", "paid", "full_scale",
    ]  # fmt: skip
    words = {
        "role": dict(EntryRole.choices),
        "medium": dict(Medium.choices),
        "outcome": dict(Outcome.choices),
        "setting": dict(Setting.choices),
        "paid": dict(Paid.choices),
        "full_scale": dict(FullScale.choices),
        "country": dict(countries),
    }
    words = {name: {code: str(word) for code, word in choices.items()} for name, choices in words.items()}
    if with_learnings:
        for entry in entries.iterator(chunk_size=CHUNK):
            yield _in_words([getattr(entry, name) for name in fields], fields, words) + [
                getattr(entry, name) or "" for name in LEARNED
            ]
    else:
        for values in entries.values_list(*fields).iterator(chunk_size=CHUNK):
            yield _in_words(values, fields, words)


def _in_words(values, fields: list[str], words: dict[str, dict[str, str]]) -> list:
    row = []
    for name, value in zip(fields, values, strict=True):
        if name in words:
            value = words[name].get(str(value), "")
        elif name in {"minutes", "preparation_minutes"}:
            value = Decimal(decimal_hours(value)) if value or name == "minutes" else None
        elif name == "language" and value:
            value = language_name(value)
        row.append("" if value is None else value)
    return row
