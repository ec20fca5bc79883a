"""What web server and worker make sure of before they begin."""

from django.conf import settings

from accounts.services import ledger
from logbook_site.foundation import vault


def check_at_start() -> None:
    """Raises ImproperlyConfigured for a Redis that keeps keys on disk, RestoredDatabase for a restored database.

    One that is away now is asked later, before it is used.
    """
    vault.check_at_start()
    if not settings.TESTING:  # tests come and go with the rows of one database
        ledger.refuse_restored()
