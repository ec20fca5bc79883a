"""Who may see a logbook entry: its owner, nobody else. What directories may see of it is decided upstairs."""

from logbook_site.foundation.entries import EntryQuerySet


class LogbookEntryQuerySet(EntryQuerySet):
    def visible_to(self, user) -> "LogbookEntryQuerySet":
        """The entries of a mediator, deleted ones too."""
        if not user.is_authenticated or not user.is_mediator:
            return self.none()
        return self.filter(owner=user)
