"""`python -m logbook_site.screenshots`: a picture of every page. `make screenshots` calls it.

It needs a demo that is running. Each page is taken on a phone and on a desktop, in light and in dark, into
VAR_DIR/screenshots.
"""

import os
import sys
from pathlib import Path

SIZES = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 800}}


def main() -> int:
    os.environ.setdefault("LOGBOOK_MODE", "demo")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "logbook_site.settings")
    import django
    from django.conf import settings

    django.setup()
    from playwright.sync_api import sync_playwright

    from logbook_site.browser import CHROMIUM, LAUNCH_OPTIONS, sandbox
    from logbook_site.tests.pages import STATES, visit

    site = f"http://localhost:{settings.PORT}/"
    folder: Path = settings.VAR_DIR / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=sandbox() + LAUNCH_OPTIONS)
        page = browser.new_context(reduced_motion="reduce").new_page()
        page.goto(site)
        for state in STATES:
            if state.in_database:
                continue
            visit(page, site, state)
            for size, viewport in SIZES.items():
                page.set_viewport_size(viewport)
                for scheme in ("light", "dark"):
                    page.emulate_media(color_scheme=scheme)
                    page.screenshot(path=folder / f"{state.name}.{size}.{scheme}.png", full_page=True)
        browser.close()
    print(f"Pictures are in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
