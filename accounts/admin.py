"""The desk of IMI's one admin. Changes go through the services, so that the audit trail has them."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.forms.details import clean_name, time_zone_choices
from accounts.models import Appointment, AuditEvent, Organisation, OutboxMessage, StaffPlace, User, Vetting
from accounts.services import organisations, people
from accounts.services.organisations import PlaceRefused
from logbook_site.foundation.addresses import plain_address, validate_can_be_written_to
from logbook_site.foundation.desk import NoHistory, ReadOnly
from logbook_site.foundation.forms import one_line

# Secrets and network addresses of people, and a table that this site does not use.
for model in (EmailAddress, Authenticator, UserSession, Group):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class PersonForm(forms.ModelForm):
    time_zone = forms.ChoiceField(label=_("Time zone"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = time_zone_choices()

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean(self) -> dict:
        cleaned = super().clean()
        others = User.objects.filter(is_admin=True, is_active=True).exclude(pk=self.instance.pk)
        stays_admin = cleaned.get("is_admin") and cleaned.get("is_active")
        if self.initial.get("is_admin") and not stays_admin and not others.exists():
            raise forms.ValidationError(_("This is the last admin. Give the role to somebody else first."))
        return cleaned


@admin.register(User)
class PersonAdmin(NoHistory, admin.ModelAdmin):
    form = PersonForm
    list_display = [
        "name",
        "email",
        "is_mediator",
        "is_reviewer",
        "is_directory",
        "is_admin",
        "is_active",
        "joined_at",
    ]
    list_filter = ["is_mediator", "is_reviewer", "is_directory", "is_admin", "is_active"]
    search_fields = ["name", "email", "emailaddress__email"]
    ordering = ["name", "id"]
    fields = ["name", "email", "time_zone", *[f"is_{role.value}" for role in Role], "is_active", "joined_at"]
    readonly_fields = ["email", "joined_at"]
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People sign up themselves, so that the address is confirmed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        people.change_person(person=obj, by=request.user)


class OrganisationForm(forms.ModelForm):
    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Enter a name."))
        return name


@admin.register(Organisation)
class OrganisationAdmin(NoHistory, admin.ModelAdmin):
    """Access ends with `is_active` or after the last day, for all staff at once."""

    form = OrganisationForm
    list_display = ["name", "is_active", "active_until", "created_at"]
    list_filter = ["is_active"]
    search_fields = ["name"]
    ordering = ["name", "id"]
    fields = ["name", "is_active", "active_until"]
    actions = None

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        """Who could look, and when, stays known."""
        return False

    def save_model(
        self, request: HttpRequest, obj: Organisation, form: forms.ModelForm, change: bool
    ) -> None:
        organisations.save_organisation(organisation=obj, by=request.user)


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


@admin.register(Appointment)
class AppointmentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["mediator", "reviewer", "state", "created_at", "accepted_at", "ended_at"]
    list_filter = ["state"]
    list_select_related = ["mediator", "reviewer"]
    ordering = ["-created_at", "id"]


@admin.register(Vetting)
class VettingAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["reviewer_name", "state", "asked_at", "decided_at"]
    list_filter = ["state"]
    list_select_related = ["reviewer"]
    ordering = ["-asked_at"]

    @admin.display(description=_("Reviewer"))
    def reviewer_name(self, vetting: Vetting) -> str:
        return vetting.reviewer.name


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["id", "message", "state", "not_before", "attempts", "last_error", "finished_at"]
    list_filter = ["state"]
    ordering = ["-created_at", "id"]


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["at", "actor_id", "verb", "object_type", "object_id", "reason"]
    list_filter = ["verb"]
    search_fields = ["actor_id", "object_id"]
    date_hierarchy = "at"
