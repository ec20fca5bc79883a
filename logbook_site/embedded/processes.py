"""Child processes that cannot outlive us, and the end of those that somehow did."""

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

_libc = ctypes.CDLL(None)  # looked up here: between fork and exec it would be too late
PR_SET_PDEATHSIG = 1


class CannotStart(SystemExit):
    """One sentence for the person at the terminal instead of a traceback."""


def ends_with_parent(sign: signal.Signals) -> Callable[[], None]:
    """What a child does just before it becomes another program, so that it ends with us, even after kill -9.

    The kernel sends `sign` to the child when the thread that started it ends. It forgets that when the child
    changes its user, so this must come after (`subprocess` does it in that order). Memory dumps are switched
    off too: they would hold keys and texts.
    """
    parent = os.getpid()

    def before_the_program() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(sign))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if os.getppid() != parent:  # we ended before the child could ask
            os._exit(1)

    return before_the_program


def end(process: subprocess.Popen | None, sign: signal.Signals, seconds: float) -> None:
    """Sends `sign` once and waits; after `seconds` the process is killed."""
    if process is None or process.poll() is not None:
        return
    process.send_signal(sign)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def end_leftover(pid_file: Path, mark: str, sign: signal.Signals, seconds: float) -> None:
    """Ends the process that `pid_file` names, if there is one, and removes the file.

    The number may by now belong to some other program: only one with `mark` in its command line is ended.
    """
    try:
        pid = int(pid_file.read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return
    if mark in command_line(pid):
        os.kill(pid, sign)
        if not _gone(pid, mark, seconds):
            os.kill(pid, signal.SIGKILL)
            _gone(pid, mark, seconds)
    pid_file.unlink(missing_ok=True)


def end_orphans(folder: Path) -> None:
    """Kills what a server that is dead left running: its own children, which work in the folder of its data.

    Else they would go on writing there beside the next server. They are of no use without their parent.
    """
    while orphans := _working_in(folder):
        for pid in orphans:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)


def _working_in(folder: Path) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):  # it has ended, or belongs to somebody else
            if os.readlink(entry) == str(folder):
                found.append(int(entry.parent.name))
    return found


def _gone(pid: int, mark: str, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while mark in command_line(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def command_line(pid: int) -> str:
    """How the process was started; empty when there is none, or when it is dead but not yet buried."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
