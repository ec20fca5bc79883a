"""Brings the database and the static files up to date before the site starts, and no more than needed."""

import hashlib
from pathlib import Path

import django

# The admin loads the short form of each. To compress these three takes as long as all the rest.
LONG_FORMS = ["jquery.js", "xregexp.js", "select2.full.js"]


def everything() -> None:
    """Migrations, static files and, in demo mode on an empty database, the demo people."""
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    if migrations_are_missing():
        call_command("migrate", verbosity=0, interactive=False)
    collect_static_files(settings.VAR_DIR / "static.stamp")
    if settings.DEMO:
        call_command("load_demo")
    connection.close()


def migrations_are_missing() -> bool:
    """Looking is five times as fast as `migrate` with nothing to do."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def collect_static_files(stamp: Path) -> None:
    """Gathers and compresses the static files, if any of them changed since the last time."""
    from django.conf import settings
    from django.core.management import call_command

    now = fingerprint_of_static_files()
    gathered = Path(settings.STATIC_ROOT, "staticfiles.json").exists()
    if gathered and stamp.exists() and stamp.read_text() == now:
        return
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=LONG_FORMS)
    stamp.write_text(now)


def fingerprint_of_static_files() -> str:
    """Changes when a static file comes, goes or is written."""
    from django.contrib.staticfiles.finders import get_finders

    lines = []
    for finder in get_finders():
        for path, storage in finder.list(["CVS", ".*", "*~"]):
            state = Path(storage.path(path)).stat()
            lines.append(f"{path} {state.st_mtime_ns} {state.st_size}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def logins() -> str:
    """The demo people, one a line; empty outside demo mode."""
    from django.conf import settings

    from logbook_site.demo.people import PASSWORD, PEOPLE

    if not settings.DEMO:
        return ""
    lines = [f"  {person.email:20} {person.sentence}" for person in PEOPLE]
    return "\n".join([f"Log in as one of these, password {PASSWORD}:", *lines, "Ctrl-C stops the site."])
