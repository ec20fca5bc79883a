"""What the pages of every app in the Django admin have in common."""

from django.http import HttpRequest


class NoHistory:
    """Django's own history would keep names for ever. The audit trail keeps ids."""

    def log_addition(self, request, obj, message) -> None:
        return None

    def log_change(self, request, obj, message) -> None:
        return None

    def log_deletions(self, request, queryset) -> None:
        return None


class ReadOnly(NoHistory):
    def has_add_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False
