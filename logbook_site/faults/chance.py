"""Chance that can be repeated, and figures on the terminal."""

import os
import random
import sys

SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(1_000_000))


def seed(what: str) -> str:
    """For a `random.Random`: the same for the same SEED."""
    say(f"SEED={SEED}")
    return f"{SEED} {what}"


def say(line: str) -> None:
    """Past pytest, which would keep it."""
    print(f"    {line}", file=sys.__stderr__, flush=True)
