"""A sheet as plain cells, and what may be wrong with it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# Dates have no time of day; what a program shows as a time of day is a `time` or, above 24 hours, a `timedelta`.
Cell = str | int | float | date | time | timedelta | None
Row = list[Cell]


class CannotRead(ValueError):
    """The file is no spreadsheet that we read. `sentence` tells the person what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class CellProblem(ValueError):
    """The cell does not say what its column needs. `sentence` tells the person what is wrong with it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Sheet:
    """Rows of equal width, without the empty ones; nothing is empty but None. Texts have no spaces around them.

    Hidden rows and hidden sheets are read like the others (whoever filters a list and saves it hides rows without
    meaning to leave them out), and `remarks` tells of them.
    """

    name: str
    rows: list[Row]
    # Of each row the number that the spreadsheet program shows beside it: 1 is the first.
    numbers: list[int]
    hidden: bool = False
    # Indices of `rows`.
    hidden_rows: frozenset[int] = field(default_factory=frozenset)
    # Cells that hold a formula and no result: they are empty here.
    lost_formulas: int = 0

    def remarks(self) -> list[str]:
        """What the person should know before they go on: sentences."""
        told = []
        if self.hidden:
            told.append(_("This sheet is hidden in your file."))
        if count := len(self.hidden_rows):
            told.append(
                ngettext(
                    "%(number)d row is hidden in your file. It is read like the others.",
                    "%(number)d rows are hidden in your file. They are read like the others.",
                    count,
                )
                % {"number": count}
            )
        if count := self.lost_formulas:
            told.append(
                ngettext(
                    "%(number)d cell holds a formula without its result, so it is empty here. "
                    "Open the file in your spreadsheet program, save it, and choose it again.",
                    "%(number)d cells hold formulas without their results, so they are empty here. "
                    "Open the file in your spreadsheet program, save it, and choose it again.",
                    count,
                )
                % {"number": count}
            )
        return told

    def to_json(self) -> str:
        return json.dumps(
            {
                "name": self.name,
                "rows": [[_packed(cell) for cell in row] for row in self.rows],
                "numbers": self.numbers,
                "hidden": self.hidden,
                "hidden_rows": sorted(self.hidden_rows),
                "lost_formulas": self.lost_formulas,
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str | bytes) -> "Sheet":
        """The sheet that `to_json` wrote."""
        kept = json.loads(text)
        rows = [[_unpacked(cell) for cell in row] for row in kept.pop("rows")]
        return cls(rows=rows, hidden_rows=frozenset(kept.pop("hidden_rows")), **kept)


def _packed(cell: Cell) -> object:
    """JSON knows texts and numbers; all else becomes {kind: value}."""
    match cell:
        case date():
            return {"date": cell.isoformat()}
        case time():
            return {"time": cell.isoformat()}
        case timedelta():
            return {"seconds": cell.total_seconds()}
    return cell


def _unpacked(cell: object) -> Cell:
    match cell:
        case {"date": text}:
            return date.fromisoformat(text)
        case {"time": text}:
            return time.fromisoformat(text)
        case {"seconds": seconds}:
            return timedelta(seconds=seconds)
    return cell


def in_text(cell: Cell) -> str:
    """The cell as somebody would type it: for samples, texts and reasons. Nothing is ""."""
    match cell:
        case None:
            return ""
        case time():
            return cell.isoformat("minutes")
        case timedelta():
            minutes = round(cell.total_seconds() / 60)
            return f"{minutes // 60}:{minutes % 60:02d}"
        case date():
            return cell.isoformat()
        case float():
            return f"{cell:.10g}"
    return str(cell)


def is_empty(row: Sequence[Cell]) -> bool:
    return all(cell is None for cell in row)
