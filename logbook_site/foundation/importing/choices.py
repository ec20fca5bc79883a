"""What the person has decided about their sheet so far; where nothing is decided, our guess holds."""

import json
from dataclasses import asdict, dataclass, field

from logbook_site.foundation.sheets import Sheet

NO_HEADINGS = -1


@dataclass
class Choices:
    """Indices of sheets, rows and columns count from 0. None stands for "not decided"."""

    sheet: int | None = None
    heading_row: int | None = None  # NO_HEADINGS: there are none
    columns: dict[int, str] = field(default_factory=dict)  # "" leaves the column out
    values: dict[str, dict[str, str]] = field(default_factory=dict)  # field → folded text → choice
    title: str = ""  # for rows without one
    date_order: str | None = None
    groups: dict[str, str] = field(default_factory=dict)  # what to do with the rows of a group to check
    rows: list[int] = field(default_factory=list)  # those taken one by one
    seen: list[str] = field(default_factory=list)  # steps that were answered

    def see(self, step: str) -> None:
        if step not in self.seen:
            self.seen.append(step)

    def take_sheet(self, index: int) -> None:
        """Another sheet: what was said about the last one is of no use."""
        if index != self.sheet:
            self.__init__(sheet=index)

    def take_headings(self, index: int) -> None:
        """Other headings: other columns."""
        if index != self.heading_row:
            self.__init__(sheet=self.sheet, heading_row=index, seen=["headings"])


@dataclass
class Kept:
    """What waits between the steps."""

    sheets: list[Sheet]
    choices: Choices

    def to_bytes(self) -> bytes:
        kept = {"sheets": [sheet.to_json() for sheet in self.sheets], "choices": asdict(self.choices)}
        return json.dumps(kept, ensure_ascii=False).encode("utf-8", "surrogatepass")

    @classmethod
    def from_bytes(cls, data: bytes) -> "Kept":
        """What `to_bytes` wrote."""
        kept = json.loads(data.decode("utf-8", "surrogatepass"))
        choices = Choices(**kept["choices"])
        choices.columns = {int(column): name for column, name in choices.columns.items()}
        return cls([Sheet.from_json(sheet) for sheet in kept["sheets"]], choices)
