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
    """A figure for the end of the run: `-rP` shows what tests that passed have said."""
    print(f"    {line}", file=sys.stderr, flush=True)
