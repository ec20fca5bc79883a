"""Views of lists that people saved. All of a person's lie sealed in their own row: no list asks for them.

Deleting one can be undone until the next view of that list is deleted.
"""

import json
import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from logbook_site.foundation.lists import SavedView, ViewRefused
from logbook_site.foundation.lost_texts import is_lost

VIEWS_AT_MOST = 20  # of each list: more would hide the list below their names
QUERY_LETTERS = 2000


def views_of(person: User, name: str) -> list[SavedView]:
    """The views of the list `name`, in the order in which they were saved, and the one that was deleted last.

    None, where no key opens them any more.
    """
    if is_lost(person, "saved_views_json"):
        return []
    return [SavedView(*view) for view in _all(person).get(name, [])]


@transaction.atomic
def save_view(*, person: User, of: str, name: str, query: str) -> None:
    """Keep `query` of the list `of` under a name. Raises ViewRefused."""
    if len(query) > QUERY_LETTERS:
        raise ViewRefused(_("These are too many filters for one view. Take some out."))
    owner, views = _locked(person, of)
    _refuse_one_more(views, name)
    _keep(owner, of, [*views, SavedView(secrets.token_hex(4), name, query)])


@transaction.atomic
def delete_view(*, person: User, of: str, view: str) -> None:
    """Put the view aside; the one that was put aside before is gone. An unknown one changes nothing."""
    owner, views = _locked(person, of)
    if any(one.id == view and not one.is_deleted for one in views):
        live = [one for one in views if not one.is_deleted]
        _keep(owner, of, [one._replace(is_deleted=one.id == view) for one in live])


@transaction.atomic
def restore_view(*, person: User, of: str, view: str) -> None:
    """Bring back the view that was deleted last. Raises ViewRefused where its name or place is taken meanwhile."""
    owner, views = _locked(person, of)
    for one in views:
        if one.id == view and one.is_deleted:
            _refuse_one_more(views, one.name)
    _keep(owner, of, [one._replace(is_deleted=one.is_deleted and one.id != view) for one in views])


def _refuse_one_more(views: list[SavedView], name: str) -> None:
    live = [one for one in views if not one.is_deleted]
    if name.casefold() in {one.name.casefold() for one in live}:
        raise ViewRefused(_("You have a view with this name. Choose another name, or delete that one first."))
    if len(live) >= VIEWS_AT_MOST:
        raise ViewRefused(_("You have %(number)d views. Delete one first.") % {"number": len(live)})


def _locked(person: User, of: str) -> tuple[User, list[SavedView]]:
    """The row, so that two tabs do not take each other's views away, and the views of this list in it."""
    owner = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if is_lost(owner, "saved_views_json"):
        raise ViewRefused(_("Your views cannot be opened now: their key is missing. Tell us about it."))
    return owner, views_of(owner, of)


def _keep(owner: User, of: str, views: list[SavedView]) -> None:
    owner.saved_views_json = json.dumps(_all(owner) | {of: views})
    owner.save(update_fields=["saved_views_sealed"])


def _all(person: User) -> dict[str, list]:
    return json.loads(person.saved_views_json or "{}")
