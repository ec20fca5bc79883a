"""Messages of the contact form that are still here: their mail waits, or could not be sent."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import ContactMessage, OutboxMessage
from accounts.services.messages import TO_US
from logbook_site.foundation.desk import ReadOnly, desk_filter
from logbook_site.foundation.lost_texts import readable


@admin.register(ContactMessage)
class ContactMessageAdmin(ReadOnly, admin.ModelAdmin):
    """To read and answer by hand, then to delete. What was mailed goes by itself."""

    list_display = ["created_at", "kind", "mail"]
    list_filter = [desk_filter(not_sent=_("Could not be mailed")), "kind"]
    ordering = ["-created_at", "id"]
    fields = readonly_fields = [
        "created_at",
        "kind",
        "mail",
        "sender_name",
        "sender_email",
        "roles",
        "about_page",
        "words",
    ]
    actions = None

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return True

    @admin.display(description=_("Its mail"))
    def mail(self, message: ContactMessage) -> str:
        sent = OutboxMessage.objects.filter(message=TO_US, object_id=message.pk).first()
        return sent.get_state_display() if sent else "-"

    @admin.display(description=_("Name"))
    def sender_name(self, message: ContactMessage) -> str:
        return readable(message, "name")

    @admin.display(description=_("E-mail address"))
    def sender_email(self, message: ContactMessage) -> str:
        return readable(message, "email")

    @admin.display(description=_("Page"))
    def about_page(self, message: ContactMessage) -> str:
        return readable(message, "page")

    @admin.display(description=_("Message"))
    def words(self, message: ContactMessage) -> str:
        return readable(message, "text")
