"""What a mediator wrote about mediations and CPD: two tables, read as one list.

Nothing is unsealed by a query. A text is unsealed when it is shown, exported or searched, and only then.
"""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from django.db.models import BinaryField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, ExtractYear, Lower
from django.urls import reverse
from django.utils.translation import gettext as _

from cpd.choices import CpdKind
from cpd.models import CpdEntry
from logbook.choices import EntryRole, Learned
from logbook.models import LogbookEntry
from logbook_site.foundation.lost_texts import CANNOT_BE_OPENED
from logbook_site.foundation.sealing import CannotUnseal, SealedText
from logbook_site.foundation.text import fold

TEXTS: dict[str, SealedText] = {
    Learned.DID_WELL: LogbookEntry.did_well,
    Learned.CHALLENGES: LogbookEntry.challenges,
    Learned.LEARNINGS: LogbookEntry.learnings,
    Learned.TAKEAWAYS: CpdEntry.takeaways,
}
SEALED = [f"sealed_{name}" for name in TEXTS]
# In both tables the same, and in this order: a union goes by place.
COLUMNS = ["is_cpd", "id", "date", "title", "what", *SEALED, "lower_title"]
DAY = {LogbookEntry: "ended_on", CpdEntry: "completed_on"}
WHAT = {LogbookEntry: "role", CpdEntry: "kind"}
NO_TEXT = Cast(Value(None), BinaryField())
CHUNK = 500  # sealed rows in memory at once: a text may have 20,000 letters


def with_texts(entries: QuerySet, kinds: Iterable[str]) -> QuerySet:
    """Those of one table that have a text of these kinds, in COLUMNS. Texts of other kinds are not even read."""
    model = entries.model
    own = {name: text.column for name, text in TEXTS.items() if name in set(kinds) and text.owner is model}
    has_text = Q()
    for column in own.values():
        has_text |= Q(**{f"{column}__isnull": False})
    return (entries.filter(has_text) if own else entries.none()).annotate(
        is_cpd=Value(model is CpdEntry),
        date=F(DAY[model]),
        what=F(WHAT[model]),
        lower_title=Lower("title"),
        **{f"sealed_{name}": F(own[name]) if name in own else NO_TEXT for name in TEXTS},
    )


def with_words(rows: QuerySet, wanted: list[str]) -> QuerySet:
    """Rows of `with_texts` whose title or texts hold all words of one of `wanted`. Unseals each of these rows."""
    searches = {frozenset(fold(words).split()) for words in wanted}  # each once: the texts may be long
    found = []
    for values in rows.values_list(*COLUMNS).iterator(chunk_size=CHUNK):
        learning = Learning.from_row(values)
        text = fold("\n".join([learning.title, *(each.text for each in learning.texts if not each.is_lost)]))
        if any(all(word in text for word in words) for words in searches):
            found.append(learning.id)
    return rows.filter(pk__in=found)


def years_of(sources: Iterable[QuerySet]) -> list[int]:
    """The years in which anything was written, newest first."""
    first, *others = [
        with_texts(entries, TEXTS).annotate(year=ExtractYear("date")).values_list("year").distinct()
        for entries in sources
    ]
    return sorted((year for (year,) in first.union(*others)), reverse=True)


class Text(NamedTuple):
    kind: Learned
    text: str
    is_lost: bool = False  # sealed with a key that is gone, or damaged: `text` says so


class Learning:
    """One entry, of the logbook or of CPD, and what its owner wrote about it."""

    def __init__(self, is_cpd: bool, id: UUID, date: date, title: str, what: str, sealed: list) -> None:
        self.is_cpd, self.id, self.date, self.title = is_cpd, id, date, title
        self._what, self._sealed = what, sealed

    @classmethod
    def from_row(cls, values: tuple) -> "Learning":
        """From the values of COLUMNS."""
        is_cpd, id, date, title, what, *sealed, _lower_title = values
        return cls(is_cpd, id, date, title, what, sealed)

    @property
    def source(self) -> str:
        """“Mediation: Lead mediator”, “CPD: Workshop”."""
        if self.is_cpd:
            return _("CPD: %(kind)s") % {"kind": CpdKind(self._what).label}
        return _("Mediation: %(role)s") % {"role": EntryRole(self._what).label}

    @property
    def address(self) -> str:
        return reverse("cpd_entry" if self.is_cpd else "logbook_entry", args=[self.id])

    @cached_property
    def texts(self) -> list[Text]:
        """The texts that were read and are there. One that does not open says so; the others can be read."""
        return [
            self._open(Learned(name), sealed)
            for name, sealed in zip(TEXTS, self._sealed, strict=True)
            if sealed is not None
        ]

    def _open(self, kind: Learned, sealed: bytes | memoryview) -> Text:
        try:
            return Text(kind, TEXTS[kind].unseal(sealed, pk=self.id))
        except CannotUnseal:
            return Text(kind, str(CANNOT_BE_OPENED), is_lost=True)
