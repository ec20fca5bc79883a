"""Paid access at the desk: codes, products and orders of the shop, and what was granted."""

from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AccessCode, AccessGrant, CodeBatch, OrderLine, ShopProduct, User
from accounts.services import codes, orders
from accounts.services.codes import MOST_CODES, spelled, understood
from logbook_site.foundation import clock
from logbook_site.foundation.desk import InBulk, NoHistory, ReadOnly, desk_filter, in_bulk
from logbook_site.foundation.forms import one_line
from logbook_site.foundation.spreadsheets import csv_response

CODES = "admin:accounts_codebatch_codes"


class NewBatchForm(forms.ModelForm):
    number = forms.IntegerField(
        label=gettext_lazy("Number of codes"), min_value=1, max_value=MOST_CODES, initial=1
    )

    class Meta:
        model = CodeBatch
        fields = ["label", "number", "months", "uses_each", "last_day"]

    def clean_label(self) -> str:
        label = one_line(self.cleaned_data["label"])
        if not label:
            raise forms.ValidationError(_("Say for whom the codes are."))
        return label

    def clean_last_day(self):
        last_day = self.cleaned_data["last_day"]
        if last_day and last_day < clock.today():
            raise forms.ValidationError(_("This day is over. Enter a later one, or leave it empty."))
        return last_day


class BatchForm(forms.ModelForm):
    switch_off = forms.BooleanField(
        label=gettext_lazy("Switch these codes off"),
        help_text=gettext_lazy("Nobody can use them from now on. Access that they gave stays."),
        required=False,
    )

    class Meta:
        model = CodeBatch
        fields: list[str] = []


@admin.register(CodeBatch)
class CodeBatchAdmin(NoHistory, admin.ModelAdmin):
    list_display = ["label", "number", "used", "months", "uses_each", "last_day", "made_at"]
    search_fields = ["label"]
    ordering = ["-made_at", "id"]
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(number=Count("codes"), used=Sum("codes__uses"))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.codes)
        return [path("<uuid:batch_id>/codes/", view, name="accounts_codebatch_codes"), *super().get_urls()]

    def codes(self, request: HttpRequest, batch_id: UUID) -> HttpResponseBase:
        """To hand on: one code a line."""
        batch = get_object_or_404(CodeBatch, pk=batch_id)
        rows = (
            [spelled(code), uses] for code, uses in batch.codes.order_by("code").values_list("code", "uses")
        )
        return csv_response("access-codes.csv", [_("Access code"), _("Uses")], rows)

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        """What was granted with a code stays explained by it."""
        return False

    def get_fields(self, request: HttpRequest, obj: CodeBatch | None = None) -> list[str]:
        if obj is None:
            return NewBatchForm.Meta.fields
        return [*self.get_readonly_fields(request, obj), "switch_off"]

    def get_readonly_fields(self, request: HttpRequest, obj: CodeBatch | None = None) -> list[str]:
        if obj is None:
            return []
        return ["label", "number", "used", "months", "uses_each", "last_day", "made_at", "its_codes"]

    def get_form(self, request: HttpRequest, obj: CodeBatch | None = None, change: bool = False, **kwargs):
        return NewBatchForm if obj is None else BatchForm

    @admin.display(description=gettext_lazy("Codes"))
    def number(self, batch: CodeBatch) -> int:
        return batch.number

    @admin.display(description=gettext_lazy("Uses so far"))
    def used(self, batch: CodeBatch) -> int:
        return batch.used

    @admin.display(description=gettext_lazy("The codes"))
    def its_codes(self, batch: CodeBatch) -> str:
        listed = f"{reverse('admin:accounts_accesscode_changelist')}?batch__id__exact={batch.pk}"
        as_file = reverse(CODES, args=[batch.pk])
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a>', listed, _("See them"), as_file, _("Download as CSV")
        )

    def save_model(self, request: HttpRequest, obj: CodeBatch, form: forms.ModelForm, change: bool) -> None:
        if not change:
            codes.make_codes(batch=obj, number=form.cleaned_data["number"], by=request.user)
        elif form.cleaned_data["switch_off"]:
            codes.switch_off(batch=obj, by=request.user)

    def response_add(self, request: HttpRequest, obj: CodeBatch, post_url_continue=None) -> HttpResponse:
        """To the page that leads to the codes."""
        return redirect("admin:accounts_codebatch_change", obj.pk)


@admin.register(AccessCode)
class AccessCodeAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["as_people_read_it", "batch", "uses"]
    list_display_links = None
    list_filter = [("batch", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["batch"]
    search_fields = ["code"]
    search_help_text = gettext_lazy("Capitals, spaces and hyphens do not matter.")
    ordering = ["code"]
    list_per_page = 250

    @admin.display(description=gettext_lazy("Access code"), ordering="code")
    def as_people_read_it(self, code: AccessCode) -> str:
        return spelled(code.code)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """One comes here from a batch; beside "Access codes" in the menu it would say the same again."""
        return False

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str):
        return super().get_search_results(request, queryset, understood(search_term))


@admin.register(AccessGrant)
class AccessGrantAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["person", "months", "granted_on", "source", "ended_at"]
    list_filter = ["source", ("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["person"]
    search_fields = ["person__name", "person__email"]
    ordering = ["-granted_on", "id"]


@admin.register(ShopProduct)
class ShopProductAdmin(NoHistory, admin.ModelAdmin):
    """An order of a variation is looked up by the number of the variation first, then by that of its product."""

    list_display = ["product_id", "name", "months"]
    ordering = ["product_id"]
    actions = None

    def save_model(self, request: HttpRequest, obj: ShopProduct, form: forms.ModelForm, change: bool) -> None:
        orders.save_product(product=obj, by=request.user)

    def delete_model(self, request: HttpRequest, obj: ShopProduct) -> None:
        orders.delete_product(product=obj, by=request.user)


class OrderLineForm(forms.ModelForm):
    give_to = forms.EmailField(
        label=gettext_lazy("Give it to"),
        help_text=gettext_lazy("The e-mail address of an account here, if the buyer used another one."),
        required=False,
    )

    class Meta:
        model = OrderLine
        fields: list[str] = []

    def clean_give_to(self) -> User | None:
        address = self.cleaned_data["give_to"]
        person = User.objects.with_confirmed_address(address).first() if address else None
        if address and person is None:
            raise forms.ValidationError(_("Nobody has confirmed this address here."))
        return person


@admin.register(OrderLine)
class OrderLineAdmin(NoHistory, InBulk, admin.ModelAdmin):
    """To look at; one that waits can be given to somebody, one that was refunded in part can be settled."""

    list_display = ["order_id", "line_id", "state", "partly_refunded", "months", "email", "received_at"]
    list_filter = [
        desk_filter(
            waiting_long=gettext_lazy("Waits for its buyer"),
            refunded_in_part=gettext_lazy("Refunded in part"),
        ),
        "state",
        "partly_refunded",
    ]
    search_fields = ["=order_id", "email", "grant__person__email", "grant__person__name"]
    ordering = ["-received_at", "id"]
    actions = ["keep"]
    form = OrderLineForm
    shown = [
        "order_id", "line_id", "state", "partly_refunded", "months", "email", "received_at", "given_to",
    ]  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: OrderLine | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.state in orders.OPEN_TO_GIVE)

    def get_readonly_fields(self, request: HttpRequest, obj: OrderLine | None = None) -> list[str]:
        return self.shown

    def get_fields(self, request: HttpRequest, obj: OrderLine | None = None) -> list[str]:
        return [*self.shown, "give_to"] if self.has_change_permission(request, obj) else self.shown

    @in_bulk(
        word=gettext_lazy("Keep the access after a partial refund"),
        sentence=gettext_lazy("The access stays as it is, and the desk does not ask any more."),
    )
    def keep(self, request: HttpRequest, line: OrderLine) -> None:
        orders.keep_access(line=line, by=request.user)

    @admin.display(description=gettext_lazy("Given to"))
    def given_to(self, line: OrderLine) -> str:
        return line.grant.person.name if line.grant else "–"

    def save_model(self, request: HttpRequest, obj: OrderLine, form: forms.ModelForm, change: bool) -> None:
        if not form.cleaned_data["give_to"]:
            return
        try:
            orders.give_order(line=obj, to=form.cleaned_data["give_to"], by=request.user)
        except orders.OrderRefused as refused:  # settled while the page was open
            messages.error(request, refused.sentence)
