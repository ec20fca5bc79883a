"""Finding a person: by any of their addresses, confirmed or not, by name, or by the id in the audit trail."""

from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import User
from logbook_site.foundation.text import name_words, search_words

MOST_FOUND = 50


def people_found_by(typed: str, *, by: User) -> QuerySet[User]:
    """Those whom `typed` may mean, by name; MOST_FOUND and one more at most.

    Names are compared here, without case and accents: an admin searches seldom, and the members are some thousands.
    """
    everybody = User.objects.visible_to(by)
    typed = typed.replace("\0", "").strip()
    if not typed:
        return everybody.none()
    meant = Q(email__icontains=typed) | Q(emailaddress__email__icontains=typed)
    if key := _id_in(typed):
        meant |= Q(pk=key)
    if words := search_words(typed):
        names = everybody.values_list("pk", "name")
        meant |= Q(pk__in=[pk for pk, name in names.iterator() if _is_called(name, words)])
    return everybody.filter(meant).distinct().order_by("name", "pk")[: MOST_FOUND + 1]


def _is_called(name: str, words: set[str]) -> bool:
    """Each of `words` begins a word of `name`."""
    own = name_words(name)
    return all(any(each.startswith(word) for each in own) for word in words)


def _id_in(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None
