"""Seals every sealed text again with the newest key, so that older keys can be dropped.

The sealed texts are found by asking the models: a new one needs no entry in a list. It works in batches, each in a
short transaction of its own, and may be stopped at any moment: what is done is done, the next run goes on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from inspect import getmembers_static

from django.apps import apps
from django.db import transaction
from django.db.models import BinaryField, Model, QuerySet
from django.db.models.functions import Substr

from logbook_site.foundation.sealing import HEAD_BYTES, CannotUnseal, SealedText, newest_head, seal

BATCH = 500  # texts in memory, and rows locked, at once


@dataclass(frozen=True)
class SealedColumn:
    """A sealed text and the model whose table holds its column."""

    model: type[Model]
    text: SealedText

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.text.name}"

    @property
    def column(self) -> str:
        return self.text.column

    def with_older_keys(self) -> QuerySet:
        """Rows, deleted entries too, whose text is not sealed with the newest key: its first bytes tell."""
        head = Substr(self.column, 1, HEAD_BYTES, output_field=BinaryField())
        given = self.model._base_manager.filter(**{f"{self.column}__isnull": False})
        return given.annotate(head=head).exclude(head=newest_head())

    def again(self, pk: object, sealed: bytes) -> bytes:
        """Sealed with the newest key. Raises CannotUnseal."""
        return seal(self.text.unseal(sealed, pk=pk), about=self.text.about(pk))


@dataclass
class Batch:
    """How many texts were sealed again, and the keys of rows whose text no key opens; those stay as they are."""

    sealed: int = 0
    lost: list = field(default_factory=list)


def sealed_columns() -> list[SealedColumn]:
    """All of the site. A column that a model inherits from a table of its parent's counts for the parent."""
    return [
        SealedColumn(model, text)
        for model in apps.get_models()
        for _name, text in getmembers_static(model, lambda member: isinstance(member, SealedText))
        if text.column in {column.name for column in model._meta.local_concrete_fields}
    ]


def reseal(column: SealedColumn, size: int = BATCH) -> Iterator[Batch]:
    """Seal the texts of `column` again, one batch for each `next`; nothing is locked between two batches.

    What is sealed elsewhere than in a SealedText brings its own `model`, `column`, `with_older_keys` and `again`.
    """
    last = None
    while True:
        with transaction.atomic():
            rows = column.with_older_keys() if last is None else column.with_older_keys().filter(pk__gt=last)
            # Whoever saves one of these rows comes before us, and we seal what they wrote; or after us, and it stays.
            locked = rows.order_by("pk").select_for_update(no_key=True)
            found = list(locked.values_list("pk", column.column)[:size])
            batch = _seal_again(column, found)
        if not found:
            return
        last = found[-1][0]
        yield batch


def _seal_again(column: SealedColumn, found: list[tuple]) -> Batch:
    """Writes this one column and no other: for everybody else the rows did not change."""
    batch, changed = Batch(), []
    for pk, sealed in found:
        try:
            changed.append(column.model(pk=pk, **{column.column: column.again(pk, sealed)}))
        except CannotUnseal:
            batch.lost.append(pk)
    if changed:
        column.model._base_manager.bulk_update(changed, [column.column])
    batch.sealed = len(changed)
    return batch
