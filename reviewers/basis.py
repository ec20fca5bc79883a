"""What a digest rests on: how many answers, of which years. The same sentence on screen, on paper and to copy."""

from collections import Counter
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.querysets import FeedbackQuerySet
from reviewers.models import Digest

# A mediator knows whom they asked about which year: of fewer answers, the year would say who answered.
YEAR_TOLD_FROM = 3


class Basis(NamedTuple):
    ids: list[UUID]
    first_year: int | None
    last_year: int | None

    @property
    def line(self) -> str:
        """“Based on 12 answers, 2024–2026 (years with three answers or more)”."""
        number = len(self.ids)
        if not number:
            return _("Not based on any answers yet")
        if self.last_year is None:  # too few in each; nor told to a Reviewer whom IMI has not checked
            sentence = ngettext("Based on %(number)d answer", "Based on %(number)d answers", number)
            return sentence % {"number": number}
        sentence = ngettext(
            "Based on %(number)d answer, %(years)s (years with three answers or more)",
            "Based on %(number)d answers, %(years)s (years with three answers or more)",
            number,
        )
        one_year = self.first_year == self.last_year
        years = str(self.last_year) if one_year else f"{self.first_year}–{self.last_year}"
        return sentence % {"number": number, "years": years}


def basis_of(pieces: FeedbackQuerySet) -> Basis:
    """Of the pieces as they are at this moment, and of the years that hold enough of them.

    What waits for the slot of the day is not counted: two versions of one day would tell who answered between them.
    """
    rows = list(pieces.filter(release_on=None).values_list("id", "year"))
    numbers = Counter(year for _id, year in rows)
    years = [year for year, number in numbers.items() if number >= YEAR_TOLD_FROM]
    return Basis([id for id, _year in rows], min(years, default=None), max(years, default=None))


def kept_basis(digest: Digest) -> Basis:
    """As it was when the digest left the Reviewer's hands."""
    return Basis(digest.based_on, digest.first_year, digest.last_year)
