"""`make screenshots`: every page in every state, as people see it, and what the eye should not have to find.

Phone and desktop; light and dark; from left to right and from right to left. Pictures and one page that
shows them all (`index.html`) go to var/screenshots. It is a test that `make test` does not run: it takes many
minutes, and fails when axe finds something in any of the pairs, or when a page is too wide.

Every mail, too, on a telephone and on a computer, light and dark, beside its plain text (`mails.html`).

`ONLY=survey make screenshots` takes pictures of the states with that word in their name; it visits all of them, because
they build on each other.

`make pictures` renews the four pictures of the README in docs/pictures.
"""

import os
import shutil
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from PIL import Image
from playwright.sync_api import Page

from accounts.models import User
from logbook_site.demo.load import load_demo
from logbook_site.tests.hands import sign_in_with_one_click
from logbook_site.tests.letters import letters
from logbook_site.tests.pages import STATES, State, visit
from logbook_site.tests.slow_line import first_paints
from logbook_site.tests.test_look import AXE, COLOURS, RULES, RUN_AXE, TAGS, TOO_WIDE

FOLDER = Path(django_settings.BASE_DIR, "var", "screenshots")
SIZES = {"phone": (360, 740), "desktop": (1280, 800)}
ONLY = os.environ.get("ONLY", "")

# Name of the file, whose page, where ({amina} is her id), and how it looks.
OF_README = [
    ("add-entry", "amina", "/logbook/add/", "phone", "light"),
    ("logbook", "amina", "/logbook/", "desktop", "light"),
    ("verify", "dana", "/verify-experience/{amina}/", "desktop", "dark"),
    ("review", "rosa", "/review/{amina}/", "desktop", "light"),
]
HEIGHT_IN_README = 1040
COLOURS_KEPT = 64  # of a picture in the README: enough for our few, and a quarter of the bytes

Picture = tuple[str, str, str, str]  # state, size, scheme, direction


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_take_pictures(live_server, page: Page, settings, tmp_path) -> None:
    settings.EMAIL_BACKEND = "logbook_site.foundation.mail.FolderBackend"
    settings.MAIL_DIR = tmp_path
    cache.clear()
    load_demo()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    page.set_default_timeout(20_000)
    page.goto(live_server.url)
    wrong, pictures = [], []
    for state in STATES:
        if state.in_database:
            state.in_database()
        _look_as(page, "phone", "light", "ltr")
        visit(page, live_server.url, state)
        if ONLY not in state.name:
            continue
        page.evaluate(AXE.axe_script)
        for picture in _all_pairs(state):
            _look_as(page, *picture[1:])
            rules = RULES if picture[2] == "light" else COLOURS
            wrong += [f"{' '.join(picture)}: {finding}" for finding in _findings(page, rules)]
            page.screenshot(path=FOLDER / _file(picture), full_page=True)
            pictures.append(picture)
    FOLDER.joinpath("index.html").write_text(_contact_sheet(pictures), encoding="utf-8")
    assert not wrong, "\n" + "\n".join(wrong)


def _all_pairs(state: State) -> Iterator[Picture]:
    for size in SIZES:
        for scheme in ("light", "dark"):
            for direction in ("ltr", "rtl"):
                yield state.name, size, scheme, direction


def _look_as(page: Page, size: str, scheme: str, direction: str) -> None:
    """Pages of parties choose their direction by language; for all others it is turned round here."""
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.evaluate("direction => { document.documentElement.dir = direction }", direction)


def _findings(page: Page, rules: dict) -> list[str]:
    violations = page.evaluate(RUN_AXE, rules)
    too_wide = page.evaluate(TOO_WIDE)
    return [f"{each['id']}: {node['html'][:160]}" for each in violations for node in each["nodes"]] + (
        [f"too wide: {too_wide}"] if too_wide else []
    )


def _file(picture: Picture) -> str:
    return f"{'.'.join(picture)}.png".replace("/", "-").replace(" ", "-")


def _contact_sheet(pictures: list[Picture]) -> str:
    figures = "".join(
        f'<figure><a href="{escape(_file(picture))}"><img loading="lazy" src="{escape(_file(picture))}" alt=""></a>'
        f"<figcaption>{escape(' · '.join(picture))}</figcaption></figure>"
        for picture in pictures
    )
    style = "main{display:flex;flex-wrap:wrap;gap:1rem;font:14px sans-serif} figure{margin:0} img{inline-size:11rem}"
    return (
        f'<!doctype html><html lang="en"><title>All pages</title><style>{style}</style><main>{figures}</main>'
    )


# A mail has no landmarks, and needs no main heading: its subject stands above it.
RULES_OF_MAIL = {**RULES, "runOnly": [tag for tag in TAGS if tag != "best-practice"]}


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_take_pictures_of_mails(page: Page, settings) -> None:
    settings.SUPPORT_EMAIL, settings.PRIVACY_POLICY_URL = "help@example.org", "https://example.org/privacy"
    settings.DIGEST_INFO_URL = "https://example.org/digest"
    FOLDER.mkdir(parents=True, exist_ok=True)
    wrong, sections = [], []
    for letter in letters():
        if ONLY not in letter.name:
            continue
        page.set_content(letter.mail.alternatives[0].content)
        page.evaluate(AXE.axe_script)
        files = []
        for width in (320, 600):
            for scheme in ("light", "dark"):
                page.set_viewport_size({"width": width, "height": 400})
                page.emulate_media(color_scheme=scheme)
                findings = _findings(page, RULES_OF_MAIL)
                wrong += [f"{letter.name} {width} {scheme}: {finding}" for finding in findings]
                files.append(f"mail.{letter.name}.{width}.{scheme}.png")
                page.screenshot(path=FOLDER / files[-1], full_page=True)
        words = f"<pre>{escape(letter.mail.subject)}\n\n{escape(letter.mail.body)}</pre>"
        sections.append(f"<h2>{escape(letter.name)}</h2><main>{words}{''.join(map(_picture, files))}</main>")
    FOLDER.joinpath("mails.html").write_text(_page("All mails", "".join(sections)), encoding="utf-8")
    assert not wrong, "\n" + "\n".join(wrong)


def _picture(file: str) -> str:
    return f'<a href="{escape(file)}"><img loading="lazy" src="{escape(file)}" alt=""></a>'


def _page(title: str, content: str) -> str:
    style = (
        "main{display:flex;flex-wrap:wrap;gap:1rem;align-items:start;font:14px sans-serif} img{max-inline-size:20rem}"
        "pre{inline-size:30rem;white-space:pre-wrap;unicode-bidi:plaintext}"
    )
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{style}</style>{content}'


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_measure_first_paint(live_server, page: Page, capsys) -> None:
    """On a slow line and a slow phone; with an empty cache, and compressed as the proxy does it."""
    load_demo()
    page.goto(live_server.url)
    with capsys.disabled():
        print()
        for name, milliseconds, kilobytes in first_paints(page, live_server.url):
            print(f"{name}: first words after {milliseconds} ms (goal 1,500), {kilobytes:.1f} kB sent")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("README_PICTURES" not in os.environ, reason="only `make pictures` renews them")
def test_renew_pictures_of_readme(live_server, page: Page) -> None:
    load_demo()
    folder = Path(django_settings.BASE_DIR, "docs", "pictures")
    amina = User.objects.get(email="amina@example.org").pk
    page.goto(live_server.url)
    for name, person, path, size, scheme in OF_README:
        sign_in_with_one_click(page, f"{person}@example.org")
        page.goto(live_server.url + path.format(amina=amina))
        _look_as(page, size, scheme, "ltr")
        part = {"x": 0, "y": 0, "width": SIZES[size][0], "height": HEIGHT_IN_README}
        page.screenshot(path=folder / f"{name}.png", full_page=True, clip=part)
        with Image.open(folder / f"{name}.png") as picture:
            # The other ways to choose colours lose a rare one: that of the logo.
            how = {"method": Image.Quantize.MAXCOVERAGE, "dither": Image.Dither.NONE}
            fewer = picture.convert("RGB").quantize(COLOURS_KEPT, **how)
        fewer.save(folder / f"{name}.png", optimize=True)
