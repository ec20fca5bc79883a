"""How soon the first words stand on a slow phone far from a city: the two pages that people open there."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page

from accounts.models import User
from feedback.services.contacts import contact_of
from feedback.tests.factories import make_request
from logbook_site.tests.hands import sign_in_with_one_click

BYTES_A_SECOND, DELAY, TIMES_SLOWER = 400_000 / 8, 400, 4
LINE = {
    "offline": False,
    "latency": DELAY,
    "downloadThroughput": BYTES_A_SECOND,
    "uploadThroughput": BYTES_A_SECOND,
}
ROUNDS = 3
PAINTED = """() => new Promise(found => new PerformanceObserver(list => found(
  list.getEntriesByName("first-contentful-paint")[0].startTime)).observe({type: "paint", buffered: true}))"""


def first_paints(page: Page, site: str) -> Iterator[tuple[str, int, float]]:
    """Name of the page, milliseconds to its first words (median of ROUNDS, empty cache), kB that were sent for it."""
    amina = User.objects.get(email="amina@example.org")
    token = contact_of(make_request(amina)).token
    sign_in_with_one_click(page, amina.email)
    with compressing(site) as proxy:
        for name, path in (("survey", f"/give-feedback/{token}/"), ("logbook", "/logbook/")):
            painted, sizes = zip(
                *(_load(page.context, f"{proxy}{path}") for _round in range(ROUNDS)), strict=True
            )
            yield name, round(median(painted)), max(sizes) / 1000


def _load(context: BrowserContext, address: str) -> tuple[float, int]:
    tab = context.new_page()
    line = context.new_cdp_session(tab)
    sizes: list[int] = []
    line.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    line.send("Network.emulateNetworkConditions", LINE)
    line.send("Emulation.setCPUThrottlingRate", {"rate": TIMES_SLOWER})
    tab.goto(address, wait_until="load")
    painted = tab.evaluate(PAINTED)
    tab.close()
    return painted, sum(sizes)


@contextmanager
def compressing(site: str) -> Iterator[str]:
    """The address of a proxy in front of `site` that compresses what it hands on, as the one of the real site does."""
    host = urlsplit(site).netloc

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            behind = HTTPConnection(host)
            cookie = {"Cookie": self.headers["Cookie"]} if "Cookie" in self.headers else {}
            behind.request("GET", self.path, headers={"Host": host, **cookie})
            answer = behind.getresponse()
            body = gzip.compress(answer.read(), 6)
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in {"content-length", "transfer-encoding", "connection"}:
                    self.send_header(name, value)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
