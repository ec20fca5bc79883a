"""Who may see who looked."""

from django.db.models import QuerySet


class LookQuerySet(QuerySet):
    def visible_to(self, user) -> "LookQuerySet":
        """The mediator who was looked at."""
        if not user.is_authenticated or not user.is_mediator:
            return self.none()
        return self.filter(mediator=user)
