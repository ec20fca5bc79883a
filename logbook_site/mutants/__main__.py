"""`make mutants`, or of some areas only: `AREAS="hours vault" make mutants`. See docs/mutations.md.

`AGAIN=1` tries only those that were not tried, that no test noticed, or that took too long, the last time; `EVERY=5`
every fifth.
"""

import importlib
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from logbook_site import embedded
from logbook_site.mutants.areas import AREAS

VAR = Path(os.environ.get("VAR_DIR", "var")) / "mutants"
# What every copy needs, and knows nothing of the project.
READ_EARLY = [
    "allauth.account", "celery.app.task", "csp", "django.contrib.admin", "django.db.models", "django.forms",
    "django.test", "django_filters", "hypothesis", "openpyxl", "playwright.sync_api", "psycopg2", "redis",
    "time_machine", "weasyprint",
]  # fmt: skip


def wanted_areas(named: list[str]) -> list[str]:
    """Those that were named, or all. Ends the program when there is no such area."""
    if unknown := [area for area in named if area not in AREAS]:
        raise SystemExit(f"AREAS: {', '.join(unknown)} is unknown. There are {', '.join(AREAS)}.")
    return named or list(AREAS)


def main() -> None:
    areas = wanted_areas(os.environ.get("AREAS", "").split())
    sys.path.append(str(VAR / "tools"))
    from logbook_site.mutants.making import mutants_of
    from logbook_site.mutants.running import NO_PYTHON, SURVIVED, TIMED_OUT, run_mutants

    for name in READ_EARLY:
        importlib.import_module(name)
    read = {getattr(module, "__file__", None) for module in sys.modules.values()}
    assert not [file for files in AREAS.values() for file in files if str(Path(file).resolve()) in read]
    folder = Path(tempfile.mkdtemp(prefix="mediation-logbook-mutants-", dir="/tmp"))
    folder.chmod(0o755)
    servers = embedded.provide(folder, durable=False)
    results = VAR / "results.json"
    verdicts = json.loads(results.read_text()) if results.exists() else {}
    lines = []
    try:
        for area in areas:
            began, of_area = time.monotonic(), []
            for file, tests in AREAS[area].items():
                mutants = mutants_of(file)[:: int(os.environ.get("EVERY", "1"))]
                of_area += mutants
                again = [
                    mutant
                    for mutant in mutants
                    if not os.environ.get("AGAIN")
                    or verdicts.get(mutant.key, SURVIVED) in {SURVIVED, TIMED_OUT}
                ]

                def tell(mutant, verdict: str) -> None:
                    verdicts[mutant.key] = verdict
                    results.write_text(json.dumps(verdicts, indent=0))
                    if verdict != "killed":
                        change = f"{mutant.before}  ->  {mutant.after}"
                        print(
                            f"{verdict}: {mutant.file}:{mutant.line} {mutant.function}: {change}", flush=True
                        )

                run_mutants(again, tests, tell)
            ends = [verdicts[mutant.key] for mutant in of_area if verdicts[mutant.key] != NO_PYTHON]
            survived = ends.count(SURVIVED)
            score = 100 * (1 - survived / len(ends))
            lines.append(
                f"| {area} | {len(ends)} | {len(ends) - survived} | {survived} | {score:.1f} % |"
                f" {ends.count(TIMED_OUT)} timed out; {time.monotonic() - began:.0f} s"
            )
            print(lines[-1], flush=True)
    finally:
        for server in servers:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print("\n".join(["", "| Area | Mutants | Killed | Survived | Score |", "|---|---|---|---|---|", *lines]))


if __name__ == "__main__":
    main()
