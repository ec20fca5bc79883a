from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from logbook_site.demo.access import load_access
from logbook_site.demo.load import load_demo


class Command(BaseCommand):
    help = "Create the demo people in an empty database (demo mode only). Does nothing when it holds anyone."

    def handle(self, *args, **options) -> None:
        if not settings.DEMO:
            raise CommandError("The demo people exist in demo mode only: set LOGBOOK_MODE=demo.")
        load_demo()
        if settings.ACCESS_MODE == "paid":
            load_access()  # also on a demo that was open before
