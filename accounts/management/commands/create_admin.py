"""manage.py create_admin: the first admin, or one more."""

import getpass
import os

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from accounts.choices import Role
from accounts.models import User
from accounts.services.people import add_role
from logbook_site.foundation.addresses import plain_address
from logbook_site.foundation.forms import one_line


class Command(BaseCommand):
    help = (
        "Creates an account with the role of admin, or gives an existing account this role. "
        "The password of a new account is asked for, or taken from the environment variable ADMIN_PASSWORD."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", help="E-mail address of the admin; asked for when left out")
        parser.add_argument("--name", help="Name of the admin; asked for when left out and needed")

    def handle(self, *args: object, **options: str | None) -> None:
        email = valid_address(options["email"] or ask("E-mail address: "))
        person = User.objects.filter(email=email).first()
        if person is None:
            name = one_line(options["name"] or ask("Name: "))
            create_admin(email, name)
            self.stdout.write("The account is created. Sign in, then set up a second factor.")
        elif person.is_admin:
            self.stdout.write("This account has the role of admin already. Nothing was changed.")
        elif not person.is_active:
            raise CommandError("This account is closed. Open it again first, or use another address.")
        else:
            add_role(to=person, role=Role.ADMIN, by=None)
            self.stdout.write("The account has the role of admin now. Its password is the same as before.")


@transaction.atomic
def create_admin(email: str, name: str) -> None:
    """A new account whose address counts as confirmed: whoever runs commands here is trusted."""
    if not 1 <= len(name) <= 120:
        raise CommandError("Give a name of 1 to 120 characters.")
    if EmailAddress.objects.filter(email__iexact=email, verified=True).exists():
        raise CommandError(
            "Another account uses this address as a second one. Give the address it signs in with."
        )
    person = User.objects.create_user(email, valid_password(User(email=email, name=name)), name=name)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    add_role(to=person, role=Role.ADMIN, by=None)


def valid_address(text: str) -> str:
    email = plain_address(text)
    try:
        validate_email(email)
    except ValidationError:
        raise CommandError("Give a whole e-mail address, for example admin@example.org.") from None
    return email


def valid_password(person: User) -> str:
    password = os.environ.get("ADMIN_PASSWORD") or ask_for_password()
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
    return password


def ask_for_password() -> str:
    password = ask("Password: ", secretly=True)
    if password != ask("The same password again: ", secretly=True):
        raise CommandError("The two passwords differ. Nothing was created.")
    return password


def ask(question: str, *, secretly: bool = False) -> str:
    try:
        return getpass.getpass(question) if secretly else input(question)
    except (EOFError, KeyboardInterrupt):
        raise CommandError(
            "Nothing was typed. Give --email, --name and ADMIN_PASSWORD to run without questions."
        ) from None
