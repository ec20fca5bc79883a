from django.conf import settings
from django.core.management.base import BaseCommand

from logbook_site.translations import gather


class Command(BaseCommand):
    help = "Brings locale/ up to date with the messages in the files that parties read (logbook_site/translations.py)."

    def handle(self, *args: object, **options: object) -> None:
        for code, _name in settings.LANGUAGES:
            if code != settings.LANGUAGE_CODE:
                gather(code)
