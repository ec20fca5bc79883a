"""Who reviews whom, and whom IMI has checked: to look at. Answers are given on pages of their own."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.models import Appointment, Vetting
from logbook_site.foundation.desk import ReadOnly


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
