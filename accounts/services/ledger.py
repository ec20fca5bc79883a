"""What must not come back with a backup: a ledger of what is gone, outside the database and its backups.

A line is a word and the keyed hash of an id (`feedback_withdrawn 5f3c…`): without HASH_KEY and the row itself it leads
nowhere, and it holds no time. `manage.py after_restore` reads the lines and lets what they name be gone again
(logbook_site/restoring.py).

**The order.** A line is on the disk before the change it tells of is committed (`note`, inside the transaction). So
no change stands without its line: if the line cannot be written, the change is undone. The reverse can happen: a crash,
or an error, between line and commit leaves a line about something that is still there. It is read after a restore
only, and what it then takes away is what somebody had asked to be gone. The other order would lose the line of a change
that people were told of.

**The mark.** How a restored database is known: by a number that only grows. `advance` adds one in the database, and
when that is committed writes the number into the file beside the ledger. So a database that was not restored knows at
least the number of the file, wherever a crash falls in between, and needs no repair. It advances after every commit
that has a line, before any mail is handed to a mail server, and with every sweep, once a minute. So a backup from
before any of these knows less than the file, and `check` refuses it. What it cannot see is a backup younger than the
last sweep, if all was lost before the first of these followed: between a commit and the line of code after it.
"""

import hmac

from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.db.backends.signals import connection_created

from accounts.choices import Role, Verb
from accounts.models import LedgerMark, User
from logbook_site.foundation.ledger_file import LedgerFile

# What the audit trail does not know, or does not say in one word.
LINK_USED = "link_used"
REQUEST_CANCELLED = "request_cancelled"
FEEDBACK_UNSHARED = "feedback_unshared"
ADDRESS_STOPPED = "address_stopped"
ADDRESS_ALLOWED = "address_allowed"
ORGANISATION_CLOSED = "organisation_closed"
ORGANISATION_OPENED = "organisation_opened"
# With these the reason of the audit trail is part of the word: it is one of ours, nobody typed it.
WITH_REASON = {
    Verb.VISIBILITY_CHANGED: None,  # any
    Verb.PERSON_CHANGED_BY_ADMIN: {"activated", "deactivated"},
    # Who may give themselves a role may have it back; but IMI's check of a Reviewer went with the role.
    Verb.ROLE_ADDED: {Role.REVIEWER, Role.DIRECTORY, Role.ADMIN},
    Verb.ROLE_REMOVED: {Role.REVIEWER, Role.DIRECTORY, Role.ADMIN},
}
# What takes something away from somebody; and what gives it back, so that the last word counts.
LASTING = {
    *WITH_REASON,
    Verb.ACCOUNT_DELETED, Verb.DELETION_ASKED, Verb.DELETION_STOPPED, Verb.FEEDBACK_WITHDRAWN,
    Verb.APPOINTMENT_ENDED, Verb.APPOINTMENT_RESIGNED, Verb.APPOINTMENT_REPLACED, Verb.APPOINTMENT_TAKEN_BACK,
    Verb.REVIEWER_VETTED, Verb.REVIEWER_REFUSED, Verb.PLACE_ENDED,
}  # fmt: skip


class RestoredDatabase(OperationalError):
    """This database was restored, and `after_restore` has not run: nobody may see it yet."""


def note(word: str, about: object) -> None:
    """Add `word` about the object with the id `about`. Call it inside the transaction of the change.

    Raises OSError when the disk does not take it: then the change must not stand either.
    """
    _file().append(f"{word} {hashed(about)}")
    transaction.on_commit(advance, robust=True)  # what is committed is not an error any more


def note_address(word: str, address_hash: str) -> None:
    """The same about an address on the stop list, whose keyed hash is all that there is to bring back."""
    _file().append(f"{word} {address_hash}")
    transaction.on_commit(advance, robust=True)


def note_audited(verb: Verb, about: object, reason: str) -> None:
    """Add what the audit trail records, if it must not come back."""
    if verb not in LASTING:
        return
    if verb not in WITH_REASON:
        note(verb.value, about)
    elif WITH_REASON[verb] is None or reason in WITH_REASON[verb]:
        note(f"{verb.value}:{reason}", about)


def hashed(about: object) -> str:
    """What stands in a line for the object with this id: 64 hexadecimal letters."""
    return hmac.digest(settings.HASH_KEY.encode(), f"ledger|{about}".encode(), "sha256").hex()


def read() -> dict[str, list[str]]:
    """{hash: its words, the oldest first}."""
    words: dict[str, list[str]] = {}
    for line in _file().lines():
        word, _space, about = line.partition(" ")
        words.setdefault(about, []).append(word)
    return words


# --- The mark ------------------------------------------------------------------------------------


def advance(*, at_least: int = 0) -> None:
    """One further: first in the database, then, when that is committed, in the file. Call it outside transactions."""
    table = LedgerMark._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (id, number) VALUES (1, greatest(1, %(least)s)) "
            f"ON CONFLICT (id) DO UPDATE SET number = greatest({table}.number + 1, %(least)s) RETURNING number",
            {"least": at_least},
        )
        (number,) = cursor.fetchone()
    _file().raise_to(number)


def check() -> None:
    """Raises RestoredDatabase when the file knows a greater number, or is missing. In the demo it is begun anew."""
    known = LedgerMark.objects.values_list("number", flat=True).first() or 0
    written = _file().number()
    if written is None and known and not settings.DEMO:
        raise RestoredDatabase(
            f"The ledger of what is gone is missing: {settings.LEDGER_FILE}. Put it back (LEDGER_FILE). If it is lost, "
            "read docs/restore.md."
        )
    if known >= (written or 0):
        return
    if not User.objects.exists():  # a new one: nothing could come back
        return settle()
    raise RestoredDatabase(
        "This database was restored from a backup: it is older than its ledger. "
        "Run `python manage.py after_restore`, then start again."
    )


def settle() -> None:
    """From now on this database is the one that the ledger goes with."""
    advance(at_least=(_file().number() or 0) + 1)


def refuse_restored() -> None:
    """Web server and worker call this before they begin. Raises RestoredDatabase.

    One that is away now, or is exchanged later, is asked when a connection to it is made: nobody sees anything of it.
    """
    connection_created.connect(_check_new, dispatch_uid="ledger")
    try:
        connection.ensure_connection()
    except RestoredDatabase:
        raise
    except OperationalError:
        return
    connection.close()  # the processes that are forked now make their own


def _check_new(*, connection, **kwargs: object) -> None:
    try:
        check()
    except ProgrammingError:  # nothing is there yet: `migrate` comes first
        return
    except RestoredDatabase:
        connection.close()
        raise


def _file() -> LedgerFile:
    return LedgerFile(settings.LEDGER_FILE)
