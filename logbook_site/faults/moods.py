"""A mail server of changing moods, at random, under load. Each mail arrives at most once, and each has its end."""

import random
import socket
import threading
import time

import pytest

from accounts.tests.smtp_server import HANG_UP, SILENCE, SmtpServer
from feedback.tests.whole_site import WholeSite
from logbook_site.faults import invariants
from logbook_site.faults.chance import say, seed
from logbook_site.faults.kills import SETTINGS
from logbook_site.faults.visitors import Visitors

LATE = "accepts, and dies before it says so"
RESET = "resets the line in the middle of the text"
MOODS: dict[str, dict[str, str]] = {
    "calm": {},
    "busy": {"RCPT": "451 later"},
    "refuses": {"RCPT": "550 nobody"},
    "closing": {"MAIL": "421 closing"},
    "greylists": {"TEXT": "451 greylisted"},
    "refuses the text": {"TEXT": "554 no"},
    "silent at EHLO": {"EHLO": SILENCE, "HELO": SILENCE},
    "hangs up at EHLO": {"EHLO": HANG_UP, "HELO": HANG_UP},
    "silent at DATA": {"DATA": SILENCE},
    RESET: {},
    LATE: {"TEXT": HANG_UP},
}


class MoodyServer(SmtpServer):
    """Each connection meets one mood. `swallowed` are texts it has, of which the sender cannot know."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.swallowed: list[bytes] = []
        self.met: dict[str, int] = dict.fromkeys(MOODS, 0)
        self.is_moody = False
        self._own = threading.local()
        super().__init__()

    def _talk(self, line: socket.socket) -> None:
        self._own.mood = self.chance.choice(list(MOODS)) if self.is_moody else "calm"
        self.met[self._own.mood] += 1
        super()._talk(line)

    def _converse(self, line: socket.socket, incoming) -> None:
        if self._own.mood == RESET:
            incoming = Resetting(line, incoming)
        super()._converse(line, incoming)

    def _chosen(self, step: str, recipient: str = "") -> str:
        return MOODS[self._own.mood].get(step) or super()._chosen(step, recipient)

    def _answer(self, line: socket.socket, step: str, recipient: str = "") -> bool:
        if step == "TEXT" and self._own.mood == LATE:
            self.swallowed.append(self.texts[-1])
        return super()._answer(line, step, recipient)


class Resetting:
    """What comes in on a line, until the middle of a text: then the line is torn off."""

    def __init__(self, line: socket.socket, incoming) -> None:
        self.line, self.incoming, self.lines = line, incoming, 0

    def __iter__(self):
        return iter(self.incoming)

    def readline(self) -> bytes:
        self.lines += 1
        if self.lines > 5:
            self.line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            raise ConnectionResetError
        return self.incoming.readline()


@pytest.mark.slow
def test_a_mail_server_of_all_moods() -> None:
    mail = MoodyServer(random.Random(seed("moods")))
    site = WholeSite(mail=mail, **SETTINGS)
    try:
        with Visitors(site) as visitors:
            mail.is_moody = True
            time.sleep(45)
            mail.is_moody = False
        say(f"moods met: {mail.met}")
        say(invariants.check(site, visitors))
        lines = list(site.lines)
        assert not [line for line in lines if "@example.net" in line or "Paula" in line], (
            "no log names anybody"
        )
    finally:
        site.remove()
