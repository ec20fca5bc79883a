"""Tests in a real browser, for all apps: take `page` and `live_server`, and mark them `browser`."""

import ctypes.util
import os
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

# The first one is Chromium without its windows: a page costs half as much.
PROGRAMS = ("chromium-headless-shell", "chromium", "google-chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)
HAS_BROWSER = bool(CHROMIUM and ctypes.util.find_library("atomic"))  # its driver needs that library
NO_BROWSER = "no Chromium, or no libatomic1"
HERE = {"localhost", "127.0.0.1"}
INSIDE = {"data", "blob", "about"}
LAUNCH_OPTIONS = [
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # No other host has an address here. (To take each request apart on its way would cost far more time.)
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not HAS_BROWSER and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.getreports("skipped")
    number = sum(NO_BROWSER in str(report.longrepr) for report in skipped)
    if number:
        line = f"{number} BROWSER TESTS DID NOT RUN: {NO_BROWSER}"
        terminalreporter.write_sep("!", line, red=True, bold=True)


def sandbox() -> list[str]:
    return ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium has none under root


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": sandbox() + LAUNCH_OPTIONS}


@pytest.fixture
def context(context) -> Iterator:
    """A browser that fails its test when a page asks another host, or breaks the Content-Security-Policy."""
    other_hosts: list[str] = []
    violations: list[str] = []

    def watch(request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in INSIDE and address.hostname not in HERE:
            other_hosts.append(request.url)

    def listen(message) -> None:
        if "Content Security Policy" in message.text:
            violations.append(message.text)

    context.on("request", watch)
    context.on("console", listen)
    yield context
    assert other_hosts == [], "A page asked another host."
    assert violations == [], "A page broke the Content-Security-Policy."
