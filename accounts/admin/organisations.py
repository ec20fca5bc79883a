"""Organisations with directory access, and the places of their staff."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, StaffPlace
from accounts.services import organisations
from accounts.services.organisations import PlaceRefused
from logbook_site.foundation.addresses import plain_address, validate_can_be_written_to
from logbook_site.foundation.desk import InBulk, NoHistory, desk_filter, in_bulk
from logbook_site.foundation.forms import one_line


class OrganisationForm(forms.ModelForm):
    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Enter a name."))
        return name


@admin.register(Organisation)
class OrganisationAdmin(NoHistory, InBulk, admin.ModelAdmin):
    """Access ends with `is_active` or after the last day, for all staff at once."""

    form = OrganisationForm
    list_display = ["name", "is_active", "active_until", "created_at"]
    list_filter = [desk_filter(ending=_("Access ends soon")), "is_active"]
    search_fields = ["name"]
    ordering = ["name", "id"]
    fields = ["name", "is_active", "active_until"]
    actions = ["end_access"]

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        """Who could look, and when, stays known."""
        return False

    def save_model(
        self, request: HttpRequest, obj: Organisation, form: forms.ModelForm, change: bool
    ) -> None:
        organisations.save_organisation(organisation=obj, by=request.user)

    @in_bulk(
        word=_("End access"),
        sentence=_("Nobody of their staff can look up mediators from now on. Their places stay."),
    )
    def end_access(self, request: HttpRequest, organisation: Organisation) -> None:
        organisations.end_access(organisation=organisation, by=request.user)


class InviteStaffForm(forms.ModelForm):
    """What cannot be is said beside the field."""

    class Meta:
        model = StaffPlace
        fields = ["organisation", "invite_email"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.with_access().order_by("name")
        self.fields["invite_email"].required = True
        self.fields["invite_email"].validators.append(validate_can_be_written_to)

    def clean(self) -> dict:
        cleaned = super().clean()
        if not self.errors:
            cleaned["invite_email"] = plain_address(cleaned["invite_email"])
            try:
                organisations.refuse_idle_invitation(cleaned["organisation"], cleaned["invite_email"])
            except PlaceRefused as refused:
                self.add_error("invite_email", refused.sentence)
        return cleaned


class StaffPlaceForm(forms.ModelForm):
    end_now = forms.BooleanField(
        label=_("End this place now"),
        help_text=_("Access ends at once. An invitation that waits is taken back."),
        required=False,
    )

    class Meta:
        model = StaffPlace
        fields: list[str] = []


@admin.register(StaffPlace)
class StaffPlaceAdmin(NoHistory, admin.ModelAdmin):
    list_display = ["organisation", "who", "state", "created_at", "accepted_at", "ended_at"]
    list_filter = ["state", "organisation"]
    list_select_related = ["organisation", "person"]
    search_fields = ["organisation__name", "person__name"]
    ordering = ["organisation__name", "-created_at", "id"]
    actions = None

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: StaffPlace | None = None) -> list[str]:
        if obj is None:
            return ["organisation", "invite_email"]
        return [*self.get_readonly_fields(request, obj), "end_now"]

    def get_readonly_fields(self, request: HttpRequest, obj: StaffPlace | None = None) -> list[str]:
        if obj is None:
            return []
        return ["organisation", "who", "state", "created_at", "expires_at", "accepted_at", "ended_at"]

    def get_form(self, request: HttpRequest, obj: StaffPlace | None = None, change: bool = False, **kwargs):
        return InviteStaffForm if obj is None else StaffPlaceForm

    @admin.display(description=_("Who"))
    def who(self, place: StaffPlace) -> str:
        return place.person.name if place.person else place.invite_email

    def save_model(self, request: HttpRequest, obj: StaffPlace, form: forms.ModelForm, change: bool) -> None:
        if not change:
            invited = organisations.invite_staff(
                organisation=obj.organisation, email=obj.invite_email, by=request.user
            )
            obj.pk = invited.pk
        elif form.cleaned_data["end_now"]:
            organisations.end_place(place=obj, by=request.user)
