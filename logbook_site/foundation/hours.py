"""Lengths of time as people write them. The site keeps whole minutes and nothing else.

Why not Django's own fields: `DurationField` reads "1:30" as ninety seconds, and localised decimals read "1,5"
as fifteen. The rules are the product's own, for every field in which people say how long something took.
"""

import re
import unicodedata
from fractions import Fraction
from math import floor

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from logbook_site.foundation.text import normalized

MOST_HOURS = 10_000  # more than five working years in one mediation is a slip of the finger
MOST_LETTERS = 40
EXAMPLE = gettext_lazy("Enter how long it took, for example 3:30 or 3.5.")

# What keyboards of other scripts give for a point, a comma and a colon.
MARKS = str.maketrans({"\u066b": ".", "\u066c": ",", "\u060c": ",", "\u2236": ":"})
HOUR = r"(?:hours?|hrs?|h)(?:\.(?!\d))?"
MINUTE = r"(?:minutes?|mins?|min|m)\.?"
DECIMAL = re.compile(rf"(?P<hours>\d*)(?:(?P<mark>[.,])(?P<part>\d+))? ?(?:{HOUR})?")
CLOCK = re.compile(rf"(?P<hours>\d*) ?: ?(?P<minutes>\d\d) ?(?:{HOUR})?")
HOURS_AND_MINUTES = re.compile(rf"(?P<hours>\d+) ?{HOUR},? ?(?:and )?(?P<minutes>\d\d?) ?(?:{MINUTE})?")
MINUTES = re.compile(rf"(?P<minutes>\d+) ?{MINUTE}")


class HoursError(ValueError):
    """The text is no length of time that we keep. `sentence` tells the person what to type."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def parse_hours(text: str, *, allow_zero: bool = False) -> int:
    """Whole minutes from `text`: `3.5` `3,5` `3:30` `3h30` `3 h 30 min` `45 min` `:45`, digits of any script.

    Typed decimals round to the nearest minute, halves up. Raises HoursError for everything else: words,
    negative numbers, zero (unless `allow_zero`), more than 10,000 hours, and what can be read in two ways.
    """
    return checked_minutes(_minutes(plain_number(text)), allow_zero=allow_zero)


def checked_minutes(minutes: int, *, allow_zero: bool = False) -> int:
    """`minutes`, if we keep that many. Raises HoursError."""
    if minutes < 0:
        raise HoursError(str(EXAMPLE))
    if minutes > MOST_HOURS * 60:
        raise HoursError(
            _("That is more than 10,000 hours. Enter how long it took, for example 3:30 or 3.5.")
        )
    if not minutes and not allow_zero:
        raise HoursError(_("That is no time at all. Enter how long it took, for example 3:30 or 3.5."))
    return minutes


def plain_number(text: str) -> str:
    """`text` in Latin digits, plain spaces, lower case. Raises HoursError for a raised or circled digit."""
    if len(text) > MOST_LETTERS:
        raise HoursError(str(EXAMPLE))
    if any(is_raised_or_circled(letter) for letter in text):
        raise HoursError(str(EXAMPLE))  # NFKC would read 3² as 32, and 3½ as 31⁄2
    letters = normalized(text.translate(MARKS), "NFKC").lower()
    visible = (letter for letter in letters if unicodedata.category(letter) != "Cf")
    return " ".join("".join(_latin(letter) for letter in visible).split())


def is_raised_or_circled(letter: str) -> bool:
    return unicodedata.numeric(letter, None) is not None and unicodedata.decimal(letter, None) is None


def _latin(letter: str) -> str:
    return str(unicodedata.decimal(letter, letter))


def _minutes(text: str) -> int:
    if found := MINUTES.fullmatch(text):
        return int(found["minutes"])
    if found := CLOCK.fullmatch(text) or HOURS_AND_MINUTES.fullmatch(text):
        return _hours_and_minutes(found["hours"], found["minutes"])
    found = DECIMAL.fullmatch(text)
    if found and (found["hours"] or found["part"]):
        return _from_decimal(found)
    raise HoursError(str(EXAMPLE))


def _hours_and_minutes(hours: str, minutes: str) -> int:
    if int(minutes) >= 60:
        raise HoursError(
            _("An hour has 60 minutes. Enter minutes from 00 to 59, for example 3:30, or 90 min.")
        )
    return int(hours or 0) * 60 + int(minutes)


def _from_decimal(found: re.Match[str]) -> int:
    hours, mark, part = found["hours"] or "0", found["mark"], found["part"] or "0"
    if mark and len(part) == 3:
        # Half of the world groups thousands with this mark, the other half begins the decimals with it.
        short = f"{int(hours)}.{part.rstrip('0')}".rstrip(".")
        raise HoursError(
            _("Is it %(short)s hours or %(long)s hours? Enter it with a colon, for example 3:30.")
            % {"short": short, "long": int(hours + part)}
        )
    return floor(Fraction(f"{hours}.{part}") * 60 + Fraction(1, 2))


def show_hours(minutes: int, *, grouped: bool = False) -> str:
    """`minutes` for people: "3 h 30 min", "45 min", "3 h", "0 min"; thousands as "1384 h", `grouped` as "1,384 h"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": rest}
    shown = number_format(hours, force_grouping=True) if grouped else hours
    if not rest:
        return _("%(hours)s h") % {"hours": shown}
    return _("%(hours)s h %(minutes)d min") % {"hours": shown, "minutes": rest}


def decimal_hours(minutes: int) -> str:
    """`minutes` for spreadsheets: hours with two decimals and a dot in every language, "3.50"."""
    hours, hundredths = divmod((minutes * 100 + 30) // 60, 100)
    return f"{hours}.{hundredths:02d}"


def typed_hours(minutes: int) -> str:
    """`minutes` as somebody would type them into the field: "3:30"."""
    hours, rest = divmod(minutes, 60)
    return f"{hours}:{rest:02d}"


class HoursField(forms.CharField):
    """A text field that cleans to whole minutes, or None when it is empty. `initial` is in minutes, too."""

    default_error_messages = {"required": EXAMPLE}

    def __init__(self, *, allow_zero: bool = False, **options) -> None:
        self.allow_zero = allow_zero
        super().__init__(**{"empty_value": None, **options})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, object]:
        # Not inputmode=decimal: on many phones that keyboard has no colon.
        ours = {"inputmode": "text", "autocomplete": "off", "size": 8, "maxlength": MOST_LETTERS}
        return super().widget_attrs(widget) | ours

    def prepare_value(self, value: object) -> object:
        return typed_hours(value) if isinstance(value, int) else value

    def to_python(self, value: object) -> int | None:
        text = super().to_python(value)
        if text is self.empty_value:
            return None
        try:
            return parse_hours(text, allow_zero=self.allow_zero)
        except HoursError as error:
            raise ValidationError(error.sentence, code="hours") from error
