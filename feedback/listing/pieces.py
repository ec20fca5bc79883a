"""My Feedback, as its reader asked for it: the same for the page, the export and the print."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import ngettext

from accounts.services.people import remember_page_size
from feedback import facts
from feedback.filters import PieceFilter
from feedback.models import Feedback
from feedback.summaries import SurveySummary, summaries_of
from logbook_site.foundation.lists import PAGE_SIZES, USUAL_PAGE_SIZE, Asked, FilteredList

LIST = "feedback"
# By the random id alone: every other order would tell, or let somebody guess, which piece came first.
ORDERS = {"id": "id"}


class Card:
    """One piece among others: what its party wrote. No name, no day, no year, and not how it came.

    Nor in which language the form was: words in another one would tell whose they are.
    """

    def __init__(self, piece: Feedback) -> None:
        self.piece = piece
        self.about = facts.about(piece)
        self.party_role = facts.party_role(piece).answer
        self.texts = facts.texts(piece)
        self.may_quote = facts.may_quote(piece)
        self.parts = facts.parts(piece)


class FeedbackListing:
    def __init__(self, request: HttpRequest) -> None:
        self.person = request.user
        self.asked = Asked(
            request.GET,
            filterset=PieceFilter,
            sorts=ORDERS,
            usual_sort="id",
            page_size=self.person.page_sizes.get(LIST, USUAL_PAGE_SIZE),
        )
        self.visible = Feedback.objects.visible_to(self.person)
        self.filtered = FilteredList(
            self.asked, rows=self.visible, filterset=PieceFilter, orders=ORDERS, ties=("id",)
        )

    @cached_property
    def summaries(self) -> list[SurveySummary]:
        """Of everything that is shared, whatever words the list below is searched for."""
        return summaries_of(self.visible)

    @cached_property
    def number(self) -> int:
        return sum(summary.number for summary in self.summaries)

    @cached_property
    def page(self):
        page = self.filtered.page(self.filtered.view.count())
        page.object_list = [Card(piece) for piece in page.object_list]
        return page

    def count_line(self) -> str:
        """“22 pieces”, of the view."""
        number = self.page.paginator.count
        return ngettext("%(number)d piece", "%(number)d pieces", number) % {"number": number}

    def remember_page_size(self) -> None:
        if self.asked.page_size != self.person.page_sizes.get(LIST, USUAL_PAGE_SIZE):
            remember_page_size(person=self.person, name=LIST, size=self.asked.page_size)

    def context(self) -> dict[str, object]:
        return {
            "listing": self,
            "asked": self.asked,
            "page": self.page,
            "chips": self.filtered.chips,
            "filter_form": self.filtered.filterset.form,
            "page_sizes": PAGE_SIZES,
            "fewest": settings.FEEDBACK_MIN_SHARED,
        }
