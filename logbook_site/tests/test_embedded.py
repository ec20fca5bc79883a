"""The embedded servers, through their door: real processes, started, killed and started again."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from logbook_site.embedded import CannotStart, Postgres, Redis, programs
from logbook_site.embedded.processes import command_line

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def home() -> Iterator[Path]:
    """A new folder that `nobody` can reach, with a space in its path."""
    folder = Path(tempfile.mkdtemp(prefix="mediation logbook ", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def postgres(home: Path) -> Iterator[Postgres]:
    """Claimed, not started."""
    server = Postgres(home)
    assert server.claim()
    yield server
    server.stop()


@pytest.fixture
def redis_server(home: Path) -> Iterator[Redis]:
    server = Redis(home)
    assert server.claim()
    yield server
    server.stop()


def ask(server: Postgres, *questions: str) -> list[str]:
    """The first value that each question brings back."""
    connection = psycopg2.connect(server.url())
    connection.autocommit = True
    with connection.cursor() as cursor:
        answers = []
        for question in questions:
            cursor.execute(question)
            answers.append(cursor.fetchone()[0] if cursor.description else "")
    connection.close()
    return answers


def is_alive(pid: int) -> bool:
    return command_line(pid) != ""


def wait_until_dead(*pids: int) -> None:
    deadline = time.monotonic() + 15
    while any(map(is_alive, pids)):
        assert time.monotonic() < deadline, [command_line(pid) for pid in pids]
        time.sleep(0.05)


# --- PostgreSQL -------------------------------------------------------------------------------


@pytest.mark.long
def test_data_outlives_a_killed_postgres(postgres: Postgres):
    postgres.start()
    ask(postgres, "CREATE TABLE kept (word text)", "INSERT INTO kept VALUES ('still here')")
    postgres.process.kill()
    postgres.process.wait()
    assert not postgres.answers()

    postgres.start()

    assert ask(postgres, "SELECT word FROM kept") == ["still here"]


@pytest.mark.long
def test_a_half_made_data_folder_is_thrown_away(postgres: Postgres):
    draft = postgres.folder / "data.new"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18\n")

    postgres.start()

    assert postgres.answers()
    assert not draft.exists()


def test_data_of_another_major_version_is_refused_in_a_sentence(postgres: Postgres):
    postgres.data.mkdir()
    (postgres.data / "PG_VERSION").write_text("16\n")

    with pytest.raises(CannotStart, match=r"data was made by PostgreSQL 16, and PostgreSQL \d+ is installed"):
        postgres.start()


@pytest.mark.long
def test_a_leftover_server_is_ended_by_the_next_owner(home: Path, postgres: Postgres):
    postgres.start()
    leftover = postgres.process
    postgres._lock.close()  # as if the owner had died

    following = Postgres(home)
    assert following.claim()
    following.start()

    assert leftover.wait(5) is not None
    assert following.answers()
    following.stop()


@pytest.mark.long
def test_a_stale_number_of_another_program_harms_nobody(postgres: Postgres):
    postgres.start()
    postgres.process.kill()
    postgres.process.wait()
    innocent = subprocess.Popen(["sleep", "60"])
    pid_file = postgres.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(innocent.pid), *lines[1:]]))

    postgres.start()

    assert postgres.answers()
    assert innocent.poll() is None
    innocent.kill()
    innocent.wait()


@pytest.mark.long
def test_postgres_keeps_what_people_typed_out_of_its_log(postgres: Postgres):
    postgres.start()
    insert = "INSERT INTO person VALUES ('Secretname')"
    ask(postgres, "CREATE TABLE person (name text UNIQUE)", insert)
    with pytest.raises(psycopg2.errors.UniqueViolation):
        ask(postgres, insert)

    log = postgres.log.read_text()

    assert "duplicate key value" in log
    assert "Secretname" not in log


@pytest.mark.long
def test_postgres_listens_on_a_socket_only_and_knows_letters_of_all_languages(postgres: Postgres):
    postgres.start()

    assert ask(postgres, "SHOW listen_addresses", "SELECT lower('ÉΩЖ')") == ["", "éωж"]
    assert ask(postgres, "SHOW data_checksums", "SHOW fsync") == ["on", "on"]


# --- Redis ------------------------------------------------------------------------------------


def test_redis_never_writes_to_disk_and_never_drops_a_key_early(redis_server: Redis):
    redis_server.start()
    with redis.Redis.from_url(redis_server.url()) as client:
        client.set("key", "value")
        settings = client.config_get("save", "appendonly", "maxmemory-policy", "port")

    redis_server.stop()

    assert settings == {"save": "", "appendonly": "no", "maxmemory-policy": "noeviction", "port": "0"}
    assert list(redis_server.data.iterdir()) == []


def test_a_path_too_long_for_a_socket_gets_one_below_tmp(home: Path):
    server = Redis(home / ("x" * 100))
    assert server.claim()

    server.start()

    assert server.socket_folder.parent == Path("/tmp")
    server.stop()
    assert not server.socket_folder.exists()


def test_a_socket_folder_that_somebody_else_has_put_there_is_refused(home: Path):
    server = Redis(home / ("y" * 100))
    assert server.claim()
    server.socket_folder.symlink_to(home)

    with pytest.raises(CannotStart, match="belongs to another user"):
        server.start()

    server.socket_folder.unlink()
    server.stop()


# --- Sentences --------------------------------------------------------------------------------


def test_a_program_that_does_not_start_names_its_log(redis_server: Redis, monkeypatch):
    monkeypatch.setenv("REDIS_BIN", "/bin/false")

    with pytest.raises(CannotStart, match="Redis did not start. Its log says why: .*redis/log"):
        redis_server.start()


def test_a_missing_package_is_named():
    with pytest.raises(CannotStart, match="The package no-such-package is missing"):
        programs.from_package("no-such-package", "", [])


def test_programs_that_nobody_cannot_reach_are_copied_whole(home: Path):
    closed, target = home / "closed", home / "open" / "package-1.0"
    (closed / "package" / "bin").mkdir(parents=True)
    (closed / "package" / "bin" / "server").touch(mode=0o700)
    closed.chmod(0o700)

    assert programs._copy_for_nobody(closed, ["package", "not-there"], target) == target

    assert (target / "package" / "bin" / "server").stat().st_mode & 0o777 == 0o755
    assert [folder.name for folder in target.parent.iterdir()] == ["package-1.0"]


# --- Several processes ------------------------------------------------------------------------

OWNER = """
import sys, time
from pathlib import Path
from logbook_site import embedded
started = embedded.provide(Path(sys.argv[1]), share=sys.argv[2] == "share")
print(*[server.process.pid for server in started], flush=True)
sys.stdin.read()
"""


def start_owner(var_dir: Path, manner: str = "share") -> subprocess.Popen:
    """Another process that asks for servers, says the numbers of those it started, and waits."""
    foreign = ("DATABASE_URL", "REDIS_URL", "KEYS_REDIS_URL")
    return subprocess.Popen(
        [sys.executable, "-c", OWNER, str(var_dir), manner],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in foreign},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_processes_share_servers_and_the_servers_end_with_their_owner(home: Path):
    first, second = start_owner(home), start_owner(home)
    started = [first.stdout.readline().split(), second.stdout.readline().split()]
    pids = [int(pid) for pid in started[0] + started[1]]
    assert len(pids) == 2  # one PostgreSQL and one Redis, whoever was quicker

    third = start_owner(home, "alone")
    assert third.communicate()[1].startswith("Another copy (process ")
    assert third.returncode == 1

    for process in (first, second):
        process.stdin.close()
        assert process.wait(20) == 0
    wait_until_dead(*pids)


@pytest.mark.slow
def test_nothing_survives_a_killed_owner_and_the_next_one_starts(home: Path):
    owner = start_owner(home)
    pids = [int(pid) for pid in owner.stdout.readline().split()]
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    wait_until_dead(*pids)

    following = start_owner(home)
    assert len(following.stdout.readline().split()) == 2
    following.communicate()
