"""Several threads that do something at the same moment, each with a connection of its own to the database."""

from collections.abc import Callable
from threading import Barrier, Thread

from django.db import connection


def at_once(*actions: Callable[[], object]) -> list[object]:
    """Start all `actions` together; what each returned, or the exception it raised, in their order."""
    results: list[object] = [None] * len(actions)
    start = Barrier(len(actions))

    def run(position: int, action: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=20)
            results[position] = action()
        except BaseException as error:
            results[position] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "a thread hangs"
    return results
