"""Sign-ups that nobody confirmed. Whoever typed the address may not be its owner: it is not kept for long.

Nobody has ever been signed in there, and there is nothing in it. So no line in the ledger: such an account comes back
with a backup only to go again. What waits for its address (an invitation, an order, a message) is its owner's: it
stays, and does not keep the account, or whoever signed up with somebody's address could keep it by inviting it.
"""

from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import MediatorProfile, OutboxMessage, User
from accounts.services.sign_ins import forget_sessions_of
from logbook_site.foundation import clock

BATCH = 500  # accounts that go in one transaction
# The rows that signing up makes. Any other that belongs to the person keeps the account.
OF_A_SIGN_UP = {EmailAddress, MediatorProfile}


def forget_sign_ups() -> int:
    """Delete who did not confirm their address in SIGN_UP_KEPT_HOURS; returns how many. May be stopped at any time."""
    number = 0
    while people := _forget_some():
        # Where somebody was about to enter the code. After the commit: from then on nobody begins anew.
        forget_sessions_of(people)
        number += len(people)
    return number


def unconfirmed_too_long() -> QuerySet[User]:
    """Who signed up, and no more: nothing is theirs."""
    people = User.objects.staying().filter(
        joined_at__lte=clock.now() - clock.hours(settings.SIGN_UP_KEPT_HOURS),
        last_login=None,
        is_directory=False,
        is_admin=False,
    )
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    people = people.filter(~Exists(confirmed))
    for relation in User._meta.get_fields(include_hidden=True):
        if relation.is_relation and relation.related_model not in OF_A_SIGN_UP:
            theirs = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            people = people.filter(~Exists(theirs))
    return people


@transaction.atomic
def _forget_some() -> set[UUID]:
    """The ids of those who went."""
    # Who enters the code in this moment holds the row of the address, or has changed it: theirs stays. An account
    # without such a row was made by somebody, not by signing up.
    theirs = EmailAddress.objects.filter(verified=False, user__in=unconfirmed_too_long())
    locked = theirs.select_for_update(of=("self",), skip_locked=True)
    people = set(locked.values_list("user", flat=True)[:BATCH])
    OutboxMessage.objects.filter(object_id__in=people).delete()  # the way to a new code, which nobody went
    User.objects.filter(pk__in=people).delete()
    return people
