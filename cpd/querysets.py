"""Who may see a CPD entry: its owner, nobody else. What directories may see of it is decided upstairs."""

from logbook_site.foundation.entries import EntryQuerySet


class CpdEntryQuerySet(EntryQuerySet):
    def visible_to(self, user) -> "CpdEntryQuerySet":
        """The entries of a mediator, deleted ones too."""
        if not user.is_authenticated or not user.is_mediator:
            return self.none()
        return self.filter(owner=user)
