"""What was mailed, and who did what: to look at."""

from django.contrib import admin

from accounts.models import AuditEvent, OutboxMessage
from logbook_site.foundation.desk import ReadOnly


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
