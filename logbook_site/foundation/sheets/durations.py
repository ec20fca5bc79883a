"""Lengths of time as people write them in spreadsheets, and as spreadsheet programs change them.

Text goes through the parser of the forms (`hours.py`), after the words for hours and minutes became its own.
"""

import re
from datetime import date, time, timedelta
from fractions import Fraction
from math import floor
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from logbook_site.foundation.hours import HoursError, checked_minutes, parse_hours, plain_number, show_hours
from logbook_site.foundation.sheets.dates import read_date
from logbook_site.foundation.sheets.sheet import Cell, CellProblem
from logbook_site.foundation.text import fold

# Folded, in English, French, Spanish, Portuguese, German and Arabic.
HOUR_WORDS = re.compile(r"(?<=[\d ])(?:stunden?|std|heures?|horas?|hs|uhr|ساعات|ساعه|ساعة|س)(?![^\W\d_])\.?")
MINUTE_WORDS = re.compile(r"(?<=[\d ])(?:minuten?|minutos?|mn|دقايق|دقيقه|دقيقة|د)(?![^\W\d_])\.?")
AND = re.compile(r" (?:und|et|y|e|و) ?(?=\d)")
ABOUT = re.compile(
    r"(?:~|≈|(?:ca|circa|approx|approximately|about|around|etwa|ungefahr|rund|env|environ|aprox|aproximadamente"
    r"|cerca de|حوالي|تقريبا)\b\.?) *"
)
IN_MINUTES = re.compile(
    r"(?<![^\W\d_])(?:min|mins|minutes?|minuten|minutos?|دقايق|دقيقة|بالدقايق)(?![^\W\d_])"
)
IN_HOURS = re.compile(
    r"(?<![^\W\d_])(?:h|hrs?|hours?|std|stunden|heures?|horas?|ساعات|ساعة|بالساعات)(?![^\W\d_])"
)
WITH_SECONDS = re.compile(
    r"(?P<hours>\d{1,5}):(?P<minutes>[0-5]\d)(?::(?P<seconds>[0-5]\d))?(?: ?(?P<half>[ap])\.?m\.?)?"
)
FROM_TO = re.compile(r"(\d\d?)[:.h](\d\d)(?: ?h)? ?(?:-|–|—|to|bis|a|au|until) ?(\d\d?)[:.h](\d\d)(?: ?h)?")


class Minutes(NamedTuple):
    """Whole minutes, and a sentence if something else may be meant ("" if not): the person should check it."""

    minutes: int
    doubt: str = ""


def counts_minutes(heading: str) -> bool:
    """Whether the numbers below this heading are minutes: “Duration (min)”, “Dauer in Minuten”; not “Hours:min”."""
    text = fold(heading)
    return bool(IN_MINUTES.search(text)) and not IN_HOURS.search(text)


def read_minutes(cell: Cell, *, allow_zero: bool = False, in_minutes: bool = False) -> Minutes:
    """How long it took. Plain numbers are hours, or minutes where the heading says so (`in_minutes`).

    Raises CellProblem, for an empty cell too. More than 24 hours for a day is the caller's question.
    """
    try:
        read = _read(cell, allow_zero, in_minutes)
        return Minutes(checked_minutes(read.minutes, allow_zero=allow_zero), read.doubt)
    except HoursError as error:
        raise CellProblem(error.sentence) from error


def _read(cell: Cell, allow_zero: bool, in_minutes: bool) -> Minutes:
    match cell:
        case None:
            raise CellProblem(
                _("There is no length of time. Enter how long it took, for example 3:30 or 3.5.")
            )
        case time():
            return Minutes(_rounded(cell.hour * 3600 + cell.minute * 60 + cell.second))
        case timedelta():
            return Minutes(_rounded(cell.total_seconds()))
        case date():
            return _from_date(cell)
        case int() | float():
            return _from_number(cell, in_minutes)
    return _from_text(cell, allow_zero, in_minutes)


def _from_number(number: int | float, in_minutes: bool) -> Minutes:
    exact = Fraction(str(number))
    if in_minutes:
        return Minutes(floor(exact + Fraction(1, 2)))
    if 0 < exact < 1 and (exact * 100).denominator > 1:
        # 3:30 is 0.1458333 of a day, and nobody types hours with so many decimals.
        of_day = round(exact * 24 * 60)
        if abs(exact * 24 * 60 - of_day) < Fraction(1, 50) and abs(exact * 60 - round(exact * 60)) > Fraction(
            1, 20
        ):
            sentence = _("%(number)s is read as a part of a day: %(hours)s.")
            return Minutes(of_day, sentence % {"number": f"{number:.4g}", "hours": show_hours(of_day)})
    return Minutes(floor(exact * 60 + Fraction(1, 2)))


def _from_date(day: date) -> Minutes:
    """What a program made of 1.4 (1 April), 3.50 (March 1950), or of a 3 in a column of dates (3 January 1900)."""
    if day < date(1900, 3, 1):
        number = (day - date(1899, 12, 31)).days
        return Minutes(number * 60, _doubt(day, number * 60))
    day_and_month = floor(Fraction(f"{day.day}.{day.month}") * 60 + Fraction(1, 2))
    month_and_year = floor(Fraction(f"{day.month}.{day.year % 100:02d}") * 60 + Fraction(1, 2))
    if day.day != 1:
        return Minutes(day_and_month, _doubt(day, day_and_month))
    if day.year < 2000:
        return Minutes(month_and_year, _doubt(day, month_and_year))
    if day.year % 100 in {25, 50, 75}:
        raise CellProblem(
            _(
                "Your spreadsheet program made a date of this, %(date)s. Is it %(first)s or %(second)s? Enter it."
            )
            % {
                "date": date_format(day),
                "first": show_hours(day_and_month),
                "second": show_hours(month_and_year),
            }
        )
    return Minutes(day_and_month, _doubt(day, day_and_month))


def _doubt(day: date, minutes: int) -> str:
    return _("Your spreadsheet program made a date of this, %(date)s. We take it as %(hours)s.") % {
        "date": date_format(day),
        "hours": show_hours(minutes),
    }


def _from_text(text: str, allow_zero: bool, in_minutes: bool) -> Minutes:
    plain = fold(plain_number(text))
    plain, about = ABOUT.subn("", plain, count=1) if ABOUT.match(plain) else (plain, 0)
    doubt = _("This is not exact in your file. Check it.") if about else ""
    if found := WITH_SECONDS.fullmatch(plain):
        return _from_clock(found, doubt)
    if found := FROM_TO.fullmatch(plain):
        return _from_to(found)
    plain = AND.sub(" ", MINUTE_WORDS.sub("min", HOUR_WORDS.sub("h", plain)))
    if in_minutes and plain.isdigit():
        return Minutes(int(plain), doubt)
    try:
        return Minutes(parse_hours(plain, allow_zero=allow_zero), doubt)
    except HoursError as error:
        try:
            day = read_date(text, "dmy").date
        except CellProblem:
            raise error from None
        return _from_date(day)


def _from_clock(found: re.Match[str], doubt: str) -> Minutes:
    """3:30:00, and what a program makes of 3:30 where the day has two halves: 3:30 AM."""
    hours = int(found["hours"])
    if not found["half"]:
        return Minutes(hours * 60 + _rounded(int(found["minutes"]) * 60 + int(found["seconds"] or 0)), doubt)
    if not 1 <= hours <= 12:
        raise CellProblem(_("This is a time of day. Enter how long it took, for example 3:30 or 3.5."))
    minutes = (hours % 12 + (12 if found["half"] == "p" else 0)) * 60 + int(found["minutes"])
    if found["half"] == "p":
        doubt = _("This is a time of day. We take it as %(hours)s.") % {"hours": show_hours(minutes)}
    return Minutes(minutes, doubt)


def _from_to(found: re.Match[str]) -> Minutes:
    first, last = (int(found[1]) * 60 + int(found[2])), (int(found[3]) * 60 + int(found[4]))
    if not first < last <= 24 * 60:
        raise CellProblem(_("This is a time of day. Enter how long it took, for example 3:30 or 3.5."))
    minutes = last - first
    return Minutes(
        minutes, _("This is from when to when. We take it as %(hours)s.") % {"hours": show_hours(minutes)}
    )


def _rounded(seconds: float) -> int:
    return floor(Fraction(str(seconds)) / 60 + Fraction(1, 2))
