"""A sheet as a table: its headings, what its columns are, what its words mean. Decided by the person, else guessed."""

from collections.abc import Iterator
from functools import cached_property

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from logbook_site.foundation.importing.choices import NO_HEADINGS, Choices
from logbook_site.foundation.importing.fields import ChoiceField, Manner, NumberField
from logbook_site.foundation.importing.plan import Plan
from logbook_site.foundation.sheets import (
    Cell,
    DateOrder,
    Row,
    Sheet,
    as_key,
    counts_minutes,
    date_order,
    guess_columns,
    guess_heading_row,
    guess_value,
    in_text,
    is_repeated_heading,
    is_section,
    is_sum_row,
)

STEPS = ["headings", "columns", "dates", "preview"]
SAMPLES = 3
LOOKED_AT = 50  # cells of a column, for samples and guesses
MOST_VALUES = 40  # different words of one column to ask about; more are no roles and no media
MOST_UNKNOWN = 100  # of a country or a language, which are many: words that we do not know
MOST_GUESSED = 500  # different words of one column to compare with ours; more are no choices at all


class Table:
    """Made anew for each step: nothing of it is kept."""

    def __init__(self, plan: Plan, sheets: list[Sheet], choices: Choices) -> None:
        self.plan, self.sheets, self.choices = plan, sheets, choices
        # Asked again and again for one page, and dear.
        self._distinct: dict[str, dict[str, str]] = {}
        self._meanings: dict[str, dict[str, str | None]] = {}

    @cached_property
    def sheet_index(self) -> int:
        """The one that was chosen, else the longest of those one sees."""
        if self.choices.sheet is not None:
            return self.choices.sheet
        return max(
            range(len(self.sheets)),
            key=lambda index: (not self.sheets[index].hidden, len(self.sheets[index].rows)),
        )

    @property
    def sheet(self) -> Sheet:
        return self.sheets[self.sheet_index]

    @cached_property
    def guessed_heading(self) -> int | None:
        return guess_heading_row(self.sheet.rows, self.plan.words)

    @cached_property
    def heading_row(self) -> int:
        """An index, or NO_HEADINGS."""
        if self.choices.heading_row is not None:
            return self.choices.heading_row
        return NO_HEADINGS if self.guessed_heading is None else self.guessed_heading

    @cached_property
    def body(self) -> list[tuple[int, Row]]:
        """The rows below the headings, each with its index."""
        return list(enumerate(self.sheet.rows))[self.heading_row + 1 :]

    @cached_property
    def headings(self) -> list[str]:
        """As they stand in the file; letters, as a spreadsheet program has them, where there are none."""
        row = [] if self.heading_row == NO_HEADINGS else self.sheet.rows[self.heading_row]
        width = len(self.sheet.rows[0])
        given = [" ".join(in_text(cell).split()) for cell in row] or [""] * width
        return [
            text or _("Column %(letter)s") % {"letter": letters(index)} for index, text in enumerate(given)
        ]

    @cached_property
    def filled(self) -> list[int]:
        """Indices of the columns that hold anything below the headings."""
        return [
            column
            for column in range(len(self.headings))
            if any(row[column] is not None for _index, row in self.body)
        ]

    @cached_property
    def guessed_columns(self) -> dict[int, str]:
        headings = [] if self.heading_row == NO_HEADINGS else self.headings
        samples = [list(self._cells(column)) for column in range(len(headings))]
        guessed = guess_columns(headings, samples, self.plan.words)
        return {
            column: name
            for column, name in guessed.items()
            if not (isinstance(self.plan.by_name[name], NumberField) and holds_names(samples[column]))
        }

    @cached_property
    def columns(self) -> dict[int, str]:
        """Column → field. A decision about one column takes the field away from a guess about another."""
        decided = {column: name for column, name in self.choices.columns.items() if column in self.filled}
        taken = set(decided.values())
        guessed = {
            column: name
            for column, name in self.guessed_columns.items()
            if column in self.filled and column not in decided and name not in taken
        }
        return {column: name for column, name in sorted((guessed | decided).items()) if name}

    @cached_property
    def column_of(self) -> dict[str, int]:
        return {name: column for column, name in self.columns.items()}

    def _cells(self, column: int) -> Iterator[Cell]:
        """Some of a column that hold something."""
        found = 0
        for _index, row in self.body:
            if row[column] is not None:
                yield row[column]
                found += 1
                if found == LOOKED_AT:
                    return

    def samples(self, column: int) -> list[str]:
        """Some different ones."""
        return list(dict.fromkeys(Truncator(in_text(cell)).chars(60) for cell in self._cells(column)))[
            :SAMPLES
        ]

    @cached_property
    def no_entries(self) -> dict[int, tuple[str, str]]:
        """Index → (cause, sentence) of rows that are none: sums, headings once more, titles of a part."""
        headings = [] if self.heading_row == NO_HEADINGS else self.sheet.rows[self.heading_row]
        dates = [self.column_of[name] for name in self.plan.days if name in self.column_of]
        found = {}
        for index, row in self.body:
            if headings and is_repeated_heading(row, headings):
                found[index] = ("heading", _("The headings once more."))
            elif is_sum_row(row, dates):
                found[index] = ("sum", _("A sum of other rows."))
            elif is_section(row):
                found[index] = ("section", _("The title of a part of the list."))
        return found

    @cached_property
    def rows(self) -> list[Row]:
        """Those that may be entries."""
        return [row for index, row in self.body if index not in self.no_entries]

    # --- Words

    def asked_choices(self) -> list[ChoiceField]:
        """Fields whose words must mean something: those with a column, and those no entry can do without."""
        fields = [field for field in self.plan.fields if isinstance(field, ChoiceField)]
        return [field for field in fields if field.required or field.name in self.column_of]

    def distinct(self, field: ChoiceField) -> dict[str, str]:
        """The different words of its column, in their order: folded → as first written. "" if an empty cell matters."""
        if field.name not in self._distinct:
            column = self.column_of.get(field.name)
            cells = dict.fromkeys(None if column is None else row[column] for row in self.rows)
            found: dict[str, str] = {}
            for text in map(in_text, cells):
                if text or field.required:
                    found.setdefault(as_key(text), text)
            self._distinct[field.name] = found
        return self._distinct[field.name]

    def meanings(self, field: ChoiceField) -> dict[str, str | None]:
        """Folded word → choice; "" leaves the field empty; None where nobody has said and we cannot guess."""
        if field.name not in self._meanings:
            decided = self.choices.values.get(field.name, {})
            words = field.known(self.plan.values.get(field.name, {}))
            texts = self.distinct(field)
            guesses = len(texts) <= MOST_GUESSED
            self._meanings[field.name] = {
                key: decided[key]
                if key in decided
                else guess_value(text, words)
                if text and guesses
                else None
                for key, text in texts.items()
            }
        return self._meanings[field.name]

    def are_too_many(self, field: ChoiceField) -> bool:
        """More different words than anybody would explain one by one."""
        meanings = self.meanings(field)
        if field.is_long:
            return sum(choice is None for choice in meanings.values()) > MOST_UNKNOWN
        return len(meanings) > MOST_VALUES

    def unclear(self, field: ChoiceField) -> list[str]:
        """Words that need an answer: for a required field a choice, else any."""
        return [
            key
            for key, choice in self.meanings(field).items()
            if choice is None or (field.required and not choice)
        ]

    # --- Dates

    @cached_property
    def order(self) -> DateOrder:
        columns = [self.column_of[name] for name in self.plan.days if name in self.column_of]
        return date_order(row[column] for row in self.rows for column in columns)

    def manner(self, name: str) -> Manner:
        """How the column of this field is to be read."""
        field = self.plan.by_name[name]
        if isinstance(field, ChoiceField):
            return Manner(meanings={key: choice or "" for key, choice in self.meanings(field).items()})
        column = self.column_of.get(name)
        in_minutes = column is not None and counts_minutes(self.headings[column])
        return Manner(order=self.choices.date_order or self.order.order, in_minutes=in_minutes)

    # --- Which step comes next

    def missing(self) -> list[tuple[str, ...]]:
        """Of each of these fields one must have a column, and none has."""
        return [tuple(names) for names in self.plan.needs if not set(names) & set(self.column_of)]

    def is_open(self, step: str) -> bool:
        """Whether this step has a question that the person must answer, or has not been shown yet."""
        is_seen = step in self.choices.seen
        match step:
            case "headings":
                several = len([sheet for sheet in self.sheets if not sheet.hidden]) > 1
                return not is_seen and (self.guessed_heading is None or several)
            case "columns":
                if self.missing() or any(
                    field.required and self.unclear(field) for field in self.asked_choices()
                ):
                    return True
                unknown = set(self.filled) - set(self.columns)
                return not is_seen and bool(unknown or any(map(self.unclear, self.asked_choices())))
            case "dates":
                return self.asks_order and self.choices.date_order is None
        return True

    @property
    def asks_order(self) -> bool:
        return self.order.order is None and bool(self.order.example)

    @property
    def steps(self) -> list[str]:
        """Those that this file needs."""
        return [step for step in STEPS if step != "dates" or self.asks_order]

    def next_step(self) -> str:
        """The first that is open."""
        return next(step for step in STEPS if self.is_open(step))


def holds_names(cells: list[Cell]) -> bool:
    """Whether a column that may count something mostly holds words instead: “Parties” may be who they were."""
    with_digits = [cell for cell in cells if any(letter.isdigit() for letter in in_text(cell))]
    return 2 * len(with_digits) < len(cells)


def letters(index: int) -> str:
    """The name of a column in a spreadsheet program: A, B … Z, AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
