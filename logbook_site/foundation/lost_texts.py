"""Sealed texts that cannot be opened any more: what stands in their place, and how forms leave them alone.

The bytes are never thrown away by a form that could not show them: the key may be found again.
"""

import logging

from django import forms
from django.db.models import Model
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from logbook_site.foundation.sealing import CannotUnseal

logger = logging.getLogger(__name__)

CANNOT_BE_OPENED = _("This text cannot be opened any more: its key is missing.")
LEAVE_EMPTY = format_lazy(
    "{} {}",
    CANNOT_BE_OPENED,
    _("Leave this empty to keep it stored as it is. What you write here replaces it."),
)


def is_lost(row: Model, name: str) -> bool:
    """True for a sealed text of `row` that no key opens."""
    try:
        getattr(row, name)
    except CannotUnseal:
        logger.error("A text cannot be opened: %s of a %s", name, row._meta.label)
        return True
    return False


def readable(row: Model, name: str) -> str:
    """The sealed text, or the sentence in its place. To be read, never to be stored."""
    return str(CANNOT_BE_OPENED) if is_lost(row, name) else getattr(row, name)


class LeavesLostTexts(forms.BaseForm):
    """A form with sealed texts: one that is lost is empty in it, and stays as it is if nothing is written."""

    lost: list[str] = []

    def find_lost(self, row: Model, names: list[str]) -> None:
        """The form says itself what it could not show: when it is sent, the key may be back."""
        self.lost = [name for name in names if f"{name}_kept" in self.data or is_lost(row, name)]
        for name in self.lost:
            self.fields[name].help_text = LEAVE_EMPTY

    def leaves(self, name: str) -> bool:
        """True if this text is lost and nothing was written in its place."""
        return name in self.lost and not self.cleaned_data.get(name)
