"""Cases against a base: in rounds, mixed, as medians of ratios. What else the machine does meets both."""

import gc
import random
import time
from collections.abc import Callable, Iterable
from statistics import median, quantiles
from typing import NamedTuple

from django.db import connection
from django.test.utils import CaptureQueriesContext

BATCH_SECONDS = 0.03  # so long a case runs in each round, and once at least
NOISY = 0.1  # of the ratio, between the quarters of the rounds
NEARLY = 1.25  # times the goal: where the report says why it is not more


class Base(NamedTuple):
    """What a case is compared with."""

    name: str
    run: Callable[[], object]


class Case(NamedTuple):
    """What is measured: `run` does it once. `goal` is the highest ratio to the base; None where none is set."""

    name: str
    run: Callable[[], object]
    base: Base
    goal: float | None = None


class Count(NamedTuple):
    """A number without noise, in `unit`, and the highest that it may be; None where none is set."""

    name: str
    value: float
    unit: str
    goal: float | None = None

    @property
    def verdict(self) -> str:
        return _verdict(self.value, self.goal)


class Result(NamedTuple):
    """Milliseconds of the case and of its base, their ratio, and the spread of the ratio as a part of it."""

    case: Case
    value: float
    base: float
    ratio: float
    spread: float

    @property
    def verdict(self) -> str:
        """From the median. What is not reached and uneven may be the machine: it is called noisy, not missed."""
        verdict = _verdict(self.ratio, self.case.goal)
        return "noisy" if verdict == "missed" and self.spread > NOISY else verdict


def _verdict(value: float, goal: float | None) -> str:
    if goal is None:
        return ""
    if value <= goal:
        return "reached"
    return "nearly" if value <= NEARLY * goal else "missed"


def in_rounds(cases: Iterable[Case], rounds: int) -> list[Result]:
    """Each case between two looks at its base, in another order in each round."""
    cases = list(cases)
    for case in cases:  # what the first call of all loads is not measured
        case.base.run()
        case.run()
    found = {case: [] for case in cases}
    for _round in range(rounds):
        for case in random.sample(cases, len(cases)):
            before, value, after = (milliseconds(run) for run in (case.base.run, case.run, case.base.run))
            found[case].append((value, (before + after) / 2))
    return [_result(case, *zip(*found[case], strict=True)) for case in cases]


def _result(case: Case, values: tuple[float, ...], bases: tuple[float, ...]) -> Result:
    ratios = [value / base for value, base in zip(values, bases, strict=True)]
    low, ratio, high = quantiles(ratios, n=4)
    return Result(case, median(values), median(bases), ratio, (high - low) / ratio)


def milliseconds(run: Callable[[], object]) -> float:
    """The time that the processors work for one call; a short call is repeated, and its first one does not count.

    Not the time that passes: on a busy machine a long call waits for its turn, again and again, and a short base does
    not. Where nothing else runs, the two are the same, as either we work or the database does for us.
    What others left behind is cleared away before: else it is part of a print, now in the case, now in its base.
    """
    gc.collect()
    once = _seconds(run, 1)
    if once >= BATCH_SECONDS:
        return 1000 * once
    number = max(1, int(BATCH_SECONDS / once))
    return 1000 * _seconds(run, number) / number


def _seconds(run: Callable[[], object], number: int) -> float:
    clocks = [time.CLOCK_PROCESS_CPUTIME_ID, _clock_of(connection.connection.info.backend_pid)]
    start = sum(map(time.clock_gettime, clocks))
    for _call in range(number):
        run()
    return sum(map(time.clock_gettime, clocks)) - start


def _clock_of(process: int) -> int:
    """The clock of another process, as `clock_getcpuclockid` of the C library names it on Linux."""
    return ~process << 3 | 2


def statements_of(call: Callable[[], object]) -> list[str]:
    """What `call` asks the database."""
    with CaptureQueriesContext(connection) as asked:
        call()
    return [one["sql"] for one in asked]


def ask(*statements: str) -> None:
    """Through the open connection, and with all that comes back."""
    for statement in statements:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            if cursor.description:
                cursor.fetchall()


def select_one() -> None:
    ask("SELECT 1")


# The base of everything that is one question to the database.
S1 = Base("S1", select_one)

HEAD = ["Operation", "Value", "Base", "Ratio", "Spread", "Goal", "Verdict"]


def rows(found: Iterable[Result | Count]) -> list[list[str]]:
    """A line an operation, as words, under `HEAD`."""
    return [_row_of_result(one) if isinstance(one, Result) else _row_of_count(one) for one in found]


def _row_of_result(result: Result) -> list[str]:
    return [
        result.case.name,
        f"{result.value:.3g} ms",
        f"{result.case.base.name} {result.base:.3g} ms",
        f"{result.ratio:.2f}" if result.ratio < 10 else f"{result.ratio:.0f}",
        f"{result.spread:.0%}",
        "" if result.case.goal is None else f"{result.case.goal:g}",
        result.verdict,
    ]


def _row_of_count(count: Count) -> list[str]:
    value = f"{count.value:,.4g}" if count.value < 1000 else f"{count.value:,.0f}"
    goal = "" if count.goal is None else f"{count.goal:g}"
    return [count.name, f"{value} {count.unit}".strip(), "", "", "", goal, count.verdict]


def table(found: Iterable[Result | Count]) -> str:
    """The same for a terminal."""
    lines = [HEAD, *rows(found)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    shown = [[line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])] for line in lines]
    return "\n".join("  ".join(line).rstrip() for line in shown)
