"""Kills at random moments, while people use the site. It mends itself, and nothing is lost."""

import os
import random
import signal
import time

import pytest

from feedback.tests.whole_site import WholeSite
from logbook_site.faults import invariants
from logbook_site.faults.chance import say, seed
from logbook_site.faults.visitors import Visitors
from logbook_site.tests.test_run import BEAT, WORKER

# Longer than the ten seconds that a sender waits for a silent server.
LEASE = str(15 / 3600)
SETTINGS = {"MAIL_LEASE_HOURS": LEASE, "REQUESTS_PER_DAY": "100000", "REQUESTS_PER_MONTH": "100000"}
# Contacts are forgotten while it goes on.
KEPT = str(60 / 3600)


def victims(site: WholeSite) -> dict[str, list[int]]:
    processes = site.processes()

    def of(words: str) -> list[int]:
        return sorted(pid for pid, command in processes.items() if words in command)

    web, worker = of("gunicorn"), of(WORKER)
    return {
        "postgres": of("postgres -D")[:1],
        "a backend of postgres": of("postgres: logbook")[:1],
        "redis": of("valkey-server")[:1],
        "web": web[:1],
        "a web child": web[1:2],
        "worker": worker,
        "a worker child": worker[1:2],
        "beat": of(BEAT)[:1],
    }


def kill_one(site: WholeSite, chance: random.Random) -> str:
    name, pids = chance.choice([(name, pids) for name, pids in victims(site).items() if pids])
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    return name


def hurt(site: WholeSite, chance: random.Random, seconds: float) -> list[str]:
    killed, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(chance.uniform(1, 6))
        killed.append(kill_one(site, chance))
    return killed


@pytest.mark.slow
def test_kills_at_random_moments() -> None:
    chance = random.Random(seed("kills"))
    site = WholeSite(CONTACT_KEPT_HOURS=KEPT, **SETTINGS)
    try:
        with Visitors(site) as visitors:
            killed = hurt(site, chance, 75)
        say(f"killed {len(killed)}: {', '.join(killed)}")
        say(invariants.check(site, visitors))
    finally:
        site.remove()


@pytest.mark.slow
def test_the_power_goes() -> None:
    """Everything at once, at a random moment, again and again; each time the site is started anew."""
    chance = random.Random(seed("power"))
    site = WholeSite(**SETTINGS)
    visited = []
    try:
        for _time in range(3):
            with Visitors(site, pause=0.05) as visitors:
                visited.append(visitors)
                time.sleep(chance.uniform(2, 8))
                port = site.port
                for pid in [site.process.pid, *site.processes()]:
                    try:
                        os.kill(pid, signal.SIGKILL)
                    except ProcessLookupError:
                        continue
                site.process.wait()
                site.start(PORT=str(port))
                assert site.port == port
        say(invariants.check(site, *visited))
    finally:
        site.remove()
