"""Dates as people write them in spreadsheets."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from babel import Locale
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from logbook_site.foundation import clock
from logbook_site.foundation.hours import is_raised_or_circled
from logbook_site.foundation.sheets.sheet import Cell, CellProblem
from logbook_site.foundation.text import fold, latin_digits

FIRST_YEAR, LAST_YEAR = 1950, 2100
# Excel counts days from here (its 29 February 1900, which never was, lies before every mediation).
DAY_ZERO = date(1899, 12, 30)
# Arabic has three sets of month names: of the Gulf and Egypt, of the Levant, of the Maghreb.
MONTH_LOCALES = ["en", "fr", "fr_CA", "es", "pt", "pt_PT", "de", "de_AT", "ar", "ar_SY", "ar_DZ", "ar_MA"]

TEXT_LETTERS = 60
CLOCK = re.compile(
    r"[t ,]+\d{1,2}[:.h]\d\d(?::\d\d(?:\.\d+)?)?(?: ?[ap]\.?m\.?| ?uhr| ?h)?(?:z|[+-]\d\d:?\d\d)?$"
)
YEAR = r"(?P<year>\d{4}|'?\d\d)"
NUMBERS = re.compile(rf"(?P<first>\d\d?) ?(?P<mark>[./\- ]) ?(?P<second>\d\d?) ?(?:(?P=mark)) ?{YEAR}")
YEAR_FIRST = re.compile(r"(?P<year>\d{4}) ?([./\- ]) ?(?P<month>\d\d?) ?\2 ?(?P<day>\d\d?)")
EIGHT_DIGITS = re.compile(r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)")
DAY = r"(?P<day>\d\d?)(?:\.|st|nd|rd|th|er|re|o|a)?"
BETWEEN = r"[ ,./\-]*(?:(?:de|del|of|d')[ ]+)?"
# After names of months became <5>.
DAY_MONTH = re.compile(rf"{DAY}{BETWEEN}<(?P<month>\d+)>\.?{BETWEEN}{YEAR}")
MONTH_DAY = re.compile(rf"<(?P<month>\d+)>\.?[ \-]*{DAY}[ ,\-]+{YEAR}")
MONTH_ONLY = re.compile(rf"<(?P<month>\d+)>\.?{BETWEEN}{YEAR}|(?P<number>\d\d?)[./\-](?P<full>\d{{4}})")
UNTIL = re.compile(
    r" ?[–—+&] ?| (?:bis|to|until|till|au|al|a|ate|hasta|und|and|et|y|e|الى|و|-) |(?<=[\d.])-(?=\d)"
)
BEGINNING = re.compile(r"[\d<>./\- ,]+")


class DateOrder(NamedTuple):
    """In which order day and month stand in a column of dates.

    `order` is "dmy" or "mdy" as far as the cells prove it, else None. `example` is a cell that means another day in the
    other order, as it stands there ("03/04/2019"), or "" if there is none. So ask if `order` is None and there is an
    `example`; without an example the answer makes no difference.
    """

    order: str | None
    example: str


class Day(NamedTuple):
    """A date, and a sentence if it may be another one ("" if not): the person should check it."""

    date: date
    doubt: str = ""


def date_order(cells: Iterable[Cell]) -> DateOrder:
    """What the cells of a column of dates tell about their order. Give all date columns of a sheet at once.

    Cells that contradict each other prove nothing. 03.04.2019, with dots, is a day before a month everywhere.
    """
    proven, example = set(), ""
    for cell in cells:
        if (
            not isinstance(cell, str)
            or not (found := NUMBERS.fullmatch(_normal(cell)))
            or found["mark"] == "."
        ):
            continue
        first, second = int(found["first"]), int(found["second"])
        if first > 12 >= second:
            proven.add("dmy")
        elif second > 12 >= first:
            proven.add("mdy")
        elif not example and _means_two_days(cell):
            example = cell
    return DateOrder(proven.pop() if len(proven) == 1 else None, example)


def _means_two_days(cell: str) -> bool:
    """Whether it is a day in both orders, and not the same one: 13/14/2019 and 03/04/1019 are none in either."""
    try:
        return read_date(cell, "dmy").date != read_date(cell, "mdy").date
    except CellProblem:
        return False


def read_date(cell: Cell, order: str | None) -> Day:
    """The day in `cell`; `order` ("dmy", "mdy") decides what 03/04/2019 means. Raises CellProblem.

    With `order` None a cell that can be read in two ways is a problem. An empty cell is one, too. A month without a
    day becomes its first day, with a doubt.
    """
    match cell:
        case None:
            raise CellProblem(_("There is no date."))
        case date():
            return Day(_possible(cell.year, cell.month, cell.day))
        case int() | float():
            return _from_number(cell)
        case str():
            return _from_text(_normal(cell), order)
    raise CellProblem(_("This is a time, not a date."))


def _from_number(number: int | float) -> Day:
    """The serial number of a day, as Excel counts them, or 20180503."""
    if found := EIGHT_DIGITS.fullmatch(str(number)):
        return Day(_possible(*_of(found)))
    if FIRST_YEAR <= number <= LAST_YEAR:
        raise CellProblem(_("Only the year stands here. Enter day, month and year."))
    if (date(FIRST_YEAR, 1, 1) - DAY_ZERO).days <= number <= (date(LAST_YEAR, 12, 31) - DAY_ZERO).days:
        return Day(DAY_ZERO + timedelta(days=int(number)))
    raise CellProblem(not_a_date())


def _from_text(text: str, order: str | None) -> Day:
    day = _whole_date(text, order)
    if day:
        return day
    if found := MONTH_ONLY.fullmatch(text):
        first = _possible(_year(found["year"] or found["full"]), int(found["month"] or found["number"]), 1)
        return Day(first, _("The day is missing. We take %(date)s.") % {"date": date_format(first)})
    for found in UNTIL.finditer(text):
        if BEGINNING.fullmatch(text[: found.start()]) and (day := _whole_date(text[found.end() :], order)):
            sentence = _("There are several days in this cell. We take the last one, %(date)s.")
            return Day(day.date, sentence % {"date": date_format(day.date)})
    if text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise CellProblem(_("Only the year stands here. Enter day, month and year."))
    raise CellProblem(not_a_date())


def _whole_date(text: str, order: str | None) -> Day | None:
    for pattern in (YEAR_FIRST, EIGHT_DIGITS, DAY_MONTH, MONTH_DAY):
        if found := pattern.fullmatch(text):
            return Day(_possible(*_of(found)))
    if found := NUMBERS.fullmatch(text):
        return _in_order(found, order)
    return None


def _in_order(found: re.Match[str], order: str | None) -> Day:
    first, second, year = int(found["first"]), int(found["second"]), _year(found["year"])
    if found["mark"] == ".":
        order = "dmy"
    if order is None:
        if first <= 12 and second <= 12 and first != second:
            raise CellProblem(
                _("It is not clear which number is the day. Write the month in letters, or the year first.")
            )
        order = "mdy" if second > 12 else "dmy"
    day, month = (first, second) if order == "dmy" else (second, first)
    if month > 12 >= day:  # not the order of the others
        read = _possible(year, day, month)
        return Day(
            read,
            _("Month and day are the other way round here. We take %(date)s.") % {"date": date_format(read)},
        )
    return Day(_possible(year, month, day))


def _of(found: re.Match[str]) -> tuple[int, int, int]:
    return _year(found["year"]), int(found["month"]), int(found["day"])


def _year(text: str) -> int:
    """Two digits are of this century up to next year, else of the last one."""
    year = int(text.lstrip("'"))
    if len(text.lstrip("'")) > 2:
        return year
    return year + (2000 if year <= (clock.today().year + 1) % 100 else 1900)


def _possible(year: int, month: int, day: int) -> date:
    if year < FIRST_YEAR or year > LAST_YEAR:
        if 1300 <= year <= 1500 or 2450 <= year <= 2650:  # Persian and Islamic years; Buddhist ones
            raise CellProblem(
                _("The year %(year)d is of another calendar. Enter the date in the Gregorian one.")
                % {"year": year}
            )
        raise CellProblem(_("The year is %(year)d. Check it.") % {"year": year})
    try:
        return date(year, month, day)
    except ValueError as error:
        raise CellProblem(_("There is no such day. Check the date.")) from error


def not_a_date() -> str:
    return _("This is no date. Enter day, month and year, for example 31 May 2018.")


def _normal(text: str) -> str:
    """`text` folded, with Latin digits, names of months as <5>, without weekday and time of day."""
    if len(text) > TEXT_LETTERS or any(map(is_raised_or_circled, text)):
        return ""  # folded, 2² would be 22
    text = (
        latin_digits(fold(" ".join(text.split()))).replace("\u060c", ",").replace("−", "-").replace("‐", "-")
    )
    text = _months().sub(lambda found: f"<{_month_numbers()[found[0]]}>", text)
    text = CLOCK.sub("", re.sub(r"\bd'", "de ", text))
    return re.sub(r"^[^\W\d_]+\.?,? +(?=[\d<])", "", text).strip(" .,")


@cache
def _month_numbers() -> dict[str, int]:
    """Every name and short name of a month, folded, and its number."""
    names = {"sept": 9, "set": 9, "mrz": 3, "agu": 8}
    for locale in MONTH_LOCALES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in Locale.parse(locale).months[context][width].items():
                    if not name.strip(".").isdigit():
                        names.setdefault(fold(name).strip("."), number)
    return names


@cache
def _months() -> re.Pattern[str]:
    names = sorted(map(re.escape, _month_numbers()), key=len, reverse=True)
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(names)})(?![^\W\d_])")
