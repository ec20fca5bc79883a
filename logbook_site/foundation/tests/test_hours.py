"""Hours: everything that people write is read in one way only, or refused with a sentence."""

import pytest
from django import forms
from hypothesis import example, given
from hypothesis import strategies as st

from logbook_site.foundation.hours import (
    HoursError,
    HoursField,
    checked_minutes,
    decimal_hours,
    parse_hours,
    show_hours,
    typed_hours,
)

MINUTES = st.integers(1, 600_000)
ARABIC = str.maketrans("0123456789.,", "٠١٢٣٤٥٦٧٨٩٫،")
PERSIAN = str.maketrans("0123456789.,", "۰۱۲۳۴۵۶۷۸۹٫،")
FULL_WIDTH = str.maketrans("0123456789.,:h", "０１２３４５６７８９．，：ｈ")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("3.5", 210), ("3,5", 210), ("3:30", 210), ("3h30", 210), ("3 h 30 min", 210), ("3H30M", 210),
        ("3 hours and 30 minutes", 210), ("3 hrs. 5 min.", 185), ("3h5", 185), ("3.5 hours", 210),
        ("3:30 h", 210), ("3h", 180), ("3 hours", 180), ("1 hour", 60), ("3", 180), ("03", 180),
        ("45 min", 45), ("45m", 45), ("90 min", 90), (":45", 45), ("0:45", 45), ("0.75", 45), (".5", 30),
        (",5", 30), ("3.50", 210), ("٣٫٥", 210), ("۳٫۵", 210), ("٣:٣٠", 210), ("٣،٥", 210),
        ("３：３０", 210), ("３．５", 210), ("\u00a03\u202fh\u00a030\u2009min ", 210),
        ("\u200f3:30\u200e", 210), ("3\u223630", 210), ("3ʰ30", 210), ("1.0083", 60), ("1.00833334", 61),
        ("1.0250", 62), ("0.0084", 1), ("10000", 600_000), ("10000:00", 600_000), ("600000 min", 600_000),
        ("3\u066c5", 210), ("3:30" + 36 * " ", 210),
    ],
)  # fmt: skip
def test_what_people_write(text: str, minutes: int) -> None:
    assert parse_hours(text) == minutes


@pytest.mark.parametrize(
    "text",
    [
        "1.025", "0.0083", "0", "0:00", "0 min", "0.0", "10000:01", "10000.01",
        "99999999999999999999999999999999999999", "9" * 5000, "3:60", "3h60", ":99", "3:5", "3:300",
        "3:30:00", "1,500", "1.500", "0.750", "12,345 h", "1,234,567", "1.234,5", "-3", "−3", "+3", "3-4",
        "3h.5", "3.5h30", "3.5 min", "three", "", " ", ".", ":", "h", "min", "3.", "3 30", "1 500", "1e3",
        "3²", "3³⁰", "3½", "③", "nan", "inf", "3\n30", "=3", "3/4", "3 days", "\x00",
    ],
)  # fmt: skip
def test_what_is_refused(text: str) -> None:
    with pytest.raises(HoursError):
        parse_hours(text)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "for example 3:30 or 3.5"), ("long", "for example 3:30 or 3.5"), ("0", "no time at all"),
        ("10001", "more than 10,000 hours"), ("3:75", "60 minutes"),
        ("1,500", "Is it 1.5 hours or 1500 hours?"), ("1.500 h", "Is it 1.5 hours or 1500 hours?"),
        ("2.000", "Is it 2 hours or 2000 hours?"), ("0,125", "Is it 0.125 hours or 125 hours?"),
    ],
)  # fmt: skip
def test_the_sentence_says_what_to_type(text: str, part: str) -> None:
    with pytest.raises(HoursError) as refused:
        parse_hours(text)
    assert part in refused.value.sentence
    assert "for example 3:30" in refused.value.sentence


def test_zero_where_it_makes_sense() -> None:
    assert parse_hours("0", allow_zero=True) == parse_hours("0 min", allow_zero=True) == 0


def test_minutes_that_came_from_a_cell_are_checked_like_typed_ones() -> None:
    assert checked_minutes(1) == 1
    for minutes in (-1, 0, 600_001):
        with pytest.raises(HoursError, match="for example 3:30"):
            checked_minutes(minutes)


@pytest.mark.parametrize(
    ("minutes", "shown", "decimal"),
    [(0, "0 min", "0.00"), (45, "45 min", "0.75"), (60, "1 h", "1.00"), (210, "3 h 30 min", "3.50"),
     (1, "1 min", "0.02"), (200, "3 h 20 min", "3.33"), (83_085, "1384 h 45 min", "1384.75")],
)  # fmt: skip
def test_what_people_see(minutes: int, shown: str, decimal: str) -> None:
    assert (show_hours(minutes), decimal_hours(minutes)) == (shown, decimal)


def test_thousands_are_grouped_in_running_text() -> None:
    assert show_hours(83_085, grouped=True) == "1,384 h 45 min"


@given(MINUTES)
@example(599_999)
def test_what_we_show_can_be_typed_again(minutes: int) -> None:
    assert parse_hours(show_hours(minutes)) == minutes
    assert parse_hours(typed_hours(minutes)) == minutes
    assert parse_hours(decimal_hours(minutes)) == minutes


@given(st.integers(0, 9999), st.integers(0, 59))
def test_hours_and_minutes(hours: int, minutes: int) -> None:
    expected = hours * 60 + minutes
    for text in (f"{hours}:{minutes:02d}", f"{hours}h{minutes:02d}", f"{hours} h {minutes} min"):
        assert parse_hours(text, allow_zero=True) == expected


@given(
    st.integers(0, 9999), st.text("0123456789", min_size=1, max_size=9).filter(lambda part: len(part) != 3)
)
def test_every_decimal_is_the_same_with_dot_comma_and_other_digits(hours: int, part: str) -> None:
    dot, comma = f"{hours}.{part}", f"{hours},{part}"
    expected = parse_hours(dot, allow_zero=True)
    assert abs(expected - float(dot) * 60) <= 0.5000001
    written = [
        comma,
        f"{comma} h",
        f" {dot}h ",
        *(t.translate(s) for t in (dot, comma) for s in (ARABIC, PERSIAN, FULL_WIDTH)),
    ]
    assert {parse_hours(text, allow_zero=True) for text in written} == {expected}


@given(MINUTES)
def test_other_digits_are_the_same_with_a_colon(minutes: int) -> None:
    for script in (ARABIC, PERSIAN, FULL_WIDTH):
        assert parse_hours(typed_hours(minutes).translate(script)) == minutes
        assert parse_hours(show_hours(minutes).translate(script)) == minutes


@given(st.one_of(st.text(), st.text("0123456789٣۳.,:;-+hm ½²", max_size=12)))
def test_any_text_gives_minutes_or_a_sentence(text: str) -> None:
    try:
        assert 1 <= parse_hours(text) <= 600_000
    except HoursError as error:
        assert "for example 3:30" in error.sentence


class LengthForm(forms.Form):
    hours = HoursField()
    preparation = HoursField(required=False, allow_zero=True)


def test_the_field_gives_minutes() -> None:
    form = LengthForm({"hours": " 3,5 ", "preparation": ""})
    assert form.is_valid()
    assert form.cleaned_data == {"hours": 210, "preparation": None}
    assert LengthForm({"hours": "3h", "preparation": "0"}).is_valid()


def test_the_field_keeps_what_was_typed() -> None:
    form = LengthForm({"hours": "1,500"})
    assert form.errors["hours"] == ["Is it 1.5 hours or 1500 hours? Enter it with a colon, for example 3:30."]
    assert form["hours"].value() == "1,500"
    assert LengthForm({"hours": ""}).errors["hours"] == ["Enter how long it took, for example 3:30 or 3.5."]
    assert LengthForm({"hours": "\x00"}).errors["hours"]
    assert LengthForm({"hours": "0"}).errors["hours"]
    assert LengthForm({"hours": "3" * 41}).errors["hours"]


def test_the_field_shows_minutes_as_typed() -> None:
    form = LengthForm(initial={"hours": 210})
    assert form["hours"].value() == "3:30"
    html = str(form["hours"])
    for attribute in ('value="3:30"', 'inputmode="text"', 'autocomplete="off"', 'size="8"', 'maxlength="40"'):
        assert attribute in html


@pytest.mark.parametrize(
    ("typed", "changed"), [("3.5", False), ("3:30", False), ("3:31", True), ("x", True), ("", True)]
)
def test_another_way_to_write_it_is_no_change(typed: str, changed: bool) -> None:
    assert LengthForm({"hours": typed}, initial={"hours": 210})["hours"]._has_changed() is changed
