"""People: roles, and being active."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.forms.details import clean_name, time_zone_choices
from accounts.models import User
from accounts.services import people
from logbook_site.foundation.desk import NoHistory


class PersonForm(forms.ModelForm):
    time_zone = forms.ChoiceField(label=_("Time zone"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = time_zone_choices()

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean(self) -> dict:
        cleaned = super().clean()
        others = User.objects.staying().filter(is_admin=True).exclude(pk=self.instance.pk)
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
