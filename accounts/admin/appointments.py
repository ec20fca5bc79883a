"""Who reviews whom: to look at. Answers are given on pages of their own; IMI's checks are in `reviewers/admin.py`."""

from django.contrib import admin

from accounts.models import Appointment
from logbook_site.foundation.desk import ReadOnly


@admin.register(Appointment)
class AppointmentAdmin(ReadOnly, admin.ModelAdmin):
    """Without the address of somebody who is invited: it is the mediator's."""

    list_display = fields = ["mediator", "reviewer", "state", "created_at", "accepted_at", "ended_at"]
    list_filter = ["state"]
    search_fields = ["mediator__name", "mediator__email", "reviewer__name", "reviewer__email"]
    list_select_related = ["mediator", "reviewer"]
    ordering = ["-created_at", "id"]
