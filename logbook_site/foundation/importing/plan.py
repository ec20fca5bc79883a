"""What the import knows of one kind of entry. The apps say it: `logbook/imports.py`, `cpd/imports.py`."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property

from django.db.models import Model

from logbook_site.foundation.entries import EntryQuerySet
from logbook_site.foundation.importing.fields import DayField, Field
from logbook_site.foundation.sheets import Words


class Plan:
    """Its addresses are named `<kind>_import`, `…_import_step`, `…_import_undo`, `…_import_rejected`."""

    kind = ""
    fields: Sequence[Field] = ()
    words: Words = {}
    values: dict[str, Words] = {}
    # Of each of these groups at least one column must be there.
    needs: Sequence[Sequence[str]] = ()
    day = ""
    # Takes the place of a missing title; empty if there must be one.
    usual_title: object = ""
    # Dotted name of the worker's part.
    work = ""

    # --- Words on the pages

    heading: object = ""
    back: object = ""
    privacy: object = ""

    def count(self, number: int) -> str:
        """ "3 mediations"."""
        raise NotImplementedError

    def brief(self, values: dict) -> list[str]:
        """A row of the preview: as the entry will be."""
        raise NotImplementedError

    brief_headings: Sequence[object] = ()

    # --- What becomes of a row

    def problems(self, values: dict) -> Iterator[tuple[str, str]]:
        """Why these values make no entry: (field, sentence)."""
        yield from ()

    def doubts(self, values: dict) -> Iterator[tuple[str, str]]:
        """What the person should look at: (field, sentence). May correct `values`."""
        yield from ()

    def entry(self, values: dict, stored: Model) -> Model:
        """A new entry of the owner of the import `stored`, not saved."""
        raise NotImplementedError

    def own(self, by: Model) -> EntryQuerySet:
        """The entries of `by`."""
        raise NotImplementedError

    def save(self, entries: Iterable[Model], by: Model) -> None:
        raise NotImplementedError

    def undo(self, stored: Model, *, changed_too: bool, by: Model) -> int:
        """Take away what came from the import; returns how many."""
        raise NotImplementedError

    # --- Shared

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    @cached_property
    def days(self) -> list[str]:
        return [field.name for field in self.fields if isinstance(field, DayField)]

    def known(self, by: Model) -> Iterator[tuple[date, str, int | None]]:
        """Day, title and minutes of what is there already."""
        return self.own(by).live().values_list(self.day, "title", "minutes").iterator(chunk_size=2000)
