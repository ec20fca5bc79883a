"""`make bench`, or `LOGBOOK_MODE=demo python -m logbook_site.benchmarks`: how fast the site is.

Makes a database of its own beside the demo's, fills it, measures, and drops it again. `--only` measures the operations
with these words in their name; `--write` writes docs/benchmarks.md. Ten million entries and a million names
(`make bench-large`) need 6 GB of disk meanwhile, and a quarter of an hour. `--load 120` (`make load`) instead asks the
real web server for that many seconds.
"""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

DATABASE = "logbook_benchmark"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m logbook_site.benchmarks")
    parser.add_argument("--entries", type=int, default=1_000_000, help="in all logbooks together")
    parser.add_argument("--names", type=int, default=200_000, help="of mediators who can be found")
    parser.add_argument("--rounds", type=int, default=12, help="of everything, in a new order each time")
    parser.add_argument("--only", default="", help="the operations with these words in their name")
    parser.add_argument(
        "--load", type=int, default=0, metavar="SECONDS", help="ask the web server so long, instead"
    )
    parser.add_argument("--sizes", action="store_true", help="how many bytes each kind of row takes, instead")
    parser.add_argument("--write", action="store_true", help="write what was found into docs/benchmarks.md")
    asked = parser.parse_args()
    if asked.rounds < 2:
        parser.error("Two rounds at least: one has no spread.")
    # It fills a whole database: never where people work.
    if os.environ.setdefault("LOGBOOK_MODE", "demo") != "demo":
        parser.error("Only with LOGBOOK_MODE=demo.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "logbook_site.settings")
    with TemporaryDirectory() as folder:
        # A database of its own has a ledger of its own: the demo's must not learn of what is forgotten here.
        os.environ["LEDGER_FILE"] = f"{folder}/ledger"
        measure(asked, parser)


def measure(asked: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    import django

    django.setup()
    from django.conf import settings

    from logbook_site import prepare
    from logbook_site.benchmarks import load, report, seed, sizes

    if seed.people_for(asked.entries) > asked.names:
        parser.error(f"It takes {seed.people_for(asked.entries)} names to have so many entries.")
    settings.ROOT_URLCONF = "logbook_site.benchmarks.urls"
    prepare.collect_static_files(settings.VAR_DIR / "static.stamp")
    with own_database():
        sown = seed.sow(names=asked.names, entries=asked.entries)
        size = f"{asked.entries:,} entries, {asked.names:,} names"
        if asked.sizes:
            print(size, sizes.table(), sep="\n")
            return
        if asked.load:
            found = load.under(asked.load, sown)
            print(size, load.told(found), sep="\n")
            part, text = "load", load.as_markdown(found, size)
        else:
            results, counts = report.everything(sown, rounds=asked.rounds, only=asked.only)
            size = f"{size}, {asked.rounds} rounds"
            print(size, report.told(results, counts), sep="\n")
            part = "large" if asked.entries > 1_000_000 else "usual"
            text = report.as_markdown(results, counts, size)
    if asked.write:
        report.write(part, text)


@contextmanager
def own_database() -> Iterator[None]:
    """The connection leads to an empty, migrated database, which is dropped at the end.

    One that a killed run left behind is replaced.
    """
    from django.db import connection
    from django.db.backends.signals import connection_created

    usual = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = DATABASE
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        # Dropping it connects elsewhere, and the ledger would then look into the one that goes.
        connection_created.disconnect(dispatch_uid="ledger")
        connection.creation.destroy_test_db(usual, verbosity=0)


if __name__ == "__main__":
    main()
