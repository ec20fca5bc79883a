"""What was mailed, what was worked on, and who did what: to look at."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEvent, Job, OutboxMessage
from logbook_site.foundation.desk import ReadOnly, desk_filter


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["id", "message", "state", "not_before", "attempts", "last_error", "finished_at"]
    # Not what it is about: the id would lead to whom it went.
    fields = list_display
    list_filter = [desk_filter(failed_lately=_("Failed or uncertain, lately"), late=_("Late")), "state"]
    ordering = ["-created_at", "id"]
    actions = None


@admin.register(Job)
class JobAdmin(ReadOnly, admin.ModelAdmin):
    list_display = fields = ["owner", "work", "state", "attempts", "created_at", "finished_at"]
    list_display_links = None
    list_filter = [desk_filter(failed_lately=_("Failed lately"), late=_("Late")), "state"]
    list_select_related = ["owner"]
    ordering = ["-created_at", "id"]
    actions = None


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["at", "actor_id", "verb", "object_type", "object_id", "reason"]
    list_filter = ["verb"]
    search_fields = ["actor_id", "object_id"]
    date_hierarchy = "at"
    actions = None
