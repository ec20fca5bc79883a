"""A small mail server with a temper: it answers each step of the SMTP talk as a test tells it to."""

import socket
from contextlib import suppress
from threading import Event, Thread

HANG_UP = "hang up"  # closes the connection instead of answering
SILENCE = "silence"  # does not answer, but keeps the line
ANSWERS = {
    "CONNECT": "220 test.example.org",
    "EHLO": "250 test.example.org",
    "HELO": "250 test.example.org",
    "AUTH": "235 welcome",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go ahead",
    "TEXT": "250 accepted",  # after the final dot
    "RSET": "250 ok",
    "NOOP": "250 ok",
    "QUIT": "221 goodbye",
}


class SmtpServer:
    """`answers` changes what it says: by step (`RCPT`), or by recipient (`RCPT ann@example.org`).

    `texts` are the mails whose text came in, whatever was answered; `accepted` those it said yes to.
    """

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.texts: list[bytes] = []
        self.accepted: list[bytes] = []
        self.connections = 0
        self.seen: dict[str, Event] = {step: Event() for step in ANSWERS}
        self._lines: list[socket.socket] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """From now on connections are refused."""
        with suppress(OSError):  # it may be closed already
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        for line in self._lines:
            line.close()

    def _listen(self) -> None:
        while True:
            try:
                line, _address = self._door.accept()
            except OSError:
                return
            self.connections += 1
            self._lines.append(line)
            Thread(target=self._talk, args=[line], daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        try:
            with line, line.makefile("rb") as incoming:
                if self._answer(line, "CONNECT"):
                    self._converse(line, incoming)
        except OSError:
            pass  # the sender was killed, or the test is over

    def _converse(self, line: socket.socket, incoming) -> None:
        for command in incoming:
            words = command.decode().strip()
            step = words[:4].upper()
            recipient = words.partition("<")[2].partition(">")[0]
            if not self._answer(line, step, recipient):
                return
            if step == "QUIT":
                return
            if step == "DATA" and self._chosen(step).startswith("354"):
                text = b"".join(iter(incoming.readline, b".\r\n"))
                self.texts.append(text)
                if self._chosen("TEXT").startswith("250"):
                    self.accepted.append(text)
                if not self._answer(line, "TEXT"):
                    return

    def _chosen(self, step: str, recipient: str = "") -> str:
        return self.answers.get(f"{step} {recipient}") or self.answers.get(step) or ANSWERS[step]

    def _answer(self, line: socket.socket, step: str, recipient: str = "") -> bool:
        """False when the talk ends here."""
        answer = self._chosen(step, recipient)
        self.seen[step].set()
        if answer == HANG_UP:
            return False
        if answer == SILENCE:
            line.recv(1)  # until the other side gives up
            return False
        line.sendall(answer.encode() + b"\r\n")
        return not answer.startswith("421")
