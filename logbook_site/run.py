"""`python -m logbook_site.run`: the whole site in one terminal, until Ctrl-C. `make run` calls it.

PostgreSQL and Redis (unless DATABASE_URL and REDIS_URL are given), then the web server, the worker and the
timetable. A part that dies is started again. Ctrl-C, SIGTERM and SIGHUP stop all of them in order; after a
`kill -9` of this process they end on their own.
"""

import http.client
import os
import signal
import socket
import sys
import threading
from pathlib import Path

from logbook_site import embedded, prepare
from logbook_site.embedded.processes import CannotStart
from logbook_site.supervisor import Program, Supervisor, say

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 60


def main() -> int:
    os.chdir(ROOT)
    os.environ.setdefault("LOGBOOK_MODE", "demo")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "logbook_site.settings")
    var_dir = Path(os.environ.get("VAR_DIR") or "var").resolve()
    os.environ["VAR_DIR"] = str(var_dir)  # the children must not read it from another folder
    port = free_port(os.environ.get("PORT") or "8000")
    stop = stop_on_signals()

    # They stop when this process ends, whatever happens next.
    servers = embedded.provide(var_dir, share=False)
    prepare.everything()
    with Supervisor(servers, programs(port, var_dir), stop) as supervisor:
        if supervisor.wait_until(lambda: answers(port), READY_SECONDS):
            say(f"Ready: http://localhost:{port}/")
            say(prepare.logins())
            supervisor.keep_running()
        say("Stopping.")
    return 0


def programs(port: int, var_dir: Path) -> list[Program]:
    python = [sys.executable, "-W", "ignore::UserWarning:celery.platforms"]  # about root
    celery = [*python, "-m", "celery", "--quiet", "-A", "logbook_site"]
    calm = ["--loglevel", "WARNING"]
    # One worker has nobody to talk to.
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    web = ["--config", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    return [
        Program("web", [*python, "-m", "gunicorn", *web, "--log-level", "warning"]),
        Program("worker", [*celery, "worker", "--concurrency", "2", *alone, *calm]),
        Program("beat", [*celery, "beat", "--schedule", str(var_dir / "timetable"), "--pidfile=", *calm]),
    ]


def free_port(text: str) -> int:
    """The port as a number. Raises CannotStart when it is none, or when somebody listens there."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CannotStart(f"PORT is '{text}': it must be a number from 1 to 65535.")
    port = int(text)
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one just closed is free
        try:
            door.bind(("127.0.0.1", port))
        except PermissionError:
            raise CannotStart(
                f"Port {port} is for administrators. Choose another: PORT=8000 make run"
            ) from None
        except OSError:
            another = port + 1 if port < 65535 else 8000
            raise CannotStart(f"Port {port} is taken. Choose another: PORT={another} make run") from None
    return port


def stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    return stop


def answers(port: int) -> bool:
    """Whether the site, its database and its Redis answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
