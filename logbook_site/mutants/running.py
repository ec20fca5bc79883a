"""Lets the tests look at each mutant: one failing test kills it.

Starting Python, Django and a database takes seconds, and there are thousands of mutants. So one process begins, reads
what all need and starts the servers; copies of it (forks) do the rest. A change inside a function is put into a copy
in which Django stands and the tests are found: only the code of this function is exchanged, and only the tests that
were seen to run it are run, the quickest first. Any other change takes effect as its file is read: such a mutant gets
a copy that has not read the project yet.
"""

import gc
import importlib.machinery
import json
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType, FunctionType

import psycopg2
import pytest

from logbook_site.mutants.making import Mutant

KILLED, SURVIVED, TIMED_OUT = "killed", "survived", "timed out"
NO_PYTHON = "no Python"  # the change gave no program: it does not count
TOO_LATE = "too late"  # its function ran while the tests were found, or cannot be exchanged
FIRST_SECONDS = 20  # a mutant may take so long, and three times as long as its tests take without it
OPTIONS = [
    "-q",
    "-x",
    "--tb=native",
    "--reuse-db",
    "-p",
    "no:cacheprovider",
    "-m",
    "not browser and not slow",
]


def run_mutants(mutants: list[Mutant], tests: list[str], tell: Callable[[Mutant, str], None]) -> None:
    """Of one file. `tell` is called with each as soon as it is known what became of it."""
    inside = [mutant for mutant in mutants if mutant.function]
    left = [mutant for mutant in mutants if not mutant.function]
    for number, verdict in _in_one_session(inside, tests):
        if verdict == TOO_LATE:
            left.append(inside[number])
        else:
            tell(inside[number], verdict)
    for mutant in left:
        verdict = SURVIVED
        for some in [tests[:1], tests[1:]]:  # the first file alone is read sooner, and most end there
            if some and verdict == SURVIVED:
                verdict = _verdict(lambda mutant=mutant, some=some: _read_changed(mutant, some), 200)
        tell(mutant, verdict)


def _verdict(run: Callable[[], int], seconds: float, stuck: Callable[[], None] = lambda: None) -> str:
    """What becomes of a mutant in a copy of this process: `run` gives 0 when no test failed."""
    copy = os.fork()
    if not copy:
        _be_silent()
        signal.signal(signal.SIGALRM, _too_long)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            code = int(bool(run()))
        except CannotExchange:
            code = 98
        except SyntaxError:
            code = 97
        except BaseException:
            code = 1
        os._exit(99 if _is_over else code)
    deadline = time.monotonic() + seconds + 10
    while True:
        ended, status = os.waitpid(copy, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            return {0: SURVIVED, 97: NO_PYTHON, 98: TOO_LATE, 99: TIMED_OUT}.get(code, KILLED)
        if time.monotonic() > deadline:
            os.kill(copy, signal.SIGKILL)
            os.waitpid(copy, 0)
            stuck()
            return TIMED_OUT
        time.sleep(0.005)


class CannotExchange(Exception):
    """The changed function sees other variables of the functions around it, or nobody holds it."""


class TooLong(BaseException):
    """A test fails with this, and tidies up."""


_is_over: list[bool] = []


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    _is_over.append(True)
    raise TooLong


def _be_silent() -> None:
    silence = os.open(os.devnull, os.O_RDWR)
    for descriptor in (1, 2):
        os.dup2(silence, descriptor)


# --- A change that takes effect as its file is read ------------------------------------------------


def _read_changed(mutant: Mutant, tests: list[str]) -> int:
    path = str(Path(mutant.file).resolve())
    changed = compile(mutant.source(), path, "exec", dont_inherit=True)
    read = importlib.machinery.SourceFileLoader.get_code

    def get_code(self: importlib.machinery.SourceFileLoader, name: str) -> CodeType | None:
        return changed if self.path == path else read(self, name)

    importlib.machinery.SourceFileLoader.get_code = get_code
    code = pytest.main([*OPTIONS, *tests])
    return 0 if code == pytest.ExitCode.NO_TESTS_COLLECTED else int(code)


# --- A change inside a function --------------------------------------------------------------------


def _in_one_session(mutants: list[Mutant], tests: list[str]):
    """(number of the mutant, what became of it), one after the other, from a copy that runs them all."""
    if not mutants:
        return
    reading, writing = os.pipe()
    copy = os.fork()
    if not copy:
        os.close(reading)
        _be_silent()
        session = Session(mutants, os.fdopen(writing, "w", buffering=1))
        pytest.main([*OPTIONS, *tests], plugins=[session])
        os._exit(0)
    os.close(writing)
    told = 0
    with os.fdopen(reading) as lines:
        for line in lines:
            number, verdict = json.loads(line)
            if number != told:
                sys.exit(f"A test fails without any change. {number} {verdict}")
            told += 1
            yield number, verdict
    os.waitpid(copy, 0)
    if told != len(mutants):
        sys.exit(f"The tests did not begin: {' '.join(tests)}")


class Session:
    """A plugin for pytest: instead of running the tests once, it runs those of each mutant."""

    def __init__(self, mutants: list[Mutant], told) -> None:
        self.mutants, self.told = mutants, told
        self.file = str(Path(mutants[0].file).resolve())
        self.failed = ""  # why
        self.ran: set[str] = set()
        sys.setprofile(self._note)

    def _note(self, frame: FrameType, event: str, _more: object) -> None:
        if event == "call" and frame.f_code.co_filename == self.file:
            self.ran.add(_parts(frame.f_code)[0])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = str(report.longrepr)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        sys.setprofile(None)
        self.items = items = session.items
        early = self.ran
        _warm_up(items)
        seen = _in_copy(lambda: self._look(items))
        if not isinstance(seen, dict):
            self.told.write(json.dumps(["", seen]) + "\n")
            return True
        items = sorted(items, key=lambda item: seen[item.nodeid][0])
        gc.unfreeze()  # what was set aside for good would not be found
        functions = _functions_of(self.file)
        # Who has made other functions by now (a decorator) will not make them again.
        early |= {outer for outer, inner, _rest in (_parts(one.__code__) for one in functions) if inner}
        gc.collect()
        gc.freeze()  # the copies need not look through what they will never free
        for number, mutant in enumerate(self.mutants):
            mine = [item for item in items if mutant.function in seen[item.nodeid][1]]
            verdict = TOO_LATE if mutant.function in early else SURVIVED
            if mine and verdict == SURVIVED:
                seconds = FIRST_SECONDS + 3 * sum(seen[item.nodeid][0] for item in mine)
                verdict = _verdict(
                    lambda mutant=mutant, mine=mine: self._try(mutant, functions, mine),
                    seconds,
                    _clean,
                )
            self.told.write(json.dumps([number, verdict]) + "\n")
        if _verdict(lambda: self._try(None, [], items), 600, _clean) != SURVIVED:
            self.told.write(
                json.dumps(["These verdicts are worth nothing: something was left behind.", ""]) + "\n"
            )
        return True

    def _look(self, items: list[pytest.Item]) -> dict[str, tuple[float, set[str]]] | str:
        """How long each test takes, and which functions of the file it runs. The words of one that fails."""
        seen = {}
        for item, following in zip(items, [*items[1:], items[0]], strict=True):
            self.ran = set()
            began = time.monotonic()
            threading.setprofile(self._note)
            sys.setprofile(self._note)
            _run(item, following)
            sys.setprofile(None)
            threading.setprofile(None)
            if self.failed:
                return item.nodeid + self.failed
            seen[item.nodeid] = (time.monotonic() - began, self.ran)
        return seen

    def _try(self, mutant: Mutant | None, functions: list[FunctionType], items: list[pytest.Item]) -> int:
        if mutant:
            _exchange(mutant, functions)
        for item, following in zip(items, [*items[1:], None], strict=True):
            # What the session has set up shall stay: any other test that follows tells pytest so.
            _run(item, following or next((other for other in self.items if other is not item), None))
            if self.failed:
                return 1
        return 0


def _run(item: pytest.Item, following: pytest.Item | None) -> None:
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)


def _warm_up(items: list[pytest.Item]) -> None:
    """Before the first copy: the database, and the addresses with all their views."""
    first = next((item for item in items if item.get_closest_marker("django_db")), None)
    if first and len(items) > 1:
        from django.db import connections
        from django.urls import get_resolver

        _run(first, next(item for item in reversed(items) if item is not first))
        connections.close_all()
        assert get_resolver().url_patterns


def _parts(code: CodeType) -> tuple[str, str, str]:
    """A function or method, and what is defined inside it."""
    return code.co_qualname.partition(".<locals>")


def _functions_of(file: str) -> list[FunctionType]:
    return [
        thing
        for thing in gc.get_objects()
        if type(thing) is FunctionType and thing.__code__.co_filename == file
    ]


def _exchange(mutant: Mutant, functions: list[FunctionType]) -> None:
    """Put the changed code into every function that was made from the one that is changed."""
    path = str(Path(mutant.file).resolve())
    codes = {
        code.co_qualname: code for code in _codes(compile(mutant.source(), path, "exec", dont_inherit=True))
    }
    those = [function for function in functions if function.__code__.co_qualname == mutant.function]
    if not those:
        raise CannotExchange
    for function in those:
        try:
            function.__code__ = codes[mutant.function]
        except ValueError as error:
            raise CannotExchange from error


def _codes(code: CodeType):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _in_copy(question: Callable):
    """What a copy of this process answers; None when it ends without an answer."""
    reading, writing = os.pipe()
    copy = os.fork()
    if not copy:
        os.close(reading)
        with os.fdopen(writing, "wb") as answer:
            answer.write(pickle.dumps(question()))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        told = answer.read()
    os.waitpid(copy, 0)
    return pickle.loads(told) if told else None


def _clean() -> None:
    """A copy that had to be ended may have left rows, and hold locks."""
    from django.db import connection

    from logbook_site.testing import FILLED_BY_MIGRATE

    filled = {*FILLED_BY_MIGRATE, "django_migrations"}
    with psycopg2.connect(**connection.get_connection_params()) as database, database.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [f'"{table}"' for (table,) in cursor.fetchall() if table not in filled]
        cursor.execute(f"TRUNCATE {', '.join(tables)}")
    database.close()
