"""Every page in a browser: nothing that keeps people out, nothing sideways, nothing from elsewhere.

The longest test of all: two files share it, this and `test_look_further.py`, so that two processes can run them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test.signals import template_rendered
from playwright.sync_api import Page

from logbook_site.demo.load import load_demo
from logbook_site.tests.pages import FIRST_HALF, STATES, State, visit

AXE = Axe()
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {
    "runOnly": TAGS,
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    "preload": {"assets": ["media"]},  # no rule of these reads the stylesheets: to take them apart takes long
}
# The rest does not depend on colours.
COLOURS = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
PAIRS = [(PHONE, "light", RULES), (DESKTOP, "light", RULES), (DESKTOP, "dark", COLOURS)]
# An open menu lies over the page, and what it half covers is no target meanwhile; the page has a state without it.
RUN_AXE = """async rules => {
  const where = document.querySelector(".menu[open]") ? {exclude: ["main", "footer"]} : document;
  return (await axe.run(where, rules)).violations;
}"""
# The innermost element that sticks out at the end; "" when nothing scrolls sideways.
TOO_WIDE = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return "";
  const outside = [...document.querySelectorAll("body *")].filter(
    (element) => element.getBoundingClientRect().right > root.clientWidth);
  return `${root.scrollWidth} pixels, ${outside.at(-1)?.outerHTML.slice(0, 200)}`;
}"""
NOT_PAGES = ("email", "messages", "django")


def page_templates() -> set[str]:
    """Every template that is shown as a page: no partials, bases, mails, PDF."""
    folder = Path(django_settings.BASE_DIR, "templates")
    return {
        str(file.relative_to(folder))
        for file in folder.rglob("*.html")
        if not file.name.startswith(("_", "base"))
        and not file.stem.endswith("_pdf")
        and not set(file.relative_to(folder).parts[:-1]) & {*NOT_PAGES, "emails", "partials"}
    }


def test_every_template_has_a_state() -> None:
    assert {state.template for state in STATES} == page_templates()


def test_names_of_states_differ() -> None:
    assert len({state.name for state in STATES}) == len(STATES)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_every_page_of_the_first_half(page: Page, live_server, mailbox) -> None:
    walk(FIRST_HALF, page, live_server.url)


@pytest.fixture
def mailbox(settings, tmp_path) -> None:
    settings.EMAIL_BACKEND = "logbook_site.foundation.mail.FolderBackend"
    settings.MAIL_DIR = tmp_path


def walk(states: list[State], page: Page, site: str) -> None:
    """Visits all of them, on the site of the demo, and says at the end what is wrong with any."""
    cache.clear()
    load_demo()
    page.set_default_timeout(30_000)  # other tests run beside it
    page.goto(site)
    wrong, templates = [], set()
    with noise_of(page) as noise, names_of_rendered_templates() as rendered:
        for state in states:
            rendered.clear()
            if state.in_database:
                state.in_database()
            page.set_viewport_size(PHONE)
            visit(page, site, state)
            findings = [f"{line}" for line in noise if not is_expected(line, state)]
            if state.template not in rendered:
                findings.append(f"shows {page.url}, not {state.template}")
            findings += findings_of_structure(page) + findings_of_width(page)
            findings += findings_of_axe(page, in_all_pairs=state.template not in templates)
            templates.add(state.template)
            wrong += [f"{state.name}: {finding}" for finding in findings]
            noise.clear()
    assert not wrong, "\n" + "\n".join(wrong)


@contextmanager
def noise_of(page: Page) -> Iterator[list[str]]:
    """What the console says, and what fails; other hosts and the policy are watched by the fixture, too."""
    lines: list[str] = []

    def note_failure(request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the next page was asked for meanwhile
            lines.append(f"not loaded: {request.url}")

    page.on("console", lambda message: message.type in {"error", "warning"} and lines.append(message.text))
    page.on("pageerror", lambda error: lines.append(str(error)))
    page.on("requestfailed", note_failure)
    yield lines


def is_expected(line: str, state: State) -> bool:
    """A page that answers with an error is itself named in the console."""
    return state.status != 200 and f"responded with a status of {state.status}" in line


@contextmanager
def names_of_rendered_templates() -> Iterator[set[str]]:
    names: set[str] = set()

    def remember(sender, template, **_more) -> None:
        names.add(template.name)

    template_rendered.connect(remember)
    yield names
    template_rendered.disconnect(remember)


def findings_of_structure(page: Page) -> list[str]:
    facts = page.evaluate(
        """() => ({
          h1: document.querySelectorAll("h1").length,
          title: document.title.replace(/^· /, "").trim().length,
          lang: document.documentElement.lang,
        })"""
    )
    findings = [] if facts["h1"] == 1 else [f"{facts['h1']} main headings"]
    findings += [] if facts["title"] else ["no title"]
    return findings + ([] if facts["lang"] else ["no language"])


def findings_of_width(page: Page) -> list[str]:
    findings = []
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 740})
        too_wide = page.evaluate(TOO_WIDE)
        if too_wide:
            findings.append(f"too wide at {width}: {too_wide}")
    return findings


def findings_of_axe(page: Page, *, in_all_pairs: bool = True) -> list[str]:
    """On a phone and a desktop in light, on a desktop in dark; else on a phone. `screenshots.py`: dark phones, too."""
    findings = []
    page.evaluate(AXE.axe_script)
    for size, scheme, rules in PAIRS if in_all_pairs else PAIRS[:1]:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        violations = page.evaluate(RUN_AXE, rules)
        findings += [
            f"{violation['id']} ({scheme}, {size['width']}): {node['html'][:200]}"
            for violation in violations
            for node in violation["nodes"]
        ]
    page.emulate_media(color_scheme="light")
    return findings
