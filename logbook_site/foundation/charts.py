"""Horizontal bars, drawn on the server as SVG: "partials/_bars.html" shows them on a page and in a PDF.

Everything is counted in units of the picture's viewBox, and in whole numbers: a language with a decimal comma
would break others. The picture is narrow, label above bar, so that its letters can still be read where it is
squeezed into a card on a phone of 320 pixels.
"""

import unicodedata
from collections.abc import Iterable
from textwrap import wrap
from typing import NamedTuple

WIDTH = 320
FONT_SIZE = 15
LABEL_LETTERS = 34  # of this size, in a wide font
LABEL_LINES = 2
LINE_HEIGHT = 19
BAR_HEIGHT = 16
GAP = 12
NUMBER_SPACE = 128  # "10000 h 59 min" and a gap before it
LONGEST_BAR = WIDTH - NUMBER_SPACE
SHORTEST_BAR = 2  # a little is not nothing


class Line(NamedTuple):
    """A line of a label; `y` is where its letters stand."""

    text: str
    y: int


class Bar(NamedTuple):
    """A bar from `x`, `y` (its upper corner), with its label above it and its number beside it."""

    label: str
    shown: str
    x: int
    width: int
    y: int
    lines: tuple[Line, ...]

    @property
    def height(self) -> int:
        return BAR_HEIGHT

    @property
    def x_from_the_right(self) -> int:
        """Where the bar begins in a picture as wide as the longest, in a language that is read from the right."""
        return LONGEST_BAR - self.width

    @property
    def number_x(self) -> int:
        return self.x + self.width + 8

    @property
    def number_y(self) -> int:
        return self.y + BAR_HEIGHT - 3


class Chart(NamedTuple):
    """All of the picture. There is nothing to draw if there was no row."""

    bars: tuple[Bar, ...]
    height: int
    width: int = WIDTH
    longest: int = LONGEST_BAR
    font_size: int = FONT_SIZE

    @property
    def described(self) -> str:
        """The picture in words, for who hears it."""
        return "; ".join(f"{bar.label}: {bar.shown}" for bar in self.bars)


def chart(rows: Iterable[tuple[str, int, str]]) -> Chart:
    """The picture of `rows` (see `bars`), for the template."""
    drawn = tuple(bars(rows))
    return Chart(drawn, height=drawn[-1].y + BAR_HEIGHT + 2 if drawn else 0)


def bars(rows: Iterable[tuple[str, int, str]]) -> list[Bar]:
    """A bar for each row of (label, minutes, minutes as people read them), in the order of the rows.

    The longest fills the room, the others are in proportion to it. Labels take two lines at most.
    """
    rows = [(str(label), minutes, str(shown)) for label, minutes, shown in rows]
    longest = max((minutes for _, minutes, _ in rows), default=0)
    drawn: list[Bar] = []
    top = 0
    for label, minutes, shown in rows:
        bar = _bar(label, shown, _width(minutes, longest), top)
        drawn.append(bar)
        top = bar.y + BAR_HEIGHT + GAP
    return drawn


def _bar(label: str, shown: str, width: int, top: int) -> Bar:
    lines = tuple(
        Line(text, top + number * LINE_HEIGHT - 4) for number, text in enumerate(_lines(label), start=1)
    )
    return Bar(label=label, shown=shown, x=0, width=width, y=top + len(lines) * LINE_HEIGHT + 1, lines=lines)


def _width(minutes: int, longest: int) -> int:
    return max(round(LONGEST_BAR * minutes / longest), SHORTEST_BAR) if minutes > 0 else 0


def _lines(label: str) -> list[str]:
    """`label` in lines that fit; what does not fit becomes an ellipsis (the table beside has all of it)."""
    wide = any(unicodedata.east_asian_width(letter) in "WF" for letter in label)
    room = LABEL_LETTERS // 2 if wide else LABEL_LETTERS
    return wrap(label, room, max_lines=LABEL_LINES, placeholder="…")
