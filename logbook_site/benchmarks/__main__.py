"""`LOGBOOK_MODE=demo python -m logbook_site.benchmarks directory --entries 10000000 --names 1000000`

What a directory asks, against a base of the same minute; or `sizes`, how many bytes each kind of row takes.

Makes a database of its own beside the demo's, fills it, measures, and drops it again. Ten million entries and a million
names need 6 GB of disk meanwhile, and a quarter of an hour.
"""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager

DATABASE = "logbook_benchmark"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m logbook_site.benchmarks")
    parser.add_argument("subject", choices=["directory", "sizes"])
    parser.add_argument("--entries", type=int, default=1_000_000, help="in all logbooks together")
    parser.add_argument("--names", type=int, default=200_000, help="of mediators who can be found")
    parser.add_argument("--rounds", type=int, default=15, help="of everything, in a new order each time")
    asked = parser.parse_args()
    if asked.rounds < 2:
        parser.error("Two rounds at least: one has no spread.")
    # It fills a whole database: never where people work.
    if os.environ.setdefault("LOGBOOK_MODE", "demo") != "demo":
        parser.error("Only with LOGBOOK_MODE=demo.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "logbook_site.settings")
    import django

    django.setup()
    from logbook_site.benchmarks import directory, measure, seed, sizes

    if seed.people_for(asked.entries) > asked.names:
        parser.error(f"It takes {seed.people_for(asked.entries)} names to have so many entries.")
    with own_database():
        sown = seed.sow(names=asked.names, entries=asked.entries)
        if asked.subject == "sizes":
            print(sizes.table())
            return
        results = measure.in_rounds(directory.cases(sown), asked.rounds, measure.select_one)
    print(f"{asked.entries:,} entries, {asked.names:,} names, {asked.rounds} rounds")
    print(measure.table(results))


@contextmanager
def own_database() -> Iterator[None]:
    """The connection leads to an empty, migrated database, which is dropped at the end.

    One that a killed run left behind is replaced.
    """
    from django.db import connection

    usual = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = DATABASE
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(usual, verbosity=0)


if __name__ == "__main__":
    main()
