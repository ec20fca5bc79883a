"""At the desk of IMI's one admin: checks of Reviewers, and how far Feedback Digests are. Not a word of a digest."""

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Case, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.choices import VettingState
from accounts.models import Vetting
from logbook_site.foundation.desk import InBulk, ReadOnly, desk_filter, in_bulk
from reviewers.models import Digest
from reviewers.services import appointing


class VettingList(ChangeList):
    """A name leads to the page on which one decides."""

    def url_for_result(self, result: Vetting) -> str:
        return reverse("vetting", args=[result.pk])


@admin.register(Vetting)
class VettingAdmin(ReadOnly, InBulk, admin.ModelAdmin):
    """Who has waited longest stands first."""

    list_display = fields = ["reviewer_name", "state", "asked_at", "decided_at"]
    list_filter = [desk_filter(waiting=_("Waiting for a check")), "state"]
    list_select_related = ["reviewer"]
    search_fields = ["reviewer__name", "reviewer__email"]
    ordering = [Case(When(state=VettingState.WAITING, then=0), default=1), "asked_at", "pk"]
    actions = ["vet", "refuse"]

    def get_changelist(self, request: HttpRequest, **kwargs) -> type[ChangeList]:
        return VettingList

    def name_of(self, row: Vetting) -> str:
        return f"{row.reviewer.name} ({row.reviewer.email})"

    @admin.display(description=_("Reviewer"), ordering="reviewer__name")
    def reviewer_name(self, vetting: Vetting) -> str:
        return vetting.reviewer.name

    @in_bulk(
        word=_("Checked"),
        sentence=_("They read all feedback about each mediator who names them. They are told by e-mail."),
    )
    def vet(self, request: HttpRequest, vetting: Vetting) -> None:
        appointing.vet(reviewer=vetting.reviewer, by=request.user)

    @in_bulk(word=_("Refuse"), sentence=_("They read no feedback about anybody. They are told by e-mail."))
    def refuse(self, request: HttpRequest, vetting: Vetting) -> None:
        appointing.refuse(reviewer=vetting.reviewer, by=request.user)


@admin.register(Digest)
class DigestAdmin(ReadOnly, admin.ModelAdmin):
    """States and dates: a draft is its Reviewer's, and the mediator's comment is for the Reviewer."""

    list_display = fields = ["mediator", "reviewer", "state", "created_at", "facts_until", "final_at"]
    list_display_links = None
    list_filter = ["state"]
    list_select_related = ["mediator", "reviewer"]
    search_fields = ["mediator__name", "mediator__email"]
    ordering = ["-created_at", "id"]
    actions = None
