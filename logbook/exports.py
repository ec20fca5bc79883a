"""Downloads. Of the Logbook: every field; what was learned only when asked for. Of Learnings: what was learned."""

from collections.abc import Iterator
from functools import cache

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_countries import countries

from logbook.choices import EntryRole, FullScale, Medium, Outcome, Paid, Setting
from logbook.learnings import CHUNK, TEXTS, Learning
from logbook.querysets import LogbookEntryQuerySet
from logbook_site.foundation.exports import as_it_is, in_hours, in_words, rows_of
from logbook_site.foundation.languages import language_name

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
    fields = {
        "started_on": as_it_is,
        "ended_on": as_it_is,
        "title": as_it_is,
        "role": in_words(EntryRole.choices),
        "medium": in_words(Medium.choices),
        "minutes": in_hours,
        "preparation_minutes": in_hours,
        "subject": as_it_is,
        "country": in_words(list(countries)),
        "language": cache(lambda code: language_name(code) if code else ""),
        "parties": as_it_is,
        "outcome": in_words(Outcome.choices),
        "provider": as_it_is,
        "setting": in_words(Setting.choices),
        "paid": in_words(Paid.choices),
        "full_scale": in_words(FullScale.choices),
    }
    return rows_of(entries, fields, LEARNED if with_learnings else ())


def learning_headings(_with_learnings: bool) -> list[str]:
    return [
        _("Date"), _("Source"), _("Title"), _("Did well"), _("Challenges"), _("Learnings"), _("Takeaways"),
    ]  # fmt: skip


def learning_rows(view: QuerySet, _with_learnings: bool) -> Iterator[list]:
    """One row an entry, in the order of `view`; texts that were not asked for are empty."""
    for values in view.iterator(chunk_size=CHUNK):
        learning = Learning.from_row(values)
        texts = {text.kind: text.text for text in learning.texts}
        yield [learning.date, learning.source, learning.title, *(texts.get(kind, "") for kind in TEXTS)]
