"""The lists of a Reviewer, as they asked for them: the same for the page, the export and the print."""

from itertools import groupby
from typing import NamedTuple

from django.db.models.functions import Lower
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import VettingState
from accounts.models import User
from accounts.services.people import remember_page_size
from feedback import facts
from feedback.choices import ActedAs, YesNo
from feedback.models import Feedback
from feedback.summaries import SurveySummary, summaries_by_year, summaries_of
from feedback.surveys import SURVEYS
from logbook_site.foundation.languages import language_name
from logbook_site.foundation.lists import PAGE_SIZES, USUAL_PAGE_SIZE, Asked, FilteredList
from reviewers.filters import MediatorFilter, ReviewFilter, UncheckedFilter
from reviewers.querysets import feedback_read_by, mediators_of, vetting_of
from reviewers.summaries import reviewed

LIST = "review"
NAMES = {"name": Lower("name")}
# Within a year by the random id alone: every other order would tell which piece came first.
YEARS = {"year": "year"}
UNCHECKED = {"id": "id"}


class MediatorsListing:
    """The mediators who named this Reviewer."""

    def __init__(self, request: HttpRequest) -> None:
        self.person = request.user
        self.asked = Asked(
            request.GET,
            filterset=MediatorFilter,
            sorts=NAMES,
            usual_sort="name",
            page_size=self.person.page_sizes.get(LIST, USUAL_PAGE_SIZE),
        )
        mediators = mediators_of(self.person).select_related("mediator_profile")
        self.filtered = FilteredList(
            self.asked, rows=mediators, filterset=MediatorFilter, orders=NAMES, ties=("id",)
        )

    @cached_property
    def page(self):
        page = self.filtered.page(self.filtered.view.count())
        page.object_list = reviewed(page.object_list, by=self.person)
        return page

    def remember_page_size(self) -> None:
        if self.asked.page_size != self.person.page_sizes.get(LIST, USUAL_PAGE_SIZE):
            remember_page_size(person=self.person, name=LIST, size=self.asked.page_size)

    def context(self) -> dict[str, object]:
        return {
            "asked": self.asked,
            "page": self.page,
            "chips": self.filtered.chips,
            "filter_form": self.filtered.filterset.form,
            "page_sizes": PAGE_SIZES,
        }


class Comment:
    """One piece among others: what its party wrote. No name, no day, and not when the mediator gets it.

    Whom IMI has not checked may be a second mailbox of the mediator's: they get what My Feedback shows, and neither
    the year nor how the piece came.
    """

    def __init__(self, piece: Feedback, *, is_checked: bool) -> None:
        self.piece = piece
        self.year = piece.year if is_checked else None
        self.is_not_invited = is_checked and not piece.invited
        self.about = facts.about(piece)
        # Most feedback is about a mediator: only the other is said each time.
        self.is_about_advocate = SURVEYS[piece.survey].acted_as == ActedAs.ADVOCATE
        self.party_role = facts.party_role(piece).answer
        # Of the form: words in another one would tell the mediator whose they are.
        self.language_code = piece.language if is_checked else ""
        self.language = language_name(self.language_code)
        self.texts = facts.texts(piece)
        self.may_be_quoted = piece.may_quote == YesNo.YES

    @property
    def parts(self) -> list[facts.Part]:
        """All other answers; the list does without them."""
        return facts.parts(self.piece)


class Year(NamedTuple):
    year: int | None  # None: all of them, for whom IMI has not checked
    summaries: list[SurveySummary]
    comments: list[Comment]
    without_words: list[Comment]

    @property
    def number(self) -> int:
        return len(self.comments) + len(self.without_words)


class ReviewListing:
    """All that a Reviewer may read about one mediator, year by year. One page, however long."""

    def __init__(self, request: HttpRequest, mediator: User) -> None:
        self.mediator = mediator
        self.vetting = vetting_of(request.user)
        self.is_checked = self.vetting == VettingState.VETTED
        filterset = ReviewFilter if self.is_checked else UncheckedFilter
        orders, usual = (YEARS, "-year") if self.is_checked else (UNCHECKED, "id")
        self.asked = Asked(request.GET, filterset=filterset, sorts=orders, usual_sort=usual)
        readable = feedback_read_by(request.user).filter(mediator=mediator)
        self.filtered = FilteredList(
            self.asked,
            rows=readable,
            filterset=filterset,
            orders=orders,
            ties=("id",),
            choices=lambda: {"year": self._years_offered(readable)} if self.is_checked else {},
        )

    def _years_offered(self, readable) -> list[tuple[str, str]]:
        """The years of the feedback, and those asked for, to choose from."""
        years = set(readable.order_by().values_list("year", flat=True).distinct())
        years |= {int(year) for year in self.asked.filters.getlist("year")}
        return [(str(year), str(year)) for year in sorted(years, reverse=True)]

    @cached_property
    def years(self) -> list[Year]:
        """What is in view, in the order asked for. The numbers are of the view, too."""
        view = self.filtered.view
        summaries = summaries_by_year(view) if self.is_checked else {None: summaries_of(view)}
        pieces = (Comment(piece, is_checked=self.is_checked) for piece in self.filtered.ordered)
        found = []
        for year, of_year in groupby(pieces, key=lambda comment: comment.year):
            comments = list(of_year)
            with_words = [comment for comment in comments if comment.texts]
            without = [comment for comment in comments if not comment.texts]
            found.append(Year(year, summaries.get(year, []), with_words, without))
        return found

    @property
    def number(self) -> int:
        return sum(year.number for year in self.years)

    def count_line(self) -> str:
        """“34 pieces”, of the view."""
        return ngettext("%(number)d piece", "%(number)d pieces", self.number) % {"number": self.number}

    def sorts(self) -> list[tuple[str, str]]:
        if not self.is_checked:
            return []
        return [("-year", _("Newest year first")), ("year", _("Oldest year first"))]

    def context(self) -> dict[str, object]:
        return {
            "listing": self,
            "mediator": self.mediator,
            "vetting": self.vetting,
            "asked": self.asked,
            "chips": self.filtered.chips,
            "filter_form": self.filtered.filterset.form,
        }
