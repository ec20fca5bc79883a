"""Core pages for eyes that need more: text of twice the size, half the width, and the colours of the device."""

import pytest
from playwright.sync_api import Page

from logbook_site.demo.load import load_demo
from logbook_site.tests.hands import go, sign_in_with_one_click
from logbook_site.tests.pages.state import AMINA, DANA, ROSA, follow_first
from logbook_site.tests.test_look import TOO_WIDE

DESKTOP, HALF = {"width": 1280, "height": 800}, {"width": 640, "height": 800}
TWICE = "size => { document.documentElement.style.fontSize = size }"
# Words that do not fit into their box, and are cut off there.
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter((element) => {
  const style = getComputedStyle(element), hides = /hidden|clip/;
  const unseen = element.clientWidth < 2 || element.closest(".visually-hidden, .compact caption, thead");
  return !unseen && element.innerText?.trim() &&
    (hides.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1 ||
     hides.test(style.overflowY) && element.scrollHeight > element.clientHeight + 1);
}).map((element) => element.outerHTML.slice(0, 160))"""
# The colour of the device that an element has, of those that the test looks for.
SHOWN = """([selector, property]) => {
  const element = document.querySelector(selector), probe = document.body.appendChild(document.createElement("i"));
  const shown = getComputedStyle(element)[property];
  probe.style.color = "CanvasText";
  return { shown, text: getComputedStyle(probe).color };
}"""
CORE = [
    (AMINA, ["/", "/logbook/", "/logbook/add/", "/feedback/request/", "/feedback/", "/learnings/"]),
    (ROSA, ["/review/"]),
    (DANA, ["/verify-experience/?q=amina"]),
]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_twice_the_text_half_the_width_and_forced_colours_lose_nothing(live_server, page: Page) -> None:
    load_demo()
    page.goto(live_server.url)
    wrong = []
    for who, paths in CORE:
        sign_in_with_one_click(page, who)
        for path in paths:
            go(page, path)
            wrong += _lost(page, path)
        if who != AMINA:
            follow_first("Amina")(page)
            wrong += _lost(page, page.url)
    assert not wrong, "\n" + "\n".join(wrong)
    _look_at_forced_colours(page)


def _lost(page: Page, path: str) -> list[str]:
    findings = []
    for size, text in ((DESKTOP, "200%"), (HALF, "100%")):
        page.set_viewport_size(size)
        page.evaluate(TWICE, text)
        too_wide, cut_off = page.evaluate(TOO_WIDE), page.evaluate(CUT_OFF)
        findings += [f"{path} ({size['width']}, {text}): {line}" for line in [too_wide, *cut_off] if line]
    return findings


def _look_at_forced_colours(page: Page) -> None:
    """Bars and words have the colour of the device; what is pressed has an edge; what is chosen is marked."""
    page.emulate_media(forced_colors="active", color_scheme="dark")
    page.set_viewport_size(DESKTOP)
    sign_in_with_one_click(page, AMINA)
    go(page, "/logbook/?role=lead")
    for selector in (".picture-bar", ".picture-ink"):
        colours = page.evaluate(SHOWN, [selector, "fill"])
        assert colours["shown"] == colours["text"], selector
    for selector in (".button", ".chips a"):
        assert page.evaluate(SHOWN, [selector, "borderTopStyle"])["shown"] == "solid", selector
    menu = page.evaluate(SHOWN, [".main-menu [aria-current]", "textDecorationLine"])
    assert menu["shown"] == "underline"
    go(page, "/feedback/request/")
    assert page.evaluate(SHOWN, [".ways [aria-current]", "borderTopWidth"])["shown"] == "3px"
    page.keyboard.press("Tab")
    assert page.evaluate(SHOWN, [":focus-visible", "outlineStyle"])["shown"] == "solid"
