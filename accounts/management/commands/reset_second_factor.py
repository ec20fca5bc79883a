"""manage.py reset_second_factor: for somebody who lost their app, their passkeys and their recovery codes."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.services.sign_ins import reset_second_factor


class Command(BaseCommand):
    help = (
        "Forgets the app, passkeys and recovery codes of an account and ends all its sign-ins. "
        "Be sure who asked: afterwards the password or a code by e-mail opens the account. The person is told."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="A confirmed e-mail address of the account")

    def handle(self, *args: object, email: str, **options: object) -> None:
        person = User.objects.with_confirmed_address(email).first()
        if person is None:
            raise CommandError("No open account has confirmed this address. Nothing was changed.")
        if not reset_second_factor(of=person, by=None):
            self.stdout.write("This account has no second factor. Nothing was changed.")
            return
        self.stdout.write(
            "The second factor is reset, all sign-ins are ended, and the person is told by e-mail."
        )
