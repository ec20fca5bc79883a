"""PostgreSQL and Redis for the demo and the tests: two child processes on unix sockets, nothing to install.

Only for Linux, and never used where DATABASE_URL and REDIS_URL are given. Their programs come from two Python
packages; PG_BINDIR (PostgreSQL 17 or later) and REDIS_BIN name others.

Who owns a server: the process that started it, and it ends with that process, however that ends. Other
processes on the same VAR_DIR use it meanwhile. When the owner ends first, they lose their connection and must
be started again; no data is lost. One lock for each server decides who is the owner.

PostgreSQL refuses to run as root. Under root both servers therefore run as `nobody`, in folders that `nobody`
can reach: below VAR_DIR where possible, else below /var/lib.
"""

import atexit
import os
import time
from pathlib import Path

from logbook_site.embedded.folders import home_below
from logbook_site.embedded.postgres import Postgres
from logbook_site.embedded.processes import CannotStart
from logbook_site.embedded.redis import Redis
from logbook_site.embedded.server import START_SECONDS, Server

__all__ = ["CannotStart", "Postgres", "Redis", "Server", "provide"]


def provide(var_dir: Path, *, durable: bool = True, share: bool = True) -> list[Server]:
    """Sets DATABASE_URL, REDIS_URL and KEYS_REDIS_URL where they are missing; returns the servers it started.

    Finds the servers that already run below `var_dir`, or starts them until this process ends. With
    `share=False` finding one is an error. `durable=False` is faster and may lose data in a power cut.
    Must be called from the main thread: the servers end with the thread that started them.

    Raises CannotStart.
    """
    started = []
    for kind in (Redis, Postgres):
        if os.environ.get(kind.variable):
            continue
        server = kind(home_below(var_dir), durable)
        if _start_or_find(server, share):
            started.append(server)
        os.environ[kind.variable] = server.url()
        if kind is Redis and not os.environ.get("KEYS_REDIS_URL"):
            os.environ["KEYS_REDIS_URL"] = server.url(database=1)
    return started


def _start_or_find(server: Server, share: bool) -> bool:
    """True when the server was started, False when another process has it running."""
    deadline = time.monotonic() + START_SECONDS
    while not server.claim():
        if not share:
            raise CannotStart(
                f"Another copy (process {server.owner()}) already runs on {server.folder}. Stop it first, "
                "or give this one a VAR_DIR and a PORT of its own."
            )
        if server.answers():
            return False
        if time.monotonic() > deadline:
            raise CannotStart(
                f"Process {server.owner()} holds {server.folder}, but {server.title} does not answer."
            )
        time.sleep(0.1)
    _stop_at_exit(server)
    server.start()
    return True


def _stop_at_exit(server: Server) -> None:
    owner = os.getpid()

    def stop() -> None:
        if os.getpid() == owner:  # not in a forked worker, which inherits this promise
            server.stop()

    atexit.register(stop)
