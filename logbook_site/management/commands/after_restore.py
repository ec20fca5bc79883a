"""manage.py after_restore: a database that came from a backup forgets again what it had forgotten."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from logbook_site.restoring import after_restore


class Command(BaseCommand):
    help = (
        "Run this once after the database was restored from a backup, before web server and worker start: they refuse "
        "to until then. Reads the ledger (LEDGER_FILE) and takes away again what was deleted, withdrawn or ended since "
        "the backup; mail that was due is not sent a second time. It may be run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--without-ledger",
            action="store_true",
            help="The ledger is lost. What was gone and is in the backup is there again: read docs/restore.md.",
        )

    def handle(self, *args: object, without_ledger: bool, **options: object) -> None:
        if not settings.LEDGER_FILE.exists() and not without_ledger:
            raise CommandError(
                f"There is no ledger: {settings.LEDGER_FILE}. Put it back. If it is lost, read docs/restore.md."
            )
        for found in after_restore():
            self.stdout.write(f"{found.number:>6} {found.what}")
        if not User.objects.filter(is_admin=True, is_active=True).exists():
            # Whoever gave the role away had given it to somebody who is not in the backup.
            self.stdout.write("Nobody is an admin now: run manage.py create_admin.")
        self.stdout.write("The database is up to date with the ledger. Web server and worker may start.")
