"""Writing the audit trail: beside the change it records, in the same transaction."""

from django.db.models import Model

from accounts.choices import Verb
from accounts.models import AuditEvent, User
from accounts.services import ledger


def record(verb: Verb, *, by: User | None, about: Model, reason: str = "") -> AuditEvent:
    """Record that `by` (nobody: the system itself) did `verb` to `about`. `reason` is what an admin typed, if asked.

    Keeps ids only. Call it inside the transaction of the change, so that neither stands without the other. What must
    not come back with a backup is written into the ledger, too.
    """
    ledger.note_audited(verb, about.pk, reason)
    return AuditEvent.objects.create(
        verb=verb,
        actor_id=by.pk if by else None,
        object_type=about._meta.label_lower,
        object_id=str(about.pk),
        reason=reason,
    )
