"""What an admin may do with one person. Each step has a page that says what will happen, and takes a post."""

from collections.abc import Callable
from typing import NamedTuple

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.access import MOST_MONTHS
from accounts.permissions import may_grant_access, may_manage_people
from accounts.services import access, people, sign_ins


class MonthsForm(forms.Form):
    months = forms.IntegerField(label=_("Months"), min_value=1, max_value=MOST_MONTHS, initial=12)


class Step(NamedTuple):
    name: str  # the end of its address
    word: str
    sentences: list[str]
    done: str
    is_open: Callable[[User, User], bool]  # (admin, person): there is something to do, and it is allowed
    take: Callable[..., object]  # (person, admin, **what the form says)
    form: type[forms.Form] = forms.Form
    is_grave: bool = False


def _is_unconfirmed(admin: User, person: User) -> bool:
    confirmed = EmailAddress.objects.filter(user=person, verified=True)
    return may_manage_people(admin, person) and person.is_active and not confirmed.exists()


def _has_second_factor(admin: User, person: User) -> bool:
    return may_manage_people(admin, person) and Authenticator.objects.filter(user=person).exists()


STEPS = [
    Step(
        "code",
        _("Help with the first code"),
        [
            _("This person signed up, but never entered the code from our e-mail."),
            _("The code is known only to the browser in which they signed up: nobody can send it again."),
            _("We write to their address where a new code comes at once: the page for signing in."),
        ],
        _("The e-mail is on its way."),
        _is_unconfirmed,
        lambda person, admin: sign_ins.send_way_in(to=person, by=admin),
    ),
    Step(
        "access",
        _("Give access"),
        [_("The months count from the end of the access they have now, else from today.")],
        _("Access is given."),
        lambda admin, person: may_grant_access(admin) and person.is_mediator,
        lambda person, admin, months: access.grant_access(to=person, months=months, by=admin),
        form=MonthsForm,
    ),
    Step(
        "end-access",
        _("End access"),
        [
            _("All access that was given ends today, paid for or not."),
            _("They can still read, export and delete. Links that parties have go on working."),
            _("They are told by e-mail."),
        ],
        _("Access has ended."),
        lambda admin, person: may_grant_access(admin) and person.access_grants.filter(ended_at=None).exists(),
        lambda person, admin: access.end_access(of=person, by=admin),
        is_grave=True,
    ),
    Step(
        "second-factor",
        _("Reset the second factor"),
        [
            _("App, passkeys and recovery codes of this account are forgotten."),
            _("Then the password, or a code by e-mail, is enough to sign in. Be sure whom you help."),
            _("They are signed out everywhere, and told by e-mail."),
        ],
        _("The second factor is reset."),
        _has_second_factor,
        lambda person, admin: sign_ins.reset_second_factor(of=person, by=admin),
        is_grave=True,
    ),
    Step(
        "close",
        _("Close the account"),
        [
            _("They are signed out at once and cannot sign in. Directories do not find them."),
            _("Links that parties have do not work meanwhile."),
            _("Nothing is deleted. You can open the account again."),
        ],
        _("The account is closed."),
        lambda admin, person: may_manage_people(admin, person) and person.is_active,
        lambda person, admin: people.set_active(person=person, active=False, by=admin),
        is_grave=True,
    ),
    Step(
        "open",
        _("Open the account again"),
        [_("They can sign in as before, and are seen as before.")],
        _("The account is open."),
        lambda admin, person: may_manage_people(admin, person) and not person.is_active,
        lambda person, admin: people.set_active(person=person, active=True, by=admin),
    ),
]
STEP_OF = {step.name: step for step in STEPS}


def steps_for(person: User, *, by: User) -> list[Step]:
    """Those that make sense today."""
    return [step for step in STEPS if step.is_open(by, person)]
