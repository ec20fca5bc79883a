"""Keeps a handful of child processes running, and stops them in order."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import IO, Protocol, Self

from logbook_site.embedded.processes import CannotStart, ends_with_parent

LONGEST_WAIT = 30  # seconds, before a part that dies again and again is started once more
STEADY_SECONDS = 60  # a part that lived so long is healthy: after it the waits are short again
# Longer than the hard limit of a task: one that is under way may finish.
STOP_SECONDS = 100


def say(line: str) -> None:
    # The line and its end at once: several threads say something.
    print(f"{line}\n", end="", flush=True)


class Part(Protocol):
    """What can be kept running: a `Program`, or one of the embedded servers."""

    name: str
    process: subprocess.Popen | None

    def start(self) -> None: ...
    def stop(self) -> None: ...


class Program:
    """A program that says its lines in our terminal, each with its name in front."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self.command = command
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        self._end_orphans()
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C in the terminal is for us; we pass it on, once
            preexec_fn=ends_with_parent(signal.SIGTERM),
        )
        threading.Thread(target=self._repeat, args=(self.process.stdout,), daemon=True).start()

    def ask_to_stop(self) -> None:
        """One SIGTERM. Never two: at the second one Celery drops the tasks that are under way."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def stop(self) -> None:
        """Waits for the end that `ask_to_stop` asked for."""
        if not self.process:
            return
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _end_orphans(self) -> None:
        """What a killed program leaves behind: its own children, which would still hold the port."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def _repeat(self, lines: IO[str]) -> None:
        with lines:
            for line in filter(str.strip, lines):
                say(f"{self.name:>6} | {line.rstrip()}")


class Watch:
    """One part under watch: when it dies, it is started again after 1, 2, 4 … 30 seconds."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self._started = time.monotonic()
        self._wait = 0.5
        self._due: float | None = None

    def is_running(self) -> bool:
        return self.part.process is not None and self.part.process.poll() is None

    def mend(self) -> None:
        if self.is_running():
            return
        if self._due is None:
            self._plan()
        elif time.monotonic() >= self._due:
            self._start_again()

    def _plan(self) -> None:
        now = time.monotonic()
        steady = now - self._started > STEADY_SECONDS
        self._wait = 1 if steady else min(2 * self._wait, LONGEST_WAIT)
        self._due = now + self._wait
        say(f"{self.part.name} ended unexpectedly. It is started again in {self._wait:.0f} s.")

    def _start_again(self) -> None:
        self._due = None
        self._started = time.monotonic()
        try:
            self.part.start()
        except CannotStart as sentence:
            say(str(sentence))


class Supervisor:
    """Starts `programs` on top of `servers`, which already run; as a context it stops all of them at its end.

    Must be used in the main thread: the children end with the thread that started them.
    """

    def __init__(self, servers: Sequence[Part], programs: Sequence[Program], stop: threading.Event) -> None:
        self.servers = servers
        self.programs = programs
        self.stop = stop

    def __enter__(self) -> Self:
        for program in self.programs:
            program.start()
        self._watches = [Watch(part) for part in (*self.servers, *self.programs)]
        return self

    def wait_until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Waits for `condition`; False if somebody wants to stop. Raises CannotStart if a part dies."""
        deadline = time.monotonic() + seconds
        while not condition():
            if self.stop.wait(0.05):
                return False
            ended = [watch.part.name for watch in self._watches if not watch.is_running()]
            if ended:
                raise CannotStart(f"The site did not start: {ended[0]} ended. The lines above say why.")
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"The site did not answer within {seconds:.0f} s. Do the lines above say why?"
                )
        return True

    def keep_running(self) -> None:
        """Mends what breaks, until somebody wants to stop."""
        while not self.stop.wait(0.2):
            for watch in self._watches:
                watch.mend()

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for program in self.programs:
            program.ask_to_stop()
        for program in self.programs:
            program.stop()
        for server in reversed(self.servers):
            server.stop()
