"""What the two servers have in common: a folder, a lock, a start that waits, a stop that leaves nothing."""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import IO, Any

from logbook_site.embedded.folders import as_server_user, belongs_to_another, open_folder, private_folder
from logbook_site.embedded.processes import (
    CannotStart,
    end,
    end_leftover,
    end_orphans,
    ends_with_parent,
)

START_SECONDS = 120  # PostgreSQL may have to repair itself after a power cut
STOP_SECONDS = 30
LONGEST_SOCKET_PATH = 107  # bytes; the kernel's limit
LOG_BYTES_MAX = 1_000_000  # a longer log is begun anew at the next start


class Server:
    """A server program with a folder of its own: `data`, `socket`, `log`, and `lock` for its owner."""

    title: str
    name: str
    variable: str  # of the environment, for its address
    socket_name: str  # the longest file name in the socket's folder
    stop_signal: signal.Signals

    def __init__(self, home: Path, durable: bool = True) -> None:
        self.folder = home / self.name
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self.durable = durable
        self.process: subprocess.Popen | None = None
        self._lock: IO[str] | None = None

    # What each server says for itself.

    def url(self) -> str:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def _command(self) -> list[object]:
        raise NotImplementedError

    def _pid_file(self) -> Path:
        raise NotImplementedError

    def _prepare(self) -> None:
        """Makes the data ready for the program."""

    # The same for both.

    @property
    def socket_folder(self) -> Path:
        """Beside the data; below /tmp when that path cannot be the address of a socket."""
        near = self.folder / "socket"
        too_long = len(os.fsencode(near / self.socket_name)) > LONGEST_SOCKET_PATH
        if too_long or "," in str(near):  # a comma parts two addresses
            digest = hashlib.sha256(os.fsencode(near)).hexdigest()[:16]
            return Path("/tmp") / f"mediation-logbook-{digest}"
        return near

    def claim(self) -> bool:
        """Takes the lock of this folder, if nobody has it. It is free again when this process ends."""
        open_folder(self.folder)
        try:
            lock = (self.folder / "lock").open("a+")
        except PermissionError:
            raise belongs_to_another(self.folder) from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        os.register_at_fork(after_in_child=lock.close)  # a forked worker that lives on must not keep it
        self._lock = lock
        return True

    def owner(self) -> str:
        """The number of the process that holds the lock."""
        return (self.folder / "lock").read_text() or "unknown"

    def start(self) -> None:
        """Starts the server and waits until it answers. Needs the lock. Raises CannotStart."""
        end_leftover(self._pid_file(), str(self.socket_folder), self.stop_signal, STOP_SECONDS)
        end_orphans(self.data)
        # The socket's lock names a process that may be dead and not yet buried: PostgreSQL would take it for alive.
        shutil.rmtree(self.socket_folder, ignore_errors=True)
        private_folder(self.data)
        self._prepare()
        private_folder(self.socket_folder)
        with self._open_log() as log:
            self.process = subprocess.Popen(
                [str(word) for word in self._command()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C in the terminal is for us, not for the server
                preexec_fn=ends_with_parent(self.stop_signal),
                **self._surroundings(log),
            )
        self._wait_until_it_answers()

    def stop(self) -> None:
        """Stops the server and gives the lock back."""
        end(self.process, self.stop_signal, STOP_SECONDS)
        if self._lock and not self._lock.closed:
            shutil.rmtree(self.socket_folder, ignore_errors=True)
            self._lock.close()

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                end(self.process, self.stop_signal, STOP_SECONDS)
                raise self._did_not_start()
            time.sleep(0.02)

    def _did_not_start(self) -> CannotStart:
        return CannotStart(f"{self.title} did not start. Its log says why: {self.log}")

    def _open_log(self) -> IO[bytes]:
        long = self.log.exists() and self.log.stat().st_size > LOG_BYTES_MAX
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | (os.O_TRUNC if long else 0)
        return os.fdopen(os.open(self.log, flags, 0o600), "ab")

    def _surroundings(self, log: IO[bytes]) -> dict[str, Any]:
        """Arguments for `subprocess`: user, folder, language and log of the program."""
        foreign = ("PG", "LC_", "LANG")  # somebody's own PostgreSQL settings must not reach ours
        variables = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        return {
            "cwd": "/",
            "env": variables | {"LC_ALL": "C"},
            "stdout": log,
            "stderr": log,
            **as_server_user(),
        }
