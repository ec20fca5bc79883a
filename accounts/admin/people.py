"""People: roles, and being active."""

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.forms.details import clean_name, time_zone_choices
from accounts.models import User
from accounts.services import access, people
from accounts.services.people import PersonRefused
from logbook_site.foundation.desk import InBulk, NoHistory, desk_filter, in_bulk


class PersonForm(forms.ModelForm):
    admin: User  # who changes it
    time_zone = forms.ChoiceField(label=_("Time zone"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = time_zone_choices()
        self.stored = User.objects.get(pk=self.instance.pk)

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean(self) -> dict:
        """What cannot be is said on the page. The service asks again: somebody may be faster."""
        cleaned = super().clean()
        try:
            people.refuse_to_shut_out(
                self.stored,
                stays_admin=cleaned.get("is_admin", False),
                stays_active=cleaned.get("is_active", False),
                by=self.admin,
            )
        except PersonRefused as refused:
            raise forms.ValidationError(refused.sentence) from None
        return cleaned


class PeopleList(ChangeList):
    """A name leads to the page with everything about this person; from there one comes to the form."""

    def url_for_result(self, result: User) -> str:
        return reverse("admin:person", args=[result.pk])


@admin.register(User)
class PersonAdmin(NoHistory, InBulk, admin.ModelAdmin):
    form = PersonForm
    list_display = ["name", "email", "roles_in_words", "is_active", "joined_at"]
    list_filter = [
        desk_filter(
            leaving=_("To be deleted"),
            access_ending=_("Access ends soon"),
            renamed_lately=_("Changed their name lately"),
        ),
        "is_mediator", "is_reviewer", "is_directory", "is_admin", "is_active",
    ]  # fmt: skip
    search_fields = ["name", "email", "emailaddress__email"]
    ordering = ["name", "id"]
    fields = ["name", "email", "time_zone", *[f"is_{role.value}" for role in Role], "is_active", "joined_at"]
    readonly_fields = ["email", "joined_at"]
    actions = ["deactivate", "activate", "give_a_year"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People sign up themselves, so that the address is confirmed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def get_changelist(self, request: HttpRequest, **kwargs) -> type[ChangeList]:
        return PeopleList

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.admin = request.user
        return form

    @admin.display(description=_("Roles"))
    def roles_in_words(self, person: User) -> str:
        return ", ".join(str(role.label) for role in Role if role in person.roles)

    def name_of(self, row: User) -> str:
        return f"{row.name} ({row.email})"

    @in_bulk(
        word=_("Close accounts"),
        sentence=_("They are signed out at once and cannot sign in. Nothing is deleted."),
        refusals=PersonRefused,
    )
    def deactivate(self, request: HttpRequest, person: User) -> None:
        people.set_active(person=person, active=False, by=request.user)

    @in_bulk(word=_("Open accounts again"), sentence=_("They can sign in as before."), refusals=PersonRefused)
    def activate(self, request: HttpRequest, person: User) -> None:
        people.set_active(person=person, active=True, by=request.user)

    @in_bulk(
        word=_("Give 12 months of access"),
        sentence=_("The months count from the end of the access they have now, else from today."),
    )
    def give_a_year(self, request: HttpRequest, person: User) -> None:
        access.grant_access(to=person, months=12, by=request.user)

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        people.change_person(person=obj, by=request.user)
