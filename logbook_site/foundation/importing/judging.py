"""Each row of the table, judged: ready, to be checked, or of no use; with the reasons, and grouped by them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Model
from django.utils.translation import gettext as _

from logbook_site.foundation.importing.fields import Field, Manner, Value
from logbook_site.foundation.importing.table import Table
from logbook_site.foundation.sheets import (
    Cell,
    CellProblem,
    Row,
    in_text,
)
from logbook_site.foundation.text import fold

ALL, NONE, SOME = "all", "none", "some"


@dataclass
class Reason:
    """`cause` is the name of a field, or a word of ours; rows with the same one are shown together."""

    cause: str
    sentence: str


@dataclass
class Judged:
    index: int
    number: int  # as the spreadsheet program counts
    row: Row
    values: dict[str, object]
    problems: list[Reason] = field(default_factory=list)
    doubts: list[Reason] = field(default_factory=list)
    is_made_up: bool = False  # the title is ours

    @property
    def reasons(self) -> list[Reason]:
        return self.problems or self.doubts

    def texts(self) -> list[str]:
        return [in_text(cell) for cell in self.row]

    @property
    def why(self) -> str:
        """All of it, for the file of rejected rows."""
        return " ".join(dict.fromkeys(reason.sentence for reason in [*self.problems, *self.doubts]))


@dataclass
class Group:
    """Rows with the same first reason."""

    cause: str
    rows: list[Judged]
    decision: str = NONE
    taken: frozenset[int] = frozenset()

    @cached_property
    def sentence(self) -> str:
        """If it is the same for all rows; else each row says its own."""
        said = {row.reasons[0].sentence for row in self.rows}
        return said.pop() if len(said) == 1 else ""

    def chosen(self) -> list[Judged]:
        if self.decision == SOME:
            return [row for row in self.rows if row.index in self.taken]
        return self.rows if self.decision == ALL else []


@dataclass
class Judgement:
    ready: list[Judged]
    check: list[Group]
    unusable: list[Group]

    def chosen(self) -> list[Judged]:
        """What comes in, in the order of the file."""
        rows = [*self.ready, *(row for group in self.check for row in group.chosen())]
        return sorted(rows, key=lambda row: row.index)

    def rejected(self) -> list[Judged]:
        """What does not."""
        taken = {row.index for row in self.chosen()}
        groups = [*self.check, *self.unusable]
        rows = (row for group in groups for row in group.rows if row.index not in taken)
        return sorted(rows, key=lambda row: row.index)

    @property
    def check_number(self) -> int:
        return sum(len(group.rows) for group in self.check)

    @property
    def unusable_number(self) -> int:
        return sum(len(group.rows) for group in self.unusable)


def judge(table: Table, by: Model) -> Judgement:
    """All rows, with what the person has decided about those to be checked. `by` may have some of them already."""
    judged = _judged(table)
    _find_duplicates(table, [row for row in judged if not row.problems], by)
    choices = table.choices
    check = _grouped(row for row in judged if row.doubts and not row.problems)
    for group in check:
        group.decision = choices.groups.get(group.cause, NONE)
        group.taken = frozenset(choices.rows)
    return Judgement(
        ready=[row for row in judged if not row.reasons],
        check=check,
        unusable=_grouped(row for row in judged if row.problems),
    )


def _grouped(rows: Iterable[Judged]) -> list[Group]:
    """The largest group first."""
    found: dict[str, list[Judged]] = {}
    for row in rows:
        found.setdefault(row.reasons[0].cause, []).append(row)
    return sorted((Group(cause, some) for cause, some in found.items()), key=lambda group: -len(group.rows))


def _judged(table: Table) -> list[Judged]:
    readers = {name: Reader(field, table.manner(name)) for name, field in table.plan.by_name.items()}
    judged = []
    for index, row in table.body:
        one = Judged(index, table.sheet.numbers[index], row, {})
        if index in table.no_entries:
            one.problems.append(Reason(*table.no_entries[index]))
        else:
            _read(one, table, readers)
        judged.append(one)
    return judged


class Reader:
    """Reads the cells of one field; many are the same, and reading is dear."""

    def __init__(self, fact: Field, manner: Manner) -> None:
        self.fact, self.manner = fact, manner
        self._read: dict[tuple, Value | CellProblem] = {}

    def read(self, cell: Cell) -> Value:
        """Raises CellProblem."""
        key = (type(cell), cell)
        if key not in self._read:
            try:
                self._read[key] = self.fact.read(cell, self.manner)
            except CellProblem as problem:
                self._read[key] = problem
        if isinstance(found := self._read[key], CellProblem):
            raise found
        return found


def _read(one: Judged, table: Table, readers: dict[str, Reader]) -> None:
    plan = table.plan
    for name, reader in readers.items():
        column = table.column_of.get(name)
        cell = None if column is None else one.row[column]
        if cell is None:
            _read_nothing(one, reader)
            continue
        try:
            value, doubt = reader.read(cell)
        except CellProblem as problem:
            if reader.fact.required:
                one.problems.append(Reason(name, problem.sentence))
            else:
                one.doubts.append(Reason(name, f"{problem.sentence} {_('It would stay empty.')}"))
        else:
            one.values[name] = value
            if doubt:
                one.doubts.append(Reason(name, doubt))
    if not one.values.get("title") and plan.usual_title:
        one.values["title"] = table.choices.title or str(plan.usual_title)
        one.is_made_up = True
    if not one.problems:
        one.problems += [Reason(*problem) for problem in plan.problems(one.values)]
    if not one.problems:
        one.doubts += [Reason(*doubt) for doubt in plan.doubts(one.values)]


def _read_nothing(one: Judged, reader: Reader) -> None:
    value = reader.fact.empty(reader.manner)
    if value is not None and value != "":
        one.values[reader.fact.name] = value
    elif reader.fact.required:
        one.problems.append(Reason(reader.fact.name, _("The cell is empty.")))


def _find_duplicates(table: Table, judged: list[Judged], by: Model) -> None:
    """The same day and the same title. Where the title is ours, the same hours, too: it tells nothing."""
    plan, known = table.plan, set()
    for day, title, minutes in plan.known(by):
        known |= {(day, fold(title)), (day, fold(title), minutes)}
    seen: dict[tuple, int] = {}
    for one in judged:
        key = (one.values[plan.day], fold(one.values["title"]))
        if one.is_made_up:
            key = (*key, one.values.get("hours"))
        if key in known:
            one.doubts.insert(0, Reason("known", _("You have it already: the same day, the same title.")))
        elif key in seen:
            sentence = _("The same day and the same title as in line %(number)d.") % {"number": seen[key]}
            one.doubts.insert(0, Reason("twice", sentence))
        else:
            seen[key] = one.number
