"""Feedback at the desk of IMI's one admin: states, what parties said, reports, and, with a reason, who said it.

Notes of mediators, answers that wait for their confirmation, and notices have no page here.
"""

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback import facts
from feedback.choices import ReportState
from feedback.models import Feedback, FeedbackReport, FeedbackRequest, Respondent, Suppression
from feedback.services import answers, pieces
from logbook_site.foundation.desk import ReadOnly, desk_filter


class ReasonForm(forms.Form):
    """An audit trail is no use without why. The length is that of its column."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class AddressForm(forms.Form):
    address = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)


class WithPage(ReadOnly, admin.ModelAdmin):
    """A list to look at, and one page more that does something, for one object or for none."""

    actions = None
    page_name: str  # the end of its address, and of its name
    page_takes_object = True

    def get_urls(self) -> list[URLPattern]:
        options = self.opts
        start = "<uuid:object_id>/" if self.page_takes_object else ""
        view = self.admin_site.admin_view(self.page)
        name = f"{options.app_label}_{options.model_name}_{self.page_name}"
        return [path(f"{start}{self.page_name}/", view, name=name), *super().get_urls()]

    def page(self, request: HttpRequest, **kwargs) -> HttpResponse:
        raise NotImplementedError

    def address_of_page(self, stored) -> str:
        options = self.opts
        return reverse(f"admin:{options.app_label}_{options.model_name}_{self.page_name}", args=[stored.pk])

    def ask(
        self, request: HttpRequest, form: forms.Form, *, title: str, sentence: str, button: str, shown=()
    ) -> HttpResponse:
        """A page with a sentence, a form with one field, and what the form gave access to (label, text)."""
        context = {
            "opts": self.opts,
            "list_address": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"),
            "title": title, "sentence": sentence, "form": form, "button": button, "shown": shown,
        }  # fmt: skip
        return TemplateResponse(request, "admin/feedback/ask.html", context)


@admin.register(FeedbackRequest)
class FeedbackRequestAdmin(ReadOnly, admin.ModelAdmin):
    """States only: whom a mediator asked is nobody else's."""

    list_display = fields = [
        "mediator", "kind", "created_at", "link_ends_at", "link_state", "cancelled_at", "is_lost",
    ]  # fmt: skip
    list_display_links = None
    list_filter = [
        desk_filter(lost_lately=gettext_lazy("Lost lately")), "kind", "link_state", "is_lost",
    ]  # fmt: skip
    list_select_related = ["mediator"]
    ordering = ["-created_at", "id"]
    actions = None


class NotAboutOneself(WithPage):
    """An admin who mediates, too, has no way to what parties said about them: another admin does it."""

    mediator: str  # the way to whom a row is about

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).exclude(**{self.mediator: request.user})


@admin.register(Feedback)
class FeedbackAdmin(NotAboutOneself):
    mediator = "mediator"
    list_display = ["id", "mediator", "survey", "shared", "invited", "is_released"]
    list_filter = ["survey", "shared", "invited"]
    list_select_related = ["mediator"]
    search_fields = ["mediator__name", "mediator__email"]
    ordering = ["id"]
    fields = readonly_fields = [
        "mediator", "survey", "year", "invited", "shared", "is_released", "party_role_in_words", "language",
        "answers_in_words", "texts_in_words", "withdraw_link",
    ]  # fmt: skip
    page_name = "withdraw"

    @admin.display(description=gettext_lazy("Released"), boolean=True)
    def is_released(self, piece: Feedback) -> bool:
        return piece.release_on is None

    @admin.display(description=gettext_lazy("Role of the party"))
    def party_role_in_words(self, piece: Feedback) -> str:
        return facts.party_role(piece).answer or str(facts.SKIPPED)

    @admin.display(description=gettext_lazy("Answers"))
    def answers_in_words(self, piece: Feedback) -> str:
        return _listed(answer for part in facts.parts(piece) for answer in part.answers)

    @admin.display(description=gettext_lazy("In their words"))
    def texts_in_words(self, piece: Feedback) -> str:
        return _listed([*facts.texts(piece), facts.may_quote(piece)])

    @admin.display(description=gettext_lazy("Withdraw"))
    def withdraw_link(self, piece: Feedback) -> str:
        return _link(self.address_of_page(piece), _("Withdraw this piece"))

    def page(self, request: HttpRequest, object_id) -> HttpResponse:
        piece = get_object_or_404(self.get_queryset(request), pk=object_id)
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            pieces.withdraw_piece(piece=piece, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, _("The piece is withdrawn."))
            return redirect("admin:feedback_feedback_changelist")
        return self.ask(
            request,
            form,
            title=_("Withdraw this piece?"),
            sentence=_(
                "Then nobody can read it any more: not the mediator, not the Reviewer, not you. It cannot be "
                "brought back. Your reason is kept in the audit trail: write no names and nothing of its text."
            ),
            button=_("Withdraw"),
        )


class AboutAPiece(NotAboutOneself):
    """Rows that hang on a piece of feedback: whose it is, and the way to it."""

    mediator = "feedback__mediator"
    list_select_related = ["feedback__mediator"]

    @admin.display(description=gettext_lazy("Mediator"))
    def mediator_name(self, row: FeedbackReport | Respondent) -> str:
        return row.feedback.mediator.name

    @admin.display(description=gettext_lazy("Feedback"))
    def piece_link(self, row: FeedbackReport | Respondent) -> str:
        address = reverse("admin:feedback_feedback_change", args=[row.feedback_id])
        return _link(address, _("Read the piece"))


@admin.register(FeedbackReport)
class FeedbackReportAdmin(AboutAPiece):
    list_display = ["id", "state", "mediator_name", "created_at"]
    list_filter = [desk_filter(open=gettext_lazy("Waiting"))]
    # Those that wait first.
    ordering = ["state", "created_at", "id"]
    fields = readonly_fields = ["mediator_name", "created_at", "state", "reason", "piece_link", "settle_link"]
    page_name = "settle"

    @admin.display(description=gettext_lazy("Settle"))
    def settle_link(self, report: FeedbackReport) -> str:
        if report.state != ReportState.OPEN:
            return ""
        return _link(self.address_of_page(report), _("Leave the piece as it is"))

    def page(self, request: HttpRequest, object_id) -> HttpResponse:
        report = get_object_or_404(self.get_queryset(request), pk=object_id, state=ReportState.OPEN)
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            pieces.settle_report(report=report, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, _("The report is settled."))
            return redirect("admin:feedback_feedbackreport_changelist")
        return self.ask(
            request,
            form,
            title=_("Leave the piece as it is?"),
            sentence=_("The report is closed, and the piece stays. Your reason is kept in the audit trail."),
            button=_("Settle the report"),
        )


@admin.register(Respondent)
class RespondentAdmin(AboutAPiece):
    """Who left a piece is shown for one piece at a time, for a reason, and each look is in the audit trail."""

    list_display = ["id", "mediator_name", "erase_on"]
    ordering = ["id"]
    fields = readonly_fields = ["id", "mediator_name", "piece_link", "erase_on", "show_link"]
    page_name = "show"

    @admin.display(description=gettext_lazy("Name and e-mail"))
    def show_link(self, respondent: Respondent) -> str:
        return _link(self.address_of_page(respondent), _("Show who this is"))

    def page(self, request: HttpRequest, object_id) -> HttpResponse:
        respondent = get_object_or_404(self.get_queryset(request), pk=object_id)
        form = ReasonForm(request.POST or None)
        shown = ()
        if request.method == "POST" and form.is_valid():
            name, email = pieces.look_at_respondent(
                respondent=respondent, by=request.user, reason=form.cleaned_data["reason"]
            )
            shown = ((_("Name"), name or _("Not given")), (_("E-mail address"), email or _("Not given")))
            form = ReasonForm()
        return self.ask(
            request,
            form,
            title=_("Show who this is?"),
            sentence=_(
                "This person trusted that nobody looks without need. Your look and its reason are kept in the "
                "audit trail: write no names."
            ),
            button=_("Show"),
            shown=shown,
        )


@admin.register(Suppression)
class SuppressionAdmin(WithPage):
    """Only hashes: who is on the list is not known here either. Somebody may ask to be asked again."""

    list_display = ["address_hash"]
    fields = readonly_fields = ["address_hash", "find_link"]
    ordering = ["address_hash"]
    page_name = "ask-again"
    page_takes_object = False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return True

    @admin.display(description=gettext_lazy("Whose is it?"))
    def find_link(self, _suppression: Suppression) -> str:
        address = reverse("admin:feedback_suppression_ask-again")
        return _link(address, _("Nobody can tell. Take an address off this list"))

    def page(self, request: HttpRequest) -> HttpResponse:
        form = AddressForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            was_there = answers.ask_again(address=form.cleaned_data["address"])
            sentence = _("This address can be asked again.") if was_there else _("This address is not here.")
            messages.success(request, sentence)
            return redirect("admin:feedback_suppression_changelist")
        return self.ask(
            request,
            form,
            title=_("Take an address off this list"),
            sentence=_("Only if its owner wrote to you from this very address. It is not kept."),
            button=_("Take it off"),
        )


def _listed(found) -> str:
    """Questions and answers, one below the other."""
    rows = ((each.question, each.answer or facts.SKIPPED) for each in found)
    return format_html("<dl>{}</dl>", format_html_join("", "<dt>{}</dt><dd>{}</dd>", rows))


def _link(address: str, words: str) -> str:
    return format_html('<a href="{}">{}</a>', address, words)
