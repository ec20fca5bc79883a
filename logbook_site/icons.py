"""Draws the icons of the installed app from `static/icon.svg`: run it again when the drawing changes.

    python -m logbook_site.icons

The drawing keeps to the middle of its ground: a phone may cut a maskable icon to any shape. Apple rounds corners
itself; the two plain ones have theirs from here.
"""

from pathlib import Path

from playwright.sync_api import sync_playwright

from logbook_site.browser import CHROMIUM, LAUNCH_OPTIONS, sandbox

STATIC = Path(__file__).resolve().parent.parent / "static"
# Name, side in pixels, per cent of the side that round a corner.
ICONS = [
    ("icon-192.png", 192, 22),
    ("icon-512.png", 512, 22),
    ("icon-maskable-512.png", 512, 0),
    ("icon-apple-180.png", 180, 0),
]


def draw() -> None:
    drawing = (STATIC / "icon.svg").read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=sandbox() + LAUNCH_OPTIONS)
        for name, side, corner in ICONS:
            page = browser.new_page(viewport={"width": side, "height": side})
            rule = f"body {{ margin: 0 }} svg {{ display: block; clip-path: inset(0 round {corner}%) }}"
            page.set_content(f"<style>{rule}</style>{drawing}")
            page.screenshot(path=STATIC / name, omit_background=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    draw()
