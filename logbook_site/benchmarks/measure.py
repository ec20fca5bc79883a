"""Cases against a base: in rounds, mixed, as medians of ratios. What else the machine does meets both."""

import random
import time
from collections.abc import Callable, Iterable
from statistics import median, quantiles
from typing import NamedTuple

from django.db import connection
from django.test.utils import CaptureQueriesContext

BATCH_SECONDS = 0.03  # so long a case runs in each round, and once at least
NOISY = 0.1  # of the ratio, between the quarters of the rounds


class Case(NamedTuple):
    """What is measured: `run` does it once. `goal` is the highest ratio to the base; None where none is set."""

    name: str
    run: Callable[[], object]
    goal: float | None = None


class Result(NamedTuple):
    """Milliseconds of the case and of its base, their ratio, and the spread of the ratio as a part of it."""

    case: Case
    value: float
    base: float
    ratio: float
    spread: float

    @property
    def verdict(self) -> str:
        if self.case.goal is None:
            return ""
        if self.ratio <= self.case.goal:
            return "reached"
        return "noisy" if self.spread > NOISY else "missed"


def in_rounds(cases: Iterable[Case], rounds: int, base: Callable[[], object]) -> list[Result]:
    """Each case between two looks at `base`, in another order in each round."""
    cases = list(cases)
    found = {case: [] for case in cases}
    for _round in range(rounds):
        for case in random.sample(cases, len(cases)):
            before, value, after = (milliseconds(run) for run in (base, case.run, base))
            found[case].append((value, (before + after) / 2))
    return [_result(case, *zip(*found[case], strict=True)) for case in cases]


def _result(case: Case, values: tuple[float, ...], bases: tuple[float, ...]) -> Result:
    ratios = [value / base for value, base in zip(values, bases, strict=True)]
    low, ratio, high = quantiles(ratios, n=4)
    return Result(case, median(values), median(bases), ratio, (high - low) / ratio)


def milliseconds(run: Callable[[], object]) -> float:
    """The time that the processors work for one call; a call before the others warms the caches.

    Not the time that passes: on a busy machine a long call waits for its turn, again and again, and a short base does
    not. Where nothing else runs, the two are the same, as either we work or the database does for us.
    """
    once = _seconds(run, 1)
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
            cursor.fetchall()


def select_one() -> None:
    """The base of everything that is one question to the database: S1."""
    ask("SELECT 1")


def table(results: list[Result]) -> str:
    """Milliseconds, ratios and goals, a line a case."""
    head = ["", "ms", "base ms", "ratio", "spread", "goal", ""]
    rows = [head] + [
        [
            result.case.name,
            f"{result.value:.3f}",
            f"{result.base:.4f}",
            f"{result.ratio:.1f}",
            f"{result.spread:.0%}",
            "" if result.case.goal is None else f"{result.case.goal:g}",
            result.verdict,
        ]
        for result in results
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [[row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])] for row in rows]
    return "\n".join("  ".join(line).rstrip() for line in lines)
