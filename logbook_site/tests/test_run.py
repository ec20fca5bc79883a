"""`python -m logbook_site.run` as a person at a terminal meets it: it starts, mends itself and stops."""

import contextlib
import http.client
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from logbook_site.embedded.processes import command_line
from logbook_site.supervisor import LONGEST_WAIT, STEADY_SECONDS, Program, Watch

ROOT = Path(__file__).resolve().parent.parent.parent
WORKER = "celery --quiet -A logbook_site worker"
BEAT = "celery --quiet -A logbook_site beat"


class Site:
    """The whole site in processes of its own."""

    def __init__(self, var_dir: Path, port: int, **settings: str) -> None:
        self.port = port
        self.lines: list[str] = []
        # What this test run has set must not reach it.
        foreign = ("DATABASE_URL", "REDIS_URL", "KEYS_REDIS_URL", "LOGBOOK_MODE", "DJANGO_SETTINGS_MODULE")
        variables = {name: value for name, value in os.environ.items() if name not in foreign}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "logbook_site.run"],
            cwd=ROOT,
            env=variables | {"VAR_DIR": str(var_dir), "PORT": str(port)} | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        with self.process.stdout as said:
            self.lines.extend(said)

    def wait_ready(self) -> None:
        wait_for(lambda: self.said("Ready: ") or not self._reader.is_alive(), 60)
        assert f"Ready: http://localhost:{self.port}/\n" in self.lines, self.lines

    def said(self, words: str) -> bool:
        return any(words in line for line in self.lines)

    def get(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers={"Host": "localhost"})
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def processes(self) -> dict[int, str]:
        """All processes below this one: their numbers and how they were started."""
        children: dict[int, list[int]] = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            children.setdefault(parent, []).append(int(folder.name))
        found, left = {}, [self.process.pid]
        while left:
            left += (below := children.get(left.pop(), []))
            found |= {pid: command_line(pid) for pid in below}
        return found

    def process_of(self, words: str) -> int:
        """The oldest process with `words` in its command line."""
        return min(pid for pid, command in self.processes().items() if words in command)

    def end(self, sign: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(sign)
        code = self.process.wait(60)
        self._reader.join(20)
        return code


def wait_for(condition: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It took too long."
        time.sleep(0.05)


def free_port() -> int:
    """Below the numbers that the kernel gives to outgoing connections: one of them could take it."""
    for port in random.sample(range(20000, 32000), 100):
        with socket.socket() as door, contextlib.suppress(OSError):
            door.bind(("127.0.0.1", port))
            return port
    raise AssertionError("A hundred ports are taken.")


def alive(processes: dict[int, str]) -> dict[int, str]:
    return {pid: command for pid, command in processes.items() if command and command_line(pid) == command}


@pytest.fixture(scope="module")
def var_dir() -> Iterator[Path]:
    """One folder for all: the first run makes the data, the others show that it outlives them."""
    folder = Path(tempfile.mkdtemp(prefix="mediation logbook ", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def site(var_dir: Path) -> Iterator[Site]:
    site = Site(var_dir, free_port())
    yield site
    if site.process.poll() is None:
        site.end()


@pytest.mark.slow
def test_it_starts_answers_and_leaves_nothing_running(site: Site):
    site.wait_ready()
    assert site.get("/") == 200
    assert site.said("amina@example.org")
    processes = site.processes()
    for words in (
        "postgres -D",
        "valkey-server",
        "gunicorn",
        "celery --quiet -A logbook_site worker",
        "beat",
    ):
        assert any(words in command for command in processes.values()), words

    assert site.end(signal.SIGINT) == 0

    assert alive(processes) == {}


@pytest.mark.slow
def test_a_second_copy_is_refused_before_anything_starts(site: Site, var_dir: Path):
    site.wait_ready()

    same_port = Site(var_dir, site.port)
    assert same_port.process.wait(20) == 1
    same_data = Site(var_dir, free_port())
    assert same_data.process.wait(20) == 1

    assert re.fullmatch(rf"Port {site.port} is taken\..*\n", "".join(same_port.lines))
    assert re.fullmatch(r"Another copy \(process \d+\) already runs on .*\n", "".join(same_data.lines))


@pytest.mark.slow
def test_it_mends_itself_when_parts_are_killed(site: Site):
    site.wait_ready()
    before = site.processes()
    for words in ("postgres -D", "valkey-server", "gunicorn", WORKER):
        os.kill(site.process_of(words), signal.SIGKILL)
    for name in ("postgres", "redis", "web", "worker"):
        wait_for(lambda name=name: site.said(f"{name} ended unexpectedly. It is started again in 1 s."))

    wait_for(lambda: any(WORKER in command for command in site.processes().values()))
    wait_for(lambda: site.get("/healthz") == 200)
    survivors = alive(before).values()
    assert [command for command in survivors if BEAT not in command] == []


@pytest.mark.slow
def test_nothing_survives_a_kill_and_the_next_start_works(site: Site, var_dir: Path):
    site.wait_ready()
    processes = site.processes()

    site.end(signal.SIGKILL)

    wait_for(lambda: alive(processes) == {})
    following = Site(var_dir, site.port)
    following.wait_ready()
    assert following.end(signal.SIGHUP) == 0


# --- The supervisor ---------------------------------------------------------------------------


class Mortal:
    """A part that lives so many seconds after each start. It is its own process."""

    name = "mortal"

    def __init__(self, lives: float, clock: Callable[[], float]) -> None:
        self.process = self
        self.lives = lives
        self.clock = clock
        self.starts = [clock()]

    def poll(self) -> int | None:
        return None if self.clock() < self.starts[-1] + self.lives else 1

    def start(self) -> None:
        self.starts.append(self.clock())

    def stop(self) -> None: ...


def waits_of_a_part_that_lives(seconds: float, monkeypatch) -> list[int]:
    """How long the first seven restarts let a part lie."""
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    part = Mortal(seconds, time.monotonic)
    watch = Watch(part)
    while len(part.starts) < 8:
        watch.mend()
        now += 0.1
    return [round(later - earlier - seconds) for earlier, later in pairwise(part.starts)]


def test_a_part_that_keeps_dying_is_started_less_and_less_often(monkeypatch):
    assert waits_of_a_part_that_lives(0, monkeypatch) == [1, 2, 4, 8, 16, LONGEST_WAIT, LONGEST_WAIT]


def test_a_healthy_part_that_dies_is_started_again_at_once(monkeypatch):
    assert waits_of_a_part_that_lives(STEADY_SECONDS + 1, monkeypatch) == [1] * 7


def test_lines_of_a_program_carry_its_name_and_it_gets_one_sigterm(capfd):
    script = "trap 'echo asked; exit' TERM; echo; echo up; while :; do sleep 0.05; done"
    program = Program("web", ["sh", "-c", script])
    said = ""
    program.start()
    while "up" not in said:
        said += capfd.readouterr().out

    program.ask_to_stop()
    program.stop()

    while "asked" not in said:
        said += capfd.readouterr().out
    assert said == "   web | up\n   web | asked\n"
