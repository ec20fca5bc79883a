import pytest

from logbook_site.foundation.periods import in_words, months_in_words


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (120, "5 days"), (48, "2 days"), (36, "36 hours"), (720, "30 days"), (8760, "365 days"),
        (24, "24 hours"), (12, "12 hours"), (1.5, "90 minutes"), (1, "1 hour"),
        (1 / 6, "10 minutes"), (0.05, "3 minutes"), (1 / 60, "1 minute"), (0.001, "1 minute"),
    ],
)  # fmt: skip
def test_hours_in_words(hours: float, words: str) -> None:
    assert in_words(hours) == words


def test_months_in_words() -> None:
    assert (months_in_words(1), months_in_words(24)) == ("1 month", "24 months")
