"""Points as people write them."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from cpd.points import parse_points, plain_points, show_points


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("6", "6"), ("1.5", "1.5"), ("1,5", "1.5"), (" 0,25 ", "0.25"), (".5", "0.5"), ("١٢٫٥", "12.5"), ("۶", "6"),
        ("１２", "12"), ("12 points", "12"), ("1 point", "1"), ("3 pts", "3"), ("10000", "10000"), ("9999,00", "9999"),
        ("0.01", "0.01"), ("007", "7"), ("1.50", "1.5"),
    ],
)  # fmt: skip
def test_what_is_understood(text: str, points: str) -> None:
    assert parse_points(text) == Decimal(points)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0", "no points at all"), ("0,00", "no points at all"), ("10000.01", "more than 10,000"),
        ("9" * 39, "more than 10,000"), ("1.2345", "two decimals at most"),
        ("1,500", "Is it 1.500 points or 1500 points?"), ("1.500", "Is it 1.500 points or 1500 points?"),
        *[(text, "as a number") for text in (
            "-1", "six", "1e3", "1:30", "3 h", ".", ",", "1,5,5", "1 000", "3²", "½", "NaN", "1_0", "9" * 41,
            "+5", "0x10", "1.5 hours",
        )],
    ],
)  # fmt: skip
def test_what_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence.replace("?", r"\?")):
        parse_points(text)


@pytest.mark.parametrize(
    ("points", "plain", "shown"),
    [("6.00", "6", "6 points"), ("1.50", "1.5", "1.5 points"), ("1", "1", "1 point"), ("100", "100", "100 points"),
     ("0.01", "0.01", "0.01 points"), ("10000", "10000", "10000 points")],
)  # fmt: skip
def test_how_they_are_shown(points: str, plain: str, shown: str) -> None:
    assert (plain_points(Decimal(points)), show_points(Decimal(points))) == (plain, shown)
