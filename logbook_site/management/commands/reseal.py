"""manage.py reseal: every sealed text is sealed again with the newest key, so that older keys can be dropped."""

from django.core.management.base import BaseCommand, CommandError

from accounts.services.second_factors import SecretsOfSecondFactors
from logbook_site.foundation.resealing import SealedColumn, reseal, sealed_columns


class Command(BaseCommand):
    help = (
        "Seals every sealed text again with SEALING_KEY, after it changed. What is sealed with it already is left "
        "alone. It may be stopped at any moment and run again, while the site runs."
    )

    def handle(self, *args: object, **options: object) -> None:
        columns = [*sealed_columns(), SecretsOfSecondFactors()]
        lost = sum(self.reseal(column) for column in columns)
        # Asked again at the end: a process that does not know the new key yet may have saved something meanwhile.
        others = sum(column.with_older_keys().count() for column in columns) - lost
        if others > 0:
            self.stderr.write(
                f"Saved with an older key meanwhile: {others}. Restart web server and worker with the new key, "
                "then run this command again."
            )
        if lost:
            self.stderr.write(
                f"Cannot be opened with any key: {lost}, named above. They were left as they are."
            )
        if lost or others > 0:
            raise CommandError("Keep the old keys.")
        self.stdout.write("Everything is sealed with the newest key. The old keys can be dropped.")

    def reseal(self, column: SealedColumn) -> int:
        """Tells how many texts were sealed again, and names those that cannot be; returns how many these are."""
        sealed, lost = 0, 0
        for batch in reseal(column):
            sealed += batch.sealed
            lost += len(batch.lost)
            for pk in batch.lost:
                self.stderr.write(f"{column}: {pk} cannot be opened with any key.")
        self.stdout.write(f"{column}: {sealed} sealed again.")
        return lost
