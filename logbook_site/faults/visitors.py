"""People who use a site that is being hurt. Who gets no answer presses the button again, as people do."""

import itertools
import re
import threading
import time
from collections.abc import Callable
from http.client import HTTPException
from types import TracebackType
from typing import Self
from urllib.error import HTTPError

from feedback.tests.whole_site import Browser, WholeSite

TRACES = ("Traceback (most", "psycopg2", "OperationalError", "django.db", "Exception Type", "/site-packages/")
LINK = re.compile(rb"/give-feedback/([\w-]{32})/")
CODE = re.compile(r"\b[A-Z2-7]{4}(?:-[A-Z2-7]{4}){4}\b")
READ = ["/", "/logbook/", "/feedback/", "/feedback/requests/", "/learnings/", "/cpd/", "/help/"]
PATIENCE = 90  # seconds after which somebody stops pressing
_runs = itertools.count(1)


class NotAnswered(Exception):
    """The site was away, or said so."""


class Visitors:
    """As a context: four people at once, until its end; then what is under way is finished.

    `asked` are addresses whose request was accepted, `logged` titles of entries, `thanked` {token: code} of answers,
    `withdrawn` those taken back. `wrong` is what nobody should ever see.
    """

    def __init__(self, site: WholeSite, pause: float = 0.2) -> None:
        self.site = site
        self.run = next(_runs)
        self.asked: list[str] = []
        self.logged: list[str] = []
        self.thanked: dict[str, str] = {}
        self.withdrawn: set[str] = set()
        self.wrong: list[str] = []
        self.answers = 0
        self.refusals = 0
        self.reasons: set[str] = set()
        self._pause = pause
        self._stop = threading.Event()
        self._chloe, self._ben = self._signed_in("chloe@example.org"), self._signed_in("ben@example.org")
        self._party = Browser(site.port)
        people = (self._ask, self._log, self._answer, self._read)
        self._threads = [threading.Thread(target=self._live, args=[one], daemon=True) for one in people]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE + 60)

    def tokens(self) -> list[str]:
        """Of those invitations that the mail server took whose party was asked by one of these visitors."""
        ours = f"To: party-{self.run}-".encode()
        texts = [text.replace(b"=\r\n", b"") for text in list(self.site.mail.accepted) if ours in text]
        return [found[1].decode() for text in texts if (found := LINK.search(text))]

    def _signed_in(self, email: str) -> Browser:
        browser = Browser(self.site.port)
        browser.sign_in(email)
        return browser

    def _live(self, act: Callable[[int], None]) -> None:
        for number in itertools.count():
            if self._stop.wait(self._pause):
                return
            try:
                act(number)
            except NotAnswered:
                self.wrong.append(f"{act.__name__}: nothing for {PATIENCE} s")
                return
            except Exception as error:
                self.wrong.append(f"{act.__name__}: {error!r}")
                return

    # What they do.

    def _ask(self, number: int) -> None:
        address = f"party-{self.run}-{number}@example.net"
        fields = {
            "kind": "email", "parties-TOTAL_FORMS": "1", "parties-INITIAL_FORMS": "0", "parties-0-name": "Paula",
            "parties-0-email": address, "reference": f"Matter {number}", "ended_on": "2026-03-02", "language": "en",
            "acted_as": "mediator", "agreed": "on", "action": "send", "form_key": f"ask-{self.run}-{number}",
        }  # fmt: skip
        self._press(self._chloe, "/feedback/request/", fields, until="/feedback/requests/")
        self.asked.append(address)

    def _log(self, number: int) -> None:
        title = f"fault-{self.run}-{number}"
        fields = {
            "ended_on": "2026-03-02", "title": title, "role": "lead", "medium": "online", "hours": "1:30",
            "duplicate_ok": "1", "form_key": title,
        }  # fmt: skip
        self._press(self._ben, "/logbook/add/", fields, until="/logbook/", but="/logbook/add/")
        self.logged.append(title)

    def _answer(self, number: int) -> None:
        token = next((token for token in self.tokens() if token not in self.thanked), None)
        if token is None:
            return
        fields = {
            "share": "yes",
            "clear": "4",
            "helpful": "Calm",
            "action": "send",
            "form_key": f"a-{number}",
        }
        page = self._press(self._party, f"/give-feedback/{token}/", fields, until="/give-feedback/thank-you/")
        self.thanked[token] = CODE.search(page)[0]
        if number % 4 == 3:
            taken_back = {"code": self.thanked[token], "action": "withdraw"}
            path = "/give-feedback/withdraw/"
            self._press(self._party, path, taken_back, until=f"{path}?", or_already=True)
            self.withdrawn.add(token)

    def _read(self, number: int) -> None:
        try:
            self._once(lambda: self._ben.get(READ[number % len(READ)]))
        except NotAnswered:
            self.refusals += 1

    # How they do it.

    def _press(
        self,
        browser: Browser,
        path: str,
        fields: dict[str, str],
        *,
        until: str,
        but: str = "",
        or_already: bool = False,
    ) -> str:
        """Again and again, until the answer leads to `until`; its page. `or_already`: a second press may be refused."""
        give_up = time.monotonic() + PATIENCE
        for press in itertools.count():
            try:
                reached, page = self._once(lambda: browser.post(path, fields))
            except NotAnswered:
                self.refusals += 1
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.5)
                continue
            if reached.startswith(until) and reached != but:
                return page
            if or_already and press:
                return page
            raise AssertionError(f"{path} led to {reached}")

    def _once(self, request: Callable):
        """One request. Whatever the answer, it shows nothing of our insides."""
        try:
            answer = request()
        except HTTPError as error:
            self._look_at(error.read().decode(errors="replace"), str(error.url))
            if error.code in (502, 503):
                self.reasons.add(str(error.code))
                raise NotAnswered from error
            raise AssertionError(f"{error.code} at {error.url}") from error
        except (OSError, HTTPException) as error:
            self.reasons.add(repr(error))
            raise NotAnswered from error
        self.answers += 1
        self._look_at(answer if isinstance(answer, str) else answer[1], "page")
        return answer

    def _look_at(self, page: str, where: str) -> None:
        self.wrong += [f"{where} shows {trace}" for trace in TRACES if trace in page]
