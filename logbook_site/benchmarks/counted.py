"""What can be counted, and is the same on every machine."""

import cProfile
import json
import pstats
import re
from collections.abc import Callable

from django.db import connection

from logbook_site.benchmarks.measure import ask

PLANNED = "logbook_logbookentry"  # small tables are best read whole


def python_calls(run: Callable[[], object]) -> int:
    """Of the second call: the first one fills caches."""
    run()
    profile = cProfile.Profile()
    profile.runcall(run)
    return pstats.Stats(profile).total_calls


def whole_tables(statements: list[str]) -> int:
    """How often the table of entries would be read from beginning to end."""
    asked = [one[re.search(r"\(?SELECT", one).start() :] for one in statements if PLANNED in one]
    return sum(
        node["Node Type"] == "Seq Scan" and node["Relation Name"] == PLANNED
        for one in asked
        for node in nodes(plan_of(one))
    )


def plan_of(statement: str) -> dict:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
        (plan,) = cursor.fetchone()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return plan[0]["Plan"]


def nodes(plan: dict) -> list[dict]:
    return [plan, *(node for child in plan.get("Plans", []) for node in nodes(child))]


def wal_bytes(run: Callable[[], object]) -> int:
    """How much `run` adds to the write-ahead log."""
    before = _wal_place()
    run()
    return _wal_place() - before


def _wal_place() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn() - '0/0'")
        return int(cursor.fetchone()[0])


def megabytes_above_idle(run: Callable[[], object]) -> float:
    """How far the memory of this process rises while it runs, as Linux keeps it: VmHWM, reset by a 5."""
    run()
    ask("SELECT 1")
    with open("/proc/self/clear_refs", "w") as switch:
        switch.write("5")
    idle = _kilobytes("VmRSS")
    run()
    return (_kilobytes("VmHWM") - idle) / 1024


def _kilobytes(name: str) -> int:
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(f"{name}:"))
