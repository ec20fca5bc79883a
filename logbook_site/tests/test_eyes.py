"""Core pages for eyes that need more: text twice as large, colours of one's own, no motion."""

import pytest
from playwright.sync_api import Page

from accounts.models import User
from logbook_site.demo.load import load_demo
from logbook_site.tests.hands import sign_in_with_one_click
from logbook_site.tests.test_look import PHONE, TOO_WIDE

PAGES = [
    ("amina", "/"),
    ("amina", "/logbook/"),
    ("amina", "/logbook/add/"),
    ("amina", "/feedback/request/"),
    ("amina", "/feedback/"),
    ("rosa", "/review/{amina}/"),
    ("dana", "/verify-experience/{amina}/"),
]
# Words that their own box cuts off: it hides what is wider or taller. What only screen readers get does not count.
CUT_OFF = """() => [...document.querySelectorAll("main *, header *")].filter(element => {
  const style = getComputedStyle(element), inside = element.closest("details:not([open]) > :not(summary)");
  const hides = ["hidden", "clip"].includes(style.overflowX) || ["hidden", "clip"].includes(style.overflowY);
  const apart = element.closest(".visually-hidden, thead, caption, svg, template");
  return hides && !inside && !apart && element.textContent.trim() && element.clientWidth > 1
    && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);
}).map(element => element.outerHTML.slice(0, 120))"""
# Of everything that is pressed: what has neither a border, nor an underline, nor a native look.
WITHOUT_EDGE = """() => [...document.querySelectorAll("main .button, main .chips a, main .tag, .menu summary")].filter(
  element => element.checkVisibility() && parseFloat(getComputedStyle(element).borderTopWidth) < 1
    && !getComputedStyle(element).textDecorationLine.includes("underline")
).map(element => element.outerHTML.slice(0, 120))"""
SCROLLS_INSIDE = """() => [...document.querySelectorAll("main *")].filter(element =>
  ["auto", "scroll"].includes(getComputedStyle(element).overflowX) && element.tagName !== "TEXTAREA"
  && element.scrollWidth > element.clientWidth + 1).map(element => element.outerHTML.slice(0, 120))"""
MOVES = """() => [...document.querySelectorAll("*")].filter(element => {
  const style = getComputedStyle(element);
  return style.animationName !== "none" || style.transitionDuration.split(",").some(each => parseFloat(each) > 0);
}).map(element => element.outerHTML.slice(0, 120))"""


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_core_pages_serve_eyes_that_need_more(live_server, page: Page) -> None:
    load_demo()
    amina = User.objects.get(email="amina@example.org").pk
    page.set_viewport_size(PHONE)
    page.goto(live_server.url)
    wrong, who = [], ""
    for person, path in PAGES:
        if person != who:
            page.emulate_media()
            sign_in_with_one_click(page, f"{person}@example.org")
            who = person
        page.emulate_media(forced_colors="active", reduced_motion="reduce")
        page.goto(live_server.url + path.format(amina=amina))
        found = {"no edge": page.evaluate(WITHOUT_EDGE), "moves": page.evaluate(MOVES)}
        page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
        too_wide = page.evaluate(TOO_WIDE)
        found["too wide"] = [too_wide] if too_wide else []
        found |= {"cut off": page.evaluate(CUT_OFF), "scrolls": page.evaluate(SCROLLS_INSIDE)}
        wrong += [f"{path} {what}: {each}" for what, elements in found.items() for each in elements[:5]]
    assert not wrong, "\n" + "\n".join(wrong)
