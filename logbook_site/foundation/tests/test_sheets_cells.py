"""Dates and lengths of time: what people write, and what spreadsheet programs make of it."""

from datetime import date, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logbook_site.foundation.hours import decimal_hours
from logbook_site.foundation.sheets import CellProblem, counts_minutes, date_order, read_date, read_minutes

# A busy machine makes slow texts.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

MAY = date(2018, 5, 3)
SURE = {
    "03.05.2018": MAY, "3.5.18": MAY, "3. 5. 2018": MAY, "03/05/2018": MAY, "03-05-2018": MAY, "03 05 2018": MAY,
    "2018-05-03": MAY, "2018/05/03": MAY, "2018-05-03T10:00:00Z": MAY, "2018-05-03 17:30:00": MAY, "20180503": MAY,
    "3. Mai 2018": MAY, "Donnerstag, 3. Mai 2018": MAY, "Do. 03.05.2018": MAY, "3 mai 2018": MAY,
    "jeudi 3 mai 2018": MAY,
    "3 de mayo de 2018": MAY, "3 de maio de 2018": MAY, "May 3, 2018": MAY, "Thu, May 3rd, 2018": MAY, "3-May-18": MAY,
    "3 مايو 2018": MAY, "٠٣/٠٥/٢٠١٨": MAY, "۰۳/۰۵/۲۰۱۸": MAY, "٣ أيار ٢٠١٨": MAY, "03/05/2018 10:30": MAY,
    "1er janvier 2019": date(2019, 1, 1), "12 de março de 2019": date(2019, 3, 12), "5. Jänner 2019": date(2019, 1, 5),
    "3 févr. 2020": date(2020, 2, 3), "15 sept. 2019": date(2019, 9, 15), "3 août 2019": date(2019, 8, 3),
    "15 جانفي 2019": date(2019, 1, 15), "٣ كانون الثاني ٢٠١٨": date(2018, 1, 3), "31/12/99": date(1999, 12, 31),
    "24.12.'17": date(2017, 12, 24), 43223: MAY, 43223.75: MAY, 20180503: MAY, MAY: MAY,
}  # fmt: skip
DOUBTFUL = {
    "Mai 2018": (date(2018, 5, 1), "The day is missing"),
    "05/2018": (date(2018, 5, 1), "The day is missing"),
    "Sept 2019": (date(2019, 9, 1), "The day is missing"),
    "مايو 2018": (date(2018, 5, 1), "The day is missing"),
    "05/13/2018": (date(2018, 5, 13), "other way round"),
    "3.-5.5.2018": (date(2018, 5, 5), "several days"),
    "03.05.2018 - 05.05.2018": (date(2018, 5, 5), "several days"),
    "3 and 4 May 2018": (date(2018, 5, 4), "several days"),
    "1.–3. Juni 2020": (date(2020, 6, 3), "several days"),
}
NO_DATES = {
    None: "There is no date", "": "This is no date", "soon": "This is no date", "3 May": "This is no date",
    "31.02.2018": "There is no such day", "2018": "Only the year", 2018: "Only the year",
    "0": "This is no date",
    "۱۳۹۷/۰۲/۱۳": "another calendar", "03.05.2561": "another calendar", "03.05.0018": "The year is 18",
    3.5: "This is no date",
    time(3, 30): "This is a time", date(1900, 1, 3): "The year is 1900", "x" * 100: "This is no date",
    -5: "This is no date",
    1e300: "This is no date",
}  # fmt: skip


@pytest.mark.parametrize("cell", SURE)
def test_a_date_that_is_clear(cell) -> None:
    assert read_date(cell, "dmy") == (SURE[cell], "")


@pytest.mark.parametrize("cell", DOUBTFUL)
def test_a_date_that_the_person_should_check(cell) -> None:
    day, doubt = read_date(cell, "dmy")
    expected, sentence = DOUBTFUL[cell]
    assert day == expected
    assert sentence in doubt


@pytest.mark.parametrize("cell", NO_DATES)
def test_no_date_says_why(cell) -> None:
    with pytest.raises(CellProblem) as problem:
        read_date(cell, "dmy")
    assert NO_DATES[cell] in problem.value.sentence


def test_months_first_where_the_person_says_so() -> None:
    assert read_date("03/04/2019", "mdy") == (date(2019, 3, 4), "")
    assert read_date("03/04/2019", "dmy") == (date(2019, 4, 3), "")
    assert read_date("03.04.2019", "mdy") == (date(2019, 4, 3), "")
    assert read_date("3/13/2019", None) == (date(2019, 3, 13), "")
    assert read_date("04/04/2019", None) == (date(2019, 4, 4), "")
    with pytest.raises(CellProblem, match="It is not clear which number is the day"):
        read_date("03/04/2019", None)


@pytest.mark.parametrize(
    ("cells", "order", "example"),
    [
        (["03/04/2019", "13/04/2019"], "dmy", "03/04/2019"),
        (["3-4-2019", "4-13-19"], "mdy", "3-4-2019"),
        (["03/04/2019", "04/04/2019"], None, "03/04/2019"),
        (["13/04/2019", "04/13/2019", "1/2/2019"], None, "1/2/2019"),
        (["04/04/2019", "2019-03-04", MAY, 43223, None, "Mai 2018", "03.04.2019"], None, ""),
        (["٠٣/٠٤/٢٠١٩", "٢٥/١٢/٢٠١٩"], "dmy", "٠٣/٠٤/٢٠١٩"),
        ([], None, ""),
    ],
)
def test_the_order_of_dates_is_proven_or_asked_with_an_example(cells, order, example) -> None:
    assert date_order(cells) == (order, example)


LENGTHS = {
    3: 180, 3.5: 210, 0.25: 15, 1.125: 68, "3,5": 210, "3.5": 210, "3:30": 210, "3h30": 210, "3 h 30 min": 210,
    ":45": 45,
    time(3, 30): 210, time(0, 45): 45, timedelta(hours=27, minutes=30): 1650, "3:30:00": 210, "03:30:29": 210,
    "27:30": 1650,
    "3:30 AM": 210, "12:45 am": 45, "3,5 Std.": 210, "3 Std 30 Min": 210, "1,5 Stunden": 90, "2 heures": 120,
    "2 h et 15 min": 135, "3 horas y 30 minutos": 210, "90 Minuten": 90, "٣٫٥": 210, "٣ ساعات": 180, "45 دقائق": 45,
    "٣ ساعات و ٣٠ دقيقة": 210, "2 hrs": 120,
}  # fmt: skip
LENGTHS_TO_CHECK = {
    date(2026, 4, 1): (84, "made a date of this"),  # 1.4
    date(2026, 5, 2): (150, "made a date of this"),  # 2.5
    date(1950, 3, 1): (210, "made a date of this"),  # 3.50
    date(1900, 1, 3): (180, "made a date of this"),  # 3
    "01.04.2026": (84, "made a date of this"),
    "1-Apr-26": (84, "made a date of this"),
    3.5 / 24: (210, "part of a day"),
    "1:15 PM": (795, "a time of day"),
    "10:00-13:30": (210, "from when to when"),
    "ca. 3": (180, "not exact"),
    "~2,5": (150, "not exact"),
}
NO_LENGTHS = {
    None: "There is no length of time", "x": "Enter how long it took", -2: "Enter how long",
    0: "no time at all",
    "0": "no time at all", "1,500": "Is it 1.5 hours or 1500 hours?", 1e9: "more than 10,000 hours",
    "3²": "Enter how long",
    date(2025, 5, 1): "Is it 1 h 30 min or 5 h 15 min?", "13:30-10:00": "This is a time of day",
    "17:30 PM": "a time of day",
    "x" * 100: "Enter how long", time(0, 0): "no time at all", "03.05.": "Enter how long",
}  # fmt: skip


@pytest.mark.parametrize("cell", LENGTHS)
def test_a_length_of_time_that_is_clear(cell) -> None:
    assert read_minutes(cell) == (LENGTHS[cell], "")


@pytest.mark.parametrize("cell", LENGTHS_TO_CHECK)
def test_a_length_of_time_that_the_person_should_check(cell) -> None:
    minutes, doubt = read_minutes(cell)
    expected, sentence = LENGTHS_TO_CHECK[cell]
    assert minutes == expected
    assert sentence in doubt


@pytest.mark.parametrize("cell", NO_LENGTHS)
def test_no_length_of_time_says_why(cell) -> None:
    with pytest.raises(CellProblem) as problem:
        read_minutes(cell)
    assert NO_LENGTHS[cell] in problem.value.sentence


def test_nothing_is_allowed_where_it_is() -> None:
    assert read_minutes(0, allow_zero=True) == (0, "")
    assert read_minutes("0", allow_zero=True) == (0, "")


@pytest.mark.parametrize(
    ("heading", "counted"),
    [
        ("Duration (min)", True), ("Dauer in Minuten", True), ("Durée (minutes)", True), ("المدة بالدقائق", True),
        ("Duration", False), ("Hours:min", False), ("h/min", False), ("Administration", False),
        ("Std. und Min.", False),
    ],
)  # fmt: skip
def test_minutes_where_the_heading_says_so(heading: str, counted: bool) -> None:
    assert counts_minutes(heading) is counted


def test_plain_numbers_are_minutes_there() -> None:
    assert read_minutes(90, in_minutes=True) == (90, "")
    assert read_minutes("90", in_minutes=True) == (90, "")
    assert read_minutes("1:30", in_minutes=True) == (90, "")
    assert read_minutes(time(1, 30), in_minutes=True) == (90, "")


@unhurried
@given(st.integers(1, 600_000))
def test_the_hours_of_our_downloads_come_back_to_the_minute(minutes: int) -> None:
    assert read_minutes(decimal_hours(minutes)) == (minutes, "")
    assert read_minutes(float(decimal_hours(minutes))) == (minutes, "")


CELLS = st.one_of(
    st.text(st.one_of(st.sampled_from("0123456789.,:/-– hmaei٣ MayMaiمايو<>"), st.characters()), max_size=30),
    st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.dates(), st.times(),
    st.timedeltas(timedelta(0), timedelta(days=90_000)), st.none(),
)  # fmt: skip


@unhurried
@given(CELLS, st.sampled_from(["dmy", "mdy", None]))
def test_any_cell_gives_a_date_or_a_sentence(cell, order) -> None:
    try:
        assert 1950 <= read_date(cell, order).date.year <= 2100
    except CellProblem as problem:
        assert problem.sentence
    date_order([cell])


@unhurried
@given(CELLS, st.booleans())
def test_any_cell_gives_minutes_or_a_sentence(cell, in_minutes: bool) -> None:
    try:
        assert 0 < read_minutes(cell, in_minutes=in_minutes).minutes <= 600_000
    except CellProblem as problem:
        assert problem.sentence
