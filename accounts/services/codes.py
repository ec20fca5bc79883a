"""Access codes: an admin makes a batch of them, whoever gets one enters it, each person once."""

import secrets
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import permissions
from accounts.choices import AccessSource, Verb
from accounts.models import AccessCode, AccessGrant, CodeBatch, User
from accounts.services.access import add_grant
from accounts.services.audit import record
from logbook_site.foundation import clock

# Neither I nor O, neither 1 nor 0: 32 signs, so that twelve of them are 60 random bits.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LETTERS = 12
MOST_CODES = 1000


class CodeRefused(Exception):
    """The code gives nothing. `sentence` says why and what to do; `is_unknown`: it may have been a guess."""

    def __init__(self, sentence: str, *, is_unknown: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.is_unknown = is_unknown


def spelled(code: str) -> str:
    """In groups of four, as people copy it."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def understood(typed: str) -> str:
    """The code that somebody meant: capitals and digits, whatever stands between them."""
    return "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())


@transaction.atomic
def use_code(*, typed: str, by: User) -> AccessGrant:
    """Give `by` the months of a code. Raises CodeRefused.

    Two people at once: the second waits until the first has it, and then finds it used up.
    """
    codes = AccessCode.objects.select_related("batch").filter(code=understood(typed))
    code = codes.select_for_update(of=("self",)).first()
    if code is None:
        sentence = _("We do not know this code. Check each letter, or ask whoever gave it to you.")
        raise CodeRefused(sentence, is_unknown=True)
    used = code.grants.filter(person=by).first()
    if used:
        sentence = _("You used this code on %(day)s. Each person can use it once. You need another one.")
        raise CodeRefused(sentence % {"day": date_format(used.granted_on)})
    if code.batch.last_day and code.batch.last_day < clock.today():
        sentence = _("This code could be used until %(day)s. Ask whoever gave it to you for a new one.")
        raise CodeRefused(sentence % {"day": date_format(code.batch.last_day)})
    if code.uses >= code.batch.uses_each:
        raise CodeRefused(_("This code is used up. Ask whoever gave it to you for another one."))
    code.uses += 1
    code.save(update_fields=["uses"])
    return add_grant(to=by, months=code.batch.months, source=AccessSource.CODE, by=by, code=code)


@transaction.atomic
def make_codes(*, batch: CodeBatch, number: int, by: User) -> CodeBatch:
    """Store a new batch with `number` codes (1 to 1,000). Raises PermissionDenied."""
    _require_admin(by)
    batch.save()
    made: set[str] = set()
    while len(made) < number:
        made.add("".join(secrets.choice(LETTERS) for _letter in range(CODE_LETTERS)))
    AccessCode.objects.bulk_create(AccessCode(batch=batch, code=code) for code in sorted(made))
    record(Verb.CODES_MADE, by=by, about=batch, reason=f"{number} codes, {batch.months} months each")
    return batch


@transaction.atomic
def switch_off(*, batch: CodeBatch, by: User) -> None:
    """No code of the batch can be used from now on. What was granted with them stays. Raises PermissionDenied."""
    _require_admin(by)
    batch.last_day = clock.today() - timedelta(days=1)
    batch.save(update_fields=["last_day"])
    record(Verb.CODES_ENDED, by=by, about=batch)


def _require_admin(by: User) -> None:
    if not permissions.may_grant_access(by):
        raise PermissionDenied
