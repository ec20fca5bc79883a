"""The web server as it runs for real, two workers, under many people at once."""

import http.client
import random
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from functools import partial
from statistics import median, quantiles
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from accounts.models import User
from logbook_site.benchmarks.browser import session_of
from logbook_site.benchmarks.parties import survey_link
from logbook_site.benchmarks.seed import FIRST_NAMES, USUAL_CAREER, Sown
from logbook_site.run import READY_SECONDS, ROOT, answers

PORT = 8190
PEOPLE = 4  # at once; each asks again when the answer is there
SLOWEST = 5  # the goal: times the middle, for 95 of 100 answers
GROWTH = 1.1  # the goal: memory at the end, in that after a quarter of the time


class Load(NamedTuple):
    """Seconds of each answer, what was no 200, and megabytes of the workers each second."""

    seconds: dict[str, list[float]]
    errors: list[str]
    memory: list[float]

    @property
    def all_seconds(self) -> list[float]:
        return [one for seconds in self.seconds.values() for one in seconds]

    @property
    def middle_and_slow(self) -> tuple[float, float]:
        """Of the mean of each kind of page there are fast and slow ones by nature: each against its own middle."""
        ratios = [one / median(seconds) for seconds in self.seconds.values() for one in seconds]
        return median(self.all_seconds), quantiles(ratios, n=20)[-1]

    @property
    def growth(self) -> float:
        quarter = len(self.memory) // 4
        return self.memory[-1] / max(self.memory[quarter], 1)


def under(seconds: int, sown: Sown) -> Load:
    asks = _what_is_asked(sown)
    load = Load({name: [] for name, *_ in asks}, [], [])
    with _web_server() as server:
        stop_at = time.monotonic() + seconds
        people = [threading.Thread(target=partial(_ask_until, stop_at, asks, load)) for _one in range(PEOPLE)]
        for one in people:
            one.start()
        while time.monotonic() < stop_at:
            load.memory.append(_megabytes(server.pid))
            time.sleep(1)
        for one in people:
            one.join()
    return load


def _what_is_asked(sown: Sown) -> list[tuple[str, str, list[str]]]:
    """(name, cookie, addresses) of each kind of page, the frequent ones more than once."""
    usual, fuller = (User.objects.get(pk=pk) for pk in (sown.mediators[USUAL_CAREER], sown.with_cpd))
    staff = _directory()
    mediator, other, looker = (
        f"{settings.SESSION_COOKIE_NAME}={session_of(one)}" for one in (usual, fuller, staff)
    )
    link = survey_link(fuller)
    lists = ["/logbook/", "/logbook/?page=2", "/logbook/?role=lead", "/logbook/?sort=title", "/cpd/", "/"]
    return [
        ("lists", mediator, lists),
        ("lists", other, lists),
        ("survey", "", [link]),
        ("search", looker, [f"/verify-experience/?q={name}" for name in FIRST_NAMES]),
        ("export", mediator, ["/logbook/export/?format=csv", "/logbook/export/?format=xlsx"]),
        ("print", mediator, ["/logbook/print/?per_page=10"]),
    ]


def _directory() -> User:
    from accounts.tests.factories import make_directory

    return make_directory(email="looker@example.org")


def _ask_until(stop_at: float, asks: list, load: Load) -> None:
    while time.monotonic() < stop_at:
        name, cookie, addresses = random.choice(asks)
        line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        started = time.monotonic()
        try:
            line.request("GET", random.choice(addresses), headers={"Host": "localhost", "Cookie": cookie})
            answer = line.getresponse()
            answer.read()
        except OSError as error:
            load.errors.append(f"{name}: {type(error).__name__}")
        else:
            load.seconds[name].append(time.monotonic() - started)
            if answer.status != 200:
                load.errors.append(f"{name}: {answer.status}")
        finally:
            line.close()


@contextmanager
def _web_server():
    """On the database of the benchmark. Workers are not replaced: what grows must be seen."""
    import os

    own = urlunsplit(urlsplit(settings.DATABASE_URL)._replace(path=f"/{connection.settings_dict['NAME']}"))
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--workers", "2"]
    command += ["--bind", f"127.0.0.1:{PORT}", "--max-requests", "0", "--log-level", "warning"]
    many = {"SEARCHES_PER_DAY": "1000000"}
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | many | {"DATABASE_URL": own})
    try:
        wait_until = time.monotonic() + READY_SECONDS
        while not answers(PORT):
            if time.monotonic() > wait_until:
                raise RuntimeError(f"The web server does not answer on port {PORT}.")
            time.sleep(0.2)
        yield server
    finally:
        server.terminate()
        server.wait()


def _megabytes(parent: int) -> float:
    """What the workers of this server keep in memory for themselves."""
    with open(f"/proc/{parent}/task/{parent}/children") as file:
        workers = file.read().split()
    return sum(_kilobytes(worker) for worker in workers) / 1024


def _kilobytes(process: str) -> int:
    try:
        with open(f"/proc/{process}/smaps_rollup") as file:
            return sum(int(line.split()[1]) for line in file if line.startswith("Private_"))
    except OSError:
        return 0


def told(load: Load) -> str:
    middle, slow = load.middle_and_slow
    lines = [
        f"{name}: {len(seconds)} answers, middle {1000 * median(seconds):.0f} ms, "
        f"95 of 100 below {1000 * quantiles(seconds, n=20)[-1]:.0f} ms"
        for name, seconds in load.seconds.items()
    ]
    verdicts = [
        f"{len(load.all_seconds)} answers, {len(load.errors)} errors: {_word(not load.errors)}",
        f"95 of 100 within {slow:.1f} times the middle of their kind (goal {SLOWEST}): {_word(slow <= SLOWEST)}",
        f"memory at the end, in that after a quarter: {load.growth:.2f} (goal {GROWTH}): "
        f"{_word(load.growth <= GROWTH)}",
    ]
    return "\n".join([*lines, *verdicts, *sorted(set(load.errors))[:5]])


def _word(is_reached: bool) -> str:
    return "reached" if is_reached else "missed"


def as_markdown(load: Load, size: str) -> str:
    lines = "\n".join(f"- {line}" for line in told(load).splitlines())
    return f"{size}, {PEOPLE} people at once, two workers.\n\n{lines}"
