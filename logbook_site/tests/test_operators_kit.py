"""What operators copy and run: settings that exist, commands that exist, shell that a shell can read."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.db import connection

from logbook_site.embedded.postgres import _programs
from logbook_site.mutants.__main__ import main as make_mutants
from logbook_site.mutants.areas import AREAS
from logbook_site.tests.test_addresses import ADDRESSES

ROOT = Path(settings.BASE_DIR)
DEPLOY = ROOT / "deploy"
DOCUMENTS = ["operations.md", "restore.md", "data-protection.md"]
OF_THE_SCRIPTS = {"BACKUP_DIR", "BACKUP_DAYS", "BACKUP_ENCRYPT", "BACKUP_DECRYPT"}


def explained() -> set[str]:
    """The names in env.example; test_settings.py holds them against the settings."""
    return set(re.findall(r"^#?\s?([A-Z_]+)=", (DEPLOY / "env.example").read_text(), re.M))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_documents_name_settings_that_exist(name: str) -> None:
    named = re.findall(r"`([A-Z]+_[A-Z_]+)(?:=[^`]*)?`", (ROOT / "docs" / name).read_text())
    assert named
    assert set(named) <= explained() | OF_THE_SCRIPTS | {"PGOPTIONS"}


@pytest.mark.parametrize("name", [*DOCUMENTS, "../README.md"])
def test_the_documents_name_commands_and_files_that_exist(name: str) -> None:
    text = (ROOT / "docs" / name).read_text()
    commands = re.findall(r"manage\.py ([a-z_]+)", text)
    assert set(commands) <= set(get_commands()), commands
    files = re.findall(r"`((?:deploy|docs)/[\w./-]+)`", text)
    assert not [file for file in files if not (ROOT / file).exists()]


def test_every_period_has_its_place_in_the_record() -> None:
    """A new setting that says how long something is kept must be told."""
    kept = {name for name in explained() if re.search(r"_(KEPT|LIVES|DELETION)_(HOURS|MONTHS)$", name)}
    told = (ROOT / "docs" / "data-protection.md").read_text()
    assert not [name for name in kept - {"FORM_KEY_KEPT_HOURS"} if f"`{name}`" not in told]


@pytest.mark.parametrize("script", sorted(DEPLOY.glob("*.sh")), ids=lambda path: path.name)
def test_a_shell_reads_the_scripts(script: Path) -> None:
    subprocess.run(["sh", "-n", script], check=True)
    assert script.stat().st_mode & 0o111


@pytest.mark.parametrize("unit", sorted(DEPLOY.glob("systemd/*.service")), ids=lambda path: path.name)
def test_the_units_start_what_there_is(unit: Path) -> None:
    [start] = re.findall(r"^ExecStart=/opt/logbook/(\S+)(.*)", unit.read_text(), re.M)
    program, arguments = start
    if program.startswith(".venv/bin/"):
        assert program.removeprefix(".venv/bin/") in {"gunicorn", "celery"}
        assert "logbook_site" in arguments or (ROOT / "deploy/gunicorn.conf.py").exists()
    else:
        assert (ROOT / program).exists()


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_no_memory_of_the_units_lies_on_a_disk(name: str) -> None:
    """It may hold a key that must be forgotten, or what the key opens."""
    unit = (DEPLOY / f"systemd/logbook-{name}.service").read_text()
    assert {"MemorySwapMax=0", "LimitCORE=0"} <= set(unit.splitlines())


def test_one_visitor_has_three_dear_pages_at_a_time() -> None:
    """The proxy counts what may take seconds, whoever has all workers of the site else; and nothing else."""
    conf = (DEPLOY / "nginx.conf").read_text()
    [block] = re.findall(r'^map "\$request_method \$uri" \$dear \{(.*?)^\}', conf, re.M | re.S)
    dear = re.findall(r'"~(.+)" \$binary_remote_addr;', block)
    assert "limit_conn_zone $dear zone=logbook_dear:10m;" in conf
    assert re.search(r"^    limit_conn logbook_dear 3;$", conf, re.M)
    words = {"print", "export", "pdf", "import"}
    searched = {"learnings/", "feedback/", "review/<uuid:mediator_id>/", "review/<uuid:mediator_id>/digest/"}
    for address in ADDRESSES:
        path = re.sub(r"<[^>]*>", "0123abcd", f"/{address}")
        is_dear = bool(words & set(path.split("/"))) or address in searched
        takes_evidence = address in {"cpd/add/", "cpd/<uuid:entry_id>/edit/"}
        for method in ("GET", "POST"):
            counted = any(re.search(pattern, f"{method} {path}") for pattern in dear)
            assert counted == (is_dear or (takes_evidence and method == "POST")), (method, path)


def test_a_slow_download_takes_nothing_else_along() -> None:
    """One visitor has two of them at a time, counted apart: it may take an hour."""
    conf = (DEPLOY / "nginx.conf").read_text()
    [[pattern]] = [
        re.findall(r'"~(.+)" ', block) for block in re.findall(r"^map \$uri (.*?)^}", conf, re.M | re.S)
    ]
    found = [a for a in ADDRESSES if re.search(pattern, re.sub(r"<[^>]*>", "0123abcd", f"/{a}"))]
    assert found == ["account-settings/download/<uuid:job_id>/"]
    assert "limit_conn_zone $download zone=logbook_downloads:10m;" in conf
    assert re.search(r"^    limit_conn logbook_downloads 2;$", conf, re.M)


def test_containers_run_the_same_commands_as_the_units() -> None:
    compose = (DEPLOY / "compose.yaml").read_text()
    celery = r"celery[, -]+A[, ]+logbook_site[, ]+(\w+)"
    in_units = {
        part for unit in DEPLOY.glob("systemd/*.service") for part in re.findall(celery, unit.read_text())
    }
    assert set(re.findall(celery, compose)) == in_units == {"worker", "beat"}
    named = set(re.findall(r"^    ([A-Z_]+):", compose, re.M))
    assert named <= explained(), named - explained()


def test_in_containers_visitors_are_told_apart_and_the_timetable_stays() -> None:
    """On a tmpfs, what is due once a day would never be done where the timetable starts anew each night."""
    compose = (DEPLOY / "compose.yaml").read_text()
    assert 'TRUSTED_PROXY_COUNT: "1"' in compose
    assert "\nTRUSTED_PROXY_COUNT=1\n" in (DEPLOY / "env.example").read_text().partition("Optional")[0]
    unit = (DEPLOY / "systemd/logbook-beat.service").read_text()
    [schedule], [in_unit] = (re.findall(r"--schedule,? ([^\s,]+)", text) for text in (compose, unit))
    assert schedule == in_unit
    assert f"var:{Path(schedule).parent}" in compose


def test_no_key_goes_into_an_image_or_a_repository() -> None:
    """The way with containers writes all keys into deploy/env."""
    for ignored in (ROOT / ".gitignore", DEPLOY / "Dockerfile.dockerignore"):
        assert "deploy/env" in ignored.read_text().splitlines()


def test_no_server_of_nginx_keeps_who_came_and_to_which_page() -> None:
    """One that says nothing of its logs has those of nginx's own file: addresses, browsers, links of parties."""
    servers = (DEPLOY / "nginx.conf").read_text().split("server {")[1:]
    assert len(servers) == 3
    for server in servers:
        assert re.search(r"^    access_log (off|\S+ without_people);$", server, re.MULTILINE)
        assert re.search(r"^    error_log \S+ emerg;$", server, re.MULTILINE)


def test_what_people_send_stays_in_the_memory_of_nginx() -> None:
    sizes = re.findall(r"client_(?:max_body|body_buffer)_size (\w+);", (DEPLOY / "nginx.conf").read_text())
    assert sizes == ["6m", "6m"]


def test_every_dependency_is_told_and_locked() -> None:
    pinned = re.findall(r"^([A-Za-z0-9-]+)(?:\[\w+\])?==", (ROOT / "requirements.txt").read_text(), re.M)
    told = re.findall(
        r"^\| ([A-Za-z0-9-]+) \| .+ \| .+ \| .+ \|$", (ROOT / "docs/dependencies.md").read_text(), re.M
    )
    assert pinned == told[1:]
    lock = (DEPLOY / "requirements.lock").read_text()
    assert not [name for name in pinned if not re.search(rf"^{name.lower()}(\[\w+\])?==", lock, re.M)]
    # No package comes without a hash, and no index is named.
    for file in (lock, *((DEPLOY / tools).read_text() for tools in ("audit.lock", "mutants.lock"))):
        packages = re.split(r"^(?=[a-z])", file, flags=re.M)[1:]
        assert packages and all("--hash=sha256:" in package for package in packages)
        assert "://" not in file


def test_what_is_mutated_and_the_tests_that_look_exist() -> None:
    """docs/mutations.md"""
    named = {path for files in AREAS.values() for file, tests in files.items() for path in [file, *tests]}
    assert {path for path in named if not (ROOT / path).is_file()} == set()


def test_an_area_that_there_is_not_is_told_before_anything_starts(monkeypatch) -> None:
    monkeypatch.setenv("AREAS", "hours typo")
    with pytest.raises(SystemExit, match=f"AREAS: typo is unknown. There are {', '.join(AREAS)}."):
        make_mutants()


@pytest.mark.django_db
def test_no_sign_in_and_no_network_address_is_in_a_backup(tmp_path: Path) -> None:
    """The key of a session is its cookie: for a month whoever stole a backup could sign in with it."""
    connected = connection.get_connection_params()
    database = {name: connected.get(name) for name in ("dbname", "user", "password", "host", "port")}
    environment = os.environ | {
        "PATH": f"{_programs()}:{os.environ['PATH']}",
        "DATABASE_URL": " ".join(f"{name}={value}" for name, value in database.items() if value),
        "EVIDENCE_DIR": str(tmp_path / "evidence"),
        "BACKUP_DIR": str(tmp_path / "backups"),
    }
    killed = tmp_path / "backups" / "logbook-2026-01-01T000000Z.part"
    killed.mkdir(parents=True)
    (killed / "database").write_text("open")
    made = subprocess.run([DEPLOY / "backup.sh"], env=environment, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    assert not killed.exists(), "what a backup that was killed left"
    listed = ["pg_restore", "--list", Path(made.stdout.strip()) / "database"]
    contents = subprocess.run(listed, env=environment, capture_output=True, text=True, check=True).stdout
    with_rows = set(re.findall(r"TABLE DATA public (\w+)", contents))
    # The last tells for a day where a form led: to a list, with the words that were searched for.
    without = {"django_session", "usersessions_usersession", "rate_limits", "accounts_formkey"}
    assert without <= set(re.findall(r"TABLE public (\w+)", contents))
    assert set(connection.introspection.table_names()) - with_rows == without
